"""JSON of strangers: whatever a text holds, it is one value or a ValueError."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents import strict_json


def test_numbers_with_a_fraction_are_exact() -> None:
    assert strict_json(' {"a": 0.1, "b": [1, null, true, "\\u00e9\\ud83d\\ude00"]} ') == {"a": Decimal("0.1"), "b": [1, None, True, "\u00e9\U0001f600"]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Expecting value"), ("{} {}", "Extra data"), ('{"a": 1, "a": 1}', "stands twice"), ('[{"b": {"a": 1, "a": 2}}]', "stands twice"), ("NaN", "is no number"), ("[-Infinity]", "is no number"),
        ('"\\ud800"', "half a character"), ('{"\\udfff": 1}', "half a character"), ('"\ud800"', "half a character"), ("[" * 200_000, "nested too deep"), ("1.0e99999999999999999999", "too large"),
        ("9" * 100_000, "digits"),
    ],
)  # fmt: skip
def test_what_python_would_let_pass_is_a_fault(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        strict_json(text)


@given(st.text(alphabet='{}[]",:\\\\u0d8aeE+-.1 ntf', max_size=60) | st.text(max_size=40))
def test_any_text_is_a_value_or_a_value_error(text: str) -> None:
    try:
        value = strict_json(text)
    except ValueError:
        return
    assert json.loads(text, parse_float=Decimal) == value
