"""A value of a patch as the text a record table holds, checked against its property."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import decimal_text
from engine.ontology import PropertyDef
from engine.warehouse import Cell

FRACTION_DIGITS = 6
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def lexical_cell(definition: PropertyDef, value: Any) -> Cell:
    """The text (texts where many-valued) of a value; None is missing. Raises ValueError with what is wrong and how to mend it."""
    if value is None:
        return None
    if definition.many:
        if not isinstance(value, list):
            raise ValueError("this property holds a list", "write [one, another]")
        return tuple(_text(definition, item) for item in value)
    if isinstance(value, list):
        raise ValueError("this property holds one value", "write it without brackets")
    return _text(definition, value)


def _text(definition: PropertyDef, value: Any) -> str:
    text = _typed(definition.datatype, value)
    if definition.allowed and text not in definition.allowed:
        raise ValueError(f"`{text}` is not one of those allowed", f"one of {', '.join(definition.allowed)}")
    return text


def _typed(datatype: str, value: Any) -> str:
    number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if datatype == "decimal" and number:
        exact = Decimal(value)
        if exact != round(exact, FRACTION_DIGITS) or abs(exact) >= Decimal(10) ** 13:
            raise ValueError(f"`{value}` has more digits than are kept", f"at most 13 before and {FRACTION_DIGITS} behind the point")
        return decimal_text(exact)
    if datatype == "integer" and number and Decimal(value) == int(value):
        return str(int(value))
    if datatype == "boolean" and isinstance(value, bool):
        return "true" if value else "false"
    if datatype == "date" and isinstance(value, date):
        return value.isoformat()
    if datatype == "date" and isinstance(value, str) and _DAY.match(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    if datatype == "string" and isinstance(value, str):
        return value
    expected = {"decimal": "a number", "integer": "a whole number", "boolean": "true or false", "date": "a date (2026-11-21)"}.get(datatype, "text; quote it")
    raise ValueError(f"`{value}` is no {datatype}", f"write {expected}")
