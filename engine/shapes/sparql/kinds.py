"""Kinds of RDF terms as SPARQL's operators tell them apart, and how a kind shows in the datatype code of a column.

A set of kinds is what is known of a value before any data is seen; the smaller the set, the shorter the SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from engine.shapes.sql.lexical_forms import RANGES
from engine.shapes.terms import BLANK_CODE, DATATYPE_CODES, IRI_CODE, RDF, XSD


class Kind(StrEnum):
    """A kind of term: the literals by the operand classes of SPARQL 1.1 section 17.3."""

    IRI = "iri"
    BLANK = "blank"
    STRING = "string"
    LANGUAGE = "language"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    DOUBLE = "double"
    TEMPORAL = "temporal"
    OTHER = "other"


Kinds = frozenset[Kind]
NOTHING: Kinds = frozenset()
ANY: Kinds = frozenset(Kind)
NODES: Kinds = frozenset((Kind.IRI, Kind.BLANK))
LITERALS: Kinds = ANY - NODES
TEXTS: Kinds = frozenset((Kind.STRING, Kind.LANGUAGE))
EXACT: Kinds = frozenset((Kind.INTEGER, Kind.DECIMAL))
FLOATING: Kinds = frozenset((Kind.FLOAT, Kind.DOUBLE))
NUMBERS: Kinds = EXACT | FLOATING

INTEGER_CODE, DECIMAL_CODE, DOUBLE_CODE, FLOAT_CODE = (DATATYPE_CODES[XSD + n] for n in ("integer", "decimal", "double", "float"))
STRING_CODE, LANGUAGE_CODE, BOOLEAN_CODE = DATATYPE_CODES[XSD + "string"], DATATYPE_CODES[RDF + "langString"], DATATYPE_CODES[XSD + "boolean"]
# the derived integers with the bounds of their value spaces
DERIVED_BOUNDS = {DATATYPE_CODES[XSD + name]: bounds for name, bounds in RANGES.items()}
_TEMPORAL = ("date", "dateTime", "dateTimeStamp", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay", "duration", "dayTimeDuration", "yearMonthDuration")
CODES: dict[Kind, frozenset[int]] = {
    Kind.IRI: frozenset((IRI_CODE,)),
    Kind.BLANK: frozenset((BLANK_CODE,)),
    Kind.STRING: frozenset((STRING_CODE,)),
    Kind.LANGUAGE: frozenset((LANGUAGE_CODE,)),
    Kind.BOOLEAN: frozenset((BOOLEAN_CODE,)),
    Kind.INTEGER: frozenset((INTEGER_CODE, *DERIVED_BOUNDS)),
    Kind.DECIMAL: frozenset((DECIMAL_CODE,)),
    Kind.FLOAT: frozenset((FLOAT_CODE,)),
    Kind.DOUBLE: frozenset((DOUBLE_CODE,)),
    Kind.TEMPORAL: frozenset(DATATYPE_CODES[XSD + n] for n in _TEMPORAL),
}
_KIND_OF = {code: kind for kind, codes in CODES.items() for code in codes}


def kind_of(code: int) -> Kind:
    """Kind of the terms with a code in column d."""
    return _KIND_OF.get(code, Kind.OTHER)


def is_of(d: str, wanted: Kinds, among: Kinds) -> str:
    """SQL condition that the code expression is of some kinds, where it is known to be among others (or NULL)."""
    inside, outside = wanted & among, among - wanted
    if not inside:
        return "FALSE"
    if not outside:
        return f"{d} IS NOT NULL"
    if inside == NODES & among:
        return f"{d} <= {BLANK_CODE}"
    if outside == NODES & among:
        return f"{d} > {BLANK_CODE}"
    if Kind.OTHER in inside:
        return f"NOT {_listed(d, outside)}"
    return _listed(d, inside)


def _listed(d: str, kinds: Kinds) -> str:
    return in_codes(d, sorted(c for k in kinds for c in CODES[k]))


def in_codes(d: str, codes: Sequence[int]) -> str:
    """SQL condition that a code is one of some, in order. As ranges: of a long IN the database makes a join."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    options = [f"{d} = {low}" if low == high else f"{d} BETWEEN {low} AND {high}" for low, high in runs]
    return f"({' OR '.join(options)})"
