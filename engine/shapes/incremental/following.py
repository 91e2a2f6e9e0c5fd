"""A validation report that follows edits."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from engine.contracts import InputOutput
from engine.shapes.algebra import Shape, Shapes
from engine.shapes.compile import Relations, Walks, create_ordering, quoted
from engine.shapes.compile.queries import compiled_queries
from engine.shapes.incremental.editable_views import Edit, EditableViews, Statement
from engine.shapes.incremental.reads import Reads, reads_of
from engine.shapes.paths import inverted
from engine.shapes.results import ValidationReport, ValidationResult
from engine.shapes.run import Run, judging
from engine.shapes.terms import RDFS, Term
from engine.shapes.views import node_key

SUBCLASS = RDFS + "subClassOf"
AFFECTED = "affected_nodes"


class FollowingValidation:
    """Shapes over editable views: judged whole once, then after each edit only where the edit can matter.

    `report` is at any time what a full run would answer, and its `seconds` the time of the last step. Not for shapes
    that pySHACL would have to judge (BadInput SHP209). After a step that was refused there is no report until another
    succeeds: the same edit may be applied again.
    """

    def __init__(self, shapes: Shapes, views: EditableViews) -> None:
        self._shapes, self._views = shapes, views
        self._run = Run(shapes, views, compiled_queries(list(shapes.shapes.values())))
        self._reads: dict[Term, Reads] = {s.node: reads_of(shapes, s, self._run.queries) for s in shapes.targeted}
        self._found: dict[tuple[Term, str], list[ValidationResult]] = {}
        self._stands = False
        self.judged_nodes = 0
        self.seconds = 0.0
        self.judge_whole()

    @property
    def report(self) -> ValidationReport:
        """All results as they stand. Raises InputOutput SHP130 after a step that was refused."""
        if not self._stands:
            raise InputOutput.at("SHP130", "judging was stopped in the middle of a step", why="a contract that was not judged does not hold", fix="apply the edit again, or judge the whole")
        results = sorted((r for found in self._found.values() for r in found), key=ValidationResult.order)
        return ValidationReport(tuple(results), tuple((s.node, "compiled") for s in self._shapes.targeted), self.judged_nodes, self.seconds)

    def judge_whole(self) -> None:
        """Judge every focus node anew."""
        with self._step():
            create_ordering(self._views.connection)
            self._judge({s.node: None for s in self._shapes.targeted})

    def apply(self, edit: Edit) -> None:
        """Make an edit, and bring the report up to date."""
        followed = self._stands
        with self._step():
            # while nodes are looked for, what was and what will be both stand: either may lead to a node
            self._views.put(edit.added)
            changed = (*edit.removed, *edit.added)
            # what a refused step changed is known to nobody: after it everything is judged
            affected = {s.node: self._affected(self._reads[s.node], changed) if followed else None for s in self._shapes.targeted}
            kept = set(edit.added)
            self._views.take(s for s in edit.removed if s not in kept)
            self._judge({node: keys for node, keys in affected.items() if keys is None or keys})

    @contextmanager
    def _step(self) -> Iterator[None]:
        """Around a step: its time, and no report where it is refused half way."""
        started, self._stands = time.perf_counter(), False
        with judging(self._run.queries):
            yield
        self._stands, self.seconds = True, time.perf_counter() - started

    def _affected(self, reads: Reads, changed: Sequence[Statement]) -> set[str] | None:
        """Keys of the nodes from which a reading comes to one of the changed statements; None for all."""
        if any(predicate == SUBCLASS or reads.anywhere(predicate) for _, predicate, _ in changed):
            return None
        relations, branches = Relations(), []
        walks = Walks(relations, self._views)
        for reading in sorted(reads.readings, key=repr):
            ends = {node_key(*self._views.triple(v if reading.backwards else s)) for s, p, v in changed if reading.predicate in (None, p)}
            if not ends:
                continue
            start = relations.define(f"SELECT unnest([{', '.join(map(quoted, sorted(ends)))}]) AS f")
            if reading.way is None:
                branches.append(f"SELECT f FROM {start}")
            else:
                branches.append(f"SELECT node_key(v, d, l) AS f FROM ({walks.values(inverted(reading.way), start)})")
        if not branches:
            return set()
        return {row[0] for row in self._views.connection.execute(relations.statement(branches, "DISTINCT f")).fetchall()}

    def _judge(self, asked: Mapping[Term, set[str] | None]) -> None:
        """Judge the focus nodes of some shapes anew: all (None), or those among some keys."""
        self.judged_nodes = 0
        rows = [(number, key) for number, keys in enumerate(asked.values()) for key in sorted(keys or ())]
        self._views.connection.execute(f"CREATE OR REPLACE TABLE {AFFECTED} AS SELECT unnest($1::INTEGER[]) AS shape, unnest($2::VARCHAR[]) AS f", [[r[0] for r in rows], [r[1] for r in rows]])
        everywhere, some = {n for n, keys in asked.items() if keys is None}, {(n, key) for n, keys in asked.items() for key in keys or ()}
        self._found = {k: r for k, r in self._found.items() if k[0] not in everywhere and k not in some}
        program, roots = self._run.program(), list[tuple[Shape, str]]()
        for number, (node, keys) in enumerate(asked.items()):
            shape = self._shapes.shapes[node]
            focus = program.focus.nodes(shape.targets)
            roots.append((shape, focus if keys is None else program.focus.among(focus, f"(SELECT f FROM {AFFECTED} WHERE shape = {number})")))
        if not roots:
            return
        focuses = [f"SELECT {number} AS shape, f FROM {focus}" for number, (_, focus) in enumerate(roots)]
        judged = self._views.connection.execute(program.relations.statement(focuses, "DISTINCT shape, f")).fetchall()
        self.judged_nodes = len(judged)
        results_at = self._run.by_node(program, roots)
        for number, key in judged:
            node = roots[number][0].node
            if found := results_at(node, key):
                self._found[(node, key)] = found
