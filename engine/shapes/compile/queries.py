"""SPARQL constraints in their compiled form, each translated once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from engine.contracts import BadInput, Diagnostic
from engine.shapes.algebra import Shape, Sparql
from engine.shapes.sparql import CompiledQuery, NotCompiled, translate

WHY = "a query that is not run must not count as conforming"


@lru_cache(1_024)
def _translated(constraint: Sparql) -> CompiledQuery | NotCompiled:
    return translate(constraint.query, ask=constraint.ask, bindings=dict(constraint.bindings))


def uncompiled(shape: Shape) -> Diagnostic | None:
    """What stands against compiling the SPARQL constraints of a shape; None where nothing does.

    Raises BadInput SHP207, SHP220, SHP221, at the shape's place, for a query that nobody may run.
    """
    for constraint in shape.constraints:
        if isinstance(constraint, Sparql):
            outcome = _placed(shape, constraint)
            if isinstance(outcome, NotCompiled):
                what = f"shape {shape.node.n3()}: its SPARQL query is outside of the compiled subset: {outcome.construct}: {outcome.reason}"
                return Diagnostic(shape.place, "SHP209", what, WHY, "write it within the subset of docs/reference/sparql_subset.md, or let pySHACL judge it")
    return None


def compiled_queries(shapes: Sequence[Shape]) -> dict[Sparql, CompiledQuery]:
    """Compiled queries of all SPARQL constraints of some shapes. Raises BadInput with SHP209 for each that is not compiled, else as `uncompiled`."""
    faults = [fault for shape in shapes if (fault := uncompiled(shape)) is not None]
    if faults:
        raise BadInput(*faults)
    found = {c: _translated(c) for shape in shapes for c in shape.constraints if isinstance(c, Sparql)}
    return {c: q for c, q in found.items() if isinstance(q, CompiledQuery)}


def _placed(shape: Shape, constraint: Sparql) -> CompiledQuery | NotCompiled:
    try:
        return _translated(constraint)
    except BadInput as refused:
        raise BadInput(*(replace(d, place=shape.place, what=f"shape {shape.node.n3()}: {d.what}") for d in refused.diagnostics)) from None
