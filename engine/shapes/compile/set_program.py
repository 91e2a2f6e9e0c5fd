"""Shapes as a set program: every constraint over all of its focus nodes at once.

Each branch is a SELECT that answers result rows (c, f, v, d, l, x): number of the constraint, focus node, value (NULL
where a result has none), and what else tells results apart (a predicate for sh:closed, a language for sh:uniqueLang, the
compared value for property pairs, a solution for SPARQL). Shapes that others refer to are evaluated once, over the union
of the nodes that any of them asks about; the nodes that fail stand in one relation for each shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.shapes.algebra import (
    And,
    ClassOf,
    Closed,
    Constraint,
    Disjoint,
    Equals,
    HasValue,
    LessThan,
    MaxCount,
    MinCount,
    NodeShapeOf,
    Not,
    Or,
    PropertyShapeOf,
    QualifiedMaxCount,
    QualifiedMinCount,
    Shape,
    Shapes,
    Sparql,
    UniqueLang,
    Xone,
)  # fmt: skip
from engine.shapes.compile.focus import Focus
from engine.shapes.compile.value_tests import failure
from engine.shapes.compile.walks import Walks
from engine.shapes.paths import Inverse, Predicate
from engine.shapes.paths import Sequence as SequencePath
from engine.shapes.sparql import CompiledQuery
from engine.shapes.sql.relations import Relations, quoted
from engine.shapes.terms import BLANK_CODE, Term
from engine.shapes.views.predicate_views import PredicateViews

# the columns of a result row
COLUMNS = "c, f, v, d, l, x, n"
NO_VALUE = "NULL::VARCHAR AS v, NULL::SMALLINT AS d, NULL::VARCHAR AS l, NULL::VARCHAR AS x"
_ALL = "v, d, l"
_SAME = "a.v = b.v AND a.d = b.d AND a.l = b.l"


def link_number(place: int) -> int:
    """The number in column c of the link at a place of `SetProgram.links`, and the other way round; below 0, where no constraint is."""
    return -1 - place


@dataclass(frozen=True, slots=True)
class Numbered:
    """A constraint of a shape with its number in the result rows."""

    shape: Shape
    constraint: Constraint


@dataclass(frozen=True, slots=True)
class Reported:
    """Focus nodes of a shape whose results are reported (relation of f) and how often each is validated (relation of f, n; '' for once)."""

    focus: str
    times: str = ""


@dataclass
class SetProgram:
    """A program over one set of views, for some shapes with their focus nodes.

    `queries` holds the compiled form of each SPARQL constraint. After `report` the branches stand in `branches`, and
    `constraints[c]` says what number c means.
    """

    shapes: Shapes
    views: PredicateViews
    queries: Mapping[Sparql, CompiledQuery]
    relations: Relations = field(default_factory=Relations)
    constraints: list[Numbered] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)
    links: list[Shape] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.focus = Focus(self.relations, self.views)
        self.walks = Walks(self.relations, self.views)
        self._asked: dict[Term, list[str]] = {}
        self._failing: dict[Term, str] = {}

    # ------------------------------------------------------------ what results are asked for

    def report(self, roots: Sequence[tuple[Shape, str]], *, with_links: bool = False) -> None:
        """Compile the shapes with their focus relations (column f), and everything that they refer to.

        `with_links` adds branches that join focus nodes to values where a property shape has property shapes of its own
        (c is negative, and `link_number` of its place in `links`), from which nested results are put together.
        """
        reported: dict[Term, list[Reported]] = {}
        for shape, focus in roots:
            reported.setdefault(shape.node, []).append(Reported(focus))
        for shape in self._parents_first([s for s, _ in roots]):
            if shape.deactivated:
                continue
            if ways := reported.get(shape.node):
                reached = self._joined(ways)
                values = self._values(shape, reached.focus)
                nested = [c.shape for c in shape.constraints if isinstance(c, PropertyShapeOf)]
                below = self._below(shape, reached, values) if nested else reached
                for child in nested:
                    reported.setdefault(child, []).append(below)
                if nested and with_links and shape.path is not None:
                    self.links.append(shape)
                    self.branches.append(f"SELECT {link_number(len(self.links) - 1)} AS c, f, v, d, l, NULL::VARCHAR AS x, 1 AS n FROM {values}")
                self._ask_about(shape, reached.focus, values)
            if asked := self._asked.get(shape.node):
                focus = self._union(asked)
                values = self._values(shape, focus)
                for constraint in shape.constraints:
                    if isinstance(constraint, PropertyShapeOf):
                        self._asked.setdefault(constraint.shape, []).append(self._nodes_of(shape, focus, values))
                self._ask_about(shape, focus, values)
        # what a shape refers to is decided before the shape itself
        for shape in reversed(self._parents_first([s for s, _ in roots])):
            if asked := self._asked.get(shape.node):
                self._failing[shape.node] = self._fail(shape, self._union(asked))
        for shape in self._parents_first([s for s, _ in roots]):
            if (ways := reported.get(shape.node)) and not shape.deactivated:
                reached = self._joined(ways)
                for branch in self._branches(shape, reached.focus):
                    repeated = f"SELECT a.*, b.n FROM ({branch}) a JOIN {reached.times} b ON a.f = b.f"
                    self.branches.append(repeated if reached.times else f"SELECT *, 1 AS n FROM ({branch})")

    def _joined(self, ways: Sequence[Reported]) -> Reported:
        """Several ways to reach a shape as one: SHACL asks for a result each time that a node is validated."""
        if len(ways) == 1:
            return ways[0]
        counted = " UNION ALL ".join(f"SELECT f, n FROM {w.times}" if w.times else f"SELECT f, 1 AS n FROM {w.focus}" for w in ways)
        times = self.relations.define(f"SELECT f, sum(n)::INTEGER AS n FROM ({counted}) GROUP BY f")
        return Reported(self._union([w.focus for w in ways]), times)

    def _below(self, shape: Shape, reached: Reported, values: str) -> Reported:
        """Focus nodes of the property shapes within a shape: its value nodes."""
        if shape.path is None:
            return reached
        many = f"SELECT a.*, b.n FROM {values} a JOIN {reached.times} b ON a.f = b.f" if reached.times else f"SELECT *, 1 AS n FROM {values}"
        times = self.relations.define(f"SELECT node_key(v, d, l) AS f, sum(n)::INTEGER AS n FROM ({many}) GROUP BY ALL")
        return Reported(self._nodes_of(shape, reached.focus, values), times)

    def _parents_first(self, roots: Sequence[Shape]) -> list[Shape]:
        """All shapes reached from the roots, each after every shape that refers to it."""
        order: list[Shape] = []
        done: set[Term] = set()

        def visit(shape: Shape) -> None:
            if shape.node in done:
                return
            done.add(shape.node)
            for child in _children(shape):
                if child in self.shapes.shapes:
                    visit(self.shapes.shapes[child])
            order.append(shape)

        for root in roots:
            visit(root)
        return order[::-1]

    def _ask_about(self, shape: Shape, focus: str, values: str) -> None:
        nodes = self._nodes_of(shape, focus, values)
        for constraint in shape.constraints:
            match constraint:
                case Not(other) | NodeShapeOf(other):
                    self._asked.setdefault(other, []).append(nodes)
                case And(others) | Or(others) | Xone(others):
                    for other in others:
                        self._asked.setdefault(other, []).append(nodes)
                case QualifiedMinCount(other, _, siblings) | QualifiedMaxCount(other, _, siblings):
                    for each in (other, *siblings):
                        self._asked.setdefault(each, []).append(nodes)

    def _union(self, relations: Sequence[str]) -> str:
        names = list(dict.fromkeys(relations))
        if len(names) == 1:
            return names[0]
        union = self.relations.define(" UNION ".join(f"SELECT f FROM {n}" for n in names))
        classes = self.focus.classes
        if all(n in classes for n in names):
            classes[union] = frozenset().union(*(classes[n] for n in names))
        return union

    def _values(self, shape: Shape, focus: str) -> str:
        if shape.path is None:
            return self.relations.define(f"SELECT f, key_v(f) AS v, key_d(f) AS d, key_l(f) AS l FROM {focus}")
        return self.relations.define(self.walks.values(shape.path, focus, self.focus.classes.get(focus)))

    def _nodes_of(self, shape: Shape, focus: str, values: str) -> str:
        """Value nodes of a shape as focus nodes (f); those of a node shape are its own."""
        return focus if shape.path is None else self.relations.define(f"SELECT DISTINCT node_key(v, d, l) AS f FROM {values}")

    # ------------------------------------------------------------ which nodes fail a shape

    def _fail(self, shape: Shape, focus: str) -> str:
        """Relation (f) of the nodes among `focus` that do not conform to the shape."""
        parts: list[str] = []
        if not shape.deactivated:
            parts += [f"SELECT f FROM ({b})" for b in self._branches(shape, focus)]
            values = self._values(shape, focus)
            for constraint in shape.constraints:
                if isinstance(constraint, PropertyShapeOf):
                    parts.append(f"SELECT a.f FROM {values} a SEMI JOIN {self._failing[constraint.shape]} b ON node_key(a.v, a.d, a.l) = b.f")
        return self.relations.define(" UNION ".join(parts) if len(parts) > 1 else f"SELECT DISTINCT f FROM ({parts[0]})" if parts else f"SELECT f FROM {focus} WHERE FALSE")

    # ------------------------------------------------------------ constraints

    def _number(self, shape: Shape, constraint: Constraint) -> int:
        self.constraints.append(Numbered(shape, constraint))
        return len(self.constraints) - 1

    def _branches(self, shape: Shape, focus: str) -> Iterator[str]:
        values = self._values(shape, focus)
        tests, counts = list[tuple[int, str]](), list[tuple[int, MinCount | MaxCount]]()
        for constraint in shape.constraints:
            if isinstance(constraint, PropertyShapeOf):
                continue
            number = self._number(shape, constraint)
            condition = failure(constraint, self.views)
            if condition is not None:
                tests.append((number, condition))
            elif isinstance(constraint, (MinCount, MaxCount)):
                counts.append((number, constraint))
            else:
                for sql in self._several(constraint, focus, values):
                    yield f"SELECT {number} AS c, * FROM ({sql})"
        if tests:
            yield _tested(values, tests)
        if counts:
            yield from self._counted(shape, focus, values, counts)

    def _counted(self, shape: Shape, focus: str, values: str, counts: list[tuple[int, MinCount | MaxCount]]) -> Iterator[str]:
        source, key = (self.views.relation(shape.path.iri, self.focus.classes.get(focus)), "s") if isinstance(shape.path, Predicate) else (values, "f")
        least = [(n, c.count) for n, c in counts if isinstance(c, MinCount) and c.count > 0]
        most = [(n, c.count) for n, c in counts if isinstance(c, MaxCount)]
        if isinstance(shape.path, SequencePath) and shape.path.paths[1:] == (Inverse(shape.path.paths[0]),) and isinstance(shape.path.paths[0], Predicate) and not least and all(count > 0 for _, count in most):
            # there and back: what counts is only how many subjects share a value
            held = self.views.relation(shape.path.paths[0].iri)
            shared = self.relations.define(f"SELECT v, d, l FROM {held} GROUP BY v, d, l HAVING count(*) > 1")
            suspects = self.relations.define(f"SELECT DISTINCT a.f FROM {focus} a JOIN {held} b ON b.s = a.f SEMI JOIN {shared} c ON b.v = c.v AND b.d = c.d AND b.l = c.l")
            source = self.relations.define(self.walks.values(shape.path, suspects)) if most else source
        if least and most:
            # one count answers both
            wrong = [(n, f"coalesce(b.n, 0) < {count}") for n, count in least] + [(n, f"coalesce(b.n, 0) > {count}") for n, count in most]
            which = ", ".join(f"CASE WHEN {condition} THEN {number} END" for number, condition in wrong)
            counted = f"SELECT {key} AS s, count(*) AS n FROM {source} GROUP BY {key}"
            some = " OR ".join(condition for _, condition in wrong)
            yield f"SELECT unnest(list_filter([{which}], lambda n: n IS NOT NULL)) AS c, a.f, {NO_VALUE} FROM {focus} a LEFT JOIN ({counted}) b ON b.s = a.f WHERE {some}"
            return
        for number, count in least:
            if count == 1:
                yield f"SELECT {number} AS c, f, {NO_VALUE} FROM {focus} a ANTI JOIN {source} b ON b.{key} = a.f"
            else:
                yield f"SELECT {number} AS c, f, {NO_VALUE} FROM {focus} a LEFT JOIN (SELECT {key} AS s, count(*) AS n FROM {source} GROUP BY {key}) b ON b.s = a.f WHERE coalesce(b.n, 0) < {count}"
        for number, count in most:
            yield f"SELECT {number} AS c, f, {NO_VALUE} FROM {focus} a SEMI JOIN (SELECT {key} AS s FROM {source} GROUP BY {key} HAVING count(*) > {count}) b ON b.s = a.f"

    def _several(self, constraint: Constraint, focus: str, values: str) -> Iterator[str]:
        """SELECTs of (f, v, d, l, x) for a constraint that looks beyond one value."""
        views = self.views
        compared = f"(SELECT a.f, e.v, e.d, e.l FROM {focus} a JOIN {views.relation(constraint.predicate, self.focus.classes.get(focus))} e ON e.s = a.f)" if isinstance(constraint, (Equals, Disjoint, LessThan)) else ""
        match constraint:
            case ClassOf(iri):
                yield f"SELECT f, {_ALL}, NULL AS x FROM {values} a ANTI JOIN {self.focus.instances(iri)} b ON a.d <= {BLANK_CODE} AND b.n = a.v"
            case HasValue(value):
                v, d, l = views.triple(value)  # noqa: E741
                yield f"SELECT f, {NO_VALUE} FROM {focus} a ANTI JOIN (SELECT f FROM {values} WHERE v = {quoted(v)} AND d = {d} AND l = {quoted(l)}) b ON b.f = a.f"
            case UniqueLang():
                yield f"SELECT f, NULL::VARCHAR AS v, NULL::SMALLINT AS d, NULL::VARCHAR AS l, a.l AS x FROM {values} a WHERE a.l <> '' GROUP BY f, a.l HAVING count(*) > 1"
            case Equals():
                yield f"SELECT f, {_ALL}, NULL AS x FROM {values} a ANTI JOIN {compared} b ON a.f = b.f AND {_SAME}"
                yield f"SELECT f, {_ALL}, NULL AS x FROM {compared} a ANTI JOIN {values} b ON a.f = b.f AND {_SAME}"
            case Disjoint():
                yield f"SELECT f, {_ALL}, NULL AS x FROM {values} a SEMI JOIN {compared} b ON a.f = b.f AND {_SAME}"
            case LessThan(or_equals=or_equals):
                holds = f"coalesce(order_of(a.v, a.d, b.v, b.d) {'<=' if or_equals else '<'} 0, FALSE)"
                yield f"SELECT a.f, a.v, a.d, a.l, node_key(b.v, b.d, b.l) AS x FROM {values} a JOIN {compared} b ON a.f = b.f WHERE NOT {holds}"
            case Closed(allowed):
                permitted = ", ".join(quoted(p) for p in sorted(allowed)) or "''"
                yield f"SELECT a.f, e.v, e.d, e.l, e.p AS x FROM {values} a JOIN {views.everything()} e ON a.d <= {BLANK_CODE} AND e.s = a.v WHERE e.p NOT IN ({permitted})"
            case Sparql():
                yield self._queried(constraint, focus, values)
            case _:
                yield self._by_shapes(constraint, focus, values)

    def _by_shapes(self, constraint: Constraint, focus: str, values: str) -> str:
        def failing(shape: Term) -> str:
            return f"node_key(a.v, a.d, a.l) IN (SELECT f FROM {self._failing[shape]})"

        def every(shapes: Sequence[Term], joint: str, nothing: str) -> str:
            return f" {joint} ".join(failing(s) for s in shapes) or nothing

        match constraint:
            case NodeShapeOf(shape):
                condition = failing(shape)
            case Not(shape):
                condition = f"NOT {failing(shape)}"
            case And(shapes):
                condition = every(shapes, "OR", "FALSE")
            case Or(shapes):
                condition = every(shapes, "AND", "TRUE")
            case Xone(shapes):
                condition = " + ".join(f"(NOT {failing(s)})::INTEGER" for s in shapes) or "0"
                condition = f"{condition} <> 1"
            case QualifiedMinCount(shape, count, siblings) | QualifiedMaxCount(shape, count, siblings):
                meets = " AND ".join([f"NOT {failing(shape)}", *(failing(s) for s in siblings)])
                operator = "<" if isinstance(constraint, QualifiedMinCount) else ">"
                counted = f"SELECT a.f, count(*) AS n FROM {values} a WHERE {meets} GROUP BY a.f"
                return f"SELECT a.f, {NO_VALUE} FROM {focus} a LEFT JOIN ({counted}) b ON a.f = b.f WHERE coalesce(b.n, 0) {operator} {count}"
            case _:
                raise AssertionError(f"no set query for {constraint!r}")
        return f"SELECT a.f, a.v, a.d, a.l, NULL AS x FROM {values} a WHERE {condition}"

    def _queried(self, constraint: Sparql, focus: str, values: str) -> str:
        return self.queries[constraint].result_rows(self.views, focus, values if constraint.ask else None)


def _tested(values: str, tests: Sequence[tuple[int, str]]) -> str:
    """One pass over the values for all constraints that look at one value: first whether any fails, then which."""
    if len(tests) == 1:
        number, condition = tests[0]
        return f"SELECT {number} AS c, f, {_ALL}, NULL AS x FROM {values} WHERE {condition}"
    which = ", ".join(f"CASE WHEN {condition} THEN {number} END" for number, condition in tests)
    some = " OR ".join(condition for _, condition in tests)
    return f"SELECT unnest(cs) AS c, f, {_ALL}, x FROM (SELECT list_filter([{which}], lambda n: n IS NOT NULL) AS cs, f, {_ALL}, NULL AS x FROM {values} WHERE {some})"


def _children(shape: Shape) -> Iterator[Term]:
    for constraint in shape.constraints:
        match constraint:
            case PropertyShapeOf(other) | NodeShapeOf(other) | Not(other):
                yield other
            case And(others) | Or(others) | Xone(others):
                yield from others
            case QualifiedMinCount(other, _, siblings) | QualifiedMaxCount(other, _, siblings):
                yield from (other, *siblings)
