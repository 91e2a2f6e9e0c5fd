"""What SHACL forbids in queries with pre-bound variables (SHACL appendix A), and what would reach outside of the data.

Asked of the syntax tree, so that no spelling of a keyword walks past.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from engine.contracts import BadInput, Diagnostic, Place
from engine.shapes.sparql.query_text import ParsedQuery

_WHY = "SHACL appendix A: with pre-bound variables it would mean something else, or reach outside of the data"
_FORBIDDEN = {
    "ServiceGraphPattern": "SERVICE", "DatasetClause": "FROM", "MinusGraphPattern": "MINUS", "InlineData": "VALUES", "ValuesClause": "VALUES",
}  # fmt: skip
# variables that a subquery need not return (SHACL appendix A)
_OPTIONAL = frozenset(("shapesGraph", "currentShape"))


def refuse_forbidden(query: ParsedQuery, bound: frozenset[str]) -> None:
    """Raise BadInput SHP221 with everything that the query must not hold; `bound` are the variables that may be pre-bound."""
    reasons = sorted(set(_reasons(query.syntax[1], bound)))
    if query.projected and "this" not in query.projected:
        reasons.append("it does not return $this (SHACL 5.2.1)")
    if reasons:
        raise BadInput(*(Diagnostic(Place(), "SHP221", f"the SPARQL query is refused: {r}", _WHY, "write it without that construct, for example with FILTER NOT EXISTS or FILTER (... IN ...)") for r in reasons))


def _reasons(syntax: Any, bound: frozenset[str]) -> Iterator[str]:
    for part in parts(syntax):
        if part.name in _FORBIDDEN:
            yield f"{_FORBIDDEN[part.name]} is not allowed"
        assigned = part.evar if part.name == "vars" else part.var if part.name in ("Bind", "GroupAs") else None
        if isinstance(assigned, Variable) and str(assigned) in bound:
            yield f"AS ?{assigned} gives a pre-bound variable another value"
        if part.name == "SubSelect":
            missing = sorted(bound - _OPTIONAL - _returned(part))
            if missing:
                yield f"a subquery does not return {', '.join('?' + m for m in missing)}"


def _returned(select: CompValue) -> frozenset[str]:
    """Variables that a SELECT returns; of `SELECT *` those in scope (SPARQL 1.1 section 18.2.1)."""
    if select.projection:
        return frozenset(str(v.var or v.evar) for v in select.projection)
    return frozenset(_in_scope(select.where))


def _in_scope(node: Any) -> Iterator[str]:
    if isinstance(node, Variable):
        yield str(node)
    elif isinstance(node, CompValue):
        if node.name == "SubSelect":
            yield from _returned(node)
        elif node.name == "Bind":
            yield str(node.var)
        elif node.name not in ("Filter", "MinusGraphPattern"):
            for value in dict.values(node):
                yield from _in_scope(value)
    elif isinstance(node, list):
        for value in node:
            yield from _in_scope(value)


def parts(node: Any) -> Iterator[CompValue]:
    """Every part of a syntax tree, from the outside in."""
    if isinstance(node, CompValue):
        yield node
        for value in dict.values(node):
            yield from parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts(value)
