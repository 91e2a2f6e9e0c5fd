"""From the text of a query to a compiled one: parse, refuse what SHACL forbids, and try the compilation once."""

from __future__ import annotations

import re
from collections.abc import Mapping

import duckdb

from engine.shapes.sparql.outcome import THIS, VALUE, CompiledQuery, NotCompiled
from engine.shapes.sparql.prohibitions import refuse_forbidden
from engine.shapes.sparql.query_text import parsed
from engine.shapes.sparql.values import Unsupported
from engine.shapes.terms import DATATYPE_CODES, OTHER_CODES, Blank, Iri, Literal, Term

_SHAPES_VARIABLES = ("shapesGraph", "currentShape")


def translate(query: str, *, ask: bool, bindings: Mapping[str, Term]) -> CompiledQuery | NotCompiled:
    """Compile a SELECT constraint or an ASK validator; `bindings` are the parameters, each a constant.

    `query` holds its prefixes, and `$PATH` is replaced. Raises BadInput SHP220 (not SPARQL), SHP221 (what SHACL forbids
    with pre-bound variables, or what would reach outside of the data) and SHP207 (a regular expression that cannot run).
    """
    found = parsed(query, ask=ask)
    bound = {THIS, *_SHAPES_VARIABLES, *bindings} | ({VALUE} if ask else set())
    refuse_forbidden(found, frozenset(bound))
    named = {n for n in _SHAPES_VARIABLES if n not in bindings and re.search(rf"[?$]{n}\b", query)}
    if named:
        return NotCompiled(f"${min(named)} has no value here", f"${min(named)}")
    compiled = CompiledQuery(query, ask, dict(bindings), found.pattern, (THIS, VALUE) if ask else found.projected)
    try:
        # the SQL depends on the views only in names and codes, so that any views show what is not supported
        compiled.sql(_Nowhere(), "nodes", "pairs" if ask else None)
    except Unsupported as unsupported:
        return NotCompiled(unsupported.reason, unsupported.construct)
    return compiled


class _Nowhere:
    """Views without data, for a first compilation."""

    connection: duckdb.DuckDBPyConnection

    def relation(self, predicate: str, within: frozenset[str] | None = None) -> str:  # noqa: ARG002
        return "predicate"

    def everything(self) -> str:
        return "everything"

    def instances(self, classes: object) -> str | None:  # noqa: ARG002
        return None

    def code(self, datatype: str) -> int:
        return DATATYPE_CODES.get(datatype, OTHER_CODES)

    def triple(self, term: Term) -> tuple[str, int, str]:
        match term:
            case Iri(value):
                return value, 0, ""
            case Blank(label):
                return "_:" + label, 1, ""
            case Literal(value, datatype, language):
                return value, self.code(datatype), language

    def term(self, v: str, d: int, l: str) -> Term:  # noqa: ARG002, E741
        raise AssertionError("there is no data here")

    def iri_text(self, v: str) -> str:
        return f"text_of({v})"

