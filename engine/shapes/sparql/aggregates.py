"""GROUP BY with COUNT, SUM, AVG, MIN and MAX (SPARQL 1.1 section 18.5.1) over a relation.

An error or unbound value among those that are summed or compared makes the result an error, that is unbound; COUNT leaves
it out. MIN and MAX compare numbers with numbers and plain strings with plain strings; anything else stops the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from engine.shapes.sparql.arithmetic import number_of, number_term, promoted, quotient, refusal, rounded_to_rank, whole
from engine.shapes.sparql.comparisons import operand
from engine.shapes.sparql.expressions import Scope
from engine.shapes.sparql.kinds import EXACT, FLOATING, NUMBERS, STRING_CODE, Kind, Kinds, is_of
from engine.shapes.sparql.relations import Column, Relation, selected, stored
from engine.shapes.sparql.values import RANKS, TEXT, NumberValue, TermValue, Unsupported

_DECIMAL: Kinds = frozenset((Kind.DECIMAL,))
_STRINGS: Kinds = frozenset((Kind.STRING,))


def grouped(group: CompValue, aggregates: list[CompValue], scope: Scope, always: Mapping[str, Column]) -> tuple[Relation, dict[str, str]]:
    """Groups of the rows of a scope with their aggregates; `always` are variables that part groups whether named or not.

    Also answers which result names only stand for another variable. Raises Unsupported.
    """
    assert scope.relation is not None
    keys = dict(always)
    names = _group_variables(group)
    for name in names:
        if name in scope.relation.columns:
            keys[name] = scope.relation.columns[name]
    columns = dict(keys)
    items = [f"o.{n}" for column in keys.values() for n in column.names]
    aliases: dict[str, str] = {}
    known: dict[str, str] = {}
    for aggregate in aggregates:
        result = str(aggregate.res)
        if aggregate.name == "Aggregate_Sample":
            aliases[result] = _sampled(aggregate, {*names, *scope.pre.columns, *scope.program.constants})
            continue
        # HAVING and the projection often name the same aggregate
        written = repr((aggregate.name, aggregate.distinct, aggregate.vars))
        if known.setdefault(written, result) != result:
            aliases[result] = known[written]
            continue
        value, certain = _aggregate(aggregate, scope)
        columns[result], more = stored(scope.program.number(result), value, certain=certain)
        items += more
    by = ", ".join(f"o.{n}" for column in keys.values() for n in column.names)
    # without a key there is a group only where there are rows: GROUP BY over nothing has no groups
    grouping = f" GROUP BY {by}" if by else " HAVING count(*) > 0"
    return Relation(selected(items, f"FROM {scope.source()}{grouping}"), columns, scope.relation.restricted, scope.stages + 1), aliases


def _group_variables(group: CompValue) -> list[str]:
    if not group.expr:
        raise Unsupported("aggregate without GROUP BY", "an aggregate over all solutions needs GROUP BY $this here")
    if not all(isinstance(e, Variable) for e in group.expr):
        raise Unsupported("GROUP BY", "grouping by an expression without AS is not compiled")
    return [str(e) for e in group.expr]


def _sampled(aggregate: CompValue, constant: set[str]) -> str:
    """rdflib writes a grouped variable as a sample of itself."""
    name = aggregate.vars
    if not isinstance(name, Variable) or str(name) not in constant or aggregate.distinct:
        raise Unsupported("SAMPLE", "SAMPLE, or a variable that is returned and not grouped, is not compiled")
    return str(name)


def _aggregate(aggregate: CompValue, scope: Scope) -> tuple[NumberValue | TermValue, bool]:
    function, distinct = aggregate.name.removeprefix("Aggregate_").upper(), bool(aggregate.distinct)
    if function == "COUNT":
        return _counted(aggregate.vars, distinct, scope), True
    if function not in ("SUM", "AVG", "MIN", "MAX"):
        raise Unsupported(function, f"the aggregate {function} is not compiled")
    if distinct and function in ("SUM", "AVG"):
        raise Unsupported(f"{function} DISTINCT", f"{function} DISTINCT is not compiled")
    if function in ("MIN", "MAX"):
        return _extreme(scope.term(aggregate.vars), function.lower(), scope), False
    return (_sum if function == "SUM" else _average)(scope.number(aggregate.vars)), False


def _counted(counted: Any, distinct: bool, scope: Scope) -> NumberValue:
    if not isinstance(counted, (Variable, CompValue)):
        if counted == "*" and not distinct:
            return whole("count(*)")
        raise Unsupported("COUNT", "COUNT(DISTINCT *) and the count of a constant are not compiled")
    value = operand(scope.settled(counted))
    if not distinct:
        return whole(f"count(CASE WHEN {value.present} THEN 1 END)")
    term = number_term(value) if isinstance(value, NumberValue) else value
    return whole(f"count(DISTINCT {term.node})")


def _sum(number: NumberValue) -> NumberValue:
    return _total(number, lambda exact: exact, lambda total: total)


def _average(number: NumberValue) -> NumberValue:
    average = _total(number, lambda exact: quotient(exact, "CAST(count(*) AS DECIMAL(38, 0))"), lambda total: f"({total} / count(*))")
    kinds = frozenset(Kind.DECIMAL if k is Kind.INTEGER else k for k in average.kinds)
    return NumberValue(kinds, str(RANKS[Kind.DECIMAL]) if kinds == _DECIMAL else f"greatest({average.rank}, {RANKS[Kind.DECIMAL]})", average.exact, average.approximate)


def _total(number: NumberValue, of_exact: Callable[[str], str], of_double: Callable[[str], str]) -> NumberValue:
    """Sum of a group: exact where all are, else a double that is the same in every run."""
    complete = f"bool_and({number.present})"
    rank = number.rank if number.rank.isdigit() else f"max({number.rank})"
    exact = approximate = None
    floating = f"bool_or({number.approximate} IS NOT NULL)" if number.approximate is not None else "FALSE"
    if number.kinds & EXACT:
        exact = f"CASE WHEN {complete} AND NOT {floating} THEN {of_exact(f'sum({number.exact})')} END"
    if number.kinds & FLOATING:
        # the exact ones are added exactly, the others in order of size
        doubles = f"sum({number.approximate} ORDER BY {number.approximate}) FILTER (WHERE {number.approximate} IS NOT NULL)"
        rest = f" + coalesce(CAST(CAST(sum({number.exact}) AS VARCHAR) AS DOUBLE), 0)" if number.exact is not None else ""
        total = of_double(f"({doubles}{rest})")
        approximate = f"CASE WHEN {complete} AND {floating} THEN {rounded_to_rank(total, rank, number.kinds)} END"
    return NumberValue(number.kinds, rank, exact, approximate)


def _extreme(term: TermValue, function: str, scope: Scope) -> TermValue:
    """MIN or MAX: a term of the group; of equal numbers the first (last) by lexical form."""
    number = scope.named_number(number_of(term))
    kinds, present = term.kinds & (NUMBERS | _STRINGS), term.present
    if term.kinds and not kinds:
        raise Unsupported(function.upper(), f"{function.upper()} of what is neither number nor plain string")

    def picked(part: str, by: str) -> str:
        return f"({function}(struct_pack(n := {by}, v := {term.v}, d := {term.d}))).{part}"

    def value(part: str) -> str:
        whens = [f"WHEN NOT bool_and({present}) THEN NULL"]
        if kinds & EXACT:
            whens.append(f"WHEN bool_and({number.exact} IS NOT NULL) THEN {picked(part, str(number.exact))}")
        if kinds & FLOATING:
            double = promoted(number, number)
            whens.append(f"WHEN bool_and({double} IS NOT NULL AND NOT isnan({double})) THEN {picked(part, double)}")
        if kinds & _STRINGS:
            whens.append(f"WHEN bool_and({is_of(term.d, _STRINGS, term.kinds)}) THEN " + (f"{function}({term.v})" if part == "v" else str(STRING_CODE)))
        refused = refusal(f"{function.upper()} of values that are neither all numbers nor all plain strings", TEXT if part == "v" else "INTEGER")
        return f"CASE {' '.join(whens)} ELSE {refused} END"

    return TermValue(kinds, parts=(value("v"), value("d"), f"CASE WHEN bool_and({present}) THEN '' END"), inexact=term.inexact)
