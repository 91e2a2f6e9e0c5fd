"""Constraints of one shape: each parameter read, its value checked for form (SHACL section 4), faults collected."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb

from engine.shapes.algebra import (
    And,
    Bound,
    ClassOf,
    Closed,
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
    NodeShapeOf,
    Not,
    Or,
    Pattern,
    PropertyShapeOf,
    QualifiedMaxCount,
    QualifiedMinCount,
    UniqueLang,
    Xone,
)  # fmt: skip
from engine.shapes.reading.statements import Statements, node_term
from engine.shapes.reading.vocabulary import NODE_KINDS, ONLY_ON_PROPERTY_SHAPES, SINGLE
from engine.shapes.sql.regular_expression import PatternRefused, prove_runnable, re2_of
from engine.shapes.terms import SH, XSD, Iri, Literal, Term

ILL_FORMED = "an ill-formed parameter leaves open what is asked, and what is left open must not conform"
BOUNDS = {"minExclusive": "MinExclusive", "minInclusive": "MinInclusive", "maxExclusive": "MaxExclusive", "maxInclusive": "MaxInclusive"}
LARGEST_COUNT = 2**62
MOST_UNRUNNABLE = 20  # trying a huge pattern takes a while, and the graph is refused anyway
MOST_SIBLING_PAIRS = 100_000
MOST_HAS_VALUES = 1_000


class ConstraintReader:
    """Reads the core constraints of shapes in one shapes graph."""

    def __init__(self, graph: Statements) -> None:
        self._graph = graph
        self._unrunnable = self._sibling_pairs = 0
        self._connection: duckdb.DuckDBPyConnection | None = None

    def _engine(self) -> duckdb.DuckDBPyConnection:
        """An empty engine that patterns are tried on: its limits must show before any data flows."""
        self._connection = self._connection or duckdb.connect()
        return self._connection

    def read(self, shape: Term, is_property: bool) -> tuple[Constraint, ...]:
        """All core constraints of a shape, in a fixed order; what is ill-formed is collected as SHP204 (SHP205, SHP207)."""
        self._check_form(shape, is_property)
        return tuple(self._all(shape))

    def _all(self, shape: Term) -> Iterator[Constraint]:
        yield from (ClassOf(i) for i in self._iris(shape, "class"))
        yield from (Datatype(i) for i in self._iris(shape, "datatype"))
        for kind in self._values(shape, "nodeKind"):
            if isinstance(kind, Iri) and kind.value in NODE_KINDS:
                yield NodeKind(NODE_KINDS[kind.value])
            else:
                self._ill(shape, "nodeKind", kind, f"one of {', '.join('sh:' + k.removeprefix(SH) for k in NODE_KINDS)}")
        numbered: tuple[tuple[str, Callable[[int], Constraint]], ...] = (("minCount", MinCount), ("maxCount", MaxCount), ("minLength", MinLength), ("maxLength", MaxLength))
        for name, kind_of in numbered:
            yield from (kind_of(n) for n in self._numbers(shape, name))
        for name, component in BOUNDS.items():
            for limit in self._values(shape, name):
                if isinstance(limit, Literal):
                    yield Bound(component, limit)
                else:
                    self._ill(shape, name, limit, "a literal")
        yield from self._text_constraints(shape)
        for name, pair in (("equals", Equals), ("disjoint", Disjoint), ("lessThan", LessThan)):
            yield from (pair(i) for i in self._iris(shape, name))
        yield from (LessThan(i, or_equals=True) for i in self._iris(shape, "lessThanOrEquals"))
        yield from self._shape_constraints(shape)
        yield from self._closed(shape)
        needed = self._values(shape, "hasValue")
        if len(needed) > MOST_HAS_VALUES:
            self._graph.fault(shape, "SHP212", f"sh:hasValue has {len(needed):,} values, more than {MOST_HAS_VALUES:,}", why="each is a constraint of its own", fix="split the shape")
        yield from (HasValue(v) for v in needed[:MOST_HAS_VALUES])
        yield from (In(self._graph.members(v, shape)) for v in self._values(shape, "in"))

    def _text_constraints(self, shape: Term) -> Iterator[Constraint]:
        for given in self._values(shape, "flags"):
            if not isinstance(given, Literal) or given.datatype != XSD + "string":
                self._ill(shape, "flags", given, "a plain string")
        flags = [f.value for f in self._values(shape, "flags") if isinstance(f, Literal)]
        for pattern in self._values(shape, "pattern"):
            if not isinstance(pattern, Literal) or pattern.datatype != XSD + "string":
                self._ill(shape, "pattern", pattern, "a plain string")
                continue
            read = Pattern(pattern.value, flags[0] if flags else "")
            try:
                re2 = re2_of(read.pattern, read.flags)
                if self._unrunnable < MOST_UNRUNNABLE:
                    prove_runnable(re2, self._engine())
            except PatternRefused as refused:
                self._unrunnable += refused.__cause__ is not None
                wrong = SH + refused.part
                self._graph.fault(shape, "SHP207", f"sh:pattern {_short(pattern)} cannot be run: {refused}", why="a pattern that is not run would let every value pass", fix="write it without that construct; the patterns that run are those of RE2", at=(shape, wrong, pattern if refused.part == "pattern" else None))
            yield read
        for ranges in self._values(shape, "languageIn"):
            members = self._graph.members(ranges, shape)
            if not all(isinstance(m, Literal) for m in members):
                self._ill(shape, "languageIn", ranges, "a list of language tags")
            yield LanguageIn(tuple(m.value.lower() for m in members if isinstance(m, Literal)))
        for unique in self._values(shape, "uniqueLang"):
            if not isinstance(unique, Literal) or unique.datatype != XSD + "boolean":
                self._ill(shape, "uniqueLang", unique, "true or false")
            elif unique.value == "true":  # only this literal asks for it (SHACL 4.4.5)
                yield UniqueLang()

    def _shape_constraints(self, shape: Term) -> Iterator[Constraint]:
        graph = self._graph
        for name, kind in (("not", Not), ("node", NodeShapeOf), ("property", PropertyShapeOf)):
            yield from (kind(s) for s in self._shapes(shape, name, self._values(shape, name)))
        listed: tuple[tuple[str, type[And] | type[Or] | type[Xone]], ...] = (("and", And), ("or", Or), ("xone", Xone))
        for name, together in listed:
            for head in self._values(shape, name):
                yield together(tuple(self._shapes(shape, name, graph.members(head, shape))))
        qualified = list(self._shapes(shape, "qualifiedValueShape", self._values(shape, "qualifiedValueShape")))
        counts = [(kind, n) for name, kind in (("qualifiedMinCount", QualifiedMinCount), ("qualifiedMaxCount", QualifiedMaxCount)) for n in self._numbers(shape, name)]
        given = [n for n in ("qualifiedMinCount", "qualifiedMaxCount") if self._values(shape, n)]
        if given and not self._values(shape, "qualifiedValueShape") and self._values(shape, "path"):  # on a node shape it asks for nothing (W3C test qualified-001)
            graph.fault(shape, "SHP204", f"sh:{given[0]} needs sh:qualifiedValueShape", why=ILL_FORMED, fix="add sh:qualifiedValueShape, or write sh:minCount or sh:maxCount", at=(shape, SH + given[0], None))
        for value in self._values(shape, "qualifiedValueShapesDisjoint"):
            if graph.boolean(shape, SH + "qualifiedValueShapesDisjoint") is None:
                self._ill(shape, "qualifiedValueShapesDisjoint", value, "true or false")
        if qualified and not counts and not given:
            missing = "sh:qualifiedMinCount or sh:qualifiedMaxCount"
            graph.fault(shape, "SHP204", f"sh:qualifiedValueShape needs {missing}", why=ILL_FORMED, fix=f"add {missing}")
        for value_shape in qualified:
            siblings = self._siblings(shape, value_shape) if graph.boolean(shape, SH + "qualifiedValueShapesDisjoint") else ()
            yield from (kind(value_shape, n, siblings) for kind, n in counts)

    def _siblings(self, shape: Term, value_shape: Term) -> tuple[Term, ...]:
        """Qualified value shapes of the other property shapes of every shape that has this one (SHACL 4.7.3)."""
        found: dict[Term, None] = {}
        for parent in self._graph.subjects(SH + "property", shape):
            others, before = self._graph.objects(parent, SH + "property"), self._sibling_pairs
            self._sibling_pairs += len(others)
            if self._sibling_pairs > MOST_SIBLING_PAIRS:
                if before <= MOST_SIBLING_PAIRS:
                    self._graph.fault(shape, "SHP212", f"more than {MOST_SIBLING_PAIRS:,} pairs of disjoint qualified shapes", why="each pair is judged for each value", fix="split the shape")
                return ()
            for other in others:
                found |= dict.fromkeys(s for s in self._graph.objects(other, SH + "qualifiedValueShape") if s != value_shape)
        return tuple(found)

    def _closed(self, shape: Term) -> Iterator[Constraint]:
        graph = self._graph
        for value in self._values(shape, "closed"):
            if not isinstance(value, Literal) or value.datatype != XSD + "boolean" or value.value not in ("true", "false", "1", "0"):
                self._ill(shape, "closed", value, "true or false")
        ignored = [m for head in self._values(shape, "ignoredProperties") for m in graph.members(head, shape)]
        for member in ignored:
            if not isinstance(member, Iri):
                self._ill(shape, "ignoredProperties", member, "a list of IRIs")
        if graph.boolean(shape, SH + "closed"):
            own = [p for s in graph.objects(shape, SH + "property") for p in graph.objects(s, SH + "path")]
            yield Closed(frozenset(p.value for p in (*own, *ignored) if isinstance(p, Iri)))

    def _check_form(self, shape: Term, is_property: bool) -> None:
        graph = self._graph
        for name in sorted(SINGLE):
            if len(graph.objects(shape, SH + name)) > 1:
                graph.fault(shape, "SHP211", f"sh:{name} has {len(graph.objects(shape, SH + name))} values", why="only one can hold, and nothing says which", fix="keep one, or use two shapes")
        if graph.objects(shape, SH + "flags") and not graph.objects(shape, SH + "pattern"):
            graph.fault(shape, "SHP204", "sh:flags without sh:pattern", why=ILL_FORMED, fix="add sh:pattern or take sh:flags away")
        if not is_property:
            for name in sorted(ONLY_ON_PROPERTY_SHAPES):
                if graph.objects(shape, SH + name) and (not name.startswith("qualified") or graph.objects(shape, SH + "qualifiedValueShape")):
                    graph.fault(shape, "SHP204", f"sh:{name} on a node shape", why="it counts or compares the values of a path, and a node shape has none", fix="move it into a property shape with sh:path")
        elif graph.objects(shape, SH + "closed") and graph.boolean(shape, SH + "closed") is None:
            self._ill(shape, "closed", graph.objects(shape, SH + "closed")[0], "true or false")

    def _values(self, shape: Term, name: str) -> list[Term]:
        return self._graph.objects(shape, SH + name)

    def _iris(self, shape: Term, name: str) -> Iterator[str]:
        for value in self._values(shape, name):
            if isinstance(value, Iri):
                yield value.value
            else:
                self._ill(shape, name, value, "an IRI")

    def _numbers(self, shape: Term, name: str) -> Iterator[int]:
        for value in self._values(shape, name):
            digits = value.value.lstrip("+").lstrip("0") if isinstance(value, Literal) and value.datatype == XSD + "integer" and value.value.removeprefix("+").isdecimal() else None
            if digits is not None and value.value.isascii() and len(digits) < 20 and int(digits or 0) < LARGEST_COUNT:
                yield int(digits or 0)
            else:
                self._ill(shape, name, value, "a whole number from 0 on, of type xsd:integer")

    def _shapes(self, shape: Term, name: str, found: list[Term] | tuple[Term, ...]) -> Iterator[Term]:
        for value in found:
            if node_term(value):
                yield value
            else:
                self._ill(shape, name, value, "a shape")

    def _ill(self, shape: Term, name: str, met: Term, wanted: str) -> None:
        self._graph.fault(shape, "SHP204", f"sh:{name} {_short(met)} is not {wanted}", why=ILL_FORMED, fix=f"give sh:{name} {wanted}", at=(shape, SH + name, met))


def _short(term: Term) -> str:
    text = term.n3()
    return text if len(text) <= 200 else f"{text[:200]}..."
