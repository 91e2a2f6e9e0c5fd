"""Property paths: from their RDF form to the algebra (SHACL section 2.3.1), and as SPARQL text."""

from __future__ import annotations

from engine.shapes.paths import Alternative, Inverse, OneOrMore, Path, Predicate, Sequence, ZeroOrMore, ZeroOrOne
from engine.shapes.reading.statements import FIRST, NIL, Statements
from engine.shapes.terms import SH, Blank, Iri, Term

DEPTH_LIMIT, REPETITION_LIMIT = 100, 8
_REPETITIONS = (SH + "zeroOrMorePath", SH + "oneOrMorePath")
_WRAPPERS: dict[str, type[Inverse] | type[ZeroOrMore] | type[OneOrMore] | type[ZeroOrOne]] = {
    SH + "inversePath": Inverse, SH + "zeroOrMorePath": ZeroOrMore, SH + "oneOrMorePath": OneOrMore, SH + "zeroOrOnePath": ZeroOrOne,
}  # fmt: skip


def read_path(graph: Statements, node: Term, shape: Term) -> Path | None:
    """The path that a node stands for; an ill-formed one is a fault (SHP206) and None."""
    return _path(graph, node, shape, ())


def _path(graph: Statements, node: Term, shape: Term, around: tuple[Term, ...]) -> Path | None:
    if node == NIL:
        return _ill_formed(graph, shape, "an empty list")
    if isinstance(node, Iri):
        return Predicate(node.value)
    if not isinstance(node, Blank):
        return _ill_formed(graph, shape, f"{node.n3()} is no path")
    if node in around or len(around) > DEPTH_LIMIT:
        return _ill_formed(graph, shape, "a path contains itself" if node in around else f"a path is nested more than {DEPTH_LIMIT} deep")
    inner = (*around, node)
    kinds = [(w, graph.objects(node, w)) for w in _WRAPPERS if graph.objects(node, w)]
    choices = graph.objects(node, SH + "alternativePath")
    is_list = bool(graph.objects(node, FIRST))
    if is_list:  # whatever else stands on the node, a list is read as a list (W3C tests path-strange-001 and -002)
        return _several(graph, node, shape, inner, Sequence)
    if len(kinds) + bool(choices) != 1:
        return _ill_formed(graph, shape, "a blank node stands for a path but is not exactly one of a list, inverse, alternative or repetition")
    if choices:
        return _several(graph, choices[0], shape, inner, Alternative) if len(choices) == 1 else _ill_formed(graph, shape, "sh:alternativePath has two values")
    wrapper, values = kinds[0]
    if sum(1 for n in inner if any(graph.objects(n, repetition) for repetition in _REPETITIONS)) > REPETITION_LIMIT:
        return _ill_formed(graph, shape, f"repetitions are nested more than {REPETITION_LIMIT} deep")
    if len(values) != 1:
        return _ill_formed(graph, shape, f"sh:{wrapper.removeprefix(SH)} has two values")
    step = _path(graph, values[0], shape, inner)
    return None if step is None else _WRAPPERS[wrapper](step)


def _several(graph: Statements, head: Term, shape: Term, around: tuple[Term, ...], kind: type[Sequence] | type[Alternative]) -> Path | None:
    members = graph.members(head, shape)
    if len(members) < 2:
        return _ill_formed(graph, shape, f"a path of {len(members)} members") if members or head == NIL else None
    steps = [_path(graph, m, shape, around) for m in members]
    known = tuple(s for s in steps if s is not None)
    return kind(known) if len(known) == len(steps) else None


def _ill_formed(graph: Statements, shape: Term, what: str) -> Path | None:
    """Tell the fault; there is no path then."""
    graph.fault(shape, "SHP206", f"ill-formed property path: {what}", why="a path that cannot be followed finds no values and would seem to conform", fix="see https://www.w3.org/TR/shacl/#property-paths")
    return None
