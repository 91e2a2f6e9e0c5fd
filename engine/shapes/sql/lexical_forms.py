"""Which lexical forms the XSD datatypes allow (XML Schema Definition Language 1.1 part 2), as SQL conditions.

SHACL counts an ill-typed literal as a violation of sh:datatype for the datatypes that SPARQL 1.1 supports; those and the
derived integers are checked, and a datatype that is not listed allows every form.
"""

from __future__ import annotations

from engine.shapes.sql.relations import quoted
from engine.shapes.terms import XSD

ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
YEAR = r"-?([1-9][0-9]{3,}|0[0-9]{3})"
MONTH = r"(0[1-9]|1[0-2])"
DAY = r"(0[1-9]|[12][0-9]|3[01])"
# days that every month has, or that this month has
MONTH_DAY = r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-9]))"
TIME = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
INTEGER = r"[+-]?[0-9]+"
DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
DOUBLE = rf"({DECIMAL}([eE][+-]?[0-9]+)?|[+-]?INF|NaN)"
DURATION = r"-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
NAME_START = r"A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}"
NAME_CHARACTER = NAME_START + r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}"

FORMS = {
    "boolean": "(true|false|1|0)", "integer": INTEGER, "decimal": DECIMAL, "double": DOUBLE, "float": DOUBLE,
    "date": f"{YEAR}-{MONTH_DAY}{ZONE}", "dateTime": f"{YEAR}-{MONTH_DAY}T{TIME}{ZONE}", "dateTimeStamp": f"{YEAR}-{MONTH_DAY}T{TIME}{ZONE.removesuffix('?')}", "time": f"{TIME}{ZONE}",
    "gYear": f"{YEAR}{ZONE}", "gYearMonth": f"{YEAR}-{MONTH}{ZONE}", "gMonth": f"--{MONTH}{ZONE}", "gMonthDay": f"--{MONTH_DAY}{ZONE}", "gDay": f"---{DAY}{ZONE}",
    "duration": DURATION, "dayTimeDuration": r"-?P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?", "yearMonthDuration": r"-?P([0-9]+Y)?([0-9]+M)?",
    "hexBinary": "([0-9a-fA-F]{2})*", "base64Binary": "(([A-Za-z0-9+/] ?){4})*(([A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]|([A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?",
    "normalizedString": r"[^\t\n\r]*", "token": r"([^\t\n\r ]+( [^\t\n\r ]+)*)?", "language": "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    "Name": f"[:{NAME_START}][:{NAME_CHARACTER}]*", "NCName": f"[{NAME_START}][{NAME_CHARACTER}]*", "NMTOKEN": f"[:{NAME_CHARACTER}]+",
}  # fmt: skip
RANGES = {
    "long": (-(2**63), 2**63 - 1), "int": (-(2**31), 2**31 - 1), "short": (-(2**15), 2**15 - 1), "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1), "unsignedInt": (0, 2**32 - 1), "unsignedShort": (0, 2**16 - 1), "unsignedByte": (0, 255),
    "nonNegativeInteger": (0, None), "positiveInteger": (1, None), "nonPositiveInteger": (None, 0), "negativeInteger": (None, -1),
}  # fmt: skip


def full_match(text: str, form: str) -> str:
    """SQL: the whole text has the form."""
    return f"regexp_full_match({text}, {quoted(form)})"


def well_formed(datatype: str, text: str) -> str | None:
    """SQL condition that the text expression is in the lexical space of the datatype; None where every text is."""
    name = datatype.removeprefix(XSD)
    if not datatype.startswith(XSD):
        return None
    if name == "boolean":
        return f"{text} IN ('true', 'false', '1', '0')"
    if name in RANGES:
        return f"({full_match(text, INTEGER)} AND {_in_range(name, text)})"
    if name not in FORMS:
        return None
    condition = full_match(text, FORMS[name])
    if name in ("date", "dateTime", "dateTimeStamp"):
        # the only day that the form cannot judge
        return f"(CASE WHEN NOT {condition} THEN FALSE WHEN {text} LIKE '%-02-29%' THEN {_leap(text)} ELSE TRUE END)"
    if name in ("duration", "dayTimeDuration", "yearMonthDuration"):
        condition += f" AND right({text}, 1) NOT IN ('P', 'T')"
    return f"({condition})"


def _in_range(name: str, text: str) -> str:
    low, high = RANGES[name]
    # a sign and leading zeros say nothing about size, so the digits that count are looked at
    digits = f"ltrim(ltrim({text}, '+-'), '0')"
    number = f"TRY_CAST({text} AS HUGEINT)"
    negative = f"(starts_with({text}, '-') AND {digits} <> '')"
    if low is not None and high is not None:
        return f"(length({digits}) <= 20 AND {number} BETWEEN {low} AND {high})"
    if high is None:
        return f"NOT {negative}" + (f" AND {digits} <> ''" if low == 1 else "")
    return f"({negative}" + (f" OR {digits} = '')" if high == 0 else ")")


def _leap(text: str) -> str:
    # 10,000 years are a whole number of Gregorian cycles, so four digits decide; a plan may look before the form is known
    year = f"TRY_CAST(right(regexp_extract({text}, '^-?([0-9]+)-', 1), 4) AS INTEGER)"
    return f"coalesce(({year} % 4 = 0 AND {year} % 100 <> 0) OR {year} % 400 = 0, FALSE)"
