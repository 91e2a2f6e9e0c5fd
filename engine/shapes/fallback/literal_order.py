"""Which literals SPARQL can compare, and how (SPARQL 1.1 section 17.3): rdflib orders everything, pySHACL believes it.

Values of dates, times and durations are rdflib's. Where only one of two moments has a zone, they are ordered only if every
implicit zone says the same (XPath functions and operators, section 10.4).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pyshacl.rdfutil.compare import compare_literal
from rdflib import XSD
from rdflib.term import Literal

NUMBERS = frozenset(XSD[name] for name in (
    "integer", "decimal", "double", "float", "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
))  # fmt: skip
FLOATING = frozenset((XSD.double, XSD.float))
ALONE = frozenset((XSD.boolean, XSD.dateTime, XSD.date, XSD.time, XSD.dayTimeDuration, XSD.yearMonthDuration))
# rdflib has no values of these; written without zone, in four digits, their order is that of their text
CALENDAR = {XSD.gYear: "[0-9]{4}", XSD.gYearMonth: "[0-9]{4}-[0-9]{2}", XSD.gMonth: "--[0-9]{2}", XSD.gMonthDay: "--[0-9]{2}-[0-9]{2}", XSD.gDay: "---[0-9]{2}"}
WIDEST_ZONE = timedelta(hours=14)
_DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_DOUBLE = rf"({_DECIMAL}([eE][+-]?[0-9]+)?|[+-]?INF|NaN)"
_MOMENT = r"-?([1-9][0-9]{3,}|0[0-9]{3})-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
# of the datatypes that SPARQL supports; Python's own readers take more: 1_0, nan, digits of any script, a date for a moment
_FORMS = {**dict.fromkeys(NUMBERS, r"[+-]?[0-9]+"), XSD.decimal: _DECIMAL, XSD.double: _DOUBLE, XSD.float: _DOUBLE, XSD.boolean: "true|false|1|0", XSD.dateTime: _MOMENT, XSD.dateTimeStamp: _MOMENT}


def ordered(one: Any, other: Any) -> int | None:
    """Negative, zero or positive; None where the two cannot be compared: not literals, ill-typed, of different kinds, not a number."""
    kind = _kind(one)
    if kind is None or kind != _kind(other):
        return None
    if kind == XSD.string or kind in CALENDAR:
        return (str(one) > str(other)) - (str(one) < str(other))
    if kind == XSD.decimal:
        return _numbers(one, other)
    mixed = isinstance(one.value, datetime | time) and isinstance(other.value, datetime | time) and (one.value.tzinfo is None) != (other.value.tzinfo is None)
    return _across_zones(one.value, other.value) if mixed else compare_literal(one, other)  # type: ignore[no-untyped-call]


def well_formed(literal: Literal) -> bool:
    """Whether the text is one that the datatype allows, as far as SPARQL supports the datatype and rdflib can tell."""
    form = _FORMS.get(literal.datatype) if literal.datatype is not None else None
    return not literal.ill_typed and (form is None or re.fullmatch(form, literal) is not None)


def _kind(term: Any) -> Any:
    """What a literal can be compared with: a datatype that stands for all of its kind; None for what can be compared with nothing."""
    if not isinstance(term, Literal) or term.language or not well_formed(term):
        return None
    if term.datatype in CALENDAR:
        return term.datatype if re.fullmatch(CALENDAR[term.datatype], term) else None
    if term.value is None:
        return None
    if term.datatype is None:
        return XSD.string
    if term.datatype in NUMBERS:
        return XSD.decimal
    return XSD.dateTime if term.datatype == XSD.dateTimeStamp else term.datatype if term.datatype in ALONE else None


def _numbers(one: Literal, other: Literal) -> int | None:
    # a float or double on either side makes both doubles (XPath numeric type promotion)
    number = float if one.datatype in FLOATING or other.datatype in FLOATING else Decimal
    first, second = number(one.value), number(other.value)
    return None if first != first or second != second else (first > second) - (first < second)


def _across_zones(one: datetime | time, other: datetime | time) -> int | None:
    """The order of two moments of which one has no zone, where it does not depend on that zone."""
    first, second = (_moment(v) for v in (one, other))
    return None if abs(first - second) <= WIDEST_ZONE else (first > second) - (first < second)


def _moment(value: datetime | time) -> datetime:
    whole = value if isinstance(value, datetime) else datetime.combine(date(2000, 1, 1), value)
    return whole if whole.tzinfo is not None else whole.replace(tzinfo=UTC)
