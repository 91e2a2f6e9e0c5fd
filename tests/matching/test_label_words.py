"""How labels are levelled before they are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import label_words

WORDS = label_words()


@pytest.mark.parametrize(
    ("given", "levelled"),
    [
        ("Ménagerie Keepers", "menagerie keeper"), ("the keeper's lamp", "keeper lamp"), ("restcloudnt manager", "restaurant manager"), ("IT Manager", "ict manager"), ("I.T. Manager", "ict manager"),
        ("get it done", "get done"), ("R&D Engineer", "research development engineer"), ("C++ / C# Developer", "c++ c# developer"), ("фонарщик", "фонарщик"), ("<b>", "b"), ("", ""), ("  \u202e\u0000 ", ""),
    ],
)  # fmt: skip
def test_a_label_is_levelled(given: str, levelled: str) -> None:
    assert WORDS.plain(given) == levelled


@pytest.mark.parametrize(("given", "levelled"), [("Senior Kite Tester II (remote)", "kite tester"), ("(Kite) Tester", "tester"), ("urgent hiring", "urgent hiring"), ("(kite)", "kite"), ("1755724", "1755724")])
def test_a_query_loses_what_advertisements_add_and_never_all(given: str, levelled: str) -> None:
    assert WORDS.asked(given) == levelled


def test_longer_phrases_speak_before_their_words() -> None:
    assert WORDS.also_said("general worker").split()[:2] == ["factory", "hand"]
    assert WORDS.also_said("kite whisperer") == ""


@given(st.text(max_size=200))
def test_any_text_is_levelled_once_and_for_all(text: str) -> None:
    once = WORDS.plain(text)
    assert "  " not in once
    assert set(WORDS.also_said(WORDS.asked(text)).split()).isdisjoint(WORDS.asked(text).split())
