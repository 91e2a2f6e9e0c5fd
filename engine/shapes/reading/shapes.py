"""From a shapes graph to the algebra: which nodes are shapes, what each asks, and everything that must be refused.

A shapes graph is read whole or refused whole: every fault is collected, then raised as one BadInput. What is not
understood is never skipped, because a skipped constraint would look like conformance.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Protocol

from engine.contracts import BadInput, Diagnostic, Place
from engine.shapes.algebra import (
    And,
    Constraint,
    NodeShapeOf,
    Not,
    Or,
    PropertyShapeOf,
    QualifiedMaxCount,
    QualifiedMinCount,
    Shape,
    Shapes,
    Target,
    TargetClass,
    TargetNode,
    TargetObjectsOf,
    TargetSubjectsOf,
    Xone,
)
from engine.shapes.reading.constraints import ConstraintReader
from engine.shapes.reading.paths import read_path
from engine.shapes.reading.sparql_parts import OWL_IMPORTS, SparqlReader
from engine.shapes.reading.statements import TYPE, Fault, Statements, Triple, node_term
from engine.shapes.reading.vocabulary import (
    CLASSES,
    DASH,
    DASH_PARAMETERS,
    KNOWN,
    ON_SHAPES,
    PARAMETERS,
    PATHS,
    REFUSED,
    REFUSED_CLASSES,
    SHAPE_LIST_PARAMETERS,
    SHAPE_PARAMETERS,
    SPARQL_TERMS,
    TARGETS,
)  # fmt: skip
from engine.shapes.terms import RDF, RDFS, SH, XSD, Blank, Iri, Literal, Term


class Placing(Protocol):
    """Where a statement stands: (shape, predicate or None, object's text or None) to a place, None where unknown."""

    def __call__(self, node: Term, predicate: str | None = None, text: str | None = None, /) -> Place | None:
        """Place of the first such statement."""


NESTING_LIMIT, SHAPE_LIMIT = 30, 20_000
SHAPE_TYPES = (SH + "NodeShape", SH + "PropertyShape", SH + "Shape")
SEVERITIES = ("Violation", "Warning", "Info")


def shapes_of(triples: Iterable[Triple], place: Place, place_of: Placing | None = None, lines: Sequence[str] = (), given: frozenset[Term] = frozenset()) -> Shapes:
    """The shapes of a shapes graph. Raises BadInput SHP2xx with every fault found.

    `place` is the file; `place_of` answers a better place for a named shape, predicate and object text, where known.
    `given` are ontologies that stand in the files, so that importing them asks for nothing more.
    """
    graph = Statements(place)
    graph.add(triples)
    return _Reader(graph, place_of or (lambda _node, _predicate=None, _text=None: None), given).read(tuple(lines))


class _Reader:
    def __init__(self, graph: Statements, place_of: Placing, given: frozenset[Term]) -> None:
        self._graph = graph
        self._place_of = place_of
        self._given = given
        self._owner: dict[Term, Iri] = {}

    def read(self, lines: tuple[str, ...]) -> Shapes:
        graph = self._graph
        self._refuse_graph_wide()
        nodes = self._shape_nodes()
        if not nodes:
            graph.fault(None, "SHP210", "there is no shape in here", why="what asks for nothing cannot be conformed to", fix="declare shapes with sh:NodeShape, sh:PropertyShape or a target")
        if len(nodes) > SHAPE_LIMIT:
            graph.fault(None, "SHP212", f"there are {len(nodes):,} shapes, more than {SHAPE_LIMIT:,}", why="they are held in memory as a whole", fix="validate with a part of them at a time")
            self._refuse_faults()
        self._owner = self._owners(nodes)
        sparql, core = SparqlReader(graph), ConstraintReader(graph)
        self._refuse_unknown({p.predicate for c in sparql.components for p in c.parameters}, nodes)
        shapes = {n: self._shape(n, sparql, core) for n in nodes}
        if shapes and not graph.faults and not any(s.targets for s in shapes.values()):
            graph.fault(None, "SHP210", "no shape has a target", why="what asks nothing of anybody cannot be conformed to", fix="add sh:targetClass, sh:targetNode, sh:targetSubjectsOf or sh:targetObjectsOf")
        self._refuse_recursion(shapes)
        self._refuse_faults()
        notes = {c: self._texts(c, "description") for n in nodes for c in graph.objects(n, SH + "sparql")}
        return Shapes(shapes, self._owner, notes, lines)

    # ------------------------------------------------------------ which nodes are shapes

    def _shape_nodes(self) -> list[Term]:
        graph, found = self._graph, dict[Term, None]()
        component_parameters = {p.value for c in graph.subjects(SH + "parameter") for d in graph.objects(c, SH + "parameter") for p in graph.objects(d, SH + "path") if isinstance(p, Iri)}
        marks = {SH + n for n in (*TARGETS, *PARAMETERS)} | component_parameters
        declared = {d for d in graph.subjects(SH + "parameter") for d in graph.objects(d, SH + "parameter")}
        for subject, statements in graph.by_subject.items():
            if graph.is_a(subject, SHAPE_TYPES) or (subject not in declared and not marks.isdisjoint(statements)):
                found[subject] = None
        queue = list(found)
        while queue:
            for child in self._children(queue.pop()):
                if child not in found and node_term(child):
                    found[child] = None
                    queue.append(child)
        # the order of the file, so that nothing depends on labels of blank nodes
        position = {s: i for i, s in enumerate(graph.by_subject)}
        return sorted(found, key=lambda n: (position.get(n, len(position)), n.n3()))

    def _children(self, shape: Term) -> Iterator[Term]:
        graph = self._graph
        for name in SHAPE_PARAMETERS:
            yield from graph.objects(shape, SH + name)
        for name in SHAPE_LIST_PARAMETERS:
            for head in graph.objects(shape, SH + name):
                faults = len(graph.faults)
                yield from graph.members(head, shape)
                del graph.faults[faults:]  # the constraint reader tells them

    def _owners(self, nodes: Sequence[Term]) -> dict[Term, Iri]:
        """For each node without a name the named shape (or other named node) nearest above it."""
        found: dict[Term, Iri] = {}
        named = [n for n in (*nodes, *self._graph.by_subject) if isinstance(n, Iri)]
        queue: deque[tuple[Term, Iri]] = deque((n, n) for n in dict.fromkeys(named))
        while queue:
            node, owner = queue.popleft()
            for values in self._graph.by_subject.get(node, {}).values():
                for child in values:
                    if isinstance(child, Blank) and child not in found:
                        found[child] = owner
                        queue.append((child, owner))
        return found

    # ------------------------------------------------------------ one shape

    def _shape(self, node: Term, sparql: SparqlReader, core: ConstraintReader) -> Shape:
        graph = self._graph
        path_nodes = graph.objects(node, SH + "path")
        is_property = bool(path_nodes)
        if not is_property and graph.is_a(node, (SH + "PropertyShape",)):
            graph.fault(node, "SHP206", "a property shape without sh:path", why="without a path there are no values to judge", fix="give it exactly one sh:path")
        if is_property and graph.is_a(node, (SH + "NodeShape",)):
            graph.fault(node, "SHP206", "a node shape with sh:path", why="a node shape judges the node itself (SHACL 2.2)", fix="declare it as sh:PropertyShape, or take sh:path away", at=(node, SH + "path", None))
        for child in graph.objects(node, SH + "property"):
            if node_term(child) and not graph.objects(child, SH + "path"):
                what = "a value of sh:property without sh:path"
                graph.fault(node, "SHP206", what, why="without a path there are no values to judge", fix="give it exactly one sh:path, or refer to it by sh:node", at=(child, SH + "path", None))
        path = read_path(graph, path_nodes[0], node) if len(path_nodes) == 1 else None
        constraints: tuple[Constraint, ...] = (*core.read(node, is_property), *sparql.constraints(node, path))
        return Shape(
            node=node, path=path, path_node=path_nodes[0] if path is not None else None, targets=tuple(self._targets(node)), constraints=constraints,
            deactivated=self._deactivated(node), severity=self._severity(node), messages=self._texts(node, "message"), descriptions=self._texts(node, "description"),
            names=self._texts(node, "name") or tuple(sorted(t for t in graph.objects(node, RDFS + "label") if isinstance(t, Literal))), place=self._place(node),
        )  # fmt: skip

    def _targets(self, node: Term) -> Iterator[Target]:
        graph = self._graph
        yield from (TargetNode(t) for t in graph.objects(node, SH + "targetNode") if self._target_form(node, "targetNode", t, not isinstance(t, Blank)))
        for name, kind in (("targetClass", TargetClass), ("targetSubjectsOf", TargetSubjectsOf), ("targetObjectsOf", TargetObjectsOf)):
            yield from (kind(t.value) for t in graph.objects(node, SH + name) if self._target_form(node, name, t, isinstance(t, Iri)) and isinstance(t, Iri))
        if isinstance(node, Iri) and self._is_class(node):
            yield TargetClass(node.value)

    def _target_form(self, node: Term, name: str, target: Term, fits: bool) -> bool:
        if not fits:
            self._graph.fault(node, "SHP204", f"sh:{name} {target.n3()} is not {'an IRI or literal' if name == 'targetNode' else 'an IRI'}", why="a target that selects nothing would seem to conform", fix=f"give sh:{name} an IRI")
        return fits

    def _is_class(self, node: Iri) -> bool:
        """Whether the node is a SHACL instance of rdfs:Class in the shapes graph (SHACL 2.1.3.3)."""
        queue, seen = list(self._graph.objects(node, TYPE)), set[Term]()
        while queue:
            kind = queue.pop()
            if kind == Iri(RDFS + "Class"):
                return True
            if kind not in seen:
                seen.add(kind)
                queue.extend(self._graph.objects(kind, RDFS + "subClassOf"))
        return False

    def _deactivated(self, node: Term) -> bool:
        values = self._graph.objects(node, SH + "deactivated")
        # "1" is a boolean too, but engines disagree whether it deactivates; what is left out must be left out for sure
        if values and not (isinstance(values[0], Literal) and values[0].value in ("true", "false") and self._graph.boolean(node, SH + "deactivated") is not None):
            self._graph.fault(node, "SHP204", f"sh:deactivated {values[0].n3()} is not true or false", why="whether the shape counts would be a guess", fix="write true or false")
        return bool(self._graph.boolean(node, SH + "deactivated"))

    def _severity(self, node: Term) -> str:
        values = self._graph.objects(node, SH + "severity")
        if values and not isinstance(values[0], Iri):
            self._graph.fault(node, "SHP204", f"sh:severity {values[0].n3()} is not an IRI", why="how much a result weighs would be a guess", fix=f"use one of {', '.join('sh:' + s for s in SEVERITIES)}")
        return values[0].value if values and isinstance(values[0], Iri) else SH + "Violation"

    def _texts(self, node: Term, name: str) -> tuple[Literal, ...]:
        values = self._graph.objects(node, SH + name)
        for value in values:
            if name == "message" and (not isinstance(value, Literal) or value.datatype not in (XSD + "string", RDF + "langString")):
                self._graph.fault(node, "SHP204", f"sh:message {value.n3()} is not a text", why="nobody could be told what is wrong", fix="write a string, with or without a language", at=(node, SH + name, value))
        return tuple(sorted(t for t in values if isinstance(t, Literal)))

    def _place(self, node: Term, predicate: str | None = None, text: str | None = None) -> Place:
        found = self._place_of(node, predicate, text)
        if found is None and node in self._owner:
            found = self._place_of(self._owner[node], predicate, text)
        return found or self._graph.place

    # ------------------------------------------------------------ what is refused

    def _refuse_graph_wide(self) -> None:
        graph = self._graph
        for subject in graph.subjects(OWL_IMPORTS):
            for target in graph.objects(subject, OWL_IMPORTS):
                if graph.objects(target, SH + "declare") or target in self._given:
                    continue  # what is imported stands in the files that were given
                graph.fault(None, "SHP208", f"owl:imports {target.n3()} is not followed", why="shapes that are not here cannot be judged, and nothing is fetched", fix="give the imported file as another shapes file and take the statement away", at=(subject, OWL_IMPORTS, target))
        for subject in graph.subjects(SH + "entailment"):
            graph.fault(None, "SHP203", "sh:entailment is not supported", why="data that would be inferred is not judged", fix="materialise the inferences and take the statement away", at=(subject, SH + "entailment", None))

    def _refuse_unknown(self, parameters: set[str], nodes: Sequence[Term]) -> None:
        """Terms of SHACL's namespace that nobody knows, and terms of parts of SHACL that are not judged.

        Away from shapes only what looks like a misspelling counts: shapes and data may stand in one file (W3C test qualifiedValueShape-001).
        """
        shapes = set(nodes)
        for subject, statements in self._graph.by_subject.items():
            for predicate, values in statements.items():
                if predicate.startswith(SH) and predicate not in parameters:
                    self._refuse_name(subject, predicate.removeprefix(SH), KNOWN, REFUSED, (subject, predicate, None), subject in shapes or self._owner.get(subject) in shapes)
                elif predicate == TYPE:
                    for kind in values:
                        if isinstance(kind, Iri) and kind.value.startswith(SH):
                            self._refuse_name(subject, kind.value.removeprefix(SH), CLASSES, REFUSED_CLASSES, (subject, predicate, kind), True)
                elif subject in shapes and predicate not in parameters and predicate.startswith(DASH) and predicate.removeprefix(DASH) in DASH_PARAMETERS:
                    what = f"the constraint component of dash:{predicate.removeprefix(DASH)} is not among the shapes"
                    self._graph.fault(subject, "SHP203", what, why="a constraint that nobody knows cannot hold", fix="give its declaration as a shapes file, or take it away", at=(subject, predicate, None))

    def _refuse_name(self, subject: Term, name: str, known: frozenset[str], refused: frozenset[str], at: tuple[Term, str, Term | None], on_shape: bool) -> None:
        if name in refused:
            self._graph.fault(subject, "SHP203", f"sh:{name} is not supported", why="it belongs to a part of SHACL that is not judged here, and what is not judged must not conform", fix="express it with SHACL Core or a SPARQL constraint", at=at)
        elif name not in known:
            # seeking a near name takes a while: nobody reads a hundred hints
            near = _nearest(name, known, 0.7 if on_shape else 0.8) if len(self._graph.faults) < 100 else ""
            if not on_shape and not near:
                return
            self._graph.fault(subject, "SHP202", f"sh:{name[:100]} is no term of SHACL", why="a constraint that nobody knows cannot hold", fix=f"did you mean sh:{near}?" if near else "see https://www.w3.org/TR/shacl/", at=at)

    def _refuse_recursion(self, shapes: dict[Term, Shape]) -> None:
        """Circles (SHP201), and nesting beyond what is judged (SHP212, told once)."""
        height: dict[Term, int] = {}
        for start in shapes:
            if start in height:
                continue
            trail = {start: None}
            stack: list[tuple[Term, Iterator[Term]]] = [(start, iter(referred(shapes[start])))]
            while stack:
                node, children = stack[-1]
                child = next(children, None)
                if child is None:
                    height[node] = 1 + max((height.get(c, 0) for c in referred(shapes[node])), default=0)
                    if height[node] == NESTING_LIMIT + 1 and max(height.values()) == height[node]:
                        self._graph.fault(node, "SHP212", f"shapes refer to shapes more than {NESTING_LIMIT} deep", why="each level is judged within the one above", fix="flatten the shapes")
                    stack.pop()
                    del trail[node]
                elif child in trail:
                    members = list(trail)
                    circle = " -> ".join(n.n3() for n in (*members[members.index(child) :], child)[:6])
                    self._graph.fault(child, "SHP201", f"the shape refers to itself: {circle}", why="SHACL leaves the meaning of recursive shapes open", fix="break the circle")
                elif child not in height and child in shapes:
                    trail[child] = None
                    stack.append((child, iter(referred(shapes[child]))))

    def _refuse_faults(self) -> None:
        """Raise every fault collected, each at the place of the shape that has it."""
        found = []
        for fault in self._graph.faults:
            named = fault.shape if isinstance(fault.shape, Iri) else self._owner.get(fault.shape) if fault.shape is not None else None
            within = "" if named is None else f"shape {named.n3()}: " if named == fault.shape else f"a shape within {named.n3()}: "
            found.append(Diagnostic(self._fault_place(fault), fault.code, within + fault.what, fault.why, fault.fix))
        if found:
            raise BadInput(*found)


    def _fault_place(self, fault: Fault) -> Place:
        """The statement that shows it, or the shape, or the file."""
        if fault.at is not None:
            subject, predicate, value = fault.at
            return self._place(subject, predicate, value.value if isinstance(value, (Iri, Literal)) else None)
        return self._place(fault.shape) if fault.shape is not None else self._graph.place


def referred(shape: Shape) -> tuple[Term, ...]:
    """Shapes that a shape's constraints refer to, in order, without repeats."""
    found: dict[Term, None] = {}
    for constraint in shape.constraints:
        match constraint:
            case NodeShapeOf(other) | PropertyShapeOf(other) | Not(other):
                found[other] = None
            case And(others) | Or(others) | Xone(others):
                found |= dict.fromkeys(others)
            case QualifiedMinCount(other, _, siblings) | QualifiedMaxCount(other, _, siblings):
                found |= dict.fromkeys((other, *siblings))
    return tuple(found)


def _nearest(name: str, known: frozenset[str], likeness: float) -> str:
    usual = sorted(known & (PARAMETERS | ON_SHAPES | PATHS | SPARQL_TERMS)) or sorted(known)
    return next(iter(get_close_matches(name[:60], usual, 1, likeness)), "")
