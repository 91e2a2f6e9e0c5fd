"""Runs shapes over predicate views and answers standard validation results, with nested detail."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import duckdb

from engine.contracts import BadInput, InputOutput
from engine.shapes.algebra import And, Closed, NodeShapeOf, Or, PropertyShapeOf, Shape, Shapes, Sparql, Xone, component_of
from engine.shapes.compile.queries import compiled_queries
from engine.shapes.compile.set_program import COLUMNS, Numbered, SetProgram, link_number
from engine.shapes.paths import Path, Predicate
from engine.shapes.reading import referred
from engine.shapes.results import ValidationReport, ValidationResult
from engine.shapes.sparql import CompiledQuery, refused_at_run
from engine.shapes.sql.ordering import create_ordering
from engine.shapes.sql.relations import quoted
from engine.shapes.terms import Literal, Term
from engine.shapes.views import PredicateViews, key_parts, node_key

# branches in one statement: planning grows faster than the number of branches, and a statement has a cost of its own
BRANCHES, SIDE_BY_SIDE = 8, 2
# where the data are large, statements that share memory push each other to disk
LARGE = 3_000_000
_PLACEHOLDER = re.compile(r"\{[?$]([^{}]+)\}")
ResultsAt = Callable[[Term, str], list[ValidationResult]]
Row = tuple[int, str, str | None, int | None, str | None, str | None, int]


def judge(shapes: Shapes, views: PredicateViews, *, only: Iterable[Shape] | None = None, nodes: str | None = None, statements: int = 0, count: bool = True) -> ValidationReport:
    """Judge the data against all targeted shapes (or `only` some of them; or only focus nodes in the relation `nodes`, column f).

    `statements` is how many triples there are, where known: large data are judged one statement after the other. Without
    `count` the report does not count focus nodes.

    Raises BadInput SHP209 where a SPARQL query cannot be compiled; see `engine.shapes.validate` for the engine of last resort.
    Raises as `judging` does too.
    """
    started = time.perf_counter()
    chosen = [s for s in (shapes.targeted if only is None else only) if s.targets and not s.deactivated]
    run = Run(shapes, views, compiled_queries(reached(shapes, chosen)), large=statements > LARGE)
    with judging(run.queries):
        create_ordering(views.connection)
        program, roots = run.program(), list[tuple[Shape, str]]()
        for shape in chosen:
            focus = program.focus.nodes(shape.targets)
            roots.append((shape, focus if nodes is None else program.focus.among(focus, nodes)))
        program.report(roots)
        detailed = run.with_detail(run.results(program))
        counted = _focus_count(program, [f for _, f in roots]) if count else 0
    judged = tuple((s.node, "compiled") for s in chosen)
    return ValidationReport(tuple(sorted(detailed, key=ValidationResult.order)), judged, counted, time.perf_counter() - started)


@contextlib.contextmanager
def judging(queries: Mapping[Sparql, CompiledQuery] | None = None) -> Iterator[None]:
    """Around whatever asks the database while contracts are judged: no error of it passes for a fault of the engine, or for a verdict.

    Raises BadInput SHP209 where one of the compiled `queries` meets numbers and dates beyond what is exact, InputOutput
    SHP130 where the machine refuses.
    """
    try:
        yield
    except duckdb.Error as error:
        beyond = refused_at_run(error) if queries else None
        if beyond is not None:
            raise BadInput.at("SHP209", f"a SPARQL query met what is not compiled: {beyond}", why="a value that would be rounded decides nothing", fix="let pySHACL judge it") from None
        raise InputOutput.at("SHP130", f"judging was stopped: {str(error).splitlines()[0]}", why="a contract that was not judged does not hold", fix="free memory or disk, or split the data") from None


def reached(shapes: Shapes, roots: Sequence[Shape]) -> list[Shape]:
    """All shapes that some shapes lead to, themselves included; none below a deactivated one."""
    found: dict[Term, Shape] = {}
    queue = list(roots)
    while queue:
        shape = queue.pop()
        if shape.node not in found and not shape.deactivated:
            found[shape.node] = shape
            queue.extend(shapes.shapes[n] for n in referred(shape) if n in shapes.shapes)
    return list(found.values())


def _focus_count(program: SetProgram, focuses: Sequence[str]) -> int:
    names = list(dict.fromkeys(focuses))
    if not names:
        return 0
    sql = program.relations.statement([" UNION ".join(f"SELECT f FROM {n}" for n in names)], "count(*)")
    return int(program.views.connection.execute(sql).fetchall()[0][0])


@dataclass
class Run:
    """One use of compiled shapes over views."""

    shapes: Shapes
    views: PredicateViews
    queries: Mapping[Sparql, CompiledQuery]
    large: bool = False

    def program(self) -> SetProgram:
        return SetProgram(self.shapes, self.views, self.queries)

    def rows(self, program: SetProgram) -> list[Row]:
        """Result rows of a program, in no order."""
        starts = range(0, len(program.branches), BRANCHES)
        statements = [program.relations.statement(program.branches[start : start + BRANCHES], COLUMNS) for start in starts]
        if self.large or len(statements) == 1:
            return [row for statement in statements for row in self.views.connection.execute(statement).fetchall()]
        # planning takes one thread, and as long as the work itself where tables are small: so statements run side by side
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            return [row for rows in pool.map(self._rows_of, statements) for row in rows]

    def _rows_of(self, statement: str) -> list[Row]:
        with self.views.connection.cursor() as cursor:
            cursor.execute("SET enable_progress_bar = false")  # a cursor has settings of its own
            return cursor.execute(statement).fetchall()

    def results(self, program: SetProgram) -> list[ValidationResult]:
        """Results without detail, as often as SHACL asks for each."""
        return [result for row in sorted(self.rows(program), key=_row_order) for result in [self._result(program.constraints[row[0]], row)] * row[6]]

    def _result(self, numbered: Numbered, row: Row) -> ValidationResult:
        shape, constraint = numbered.shape, numbered.constraint
        _, f, v, d, l, x, _ = row  # noqa: E741
        path: Path | None = shape.path
        value = self.views.term(v, d, l or "") if v is not None and d is not None else None
        messages, source = shape.messages, None
        if isinstance(constraint, Closed):
            path = Predicate(x or "")
        if isinstance(constraint, Sparql):
            source = constraint.source
            solution = json.loads(x or "{}")
            path = Predicate(solution["path"]) if solution.get("path") else path
            messages = tuple(_filled(m, solution.get("bound", {})) for m in constraint.messages) or messages
            if value is None and shape.path is None:
                value = self.node(f)  # the value node of a node shape is the focus node (SHACL 5.3.2)
            if solution.get("message"):
                messages = (Literal(solution["message"]),)
        return ValidationResult(self.node(f), path, value, shape.node, component_of(constraint), shape.severity, messages, source)

    def node(self, key: str) -> Term:
        """The term that a node key stands for."""
        return self.views.term(*key_parts(key))

    # ------------------------------------------------------------ nested detail

    def with_detail(self, results: Sequence[ValidationResult]) -> list[ValidationResult]:
        """The same results with the results of the shapes that a value failed, down to the last: no shape leads back to itself."""
        wanted: dict[Term, set[Term]] = defaultdict(set)
        for result in results:
            for shape in self._behind(result):
                if result.value is not None:
                    wanted[shape].add(result.value)
        if not wanted:
            return list(results)
        nested = self._nested(wanted)
        return [replace(r, detail=tuple(x for s in self._behind(r) for x in nested.get((s, r.value), ()))) if r.value is not None else r for r in results]

    def _behind(self, result: ValidationResult) -> tuple[Term, ...]:
        """Shapes whose results explain a result: those that the value was to conform to."""
        shape = self.shapes.shapes[result.source_shape]
        for constraint in shape.constraints:
            if component_of(constraint) == result.component:
                match constraint:
                    case NodeShapeOf():
                        return tuple(c.shape for c in shape.constraints if isinstance(c, NodeShapeOf))
                    case And() | Or() | Xone():
                        return tuple(dict.fromkeys(s for c in shape.constraints if type(c) is type(constraint) for s in c.shapes))
                    case _:
                        return ()
        return ()

    def _nested(self, wanted: Mapping[Term, set[Term]]) -> dict[tuple[Term, Term | None], tuple[ValidationResult, ...]]:
        program, roots = self.program(), []
        for node, values in wanted.items():
            keys = [self.views.triple(v) for v in sorted(values, key=lambda t: t.n3())]
            rows = ", ".join(f"({quoted(v)}, {d}, {quoted(language)})" for v, d, language in keys)
            focus = program.relations.define(f"SELECT DISTINCT node_key(c0, c1, c2) AS f FROM (VALUES {rows}) t(c0, c1, c2)")
            roots.append((self.shapes.shapes[node], focus))
        results_at = self.by_node(program, roots)
        return {(node, value): tuple(results_at(node, node_key(*self.views.triple(value)))) for node, values in wanted.items() for value in values}

    def by_node(self, program: SetProgram, roots: Sequence[tuple[Shape, str]]) -> ResultsAt:
        """Results with detail of the roots, by shape and key of the focus node; those of property shapes below are with the node that they were reached from."""
        program.report(roots, with_links=True)
        links: dict[tuple[Term, str], list[str]] = defaultdict(list)
        own: dict[tuple[Term, str], list[ValidationResult]] = defaultdict(list)
        rows = sorted(self.rows(program), key=_row_order)
        for c, f, v, d, l, *_ in rows:  # noqa: E741
            if c < 0 and v is not None and d is not None:
                links[(program.links[link_number(c)].node, f)].append(node_key(v, d, l or ""))
        found = [row for row in rows if row[0] >= 0]
        for row, result in zip(found, self.with_detail([self._result(program.constraints[row[0]], row) for row in found]), strict=True):
            own[(program.constraints[row[0]].shape.node, row[1])].append(result)

        def results_at(node: Term, key: str) -> list[ValidationResult]:
            shape = self.shapes.shapes[node]
            found = list(own.get((node, key), ()))
            below = [key] if shape.path is None else links.get((node, key), [])
            for constraint in shape.constraints:
                if isinstance(constraint, PropertyShapeOf):
                    for each in below:
                        found += results_at(constraint.shape, each)
            return sorted(found, key=ValidationResult.order)

        return results_at


def _row_order(row: Row) -> tuple[object, ...]:
    return (row[0], row[1], row[2] or "", row[3] or 0, row[4] or "", row[5] or "")


def _filled(message: Literal, bound: Mapping[str, str]) -> Literal:
    """A message with {?variable} and {$variable} filled in (SHACL 5.3.2); what a value says is not filled in again."""
    return replace(message, value=_PLACEHOLDER.sub(lambda found: bound.get(found[1], found[0]), message.value))
