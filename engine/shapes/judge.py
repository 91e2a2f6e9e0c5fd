"""Judges all staged records: authored content whole, publishers' rows in batches by class.

A structural property shape looks at one column of one record, so two publishers' rows with equal columns get the same
verdict: each distinct combination is judged once, at the first row that holds it. References between records are
checked as set queries by the warehouse. Authored content is judged row by row against every shape.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from engine.contracts import PROVENANCE_COLUMNS, BadInput, InputOutput
from engine.documents import program
from engine.ontology import NAMESPACE, Schema
from engine.shapes.contract_report import AUTHORED_CONTENT, ContractReport, Violation

SHAPES_NAMESPACE = NAMESPACE.replace("ontology#", "shapes#")
Row = Mapping[str, Any]


class LexicalRecords(Protocol):
    """What judging needs of the staged records."""

    def rows_from(self, target: str, source_prefix: str) -> list[dict[str, Any]]:
        """All columns of the rows whose source key begins with the prefix."""

    def first_rows(self, target: str, columns: Sequence[str], excluding_source_prefix: str) -> list[dict[str, Any]]:
        """Distinct combinations of columns among the other rows, each with the keys and source_ref of its first row."""


@dataclass(frozen=True, slots=True)
class JudgeLimits:
    """Limits of one child: wall time in seconds, address space in bytes, rows in a batch, children at once."""

    seconds: float = 300.0
    memory_bytes: int = 3 << 30
    batch_rows: int = 25_000
    children: int = 2


@dataclass(frozen=True)
class _Batch:
    name: str
    tables: Mapping[str, Sequence[Row]]
    focus_shapes: tuple[str, ...] = field(default=())


def judge_records(
    records: LexicalRecords, schema: Schema, shapes: Sequence[Path], authored_prefix: str,
    limits: JudgeLimits | None = None, progress: Callable[[str], None] = lambda _: None,
) -> ContractReport:  # fmt: skip
    """Judge every record against the shapes.

    `authored_prefix` is the beginning of source keys whose rows are authored (`source/wedge@`). Raises BadInput SHP101
    where the shapes cannot be used, InputOutput SHP102 where a child dies or exceeds its limits: never "conforms".
    """
    limits = limits or JudgeLimits()
    started = time.perf_counter()
    found: set[Violation] = set()
    judged: dict[str, int] = {}

    def run(batch: _Batch) -> tuple[_Batch, dict[str, Any]]:
        answer = _judge_in_child(batch, shapes, limits)
        progress(f"contracts: {batch.name}, {answer['judged']:,} records judged")
        return batch, answer

    with ThreadPoolExecutor(limits.children) as pool:
        for batch, answer in pool.map(run, _batches(records, schema, authored_prefix, limits.batch_rows)):
            found.update(Violation(**v) for v in answer["violations"])
            judged[batch.name] = judged.get(batch.name, 0) + answer["judged"]
    return ContractReport(tuple(sorted(found)), tuple(sorted(judged.items())), "pyshacl", time.perf_counter() - started)


def _batches(records: LexicalRecords, schema: Schema, authored_prefix: str, size: int) -> Iterator[_Batch]:
    yield _Batch(AUTHORED_CONTENT, {t: rows for t in schema.targets() if (rows := records.rows_from(t, authored_prefix))})
    # provenance is judged apart: its rows hold no other column, and a structure would miss them
    for parts in (_structures(records, schema, authored_prefix), _provenances(records, schema, authored_prefix)):
        pending = _Pending()
        for part in parts:
            for start in range(0, len(part.rows), size):
                # a child costs most of a second to start, so small tables share one
                if pending.rows and pending.rows + len(part.rows[start : start + size]) > size:
                    yield pending.batch()
                    pending = _Pending()
                pending.take(part, start, size)
        if pending.rows:
            yield pending.batch()


@dataclass(frozen=True)
class _Part:
    """Rows of one record table and the node shape that judges them."""

    target: str
    shape: str
    rows: Sequence[Row]


@dataclass
class _Pending:
    """A batch that is being filled."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    shapes: set[str] = field(default_factory=set)
    rows: int = 0

    def take(self, part: _Part, start: int, size: int) -> None:
        taken = part.rows[start : start + size]
        self.tables.setdefault(part.target, []).extend(taken)
        self.shapes.add(f"{SHAPES_NAMESPACE}{part.shape}Structure")
        self.rows += len(taken)

    def batch(self) -> _Batch:
        return _Batch(", ".join(self.tables), self.tables, tuple(sorted(self.shapes)))


def _structures(records: LexicalRecords, schema: Schema, authored_prefix: str) -> Iterator[_Part]:
    """Own columns of publishers' rows, by record table."""
    associations = {t.target: t for t in schema.association_tables()}
    for target in schema.targets():
        is_node = target in schema.classes
        owned = [p.column for p in schema.columns(target)]
        if not owned:
            continue
        # a node's own key is part of what its structure says; the ends of a relation are checked by the warehouse
        kept = ["id", *owned] if is_node else ["from", "to", *owned]
        rows = [{c: row[c] for c in kept} for row in records.first_rows(target, ["id", *owned] if is_node else owned, authored_prefix)]
        if rows:
            yield _Part(target, target if is_node else associations[target].relation.association, rows)


def _provenances(records: LexicalRecords, schema: Schema, authored_prefix: str) -> Iterator[_Part]:
    """Provenance columns of publishers' rows, by record table."""
    stamped = [c for c in PROVENANCE_COLUMNS if c != "source_ref"]
    for target in schema.targets():
        if rows := records.first_rows(target, stamped, authored_prefix):
            yield _Part(target, "Provenance", rows)


def _judge_in_child(batch: _Batch, shapes: Sequence[Path], limits: JudgeLimits) -> dict[str, Any]:
    request = {"shapes": [str(p) for p in shapes], "tables": batch.tables, "focus_shapes": list(batch.focus_shapes), "memory_bytes": limits.memory_bytes}
    command, environment = program("engine.shapes.judge_child")
    try:
        child = subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, timeout=limits.seconds, check=False, env=environment)
    except subprocess.TimeoutExpired:
        raise InputOutput.at("SHP102", f"judging {batch.name} took longer than {limits.seconds:g} s", why="a contract that was not judged does not hold", fix="simplify the shapes or raise the limit") from None
    if child.returncode != 0:
        last = child.stderr.strip().splitlines()[-1] if child.stderr.strip() else f"exit status {child.returncode}"
        if "MemoryError" in last or child.returncode < 0:
            raise InputOutput.at("SHP102", f"judging {batch.name} was stopped: {last}", why="a contract that was not judged does not hold", fix="free memory or raise the limit")
        raise BadInput.at("SHP101", f"the shapes cannot be used: {last}", why="a shape that is not understood must not count as conforming", fix="mend the shape file named above")
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer
