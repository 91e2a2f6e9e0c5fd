"""Columns of values, dictionary-encoded: every distinct value once, and for each subject the number of its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.contracts import BadInput
from engine.rules.spelling import did_you_mean
from engine.rules.values import DECIMALS, INTEGERS, TEXTS, Column, NotAllowed, Value

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
    """A column over all subjects: `distinct` values (None is missing) and one code for each subject."""

    column: Column
    distinct: tuple[Value | None, ...]
    codes: Sequence[int]

    def value(self, subject: int) -> Value | None:
        """Value of a subject by its position."""
        return self.distinct[self.codes[subject]]


def encode(column: Column, values: Sequence[Any], where: str) -> Encoded:
    """A caller's column, checked: type, finite, allowed values. Raises BadInput RUL205 with the first value that does not fit."""
    raw = values
    if column.type == "list":
        raw = [tuple(v) if isinstance(v, list) else v for v in values]
    if set(map(type, raw)) - _PLAIN[column.type]:
        _refuse(column, raw, where)  # values of equal hash (1, 1.0, True) would merge in the dictionary below
    try:
        number: dict[Any, int] = {value: position for position, value in enumerate(dict.fromkeys(raw))}
    except (TypeError, ArithmeticError):  # unhashable: a list in a text column, a signalling NaN
        _refuse(column, raw, where)
        raise
    distinct: list[Value | None] = []
    for value in number:
        try:
            distinct.append(None if value is None else column.typed(value))
        except ValueError:
            _refuse(column, raw, where)
    return Encoded(column, tuple(distinct), list(map(number.__getitem__, raw)))


def encode_trusted(column: Column, values: Sequence[Value | None]) -> Encoded:
    """A column that the engine itself computed."""
    number: dict[Any, int] = {value: position for position, value in enumerate(dict.fromkeys(values))}
    return Encoded(column, tuple(number), list(map(number.__getitem__, values)))


def missing(column: Column, size: int) -> Encoded:
    """A column that nobody gave: missing for every subject."""
    return Encoded(column, (None,), [0] * size)


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
