"""Columns of values, dictionary-encoded: every distinct value once, and for each subject the number of its value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from engine.contracts import BadInput, to_micro
from engine.rules.spelling import did_you_mean
from engine.rules.values import DECIMALS, INTEGERS, TEXTS, Column, NotAllowed, Value

BULK = 2_000  # subjects from which arrays win; below, nothing loads numpy
_NONE = type(None)
_PLAIN: Mapping[str, frozenset[type]] = {
    **{kind: frozenset({Decimal, int, _NONE}) for kind in DECIMALS},
    **{kind: frozenset({int, _NONE}) for kind in INTEGERS},
    **{kind: frozenset({str, _NONE}) for kind in TEXTS},
    "flag": frozenset({bool, _NONE}),
    "list": frozenset({tuple, _NONE}),
}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A column over all subjects: its values (None is missing) and for each subject the place of its value among them.

    A caller's column has every value once; an output of a table one value for each set of rows that held.
    """

    column: Column
    distinct: tuple[Value | None, ...]
    codes: Sequence[int]

    def value(self, subject: int) -> Value | None:
        """Value of a subject by its position."""
        return self.distinct[self.codes[subject]]

    def micros(self) -> Iterator[int | None]:
        """The distinct values of a column of numbers in millionths, half to even; None where it is missing."""
        numbers = cast("tuple[Decimal | int | None, ...]", self.distinct)
        return (None if number is None else to_micro(number) for number in numbers)


def encode(column: Column, values: Sequence[Any], where: str) -> Encoded:
    """A caller's column, checked: type, finite, allowed values. Raises BadInput RUL205 with the first value that does not fit."""
    raw = values
    if column.type == "list":
        raw = [tuple(v) if isinstance(v, list) else v for v in values]
    if set(map(type, raw)) - _PLAIN[column.type]:
        _refuse(column, raw, where)  # values of equal hash (1, 1.0, True) would merge in the dictionary below
    try:
        distinct, codes = _numbered(raw)
        return Encoded(column, _typed(column, distinct), codes)
    except (TypeError, ArithmeticError, ValueError):  # unhashable: a list in a text column, a signalling NaN; or not what the column may hold
        _refuse(column, raw, where)
        raise


def _numbered(values: Sequence[Any]) -> tuple[list[Any], Sequence[int]]:
    """The distinct values in order of appearance, and the number of each value; every value is hashed once."""
    number: defaultdict[Any, int] = defaultdict()
    number.default_factory = number.__len__
    if len(values) < BULK:
        codes: Sequence[int] = list(map(number.__getitem__, values))
    else:
        from engine.rules import arrays

        codes = cast("Sequence[int]", arrays.codes_of(number, values))
    return list(number), codes


def _typed(column: Column, distinct: Sequence[Any]) -> tuple[Value | None, ...]:
    """Values of the plain types of a column in its own type. Raises ValueError where one does not fit."""
    if column.type not in DECIMALS or column.values or len(distinct) < 3:
        return tuple(None if value is None else column.typed(value) for value in distinct)
    exact = tuple(Decimal(value) if type(value) is int else value for value in distinct)
    known = [value for value in exact if value is not None]
    if known and all(map(Decimal.is_finite, known)):
        column.typed(min(known))  # between two values that fit every value fits
        column.typed(max(known))
    elif known:
        raise ValueError("not a number")
    return exact


def missing(column: Column, size: int) -> Encoded:
    """A column that nobody gave: missing for every subject."""
    if size < BULK:
        return Encoded(column, (None,), [0] * size)
    from engine.rules import arrays

    return Encoded(column, (None,), cast("Sequence[int]", arrays.zeros(size)))


def _refuse(column: Column, values: Sequence[Any], where: str) -> None:
    for position, value in enumerate(values):
        if value is None:
            continue
        try:
            column.typed(value)
        except ValueError as error:
            fix = error.args[1] if isinstance(error, NotAllowed) else _remedy(column)
            raise BadInput.at("RUL205", f"{where}: column `{column.name}`, position {position}: {error.args[0]}", why="a rule never guesses at a value", fix=fix) from None


def _remedy(column: Column) -> str:
    if column.type in DECIMALS:
        return "pass a decimal.Decimal or an int, or None where the value is missing"
    if column.type in INTEGERS:
        return "pass an int, or None where the value is missing"
    return {"flag": "pass True, False or None", "list": "pass a tuple of texts or None"}.get(column.type, "pass a text or None")


def common_size(columns: Mapping[str, Sequence[Any]], size: int | None, where: str) -> int:
    """Number of subjects. Raises BadInput RUL204 where columns differ in length."""
    lengths = {name: len(values) for name, values in columns.items()}
    if size is not None:
        lengths["(subjects)"] = size
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"`{name}` {length}" for name, length in sorted(lengths.items()))
        raise BadInput.at("RUL204", f"{where}: columns differ in length: {shown}", why="every subject needs a value, or None, in every column", fix="pass columns of one length")
    return next(iter(lengths.values()), 1)


def refuse_unknown(columns: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """Raises BadInput RUL203 for a column that the pack does not know: a misspelt name would read as missing."""
    for name in columns:
        if name not in known:
            raise BadInput.at("RUL203", f"{where}: no column `{name}`", why="a misspelt column would be read as missing", fix=did_you_mean(name, known))
