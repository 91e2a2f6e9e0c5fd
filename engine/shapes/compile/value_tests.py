"""Constraints that look at one value at a time, as SQL conditions of failure over (v, d, l)."""

from __future__ import annotations

from engine.shapes.algebra import (
    Bound,
    Constraint,
    Datatype,
    Disjoint,
    Equals,
    HasValue,
    In,
    LanguageIn,
    LessThan,
    MaxCount,
    MaxLength,
    MinCount,
    MinLength,
    NodeKind,
    Pattern,
    UniqueLang,
)
from engine.shapes.sql.lexical_forms import well_formed
from engine.shapes.sql.ordering import bound_holds
from engine.shapes.sql.regular_expression import re2_of
from engine.shapes.sql.relations import quoted
from engine.shapes.terms import BLANK_CODE, DATATYPE_CODES, IRI_CODE, RDF, Term
from engine.shapes.views.predicate_views import PredicateViews

# constraints that look at one value at a time, and those that look at all values of a node and nothing else
LOOKS_AT_ONE_VALUE = (Datatype, NodeKind, Bound, MinLength, MaxLength, Pattern, LanguageIn, In)
LOOKS_AT_VALUES = (MinCount, MaxCount, UniqueLang, HasValue, Equals, Disjoint, LessThan)
OPERATORS = {"MinExclusive": ">", "MinInclusive": ">=", "MaxExclusive": "<", "MaxInclusive": "<="}
LANGUAGE_CODE = DATATYPE_CODES[RDF + "langString"]


def failure(constraint: Constraint, views: PredicateViews, v: str = "v", d: str = "d", l: str = "l") -> str | None:  # noqa: E741
    """SQL condition under which the value in (v, d, l) breaks the constraint; None where the constraint looks at more than one value."""
    match constraint:
        case Datatype(iri):
            formed = well_formed(iri, v)
            wrong = f"{d} <> {views.code(iri)}"
            return wrong if formed is None else f"({wrong} OR NOT {formed})"
        case NodeKind(allowed):
            kinds = {"IRI": f"{d} = {IRI_CODE}", "BlankNode": f"{d} = {BLANK_CODE}", "Literal": f"{d} > {BLANK_CODE}"}
            return "NOT (" + " OR ".join(kinds[k] for k in sorted(allowed)) + ")"
        case MinLength(length):
            return f"({d} = {BLANK_CODE} OR length({_text(views, v, d)}) < {length})" if length else f"{d} = {BLANK_CODE}"
        case MaxLength(length):
            return f"({d} = {BLANK_CODE} OR length({_text(views, v, d)}) > {length})"
        case Pattern(pattern, flags):
            return f"({d} = {BLANK_CODE} OR NOT regexp_matches({_text(views, v, d)}, {quoted(re2_of(pattern, flags))}))"
        case LanguageIn(ranges):
            return f"NOT ({d} = {LANGUAGE_CODE} AND ({' OR '.join(_matches_range(r, l) for r in ranges) or 'FALSE'}))"
        case Bound(component, limit):
            text, code, _ = views.triple(limit)
            return f"NOT {bound_holds(v, d, OPERATORS[component], (text, code))}"
        case In(values):
            return f"NOT {one_of(values, views, v, d, l)}"
        case _:
            return None


def one_of(values: tuple[Term, ...], views: PredicateViews, v: str = "v", d: str = "d", l: str = "l") -> str:  # noqa: E741
    """SQL condition that (v, d, l) is one of the terms."""
    by_kind: dict[tuple[int, str], list[str]] = {}
    for value in values:
        text, code, language = views.triple(value)
        by_kind.setdefault((code, language), []).append(quoted(text))
    options = [f"({d} = {code} AND {l} = {quoted(language)} AND {v} IN ({', '.join(sorted(set(texts)))}))" for (code, language), texts in sorted(by_kind.items())]
    return f"({' OR '.join(options) or 'FALSE'})"


def _matches_range(language_range: str, l: str) -> str:  # noqa: E741
    """Basic filtering (RFC 4647 section 3.3.1), as SPARQL's langMatches."""
    return f"{l} <> ''" if language_range == "*" else f"({l} = {quoted(language_range)} OR starts_with({l}, {quoted(language_range + '-')}))"


def _text(views: PredicateViews, v: str, d: str) -> str:
    """The text of an IRI or literal."""
    iri = views.iri_text(v)
    return v if iri == v else f"(CASE WHEN {d} = {IRI_CODE} THEN {iri} ELSE {v} END)"
