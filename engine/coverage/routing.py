"""The one pure function of coverage: from an Arrow batch of titles to an Arrow batch of answers. Every engine runs this and nothing else.

A process opens the snapshot once, after comparing it with the digest that the caller names; a batch is answered from memory after that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from engine.contracts import Corrupt, sha256_hex
from engine.graph import Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.resolver import Resolver, Route

TITLES = pa.schema([("title", pa.string()), ("rows", pa.int64())])
_WORDS, _SHARES = pa.list_(pa.string()), pa.list_(pa.float64())
ANSWERS = pa.schema(
    [
        ("title", pa.string()), ("rows", pa.int64()), ("normalized", pa.string()), ("service_tier", pa.string()), ("fallback_tier", pa.string()),
        ("runtime_action", pa.string()), ("outcome", pa.string()), ("role_id", pa.string()), ("ground", pa.string()), ("function", pa.string()), ("occupation_code", pa.string()),
        ("occupation_codes", _WORDS), ("group_codes", _WORDS), ("group_chances", _SHARES), ("confidence", pa.float64()), ("reasons", _WORDS), ("caveats", _WORDS), ("review_tags", _WORDS), ("decision_id", pa.string()),
        ("decided_by", pa.string()), ("work", pa.string()),
    ]
)  # fmt: skip
BATCH = 8_192  # titles that a worker takes at once unless wanted otherwise: what one holds in memory
READ_AT_ONCE = 16_384  # answers that are read or written together, small enough to hold and large enough to be quick
SEAL = "seal.json"
_SERVICE, _FALLBACK = "service.service_tier.", "fallback.fallback_tier."
_CLASS = re.compile(r"\d\d-\d{4}")
_opened: dict[RoutingSnapshot, Resolver] = {}


@dataclass(frozen=True, slots=True)
class RoutingSnapshot:
    """A snapshot as it travels to another process: its folder, the file that remembers which of its bytes were verified, the SHA-256 of its seal, the day asked for."""

    folder: str
    memory: str
    seal: str
    as_of: str

    @classmethod
    def of(cls, snapshot: Snapshot, as_of: date) -> RoutingSnapshot:
        """The snapshot as it stands on this machine; on a cluster its folder must be reachable under the same name."""
        return cls(str(snapshot.folder.resolve()), str(snapshot.memory.resolve()), seal_digest(snapshot), as_of.isoformat())


def seal_digest(snapshot: Snapshot) -> str:
    """SHA-256 of the seal, which itself names the SHA-256 of every file of the snapshot. Raises Corrupt COV301 where there is none."""
    try:
        return sha256_hex((snapshot.folder / SEAL).read_bytes())
    except OSError as error:
        raise Corrupt.at("COV301", f"the seal of snapshot {snapshot.name} cannot be read: {error.strerror}", why="a process routes only with the snapshot that it was told of", fix="make the snapshot's folder reachable for every worker") from None


def open_routing(snapshot: RoutingSnapshot) -> Resolver:
    """The resolver over a snapshot, opened once in a process. Raises Corrupt COV301 where the seal is another, WSP305 and WSP306 where a file is not what was sealed."""
    if snapshot not in _opened:
        from engine.ask import Desk
        from engine.resolver import Resolver

        found = Snapshot(Path(snapshot.folder), Path(snapshot.memory))
        met = seal_digest(found)
        if met != snapshot.seal:
            raise Corrupt.at("COV301", f"the snapshot {found.name} is not the one that the run began with", why=f"its seal is {met[:16]}, told was {snapshot.seal[:16]}", fix="start anew with --anew")
        desk = Desk(found)
        _opened[snapshot] = Resolver(desk.index, desk.facts, desk.rulebook, date.fromisoformat(snapshot.as_of))
    return _opened[snapshot]


def route_batch(batch: Any, snapshot: RoutingSnapshot) -> Any:
    """Answers to a record batch (or table) with the columns `title` and `rows`, row for row, as a record batch with the columns of ANSWERS."""
    titles = batch.column("title").to_pylist()
    routes = open_routing(snapshot).route(titles)
    rows = batch.column("rows")
    if isinstance(rows, pa.ChunkedArray):
        rows = rows.combine_chunks()
    return pa.RecordBatch.from_arrays([pa.array(titles, pa.string()), rows, *_columns(routes)], schema=ANSWERS)


def _columns(routes: Sequence[Route]) -> list[Any]:
    text, words = pa.string(), _WORDS
    return [
        pa.array([r.normalized for r in routes], text), pa.array([r.service_tier for r in routes], text), pa.array([r.fallback_tier for r in routes], text),
        pa.array([r.runtime_action for r in routes], text), pa.array([r.outcome for r in routes], text), pa.array([r.role for r in routes], text),
        pa.array([r.ground for r in routes], text), pa.array([r.function for r in routes], text), pa.array([r.occupation for r in routes], text),
        pa.array([r.occupations for r in routes], words), pa.array([[code for code, _ in r.groups] for r in routes], words),
        pa.array([[float(chance) for _, chance in r.groups] for r in routes], _SHARES), pa.array([float(r.confidence) for r in routes], pa.float64()), pa.array([r.reasons for r in routes], words),
        pa.array([r.caveats for r in routes], words), pa.array([r.review_tags for r in routes], words), pa.array([r.decision_id for r in routes], text),
        pa.array([decided_by(r) for r in routes], text), pa.array([work_of(r) for r in routes], text),
    ]  # fmt: skip


def decided_by(route: Route) -> str:
    """The rows of the tables `fallback_tier` and `service_tier` that fired, as `fallback row/service row`: what gave the title its tiers."""
    fallback = service = ""
    for reason in route.reasons:
        if not fallback and reason.startswith(_FALLBACK):
            fallback = reason[len(_FALLBACK) :].partition(":")[0]
        elif not service and reason.startswith(_SERVICE):
            service = reason[len(_SERVICE) :].partition(":")[0]
    return f"{fallback}/{service}"


def work_of(route: Route) -> str | None:
    """The kind of work by which titles are grouped: the business function where it is known, else the major group of the best occupation or of the class named in a reason."""
    if route.function:
        return route.function
    if route.occupations:
        return f"soc/{route.occupations[0][:2]}-0000"
    for reason in route.reasons:
        if reason.startswith("audience.") and (met := _CLASS.search(reason)):
            return f"soc/{met[0][:2]}-0000"
    return None
