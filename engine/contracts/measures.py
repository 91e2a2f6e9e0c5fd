"""Exact numbers: shares quantised once to millionths and then only added as integers."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

MICRO = 1_000_000
_QUANTUM = Decimal("0.000001")
_EXACT_DIGITS = 20  # with six places behind the point these fit the 28 digits of a decimal context


def to_micro(value: Decimal | int | float | str) -> int:
    """Quantise to millionths, half to even, as an integer: 0.5 becomes 500000.

    A float is read through its shortest decimal text, so that equal floats give equal integers everywhere. Exact for numbers of any size.
    """
    decimal = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else str(value))
    if decimal.adjusted() < _EXACT_DIGITS:
        return int(decimal.quantize(_QUANTUM, rounding=ROUND_HALF_EVEN).scaleb(6))
    return round(Fraction(decimal) * MICRO)  # beyond the digits that a decimal context keeps; round() is half to even too


def from_micro(micro: int) -> Decimal:
    """Millionths back to an exact decimal: 500000 becomes 0.500000."""
    return Decimal(micro).scaleb(-6)


def percent_text(share: Decimal) -> str:
    """A share (0 to 1) as whole percent, half to even; what is not quite all or nothing never reads as 100 % or 0 %."""
    whole = int((share * 100).to_integral_value())
    if share not in (0, 1):
        whole = min(max(whole, 1), 99)
    return f"{whole} %"


def decimal_text(value: Decimal) -> str:
    """Plain decimal text without exponent or trailing zeros: Decimal('0.500') becomes '0.5'."""
    if value == value.to_integral_value():
        return str(int(value))
    return format(value.normalize(), "f")
