"""The operators = and < of SPARQL over terms (SPARQL 1.1 section 17.3, section 17.4.1.7).

Numbers, plain strings, booleans and points in time are compared by value. Two literals of different known kinds are not
equal; a literal of an unknown datatype, or an ill-typed one, equals itself and is an error against any other literal.
What has no order is an error under <. Dates, times and durations are ordered by the macro `order_of` of the connection,
which knows time zones; this goes beyond the operators that the standard requires (section 17.3.1 allows it).
"""

from __future__ import annotations

from collections.abc import Callable

from engine.shapes.sparql.arithmetic import compared, number_of
from engine.shapes.sparql.kinds import NODES, NUMBERS, TEXTS, Kind, Kinds, in_codes, is_of
from engine.shapes.sparql.values import BOOLEAN, DatatypeValue, NumberValue, TermValue, Truth, Unsupported, Value, null, same, truth_term
from engine.shapes.terms import DATATYPE_CODES, XSD

_BOOLEANS: Kinds = frozenset((Kind.BOOLEAN,))
_TEMPORALS: Kinds = frozenset((Kind.TEMPORAL,))
_OTHERS: Kinds = frozenset((Kind.OTHER,))
_STRINGS: Kinds = frozenset((Kind.STRING,))
_DURATIONS = sorted(DATATYPE_CODES[XSD + n] for n in ("duration", "dayTimeDuration", "yearMonthDuration"))
_DATE_TIMES = sorted(DATATYPE_CODES[XSD + n] for n in ("dateTime", "dateTimeStamp"))
# kinds whose lexical forms can be ill-typed, so that their values may be unknown
_FORMED: Kinds = NUMBERS | _BOOLEANS | _TEMPORALS


# reads a term as a number; a caller may give long results a name
Reading = Callable[[TermValue], NumberValue]


def equal(a: Value, b: Value, *, only_true: bool = False, read: Reading = number_of) -> str:
    """SQL truth of a = b. With `only_true` false and error need not be told apart, which makes shorter SQL."""
    if isinstance(a, DatatypeValue) and isinstance(b, DatatypeValue):
        return f"({a.code} = {b.code})"
    one, two = operand(a), operand(b)
    if isinstance(one, NumberValue) and isinstance(two, NumberValue):
        return compared(one, two, "=")
    if not one.kinds or not two.kinds:
        return null(BOOLEAN)
    if isinstance(one, TermValue) and isinstance(two, TermValue):
        by_value = any(one.kinds & kinds and two.kinds & kinds for kinds in (NUMBERS, _BOOLEANS, _TEMPORALS))
        return same(one, two) if only_true and not by_value else _by_kind(one, two, only_true, read)
    number, term = (one, two) if isinstance(one, NumberValue) else (two, one)
    assert isinstance(number, NumberValue)
    assert isinstance(term, TermValue)
    whens = []
    if term.kinds & NUMBERS:
        whens.append((is_of(term.d, NUMBERS, term.kinds), compared(number, read(term), "=")))
    if term.kinds - NUMBERS - _OTHERS and not only_true:
        others = term.kinds - NUMBERS - _OTHERS
        whens.append((f"{is_of(term.d, others, term.kinds)} AND {number.present} AND {well_typed(term, read, others)}", "FALSE"))
    return _case(whens)


def operand(value: Value) -> TermValue | NumberValue:
    """A value as a term, or left a number."""
    if isinstance(value, Truth):
        return truth_term(value)
    if isinstance(value, DatatypeValue):
        raise Unsupported("DATATYPE", "the result of DATATYPE can only be compared with IRIs")
    return value


def _by_kind(a: TermValue, b: TermValue, only_true: bool, read: Reading) -> str:
    """A CASE over the kinds that both sides can have; the pairs that cannot occur leave no branch."""
    whens: list[tuple[str, str]] = []
    same_term = same(a, b)

    def both(kinds: Kinds) -> str | None:
        if a.kinds & kinds and b.kinds & kinds:
            return _and(is_of(a.d, kinds, a.kinds), is_of(b.d, kinds, b.kinds))
        return None

    if a.kinds & NODES or b.kinds & NODES:
        whens.append((f"({_or(is_of(a.d, NODES, a.kinds), is_of(b.d, NODES, b.kinds))}) AND {_and(a.present, b.present)}", f"coalesce({same_term}, FALSE)"))
    if (condition := both(TEXTS)) is not None:
        whens.append((condition, same_term))
    if (condition := both(NUMBERS)) is not None:
        # an ill-typed number equals itself
        whens.append((condition, f"coalesce({compared(read(a), read(b), '=')}, CASE WHEN {same_term} THEN TRUE END)"))
    if (condition := both(_BOOLEANS)) is not None:
        whens.append((condition, f"CASE WHEN {same_term} THEN TRUE ELSE {truth_of(a)} = {truth_of(b)} END"))
    if (condition := both(_TEMPORALS)) is not None:
        families = " OR ".join([f"{a.d} = {b.d}", *(f"({in_codes(a.d, codes)} AND {in_codes(b.d, codes)})" for codes in (_DURATIONS, _DATE_TIMES))])
        whens.append((condition, f"CASE WHEN {same_term} THEN TRUE WHEN {families} THEN {ordered_in_time(a, b)} = 0 WHEN {well_typed(a, read)} AND {well_typed(b, read)} THEN FALSE END"))
    if (a.kinds | b.kinds) & _OTHERS:
        whens.append((_or(is_of(a.d, _OTHERS, a.kinds), is_of(b.d, _OTHERS, b.kinds)), f"CASE WHEN {same_term} THEN TRUE END"))
    # what is left are literals of two known kinds
    if not only_true and a.kinds - NODES - _OTHERS and b.kinds - NODES - _OTHERS and len((a.kinds | b.kinds) - NODES - _OTHERS) > 1:
        whens.append((f"{well_typed(a, read)} AND {well_typed(b, read)}", "FALSE"))
    return _case(whens)


def well_typed(term: TermValue, read: Reading = number_of, kinds: Kinds | None = None) -> str:
    """SQL condition that the lexical form of a literal of a known kind has a value."""
    among = term.kinds if kinds is None else kinds
    if not among & _FORMED:
        return term.present
    whens = []
    if among & NUMBERS:
        whens.append((is_of(term.d, NUMBERS, term.kinds), read(term).present))
    if among & _BOOLEANS:
        whens.append((is_of(term.d, _BOOLEANS, term.kinds), f"{truth_of(term)} IS NOT NULL"))
    if among & _TEMPORALS:
        whens.append((is_of(term.d, _TEMPORALS, term.kinds), f"{ordered_in_time(term, term)} IS NOT NULL"))
    return f"(CASE {' '.join(f'WHEN {c} THEN {r}' for c, r in whens)} ELSE {term.present} END)"


def less(a: Value, b: Value, operator: str, *, read: Reading = number_of) -> str:
    """SQL truth of <, >, <= or >=; an error where the operands have no order."""
    one, two = operand(a), operand(b)
    if isinstance(one, NumberValue) or isinstance(two, NumberValue):
        numbers = [read(value) if isinstance(value, TermValue) else value for value in (one, two)]
        return compared(numbers[0], numbers[1], operator)
    whens = []
    for kinds in (NUMBERS, _STRINGS, _BOOLEANS, _TEMPORALS):
        if not one.kinds & kinds or not two.kinds & kinds:
            continue
        condition = _and(is_of(one.d, kinds, one.kinds), is_of(two.d, kinds, two.kinds))
        if kinds == NUMBERS:
            whens.append((condition, compared(read(one), read(two), operator)))
        elif kinds == _STRINGS:
            whens.append((condition, f"{one.v} {operator} {two.v}"))
        elif kinds == _BOOLEANS:
            whens.append((condition, f"{truth_of(one)} {operator} {truth_of(two)}"))
        else:
            whens.append((condition, f"{ordered_in_time(one, two)} {operator} 0"))
    return _case(whens)


def ordered_in_time(a: TermValue, b: TermValue) -> str:
    """-1, 0, 1 or NULL for dates, times and durations."""
    return f"order_of({a.v}, {a.d}, {b.v}, {b.d})"


def truth_of(term: TermValue) -> str:
    """Value of an xsd:boolean, NULL where it is ill-typed."""
    return term.truth or f"CASE {term.v} WHEN 'true' THEN TRUE WHEN '1' THEN TRUE WHEN 'false' THEN FALSE WHEN '0' THEN FALSE END"


def _case(whens: list[tuple[str, str]]) -> str:
    if not whens:
        return null(BOOLEAN)
    return f"(CASE {' '.join(f'WHEN {condition} THEN {result}' for condition, result in whens)} END)"


def _and(*conditions: str) -> str:
    kept = [c for c in dict.fromkeys(conditions) if c != "TRUE"]
    return " AND ".join(kept) or "TRUE"


def _or(*conditions: str) -> str:
    kept = [c for c in dict.fromkeys(conditions) if c != "FALSE"]
    return " OR ".join(kept) or "FALSE"
