"""A stranger's query: checked, then run in a process that has its own limits of time, rows and memory.

In: a snapshot, Cypher, parameters. Out: a `QueryResult` of JSON values. Refuses to know: who asks and how it is shown.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.contracts import BadInput, Corrupt, EngineError, InputOutput
from engine.graph.child_process import Ending, converse
from engine.graph.cypher_guard import refuse_unsafe
from engine.graph.snapshots import Snapshot
from engine.ontology import Schema, load_schema

_LESS = "ask for less: a LIMIT, fewer hops, a narrower MATCH"


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What one query may take: wall-clock seconds, rows, bytes of memory."""

    seconds: float = 10.0
    rows: int = 1000
    memory_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True)
class QueryResult:
    """An answer. Values are JSON types: dates as ISO text, decimals as text, nodes and relations as their properties,
    what is no number (NaN) or not finite is null.

    `truncated` says that there were more rows than the limit; `seconds` is the wall clock of the whole query and belongs in
    no digest.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    seconds: float


def run_query(
    snapshot: Snapshot, cypher: str, parameters: Mapping[str, Any] | None = None, limits: QueryLimits | None = None, schema: Schema | None = None
) -> QueryResult:
    """Run one read-only statement on a snapshot. Rows come in the engine's order, the same in every run of one snapshot.

    Raises BadInput QRY101-QRY112 before anything runs, QRY201 (out of time), QRY202 (out of memory), QRY203 (the engine
    crashed), QRY301 (the engine does not understand the query).
    """
    allowed = limits or QueryLimits()
    safe = refuse_unsafe(cypher, parameters or {}, schema or load_schema())
    engine = snapshot.engine
    request = {
        "path": str(snapshot.verified_path(f"graph.{engine}").absolute()), "engine": engine, "text": safe.text, "parameters": dict(safe.parameters),
        "seconds": allowed.seconds, "rows": allowed.rows, "memory_bytes": allowed.memory_bytes,
    }  # fmt: skip
    head: dict[str, Any] = {}
    rows: list[tuple[Any, ...]] = []

    def heard(line: dict[str, Any]) -> None:
        if "row" in line:
            rows.append(tuple(line["row"]))
        else:
            head.update(line)

    started = time.perf_counter()
    ending = converse("engine.graph.query_child", request, heard, allowed.seconds)
    seconds = time.perf_counter() - started
    if "fault" in head:
        kind = {2: BadInput, 3: Corrupt, 4: InputOutput}.get(head["exit_code"], EngineError)
        raise kind.at(head["code"], head["fault"], why=head["why"], fix=head["fix"])
    if "truncated" not in head:
        raise _limit_reached(ending, allowed)
    return QueryResult(tuple(head["columns"]), tuple(rows), bool(head["truncated"]), seconds)


def _limit_reached(ending: Ending, limits: QueryLimits) -> EngineError:
    """Why a child ended without an answer."""
    by_clock = {-s for s in (getattr(signal, "SIGXCPU", None), getattr(signal, "SIGALRM", None)) if s is not None}
    if ending.out_of_time or ending.status in by_clock:
        return BadInput.at("QRY201", f"the query was stopped after {limits.seconds:g} seconds", why="it asks for more work than its limit allows", fix=_LESS)
    if ending.out_of_memory:
        mebibytes = limits.memory_bytes >> 20
        return BadInput.at("QRY202", f"the query needs more than {mebibytes} MiB of memory", why="it asks for more than its limit allows", fix=_LESS)
    how = signal.Signals(-ending.status).name if ending.status < 0 else f"status {ending.status}"
    return BadInput.at("QRY203", f"the graph engine stopped while it ran the query ({how})", why=ending.complaint.strip()[-200:], fix=_LESS)
