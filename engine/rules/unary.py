"""Unary tests, the cells of a decision table: parsed from the author's form, bound to a column and to parameters in force.

A test answers true, false or unknown; a cell holds only on true. A missing value makes every test unknown except
`missing` and `any` (true) and `present` (false); `not` turns true and false and leaves unknown, a list is true where
one of its tests is. So `not present` holds on a missing value and `not outside` does not.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from engine.rules.values import Column, ParameterValue, Value, value_text

Verdict = Callable[[Value | None], bool | None]
Role = Literal["equal", "bound", "item"]
_COMPARE = re.compile(r"(>=|<=|>|<)\s*(\S.*)\Z", re.DOTALL)
_RANGE = re.compile(r"([\[(\]])\s*([^\s].*?)\s*\.\.\s*([^\s].*?)\s*([\])\[])\Z", re.DOTALL)
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)\Z")
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """`$name`: the value of a dated parameter of the same pack."""

    name: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """`any` (also `-`), `missing` or `present`."""

    word: Literal["any", "missing", "present"]


@dataclass(frozen=True, slots=True)
class Operand:
    """A literal (`text` tells that it was cut out of a test's text) or a parameter, and the part it plays in its test."""

    value: Any
    role: Role
    text: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """`>= 0.85`"""

    sign: str
    bound: Operand


@dataclass(frozen=True, slots=True)
class Range:
    """`[0.5..0.8)`; a round bracket, or a square one turned outwards, leaves its end out."""

    low: Operand
    low_in: bool
    high: Operand
    high_in: bool


@dataclass(frozen=True, slots=True)
class Equal:
    """A single value."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Contains:
    """`contains X`, `contains any of X, Y`: a list column holds one of the items."""

    items: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A list of tests, one of which must hold."""

    tests: tuple[Unary, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`not X`"""

    test: Unary


Unary = Fixed | Equal | Compare | Range | Contains | AnyOf | Not


def parse(raw: Any) -> Unary:
    """The test that an authored cell states. Raises ValueError with a sentence for the author."""
    if isinstance(raw, (list, tuple)):
        if not raw:
            raise ValueError("an empty list never holds")
        return AnyOf(tuple(parse(item) for item in raw))
    if isinstance(raw, str):
        return _parse_text(raw.strip())
    if isinstance(raw, (bool, int, Decimal)):
        return Equal(Operand(raw, "equal"))
    if raw is None:
        raise ValueError("an empty cell says nothing: write `missing`, `any`, or leave the column out of the row")
    raise ValueError(f"`{raw}` is read as a {type(raw).__name__}: quote it if it is meant as text")


def _parse_text(text: str) -> Unary:
    if text in ("any", "-"):
        return Fixed("any")
    if text == "missing":
        return Fixed("missing")
    if text == "present":
        return Fixed("present")
    if text.startswith("not "):
        return Not(_parse_text(text[4:].strip()))
    if text.startswith("contains any of "):
        return Contains(tuple(_literal(item, "item") for item in _items(text[16:])))
    if text.startswith("contains "):
        return Contains((_literal(text[9:].strip(), "item"),))
    compared = _COMPARE.match(text)
    if compared:
        return Compare(compared[1], _literal(compared[2].strip(), "bound"))
    ranged = _RANGE.match(text)
    if ranged:
        return Range(_literal(ranged[2], "bound"), ranged[1] == "[", _literal(ranged[3], "bound"), ranged[4] == "]")
    if text.startswith("[") and text.endswith("]"):
        return AnyOf(tuple(_parse_text(item) for item in _items(text)))
    if text == "" or text[0] in "<>=!":
        raise ValueError(f"`{text}` is no unary test")
    return Equal(_literal(text, "equal"))


def _items(text: str) -> list[str]:
    inner = text.strip()
    if inner.startswith("[") and inner.endswith("]"):
        inner = inner[1:-1]
    items = [item.strip() for item in inner.split(",")]
    if not all(items):
        raise ValueError(f"`{text}` lists an empty item")
    return items


def _literal(text: str, role: Role) -> Operand:
    named = _PARAMETER.match(text)
    if named:
        return Operand(ParameterRef(named[1]), role)
    if text.startswith("$"):
        raise ValueError(f"`{text}` is no parameter name")
    return Operand(text, role, text=True)


def operands(test: Unary) -> Iterator[Operand]:
    """Every literal and parameter in a test, left to right."""
    if isinstance(test, Equal):
        yield test.operand
    elif isinstance(test, Compare):
        yield test.bound
    elif isinstance(test, Range):
        yield from (test.low, test.high)
    elif isinstance(test, Contains):
        yield from test.items
    elif isinstance(test, AnyOf):
        for inner in test.tests:
            yield from operands(inner)
    elif isinstance(test, Not):
        yield from operands(test.test)


def operand_values(operand: Operand, column: Column, parameters: Mapping[str, ParameterValue]) -> tuple[Value, ...]:
    """The values an operand stands for in a column: one, or several where a parameter is a list.

    Raises ValueError where it does not fit the column or the part it plays, KeyError for a parameter that is not given.
    """
    raw: Any = operand.value
    if isinstance(raw, ParameterRef):
        raw = parameters[raw.name]
        if isinstance(raw, Mapping):
            raise ValueError("a mapping cannot stand in a test")
    many = raw if isinstance(raw, tuple) else (raw,)
    if operand.role == "bound":
        if not column.numeric:
            raise ValueError(f"`{column.name}` is {column.type} and has no order")
        if len(many) != 1:
            raise ValueError("a list cannot be a bound")
        if operand.text:
            return (Column(column.name, "number").read(raw),)
        return (Column(column.name, "number").typed(many[0]),)
    if (operand.role == "item") != (column.type == "list"):
        raise ValueError(f"`{column.name}` is {column.type}: " + ("`contains` asks lists only" if operand.role == "item" else "ask a list with `contains`"))
    reader = Column(column.name, "text", "", column.values) if column.type == "list" else column
    return tuple(reader.read(item) if operand.text else reader.typed(item) for item in many)


def bind(test: Unary, column: Column, parameters: Mapping[str, ParameterValue]) -> Verdict:
    """The test as a function of one typed value; None (missing) in, true, false or None (unknown) out. Raises as operand_values."""
    if isinstance(test, Fixed):
        if test.word == "any":
            return lambda _: True
        return (lambda value: value is None) if test.word == "missing" else (lambda value: value is not None)
    if isinstance(test, Not):
        inner = bind(test.test, column, parameters)
        return lambda value: None if (answer := inner(value)) is None else not answer
    if isinstance(test, AnyOf):
        return _any_of([bind(t, column, parameters) for t in test.tests])
    if isinstance(test, Equal):
        equal = frozenset(operand_values(test.operand, column, parameters))
        return lambda value: None if value is None else value in equal
    if isinstance(test, Contains):
        wanted = frozenset(v for item in test.items for v in operand_values(item, column, parameters))
        return lambda value: None if value is None else not wanted.isdisjoint(value)  # type: ignore[arg-type]
    if isinstance(test, Compare):
        compare, bound = _OPERATORS[test.sign], operand_values(test.bound, column, parameters)[0]
        return lambda value: None if value is None else compare(value, bound)
    low, high = operand_values(test.low, column, parameters)[0], operand_values(test.high, column, parameters)[0]
    if _OPERATORS[">"](low, high):
        raise ValueError(f"the range from {value_text(low)} to {value_text(high)} is empty")
    above, below = _OPERATORS[">=" if test.low_in else ">"], _OPERATORS["<=" if test.high_in else "<"]
    return lambda value: None if value is None else above(value, low) and below(value, high)


def _any_of(verdicts: list[Verdict]) -> Verdict:
    def holds(value: Value | None) -> bool | None:
        answers = [verdict(value) for verdict in verdicts]
        return True if True in answers else None if None in answers else False

    return holds


def test_text(raw: Any, parameters: Mapping[str, ParameterValue]) -> str:
    """The test as its author wrote it, with the parameters in force: `>= $serve_confidence (0.85)`."""
    shown = value_text(raw) if not isinstance(raw, (list, tuple)) else f"[{value_text(raw)}]"
    named = sorted({o.value.name for o in operands(parse(raw)) if isinstance(o.value, ParameterRef)})
    if not named:
        return shown
    return f"{shown} ({'; '.join(value_text(parameters[name]) for name in named)})"
