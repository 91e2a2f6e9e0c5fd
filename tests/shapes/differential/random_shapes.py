"""Random shapes graphs: all core components, paths, targets and ways to refer to other shapes, well-formed and without recursion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import strategies as st
from random_terms import CLASSES, EX, PREDICATES, TYPE, Triple, classes, ex, literals, nodes, predicates, tagged, terms, typed

from engine.shapes.terms import RDF, RDFS, SH, XSD, Blank, Iri, Literal, Term

DEEPEST = 2
DATATYPES = tuple(Iri(XSD + n) for n in ("string", "integer", "decimal", "double", "float", "boolean", "date", "dateTime", "byte", "nonNegativeInteger", "time", "gYear")) + (Iri(RDF + "langString"), ex("datatype"))
KINDS = tuple(Iri(SH + n) for n in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"))
PATTERNS = ("^a", "b$", "a.*b", "[ab]+", "^[A-Z]", "a|1", "^.$", "^..?$", "x", "^urn:", "(ab)+c?", "^\\S*$", "[^a-z]", "1{1,2}", "^$")
RANGES = ("en", "de", "EN-US", "de-AT", "fr", "*")
SEVERITIES = (Iri(SH + "Warning"), Iri(SH + "Info"), Iri(SH + "Violation"), ex("Grave"))
NIL = Iri(RDF + "nil")
TRUE = typed("true", "boolean")
small = st.sampled_from((0, 1, 1, 2, 3))
lengths = st.integers(0, 4)


class _Writer:
    """Draws shapes and writes their triples down; a shape may refer to shapes that are finished, never to those around it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.triples: dict[Triple, None] = {}
        self.node_shapes: list[Term] = []
        self.property_shapes: list[Term] = []
        self._count = 0

    def chance(self, in_ten: int) -> bool:
        """True about so many times in ten."""
        return self.draw(st.integers(0, 9)) >= 10 - in_ten

    def add(self, subject: Term, predicate: str, value: Term) -> None:
        self.triples[subject, SH + predicate, value] = None

    def fresh(self, named: bool = False) -> Term:
        self._count += 1
        return ex(f"S{self._count}") if named else Blank(f"s{self._count}")

    def list_of(self, members: Sequence[Term]) -> Term:
        cells = [self.fresh() for _ in members]
        for cell, member, rest in zip(cells, members, [*cells[1:], NIL][: len(cells)], strict=True):
            self.triples[cell, RDF + "first", member] = None
            self.triples[cell, RDF + "rest", rest] = None
        return cells[0] if cells else NIL

    # ------------------------------------------------------------ paths

    def path(self, depth: int = 0) -> Term:
        kind = self.draw(st.integers(0, 13 if depth < DEEPEST else 3))
        if kind <= 7:
            return Iri(self.draw(st.sampled_from((*PREDICATES[:2], *PREDICATES))))
        if kind in (8, 9):
            return self.list_of([self.path(depth + 1) for _ in range(self.draw(st.integers(2, 3)))])
        node = self.fresh()
        if kind == 10:
            self.add(node, "alternativePath", self.list_of([self.path(depth + 1) for _ in range(2)]))
        else:
            self.add(node, {11: "inversePath", 12: "zeroOrMorePath", 13: self.draw(st.sampled_from(("oneOrMorePath", "zeroOrOnePath", "inversePath")))}[kind], self.path(depth + 1))
        return node

    # ------------------------------------------------------------ shapes

    def node_shape(self, depth: int, node: Term | None = None) -> Term:
        shape = node or self.fresh(self.chance(3))
        if node is not None or self.chance(5):
            self.triples[shape, TYPE, Iri(SH + "NodeShape")] = None
        for constraint in self._some(_VALUE + _SHAPES + _NODE, depth):
            constraint(self, shape, depth)
        self._about(shape)
        self.node_shapes.append(shape)
        return shape

    def property_shape(self, depth: int, node: Term | None = None) -> Term:
        shape = node or self.fresh(self.chance(2))
        if self.chance(4):
            self.triples[shape, TYPE, Iri(SH + "PropertyShape")] = None
        self.add(shape, "path", self.path())
        for constraint in self._some(_VALUE + _SHAPES + _PROPERTY, depth):
            constraint(self, shape, depth)
        self._about(shape)
        self.property_shapes.append(shape)
        return shape

    def any_shape(self, depth: int) -> Term:
        known = self.node_shapes + self.property_shapes
        if known and (depth >= DEEPEST or self.chance(3)):
            return self.draw(st.sampled_from(known))
        return self.node_shape(depth + 1) if self.chance(6) else self.property_shape(depth + 1)

    def some_node_shape(self, depth: int) -> Term:
        return self.draw(st.sampled_from(self.node_shapes)) if self.node_shapes and (depth >= DEEPEST or self.chance(3)) else self.node_shape(depth + 1)

    def some_property_shape(self, depth: int) -> Term:
        return self.draw(st.sampled_from(self.property_shapes)) if self.property_shapes and (depth >= DEEPEST or self.chance(2)) else self.property_shape(depth + 1)

    def _some(self, pool: Sequence[Constraining], depth: int) -> Sequence[Constraining]:
        usable = [c for c in pool if depth < DEEPEST or c not in _SHAPES]
        chosen = [self.draw(st.sampled_from(usable)) for _ in range(self.draw(st.integers(1, 3 if depth == 0 else 2)))]
        return list(dict.fromkeys(chosen))

    def _about(self, shape: Term) -> None:
        about = self.draw(st.integers(0, 19))
        if about == 0:
            self.add(shape, "deactivated", typed(self.draw(st.sampled_from(("true", "true", "false"))), "boolean"))
        elif about in (1, 2, 3):
            self.add(shape, "severity", self.draw(st.sampled_from(SEVERITIES)))
        elif about in (4, 5, 6):
            self.add(shape, "message", Literal("broken"))
            if about == 6:
                self.add(shape, "message", tagged("kaputt", "de"))

    def target(self, shape: Term) -> None:
        kind = self.draw(st.integers(0, 6))
        if kind <= 1:
            self.add(shape, "targetNode", self.draw(terms.filter(lambda t: not isinstance(t, Blank))))
        elif kind == 2:
            self.add(shape, "targetClass", self.draw(classes))
        elif kind <= 5:  # mostly the subjects that have values of the shape's own path
            own = [o.value for s, p, o in self.triples if s == shape and p == SH + "path" and isinstance(o, Iri)]
            self.add(shape, "targetSubjectsOf", Iri(self.draw(st.sampled_from((*own * 3, *PREDICATES, TYPE)))))
        else:
            self.add(shape, "targetObjectsOf", Iri(self.draw(st.sampled_from((*PREDICATES, TYPE)))))


Constraining = Callable[[_Writer, Term, int], None]


def _one(name: str, values: st.SearchStrategy[Term]) -> Constraining:
    def write(writer: _Writer, shape: Term, _depth: int) -> None:
        writer.add(shape, name, writer.draw(values))

    return write


def _several(name: str, values: st.SearchStrategy[Term]) -> Constraining:
    def write(writer: _Writer, shape: Term, _depth: int) -> None:
        for _ in range(writer.draw(st.sampled_from((1, 1, 1, 2)))):
            writer.add(shape, name, writer.draw(values))

    return write


def _number(name: str, numbers: st.SearchStrategy[int]) -> Constraining:
    return _one(name, numbers.map(lambda n: typed(str(n), "integer")))


def _list(name: str, members: st.SearchStrategy[Term], least: int = 0) -> Constraining:
    def write(writer: _Writer, shape: Term, _depth: int) -> None:
        writer.add(shape, name, writer.list_of([writer.draw(members) for _ in range(writer.draw(st.integers(least, 4)))]))

    return write


def _pattern(writer: _Writer, shape: Term, _depth: int) -> None:
    writer.add(shape, "pattern", Literal(writer.draw(st.sampled_from(PATTERNS))))
    if writer.chance(2):
        writer.add(shape, "flags", Literal("i"))


def _not(writer: _Writer, shape: Term, depth: int) -> None:
    writer.add(shape, "not", writer.any_shape(depth))


def _node(writer: _Writer, shape: Term, depth: int) -> None:
    for _ in range(writer.draw(st.sampled_from((1, 1, 2)))):
        writer.add(shape, "node", writer.some_node_shape(depth))


def _property(writer: _Writer, shape: Term, depth: int) -> None:
    for _ in range(writer.draw(st.sampled_from((1, 1, 2)))):
        writer.add(shape, "property", writer.some_property_shape(depth))


def _logical(name: str) -> Constraining:
    def write(writer: _Writer, shape: Term, depth: int) -> None:
        writer.add(shape, name, writer.list_of([writer.any_shape(depth) for _ in range(writer.draw(st.integers(1, 3)))]))

    return write


def _qualified(writer: _Writer, shape: Term, depth: int) -> None:
    """A qualified count; with disjoint siblings in a parent of several of them where one is asked for."""
    writer.add(shape, "qualifiedValueShape", writer.any_shape(depth))
    which = writer.draw(st.integers(0, 2))
    if which != 1:
        writer.add(shape, "qualifiedMinCount", typed(str(writer.draw(small)), "integer"))
    if which != 0:
        writer.add(shape, "qualifiedMaxCount", typed(str(writer.draw(small)), "integer"))
    if writer.chance(6):
        writer.add(shape, "qualifiedValueShapesDisjoint", TRUE)


def _siblings(writer: _Writer, shape: Term, depth: int) -> None:
    path, siblings = Iri(writer.draw(predicates)), [writer.fresh(), writer.fresh()]
    for sibling in siblings:
        writer.add(sibling, "path", path)
        _qualified(writer, sibling, depth)
        writer.add(shape, "property", sibling)
    writer.property_shapes += siblings  # only now: a sibling that counts the other would go in a circle


def _closed(writer: _Writer, shape: Term, depth: int) -> None:
    writer.add(shape, "closed", typed(writer.draw(st.sampled_from(("true", "true", "true", "false"))), "boolean"))
    if writer.chance(6):
        ignored = [Iri(TYPE), *(Iri(p) for p in PREDICATES)]
        writer.add(shape, "ignoredProperties", writer.list_of([writer.draw(st.sampled_from(ignored)) for _ in range(writer.draw(st.integers(0, 2)))]))
    if writer.chance(5) and depth < DEEPEST:
        _property(writer, shape, depth)


def _unique_language(writer: _Writer, shape: Term, _depth: int) -> None:
    writer.add(shape, "uniqueLang", typed(writer.draw(st.sampled_from(("true", "true", "true", "false"))), "boolean"))


_properties = predicates.map(Iri)
_max_count = _number("maxCount", small)
_VALUE: list[Constraining] = [
    _several("class", classes), _one("datatype", st.sampled_from(DATATYPES)), _one("nodeKind", st.sampled_from(KINDS)), _one("minInclusive", literals), _one("maxInclusive", literals),
    _one("minExclusive", literals), _one("maxExclusive", literals), _number("minLength", lengths), _number("maxLength", lengths), _pattern, _list("languageIn", st.sampled_from(RANGES).map(Literal)),
    _several("equals", _properties), _several("disjoint", _properties), _several("hasValue", terms.filter(lambda t: not isinstance(t, Blank))), _list("in", st.one_of(nodes.filter(lambda t: not isinstance(t, Blank)), literals)), _closed,
]  # fmt: skip
_SHAPES: list[Constraining] = [_not, _node, _property, _logical("and"), _logical("or"), _logical("xone")]
_NODE: list[Constraining] = [_siblings, _property, _property]
_PROPERTY: list[Constraining] = [
    _number("minCount", small), _max_count, _max_count, _unique_language, _unique_language, _several("lessThan", _properties), _several("lessThanOrEquals", _properties), _qualified,
]  # fmt: skip


@st.composite
def shapes_graphs(draw: st.DrawFn) -> tuple[Triple, ...]:
    """Triples in the order in which they were drawn, each once."""
    writer = _Writer(draw)
    for number in range(draw(st.integers(1, 2))):
        kind = draw(st.integers(0, 9))
        if kind == 0:
            shape = writer.node_shape(0, CLASSES[number])
            writer.triples[shape, TYPE, Iri(RDFS + "Class")] = None
        else:
            shape = writer.node_shape(0, writer.fresh(True)) if kind <= 5 else writer.property_shape(0, writer.fresh(True))
        for _ in range(draw(st.integers(1 if kind else 0, 2))):
            writer.target(shape)
    if writer.chance(3):
        writer.target(draw(st.sampled_from(writer.node_shapes + writer.property_shapes)))
    return tuple(writer.triples)


__all__ = ["EX", "shapes_graphs"]
