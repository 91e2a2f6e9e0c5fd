"""Numbers of SPARQL in SQL: read from terms, compared, added, multiplied, divided, written back.

Integers and decimals are exact in DECIMAL(38, 18): 20 digits before and 18 after the point. What does not fit stops the
statement with a message that begins with `BEYOND`, or with an overflow of the database; it is never rounded. Quotients
keep 18 digits after the point, as XPath leaves to an implementation. Floats are rounded to single precision after each
operation, doubles are IEEE doubles, and where kinds meet the lower one is promoted (XPath 2.0 appendix B.1).
"""

from __future__ import annotations

import re

from engine.shapes.sparql.kinds import (
    DECIMAL_CODE,
    DERIVED_BOUNDS,
    EXACT,
    FLOAT_CODE,
    FLOATING,
    INTEGER_CODE,
    NUMBERS,
    Kind,
    Kinds,
    in_codes,
    is_of,
)
from engine.shapes.sparql.values import DOUBLE as DOUBLE_TYPE
from engine.shapes.sparql.values import EXACT_NUMBER, RANK_CODES, RANKS, NumberValue, TermValue, Unsupported, null
from engine.shapes.sql import quoted
from engine.shapes.sql.lexical_forms import DECIMAL, DOUBLE, INTEGER, full_match
from engine.shapes.terms import Literal

BEYOND = "beyond the compiled SPARQL subset: "
DIGITS = 18
# a text of so many characters has at most 18 digits on either side of the point
_SHORT = 19
_FITS = rf"[+-]?0*[0-9]{{0,20}}(\.[0-9]{{0,{DIGITS}}}0*)?"
_UNIT = "0.000000000000000001::DECIMAL(18, 18)"
_SCALE = 10**DIGITS
_UNBOUNDED = 10**38


def refusal(why: str, sql_type: str) -> str:
    """SQL that stops the statement where it is reached; the caller then leaves the query to another engine."""
    return f"CAST(error({quoted(BEYOND + why)}) AS {sql_type})"


def number_of(term: TermValue) -> NumberValue:
    """The number that a term stands for; an error where it is none or is ill-typed."""
    kinds = term.kinds & NUMBERS
    rank = _rank_of(term, kinds)
    if isinstance(term.constant, Literal) and kinds:
        return _constant(term.constant.value, int(term.d), kinds, rank)
    exact = f"CASE WHEN {_well_formed(term, kinds)} THEN {_decimal(term.v)} END" if kinds & EXACT else None
    approximate = None
    if kinds & FLOATING:
        single = f"CAST(CAST({term.v} AS FLOAT) AS DOUBLE)"
        double = f"CAST({term.v} AS DOUBLE)"
        value = double if Kind.FLOAT not in kinds else f"CASE WHEN {term.d} = {FLOAT_CODE} THEN {single} ELSE {double} END"
        approximate = f"CASE WHEN {is_of(term.d, FLOATING, term.kinds)} AND {full_match(term.v, DOUBLE)} THEN {value} END"
    return NumberValue(kinds, rank, exact, approximate)


def _rank_of(term: TermValue, kinds: Kinds) -> str:
    if len(kinds) == 1:
        return str(RANKS[next(iter(kinds))])
    whens = " ".join(f"WHEN {is_of(term.d, frozenset((k,)), term.kinds)} THEN {RANKS[k]}" for k in sorted(kinds, key=RANKS.__getitem__))
    return f"CASE {whens} END" if kinds else null("INTEGER")


def _constant(text: str, code: int, kinds: Kinds, rank: str) -> NumberValue:
    if kinds <= FLOATING:
        well = re.fullmatch(DOUBLE, text) is not None
        cast = f"CAST({quoted(text)} AS DOUBLE)" if code != FLOAT_CODE else f"CAST(CAST({quoted(text)} AS FLOAT) AS DOUBLE)"
        return NumberValue(kinds, rank, None, cast if well else null(DOUBLE_TYPE))
    well = re.fullmatch(DECIMAL if code == DECIMAL_CODE else INTEGER, text) is not None
    low, high = DERIVED_BOUNDS.get(code, (None, None))
    if not well or (low is not None and int(text) < low) or (high is not None and int(text) > high):
        return NumberValue(kinds, rank, null(EXACT_NUMBER), None)
    if re.fullmatch(_FITS, text) is None:
        raise Unsupported("literal", f"the number {text[:60]} has more than 20 digits before or {DIGITS} after the point")
    return NumberValue(kinds, rank, f"CAST({quoted(text)} AS {EXACT_NUMBER})", None)


def _well_formed(term: TermValue, kinds: Kinds) -> str:
    v, d = term.v, term.d
    options = []
    if Kind.DECIMAL in kinds:
        options.append(f"({d} = {DECIMAL_CODE} AND {full_match(v, DECIMAL)})")
    if Kind.INTEGER in kinds:
        options.append(f"(({d} = {INTEGER_CODE} OR ({in_codes(d, sorted(DERIVED_BOUNDS))} AND {_in_bounds(v, d)})) AND {full_match(v, INTEGER)})")
    return "(" + " OR ".join(options) + ")"


def _in_bounds(v: str, d: str) -> str:
    """The value space of a derived integer, asked for by code: isNumeric of 1200 as xsd:byte is false (SPARQL 17.4.2.4)."""
    low, high = (" ".join(f"WHEN {code} THEN {bounds[side]}" for code, bounds in sorted(DERIVED_BOUNDS.items()) if bounds[side] is not None) for side in (0, 1))
    # more digits than the database counts are looked at later, and refused
    return f"coalesce(TRY_CAST({v} AS HUGEINT) BETWEEN CASE {d} {low} ELSE {-_UNBOUNDED} END AND CASE {d} {high} ELSE {_UNBOUNDED} END, TRUE)"


def _decimal(text: str) -> str:
    long = f"CASE WHEN {full_match(text, _FITS)} THEN CAST({text} AS {EXACT_NUMBER}) ELSE {refusal('a number of more than 20 digits before or 18 after the point', EXACT_NUMBER)} END"
    return f"CASE WHEN length({text}) <= {_SHORT} THEN CAST({text} AS {EXACT_NUMBER}) ELSE {long} END"


def whole(sql: str) -> NumberValue:
    """An xsd:integer from an SQL integer."""
    return NumberValue(frozenset((Kind.INTEGER,)), "0", f"CAST({sql} AS {EXACT_NUMBER})", None)


# ---------------------------------------------------------------- operators


def compared(a: NumberValue, b: NumberValue, operator: str) -> str:
    """SQL truth of a comparison; NaN is neither equal, less nor greater."""
    parts = []
    if a.exact is not None and b.exact is not None:
        parts.append(f"({a.exact} {operator} {b.exact})")
    if a.approximate is not None or b.approximate is not None:
        one, two = promoted(a, b), promoted(b, a)
        parts.append(f"({one} {operator} {two} AND NOT isnan({one}) AND NOT isnan({two}))")
    if not parts:
        return null("BOOLEAN")
    return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"


def promoted(a: NumberValue, other: NumberValue) -> str:
    """The number as a double, through single precision where the other one is a float."""
    if a.exact is None:
        return a.approximate or null(DOUBLE_TYPE)
    # a decimal is cast by its text: the database's own cast of a wide decimal rounds twice
    text = f"CAST({a.exact} AS VARCHAR)"
    double, single = f"CAST({text} AS DOUBLE)", f"CAST(CAST({text} AS FLOAT) AS DOUBLE)"
    if Kind.FLOAT not in other.kinds:
        cast = double
    elif other.kinds == frozenset((Kind.FLOAT,)):
        cast = single
    else:
        cast = f"CASE WHEN {other.rank} = {RANKS[Kind.FLOAT]} THEN {single} ELSE {double} END"
    return cast if a.approximate is None else f"coalesce({a.approximate}, {cast})"


def calculated(a: NumberValue, operator: str, b: NumberValue) -> NumberValue:
    """Sum, difference, product or quotient."""
    kinds = _result_kinds(a.kinds, b.kinds, operator)
    if not kinds:
        return NumberValue(kinds, null("INTEGER"), None, None)
    ranks = [a.rank, b.rank] + (["1"] if operator == "/" else [])
    rank = str(RANKS[next(iter(kinds))]) if len(kinds) == 1 else f"greatest({', '.join(ranks)})"
    exact = approximate = None
    if a.exact is not None and b.exact is not None:
        exact = {"*": product, "/": quotient}[operator](a.exact, b.exact) if operator in "*/" else f"({a.exact} {operator} {b.exact})"
    if a.approximate is not None or b.approximate is not None:
        approximate = rounded_to_rank(f"({promoted(a, b)} {operator} {promoted(b, a)})", rank, kinds)
        if exact is not None:
            floating = " OR ".join(f"{n.approximate} IS NOT NULL" for n in (a, b) if n.approximate is not None)
            approximate = f"CASE WHEN {floating} THEN {approximate} END"
    return NumberValue(kinds, rank, exact, approximate)


def _result_kinds(a: Kinds, b: Kinds, operator: str) -> Kinds:
    by_rank = {r: k for k, r in RANKS.items()}
    return frozenset(by_rank[max(RANKS[one], RANKS[two], 1 if operator == "/" else 0)] for one in a for two in b)


def rounded_to_rank(sql: str, rank: str, kinds: Kinds) -> str:
    """A double rounded to single precision where the rank is that of a float."""
    if Kind.FLOAT not in kinds:
        return sql
    single = f"CAST(CAST({sql} AS FLOAT) AS DOUBLE)"
    return single if kinds == frozenset((Kind.FLOAT,)) else f"CASE WHEN {rank} = {RANKS[Kind.FLOAT]} THEN {single} ELSE {sql} END"


def product(a: str, b: str) -> str:
    """Exact product; the factors may have nine digits after the point each, what is longer is refused."""
    one, two = f"CAST({a} AS DECIMAL(38, 9))", f"CAST({b} AS DECIMAL(38, 9))"
    exact = f"CASE WHEN {one} = {a} AND {two} = {b} THEN {one} * {two} ELSE {refusal('a product of numbers with more than 9 digits after the point', EXACT_NUMBER)} END"
    return f"CASE WHEN {a} IS NOT NULL AND {b} IS NOT NULL THEN {exact} END"


def quotient(a: str, b: str) -> str:
    """Quotient cut after 18 digits; an error where the divisor is zero."""
    dividend, divisor = _scaled(a), _scaled(b)
    by_whole = f"{dividend} // CAST({b} AS HUGEINT)"
    by_small = f"({dividend} // {divisor}) * {_SCALE} + (({dividend} % {divisor}) * {_SCALE}) // {divisor}"
    scaled = f"CASE WHEN {b} = trunc({b}) THEN {by_whole} WHEN abs({b}) < 170 THEN {by_small} ELSE {refusal('a quotient by a fraction of 170 and more', 'HUGEINT')} END"
    return f"CASE WHEN {a} IS NOT NULL AND {b} <> 0 THEN CAST({scaled} AS DECIMAL(38, 0)) * {_UNIT} END"


def _scaled(sql: str) -> str:
    """An exact number times 10 to the 18, as a HUGEINT."""
    return f"(CAST(trunc({sql}) AS HUGEINT) * {_SCALE} + CAST(({sql} - trunc({sql})) * {_SCALE} AS HUGEINT))"


def negated(a: NumberValue) -> NumberValue:
    """The number with its sign turned."""
    return _mapped(a, "(- {0})", "(- {0})")


def mapped(a: NumberValue, function: str) -> NumberValue:
    """ABS, CEIL, FLOOR or ROUND; halves are rounded up (XPath fn:round)."""
    if function == "round":
        return _mapped(a, f"CAST(floor({{0}} + 0.5) AS {EXACT_NUMBER})", "CASE WHEN abs({0}) < 4503599627370496 THEN floor({0} + 0.5) ELSE {0} END")
    return _mapped(a, f"CAST({function}({{0}}) AS {EXACT_NUMBER})", f"{function}({{0}})")


def _mapped(a: NumberValue, exact: str, approximate: str) -> NumberValue:
    return NumberValue(a.kinds, a.rank, None if a.exact is None else exact.format(a.exact), None if a.approximate is None else approximate.format(a.approximate))


# ---------------------------------------------------------------- back to terms


def number_term(a: NumberValue) -> TermValue:
    """The number as a literal in canonical form; the form of all but integers is left open by the standard (`inexact`)."""
    digits = f"CAST({a.exact} AS VARCHAR)"
    integer = f"CAST(CAST({a.exact} AS HUGEINT) AS VARCHAR)"
    decimal = f"rtrim(rtrim({digits}, '0'), '.')"
    double = f"CASE WHEN isnan({a.approximate}) THEN 'NaN' WHEN isinf({a.approximate}) THEN CASE WHEN {a.approximate} > 0 THEN 'INF' ELSE '-INF' END ELSE CAST({a.approximate} AS VARCHAR) END"
    if Kind.FLOAT in a.kinds:
        double = f"CASE WHEN {a.rank} = {RANKS[Kind.FLOAT]} AND isfinite({a.approximate}) THEN CAST(CAST({a.approximate} AS FLOAT) AS VARCHAR) ELSE {double} END"
    texts = []
    if a.exact is not None:
        texts.append(integer if a.kinds & EXACT == frozenset((Kind.INTEGER,)) else decimal)
    if a.approximate is not None:
        texts.append(double)
    if not texts:
        return TermValue(frozenset(), parts=(null("VARCHAR"), null("INTEGER"), null("VARCHAR")))
    text = texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"
    code = str(RANK_CODES[int(a.rank)]) if a.rank.isdigit() else f"CASE {a.rank} {' '.join(f'WHEN {r} THEN {c}' for r, c in RANK_CODES.items())} END"
    present = a.present
    return TermValue(a.kinds, parts=(text, f"CASE WHEN {present} THEN {code} END", f"CASE WHEN {present} THEN '' END"), inexact=bool(a.kinds - frozenset((Kind.INTEGER,))))

