"""What a cell says of a value: an interpreter of the tests' text that shares nothing with the evaluator.

A test says True, False or None (unknown). Only `missing`, `present` and `any` know what to say of a missing value.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.replay.values import shown

_SIGNS = {">=": (1, 0), "<=": (-1, 0), ">": (1,), "<": (-1,)}


def says(test: Any, kind: str, value: Any, parameters: Mapping[str, Any]) -> bool | None:
    """What `test` (rulebook JSON, untagged) says of a typed `value` of a column of type `kind`."""
    if isinstance(test, list):
        return _any([says(item, kind, value, parameters) for item in test])
    if not isinstance(test, str):
        return None if value is None else value == (Decimal(test) if not isinstance(test, bool) and isinstance(test, (int, Decimal)) else test)
    text = test.strip()
    if text in ("any", "-"):
        return True
    if text in ("missing", "present"):
        return (value is None) == (text == "missing")
    if text.startswith("not "):
        inner = says(text[4:], kind, value, parameters)
        return None if inner is None else not inner
    if text.startswith("contains "):
        wanted = text.removeprefix("contains ").removeprefix("any of ") if text.startswith("contains any of ") else text.removeprefix("contains ")
        items = _listed(wanted) if text.startswith("contains any of ") else [wanted.strip()]
        return None if value is None else any(word in value for item in items for word in _values(item, "text", parameters))
    for sign in (">=", "<=", ">", "<"):
        if text.startswith(sign):
            return _compared(value, sign, text[len(sign) :], parameters)
    if ".." in text and text[0] in "[(]" and text[-1] in "])[":
        low, _, high = text[1:-1].partition("..")
        above = _compared(value, ">=" if text[0] == "[" else ">", low, parameters)
        below = _compared(value, "<=" if text[-1] == "]" else "<", high, parameters)
        return None if value is None else above is True and below is True
    if text.startswith("[") and text.endswith("]"):
        return _any([says(item, kind, value, parameters) for item in _listed(text)])
    return None if value is None else value in _values(text, kind, parameters)


def cited(test: Any) -> list[str]:
    """Names of the parameters in a test, in name order."""
    if isinstance(test, list):
        return sorted({name for item in test for name in cited(item)})
    if not isinstance(test, str):
        return []
    words = test.replace("[", " ").replace("]", " ").replace("(", " ").replace(")", " ").replace("..", " ").replace(",", " ").replace(">", " ").replace("<", " ").replace("=", " ").split()
    return sorted({word[1:] for word in words if word.startswith("$")})


def wording(test: Any, parameters: Mapping[str, Any]) -> str:
    """The test as a reader sees it, with the values of its parameters behind."""
    text = f"[{shown(test)}]" if isinstance(test, list) else shown(test)
    names = cited(test)
    return f"{text} ({'; '.join(shown(parameters[name]) for name in names)})" if names else text


def _any(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _listed(text: str) -> list[str]:
    inner = text.strip()
    return [item.strip() for item in (inner[1:-1] if inner.startswith("[") and inner.endswith("]") else inner).split(",")]


def _compared(value: Any, sign: str, bound: str, parameters: Mapping[str, Any]) -> bool | None:
    if value is None:
        return None
    (number,) = _values(bound.strip(), "number", parameters)
    return ((value > number) - (value < number)) in _SIGNS[sign]


def _values(word: str, kind: str, parameters: Mapping[str, Any]) -> list[Any]:
    """What a word of a test stands for: a literal in the column's type, or the value or values of a parameter."""
    if word.startswith("$"):
        found = parameters[word[1:]]
        many = found if isinstance(found, list) else [found]
        return [Decimal(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in many]
    if kind in ("share", "number", "hours", "count", "level"):
        return [Decimal(word)]
    return [{"true": True, "false": False}[word]] if kind == "flag" else [word]
