"""Values as they stand in JSON, read and written by the checker's own rules: decimals are text, missing is null."""

from __future__ import annotations

import hashlib
import json
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

MILLION = 1_000_000
_NUMERIC = ("share", "number", "hours", "count", "level")


class Broken(Exception):
    """A proof states one thing, its replay gives another."""

    def __init__(self, place: str, stated: Any, replayed: Any, *, integrity: bool = False) -> None:
        super().__init__(f"{place}: states {shown(stated)}, replayed {shown(replayed)}")
        self.place, self.stated, self.replayed, self.integrity = place, stated, replayed, integrity


def same(place: str, stated: Any, replayed: Any) -> None:
    """Raises Broken where two JSON values differ; true is not 1, and text is not a number."""
    if not equal(stated, jsonable(replayed)):
        raise Broken(place, stated, jsonable(replayed))


def equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same, types included."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[k], other[k]) for k in one)
    return type(one) is type(other) and bool(one == other)


def jsonable(value: Any) -> Any:
    """A replayed value as JSON holds it."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, (list, tuple)):
        return [jsonable(v) for v in value]
    if isinstance(value, dict):
        return {k: jsonable(v) for k, v in value.items()}
    return value


def decimal_text(value: Decimal) -> str:
    """`0.5`, `12`: no exponent, no zeros behind."""
    if value == 0:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def micros(share: Any) -> int:
    """A share as millionths."""
    return int((Decimal(share) * MILLION).to_integral_value(ROUND_HALF_EVEN))


def share_of(millionths: int) -> Decimal:
    """Millionths as a share."""
    return Decimal(millionths) / MILLION


def typed(value: Any, kind: str) -> Any:
    """A JSON value in a column's type: numbers as Decimal, whatever their type; missing stays None."""
    if value is None:
        return None
    if kind in _NUMERIC:
        whole = kind in ("count", "level")
        if isinstance(value, bool) or isinstance(value, int) != whole or (not whole and not isinstance(value, str)):
            raise Broken("a value", value, f"a {kind}")
        return Decimal(value)
    wanted = {"flag": bool, "list": list}.get(kind, str)
    if not isinstance(value, wanted):
        raise Broken("a value", value, f"a {kind}")
    return value


def untagged(value: Any) -> Any:
    """A value of the rulebook's JSON, where a decimal is `{"number": "0.85"}`."""
    if isinstance(value, list):
        return [untagged(v) for v in value]
    if isinstance(value, dict):
        return Decimal(value["number"]) if "number" in value else {k: untagged(v) for k, v in value["mapping"]}
    return value


def shown(value: Any) -> str:
    """A value in a sentence."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, list):
        return ", ".join(shown(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {shown(v)}" for k, v in value.items())
    return str(value)


def percent(share: Decimal) -> str:
    """A share as whole percent; only all and nothing read as 100 and 0."""
    whole = int((share * 100).to_integral_value(ROUND_HALF_EVEN))
    return f"{share * 100:.0f} %" if share in (0, 1) else f"{min(99, max(1, whole))} %"


def sha256(value: Any) -> str:
    """SHA-256 of a JSON value in canonical form: keys in order, no blanks, UTF-8."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")).hexdigest()
