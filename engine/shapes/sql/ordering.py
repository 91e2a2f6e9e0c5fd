"""How literals are ordered (SPARQL 1.1 section 17.3, XSD 1.1): as SQL where columns suffice, by one Python function where they do not.

Numbers compare by value and exactly, decimals with decimals; a double or float on either side makes both doubles. Strings
compare by code point, false before true. Dates and times with and without a zone are compared where the order is certain
(XSD 1.1 section 3.3.7.6: within 14 hours it is not). Anything else cannot be compared, and what cannot be compared fails.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from engine.shapes.sql.lexical_forms import DECIMAL, DOUBLE, FORMS, INTEGER, RANGES, full_match
from engine.shapes.sql.relations import quoted
from engine.shapes.terms import DATATYPE_CODES, XSD

INTEGERS = frozenset(DATATYPE_CODES[XSD + n] for n in (
    "integer", "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
))  # fmt: skip
EXACT = INTEGERS | {DATATYPE_CODES[XSD + "decimal"]}
FLOATING = frozenset((DATATYPE_CODES[XSD + "double"], DATATYPE_CODES[XSD + "float"]))
INTEGER_CODE, DECIMAL_CODE = DATATYPE_CODES[XSD + "integer"], DATATYPE_CODES[XSD + "decimal"]
STRING, BOOLEAN = DATATYPE_CODES[XSD + "string"], DATATYPE_CODES[XSD + "boolean"]
TEMPORAL = {DATATYPE_CODES[XSD + n]: n for n in ("date", "dateTime", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay", "dateTimeStamp")}
DURATIONS = {DATATYPE_CODES[XSD + n]: n for n in ("dayTimeDuration", "yearMonthDuration")}
_RANGE_OF = {DATATYPE_CODES[XSD + name]: limits for name, limits in RANGES.items()}
# at most this many characters are exact in DECIMAL(38, 15)
SHORT = 16


def create_ordering(connection: duckdb.DuckDBPyConnection) -> None:
    """Define `order_of(v, d, v2, d2)`: -1, 0, 1, or NULL where the literals cannot be compared."""

    def column(v: pa.Array, d: pa.Array, v2: pa.Array, d2: pa.Array) -> pa.Array:
        rows = zip(v.to_pylist(), d.to_pylist(), v2.to_pylist(), d2.to_pylist(), strict=True)
        return pa.array([compare(*row) for row in rows], pa.int8())

    with suppress(duckdb.NotImplementedException):  # a connection that is judged again has it already
        connection.create_function("_order_of", column, ["VARCHAR", "SMALLINT", "VARCHAR", "SMALLINT"], "TINYINT", type=PythonUDFType.ARROW, null_handling=FunctionNullHandling.SPECIAL)
    short = f"length(v) <= {SHORT} AND length(v2) <= {SHORT}"
    number = f"regexp_full_match(v, {quoted(DECIMAL)}) AND regexp_full_match(v2, {quoted(DECIMAL)})"
    connection.execute(f"""CREATE OR REPLACE MACRO order_of(v, d, v2, d2) AS CASE
        WHEN d = {STRING} AND d2 = {STRING} THEN CASE WHEN v < v2 THEN -1 WHEN v = v2 THEN 0 ELSE 1 END
        WHEN d = {DECIMAL_CODE} AND d2 = {DECIMAL_CODE} AND {short} AND {number} THEN sign(v::DECIMAL(38, 15) - v2::DECIMAL(38, 15))::TINYINT
        WHEN d = {INTEGER_CODE} AND d2 = {INTEGER_CODE} AND {short} AND regexp_full_match(v, {quoted(INTEGER)}) AND regexp_full_match(v2, {quoted(INTEGER)}) THEN sign(v::BIGINT - v2::BIGINT)::TINYINT
        WHEN d < 2 OR d2 < 2 OR d = 3 OR d2 = 3 THEN NULL
        ELSE _order_of(v, d::SMALLINT, v2, d2::SMALLINT) END""")


def bound_holds(v: str, d: str, operator: str, limit: tuple[str, int]) -> str:
    """SQL condition: the literal in (v, d) stands in the relation to a constant; false where they cannot be compared."""
    text, code = limit
    general = f"coalesce(order_of({v}, {d}, {quoted(text)}, {code}) {operator} 0, FALSE)"
    if code in (INTEGER_CODE, DECIMAL_CODE) and len(text) <= SHORT and _is_number(text, code):
        # the usual case, numbers of usual length, without a Python call
        plain = Decimal(text)
        constant = f"{plain:f}::DECIMAL(38, 15)"
        whole = f"{d} = {INTEGER_CODE} AND length({v}) <= {SHORT} AND {full_match(v, INTEGER)}"
        fraction = f"{d} = {DECIMAL_CODE} AND length({v}) <= {SHORT} AND {full_match(v, DECIMAL)}"
        return f"(CASE WHEN ({whole}) OR ({fraction}) THEN TRY_CAST({v} AS DECIMAL(38, 15)) {operator} {constant} ELSE {general} END)"
    if code == DATATYPE_CODES[XSD + "date"] and re.fullmatch(r"\d{4}-\d\d-\d\d", text) and compare(text, code, text, code) == 0:
        return f"(CASE WHEN {d} = {code} AND TRY_CAST({v} AS DATE) IS NOT NULL AND length({v}) = 10 AND {full_match(v, r'[0-9]{4}-[0-9]{2}-[0-9]{2}')} THEN {v} {operator} {quoted(text)} ELSE {general} END)"
    return general


def compare(v: str | None, d: int | None, v2: str | None, d2: int | None) -> int | None:
    """-1, 0 or 1; None where the literals cannot be compared or one is ill-typed. `d` are datatype codes."""
    if v is None or v2 is None or d is None or d2 is None:
        return None
    if d in EXACT | FLOATING and d2 in EXACT | FLOATING:
        return _numbers(v, d, v2, d2)
    if d in TEMPORAL and d2 in TEMPORAL and _family(d) == _family(d2):
        first, second = _instant(v, _family(d)), _instant(v2, _family(d2))
        return None if first is None or second is None else _instants(first, second)
    if d != d2:
        return None
    if d == STRING:
        return (v > v2) - (v < v2)
    if d == BOOLEAN:
        truth = {"true": 1, "1": 1, "false": 0, "0": 0}
        return None if v not in truth or v2 not in truth else (truth[v] > truth[v2]) - (truth[v] < truth[v2])
    if d in DURATIONS:
        one, two = _duration(v, DURATIONS[d]), _duration(v2, DURATIONS[d2])
        return None if one is None or two is None else (one > two) - (one < two)
    return None


def _numbers(v: str, d: int, v2: str, d2: int) -> int | None:
    if not (_is_number(v, d) and _is_number(v2, d2)):
        return None
    if d in FLOATING or d2 in FLOATING:
        one, two = _double(v), _double(v2)
        return None if one != one or two != two else (one > two) - (one < two)
    # Fraction has no precision to run out of
    exact, other = Fraction(v.removesuffix(".")), Fraction(v2.removesuffix("."))
    return (exact > other) - (exact < other)


def _is_number(text: str, code: int) -> bool:
    """Whether a numeric literal is well-typed; one that is not has no value to compare."""
    if re.fullmatch(DOUBLE if code in FLOATING else INTEGER if code in INTEGERS else DECIMAL, text) is None:
        return False
    low, high = _RANGE_OF.get(code, (None, None))
    # compared as fractions: a number of any length has no precision to run out of
    return (low is None or Fraction(text) >= low) and (high is None or Fraction(text) <= high)


def _double(text: str) -> float:
    return float(text.replace("INF", "inf"))


def _family(code: int) -> str:
    name = TEMPORAL[code]
    return "dateTime" if name == "dateTimeStamp" else name


_PARTS = re.compile(
    r"(?P<sign>-?)(?:(?P<year>\d{4,})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?|--(?P<md>\d\d)(?:-(?P<mday>\d\d))?|---(?P<dday>\d\d))?"
    r"T?(?:(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d(?:\.\d+)?))?(?P<zone>Z|[+-]\d\d:\d\d)?$"
)


@lru_cache(65_536)
def _instant(text: str, family: str) -> tuple[Fraction, bool] | None:
    """Seconds on the time line (without a zone: as if in UTC) and whether there is a zone; None where ill-typed."""
    if re.fullmatch(FORMS[family], text) is None or (found := _PARTS.fullmatch(text)) is None:
        return None
    part = found.groupdict()
    year = int(part["sign"] + (part["year"] or "1972"))  # a leap year stands in where none is given
    month, day = int(part["month"] or part["md"] or 12 if not part["dday"] else 12), int(part["day"] or part["mday"] or part["dday"] or 1)
    cycle = year // 400  # Python's calendar ends at 9999; the Gregorian one repeats every 400 years
    try:
        days = date(year - cycle * 400 + 400, month, day).toordinal() + cycle * 146_097
    except ValueError:
        return None
    seconds = Fraction(days * 86_400 + int(part["hour"] or 0) * 3_600 + int(part["minute"] or 0) * 60) + Fraction(part["second"] or "0")
    zone = part["zone"]
    if zone and zone != "Z":
        shift = int(zone[1:3]) * 3_600 + int(zone[4:6]) * 60
        seconds += shift if zone[0] == "-" else -shift
    return seconds, bool(zone)


def _instants(first: tuple[Fraction, bool], second: tuple[Fraction, bool]) -> int | None:
    (one, zoned), (two, other_zoned) = first, second
    if zoned != other_zoned and abs(one - two) <= 14 * 3_600:
        return None
    return (one > two) - (one < two)


@lru_cache(65_536)
def _duration(text: str, kind: str) -> Fraction | None:
    if re.fullmatch(FORMS[kind], text) is None or text[-1] in "PT":
        return None
    months = kind == "yearMonthDuration"
    size = {"Y": 12, "M": 1} if months else {"D": 86_400, "H": 3_600, "M": 60, "S": 1}
    total = sum((Fraction(n) * size[unit] for n, unit in re.findall(r"([0-9.]+)([YMDHS])", text)), Fraction(0))
    return -total if text.startswith("-") else total
