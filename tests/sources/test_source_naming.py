"""One key for each case-folded string, and different keys for different strings."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from engine.sources import fold, technology_key, title_key


@given(st.text(max_size=40))
def test_case_and_white_space_do_not_matter_to_a_title_key(text: str) -> None:
    assert title_key(f"  {text}\t ") == title_key(text)
    assert title_key(fold(text)) == title_key(text)
    assert re.fullmatch(r"title/[^\s]+", title_key(text))


@given(st.lists(st.text(max_size=30), min_size=2, max_size=8))
def test_keys_are_equal_exactly_where_folded_strings_are(texts: list[str]) -> None:
    assert len({title_key(t) for t in texts}) == len({fold(t) for t in texts})


def test_signs_that_a_slug_loses_still_tell_names_apart() -> None:
    assert len({technology_key("software", name) for name in ("C", "C++", "C#")}) == 3
    assert technology_key("software", "Kite") != technology_key("tool", "Kite")
    assert title_key("Straße") == title_key("STRASSE")
