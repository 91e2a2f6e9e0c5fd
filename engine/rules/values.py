"""Typed values of columns: what a share, a count or a list may be, and how a value is written in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args

from engine.contracts import decimal_text, percent_text
from engine.rules.spelling import did_you_mean

Value = str | int | bool | Decimal | tuple[str, ...]
ParameterValue = Value | tuple[str | int | bool | Decimal, ...] | Mapping[str, str | int | bool | Decimal]
ColumnType = Literal["share", "count", "number", "hours", "text", "key", "flag", "list", "level"]
COLUMN_TYPES: tuple[str, ...] = get_args(ColumnType)
DECIMALS = frozenset({"share", "number", "hours"})
INTEGERS = frozenset({"count", "level"})
TEXTS = frozenset({"text", "key"})
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Column:
    """A typed column: share (0 to 1), count (0 and up), number, hours (0 and up), text, key (`role/x`), flag, list (of texts), level.

    `values` is the closed list of what it may hold (of its items for a list); empty means open.
    """

    name: str
    type: ColumnType
    description: str = ""
    values: tuple[str | int | Decimal, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether its values have an order that comparisons and ranges may ask for."""
        return self.type in DECIMALS or self.type in INTEGERS

    def typed(self, raw: Any) -> Value:
        """The value in the column's type: Decimal, int, str, bool or tuple of str.

        Raises ValueError with a sentence for the author or caller; a float is always refused, because its last bits decide nothing.
        """
        value = self._of_type(raw)
        if self.values:
            for item in value if isinstance(value, tuple) else (value,):
                if item not in self.values:
                    valid = [value_text(v) for v in self.values]
                    raise NotAllowed(f"`{value_text(item)}` is not a value of `{self.name}`", did_you_mean(value_text(item), valid))
        return value

    def _of_type(self, raw: Any) -> Value:
        kind = self.type
        if isinstance(raw, float):
            raise ValueError(f"{raw!r} is a float, `{self.name}` wants an exact {kind}: quantise it with contracts.to_micro and from_micro")
        if kind in DECIMALS:
            return self._decimal(raw)
        if kind in INTEGERS and isinstance(raw, int) and not isinstance(raw, bool):
            if kind == "count" and raw < 0:
                raise ValueError(f"{raw} is below zero, `{self.name}` is a count")
            return int(raw)
        if kind in TEXTS and isinstance(raw, str):
            return str(raw)
        if kind == "flag" and isinstance(raw, bool):
            return raw
        if kind == "list" and isinstance(raw, (list, tuple)) and all(isinstance(item, str) for item in raw):
            return tuple(str(item) for item in raw)
        raise ValueError(f"{value_text(raw)!r} ({type(raw).__name__}) is no {kind}, which `{self.name}` is declared to be")

    def _decimal(self, raw: Any) -> Decimal:
        if isinstance(raw, bool) or not isinstance(raw, (int, Decimal)):
            raise ValueError(f"{value_text(raw)!r} ({type(raw).__name__}) is no {self.type}, which `{self.name}` is declared to be")
        value = raw if isinstance(raw, Decimal) else Decimal(raw)
        if not value.is_finite():
            raise ValueError(f"{raw} is no number; a value that is not known is missing (None)")
        if (self.type == "share" and not 0 <= value <= _ONE) or (self.type == "hours" and value < 0):
            raise ValueError(f"{decimal_text(value)} is outside {'0 to 1' if self.type == 'share' else 'zero and up'}, `{self.name}` is {self.type}")
        return value

    def read(self, text: str) -> Value:
        """A literal written inside a unary test, read in the column's type; raises ValueError."""
        if self.numeric:
            try:
                number = Decimal(text)
            except InvalidOperation:
                raise ValueError(f"`{text}` is no number, `{self.name}` is {self.type}") from None
            return self.typed(int(number) if self.type in INTEGERS and number == number.to_integral_value() else number)
        if self.type == "flag":
            if text not in ("true", "false"):
                raise ValueError(f"`{text}` is neither true nor false, `{self.name}` is a flag")
            return text == "true"
        return self.typed(text)


class NotAllowed(ValueError):
    """A value of the right type outside the closed list; the second argument is the remedy."""


def share_text(value: Any) -> str:
    """How a share stands in a sentence that asks for percent; anything else as `value_text` writes it."""
    return percent_text(value) if isinstance(value, Decimal) else value_text(value)


def value_text(value: Any) -> str:
    """How a value stands in a sentence: plain decimals, `missing` for None, list items joined by commas."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value) if value.is_finite() else str(value)
    if isinstance(value, (tuple, list)):
        return ", ".join(value_text(v) for v in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {value_text(v)}" for k, v in value.items())
    return str(value)
