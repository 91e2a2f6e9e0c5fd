"""Judges all staged records against all shapes: guards first, the full program for what they leave open."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.contracts import IDENTIFIER_NAMESPACE
from engine.ontology import NAMESPACE, Schema
from engine.shapes.algebra import Shape, Shapes
from engine.shapes.contract_report import AUTHORED_CONTENT, ContractReport, violation_of
from engine.shapes.reading import read_shapes
from engine.shapes.records.record_views import LexicalRecords, RecordViews
from engine.shapes.records.row_guard import by_class, guard, reads_row, tables_of
from engine.shapes.records.row_kinds import KindViews, reads_kind
from engine.shapes.run import judge, judging
from engine.shapes.terms import Term

SUSPECTS = "contract_suspects"


def judge_records(
    records: LexicalRecords, schema: Schema, shapes: Sequence[Path], authored_prefix: str, progress: Callable[[str], None] = lambda _: None
) -> ContractReport:
    """Judge every record against the shapes.

    `authored_prefix` is the beginning of source keys whose rows are authored (`source/wedge@`); it only decides what is
    counted as authored. Raises BadInput SHP2xx where the shapes cannot be used, InputOutput SHP130 where the machine
    refuses: never "conforms".
    """
    started = time.perf_counter()
    read = read_shapes(shapes)
    with judging():
        views, kinds = RecordViews(records, schema), KindViews(records, schema)
        parts = [_parted(read, shape, views) for shape in read.targeted if tables_of(shape, views) or not by_class(shape)]
        results = list(judge(read, views, only=[p.whole for p in parts if p.whole.constraints], count=False).results)
        suspects = _row_suspects(read, parts, views) + _kind_suspects(read, parts, kinds)
        if suspects:
            results += judge(read, views, only=list(dict.fromkeys(suspects)), nodes=SUSPECTS, count=False).results
        judged = _judged(views, authored_prefix)
    seconds = time.perf_counter() - started
    progress(f"contracts: {len(read.targeted)} shapes over {sum(n for name, n in judged if name != AUTHORED_CONTENT):,} records in {seconds:.2f} s")
    found = {violation_of(r, read, _key_of, NAMESPACE) for r in results}
    return ContractReport(tuple(sorted(found)), judged, "compiled", seconds)


@dataclass(frozen=True, slots=True)
class _Parted:
    """A targeted shape by how its constraints are judged: by kind of record, by row, or over the whole."""

    by_kind: Shape
    by_row: Shape
    whole: Shape


def _parted(shapes: Shapes, shape: Shape, views: RecordViews) -> _Parted:
    tables = tables_of(shape, views)
    kinds = [c for c in shape.constraints if tables and reads_kind(shapes, shape, c)]
    rows = [c for c in shape.constraints if c not in kinds and reads_row(shapes, c, tables)]
    rest = [c for c in shape.constraints if c not in kinds and c not in rows]
    by_kind, by_row, whole = (replace(shape, constraints=tuple(cs)) for cs in (kinds, rows, rest))
    return _Parted(by_kind, by_row, whole)


def _row_suspects(shapes: Shapes, parts: Sequence[_Parted], views: RecordViews) -> list[Shape]:
    """Shapes that some row does not pass; the keys of such rows stand in the table of suspects, which is made new."""
    guarded = [p.by_row for p in parts if p.by_row.constraints]
    branches = [f"SELECT {n} AS shape, f FROM ({guard(shapes, s.constraints, t, views)})" for n, s in enumerate(guarded) for t in tables_of(s, views)]
    views.connection.execute(f"CREATE OR REPLACE TABLE {SUSPECTS} AS " + (" UNION ALL ".join(branches) or "SELECT 0 AS shape, '' AS f WHERE FALSE"))
    rows = views.connection.execute(f"SELECT DISTINCT shape FROM {SUSPECTS} ORDER BY shape").fetchall()
    return [guarded[n] for (n,) in rows]


def _kind_suspects(shapes: Shapes, parts: Sequence[_Parted], kinds: KindViews) -> list[Shape]:
    """Shapes that some kind of record breaks; the records of such kinds are added to the suspects."""
    judged = [p.by_kind for p in parts if p.by_kind.constraints]
    results = judge(shapes, kinds, only=judged, count=False).results
    if results:
        failing = sorted({kinds.triple(r.focus)[0] for r in results})
        kinds.connection.execute(f"INSERT INTO {SUSPECTS} SELECT -1, f FROM ({kinds.records_of(failing)})")
    return judged if results else []


def _key_of(term: Term) -> str:
    """A term as authors know it: the key of a record, the text of a literal."""
    return term.value.removeprefix(IDENTIFIER_NAMESPACE)


def _judged(views: RecordViews, authored_prefix: str) -> tuple[tuple[str, int], ...]:
    """Records by record table, and how many of all are authored."""
    counted = " UNION ALL ".join(f"SELECT '{t.target}' AS name, count(*) AS n, count(*) FILTER (starts_with(source, $1)) AS authored FROM {t.name}" for t in views.tables)
    rows = views.connection.execute(f"SELECT name, n, authored FROM ({counted}) WHERE n > 0 ORDER BY name", [authored_prefix]).fetchall()
    return ((AUTHORED_CONTENT, sum(r[2] for r in rows)), *((r[0], r[1]) for r in rows))
