"""Property paths of a query as relations (a, b) of node keys (SPARQL 1.1 section 18.2.2.3, 18.4).

A walk starts from some nodes and follows a path; sequences and alternatives keep repeats, `*`, `+` and `?` give each pair
once. Recursion is WITH RECURSIVE over sets, seeded by the nodes that the walk starts from.
"""

from __future__ import annotations

from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.term import URIRef

from engine.shapes.paths import Alternative, Inverse, OneOrMore, Predicate, Sequence, ZeroOrMore, ZeroOrOne, normal
from engine.shapes.paths import Path as AlgebraPath
from engine.shapes.sparql.program import Program
from engine.shapes.sparql.query_text import term_of
from engine.shapes.sparql.values import Unsupported


def path_of(path: Path | URIRef) -> AlgebraPath:
    """An rdflib path in the terms of the shapes' algebra, with every inversion at a predicate. Raises Unsupported."""
    return normal(_as_written(path))


def _as_written(path: Path | URIRef) -> AlgebraPath:
    match path:
        case URIRef():
            return Predicate(term_of(path).value)
        case InvPath():
            return Inverse(_as_written(path.arg))
        case SequencePath():
            return Sequence(tuple(_as_written(p) for p in path.args))
        case AlternativePath():
            return Alternative(tuple(_as_written(p) for p in path.args))
        case MulPath():
            repeated: dict[str, type[ZeroOrMore] | type[OneOrMore] | type[ZeroOrOne]] = {"*": ZeroOrMore, "+": OneOrMore, "?": ZeroOrOne}
            return repeated[str(path.mod)](_as_written(path.path))
        case NegatedPath():
            raise Unsupported("negated property set", "a path with ! is not compiled")
        case _:
            raise Unsupported("property path", f"{path!r} is not compiled")


def walked(path: AlgebraPath, seeds: str | None, program: Program) -> str:
    """SQL of the pairs (a, b) that a path joins; with `seeds` (SQL of a relation n, each node once) only those that start there."""
    match path:
        case Predicate() | Inverse():
            edges = _edges(path, program)
            return edges if seeds is None else f"(SELECT e.a, e.b FROM {seeds} n JOIN {edges} e ON e.a = n.n)"
        case Sequence(steps):
            found = walked(steps[0], seeds, program)
            for step in steps[1:]:
                found = _followed(found, step, program)
            return found
        case Alternative(choices):
            start = None if seeds is None else program.define(f"SELECT n FROM {seeds}")
            return "(" + " UNION ALL ".join(f"SELECT a, b FROM {walked(c, start, program)}" for c in choices) + ")"
        case ZeroOrOne(step):
            start = program.define(f"SELECT n FROM {nodes(program) if seeds is None else seeds}")
            return f"(SELECT n AS a, n AS b FROM {start} UNION SELECT a, b FROM {walked(step, start, program)})"
        case ZeroOrMore(step):
            start = f"SELECT n AS a, n AS b FROM {nodes(program) if seeds is None else seeds}"
            return _closed(start, step, program)
        case OneOrMore(step):
            return _closed(f"SELECT a, b FROM {walked(step, seeds, program)}", step, program)


def _followed(pairs: str, path: AlgebraPath, program: Program) -> str:
    """Pairs whose ends walk on along a path; repeats are kept."""
    if isinstance(path, (Predicate, Inverse)):
        return f"(SELECT w.a, e.b FROM {pairs} w JOIN {_edges(path, program)} e ON e.a = w.b)"
    # what follows may recur, so it starts once from each node that was reached
    reached = program.define(f"SELECT a, b FROM {pairs}")
    onward = walked(path, f"(SELECT DISTINCT b AS n FROM {reached})", program)
    return f"(SELECT w.a, e.b FROM {reached} w JOIN {onward} e ON e.a = w.b)"


def _closed(start: str, step: AlgebraPath, program: Program) -> str:
    """Pairs reached by any number of steps from some pairs, each once."""
    edges = _edges(step, program) if isinstance(step, (Predicate, Inverse)) else program.define(f"SELECT DISTINCT a, b FROM {walked(step, None, program)}")
    return program.define_recursive("a, b", lambda name: f"{start} UNION SELECT w.a, e.b FROM {name} w JOIN {edges} e ON e.a = w.b")


def _edges(path: Predicate | Inverse, program: Program) -> str:
    if isinstance(path, Predicate):
        return f"(SELECT s AS a, node_key(v, d, l) AS b FROM {program.views.relation(path.iri)})"
    assert isinstance(path.path, Predicate)
    return f"(SELECT node_key(v, d, l) AS a, s AS b FROM {program.views.relation(path.path.iri)})"


def nodes(program: Program) -> str:
    """All subjects and objects of the data: where a path of length zero may begin."""
    everything = program.views.everything()
    return f"(SELECT s AS n FROM {everything} UNION SELECT node_key(v, d, l) FROM {everything})"
