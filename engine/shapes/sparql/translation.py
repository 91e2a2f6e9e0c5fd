"""From the text of a query to a compiled one: parse, refuse what SHACL forbids, and try the compilation once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.shapes.sparql.asked import AskedPredicates
from engine.shapes.sparql.outcome import THIS, VALUE, CompiledQuery, NotCompiled
from engine.shapes.sparql.prohibitions import refuse_forbidden
from engine.shapes.sparql.query_text import parsed
from engine.shapes.sparql.values import Unsupported
from engine.shapes.terms import Term

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
        # any views show what is not supported
        compiled.sql(AskedPredicates(), "nodes", "pairs" if ask else None)
    except Unsupported as unsupported:
        return NotCompiled(unsupported.reason, unsupported.construct)
    return compiled
