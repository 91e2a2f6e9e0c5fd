"""A covered list looked at again: the answers as they stand beside their receipt, and every title routed anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from engine.contracts import BadInput, Corrupt, digest_of
from engine.coverage.content_digest import ContentDigest
from engine.coverage.coverage_receipt import KIND
from engine.coverage.gathering import reread
from engine.coverage.routing import RoutingSnapshot, route_batch
from engine.graph import Snapshot, Workspace

_BATCH = 8_192


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One digest: what of, as the receipt states it, as it came out again."""

    what: str
    given: str
    again: str


def coverage_receipt_at(path: Path) -> dict[str, Any] | None:
    """The receipt of a covered list; None where the file is none."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and told.get("kind") == KIND else None


def recompute(workspace: Workspace, path: Path, say: Callable[[str], None]) -> tuple[str, tuple[Recomputed, ...]]:
    """The digest of a receipt, and every digest under it computed again from the answers beside it and from a snapshot of this workspace.

    Raises Corrupt COV304 (no answers beside it), COV306 (garbled), BadInput COV125 where no snapshot here has its records and rules.
    """
    told = coverage_receipt_at(path) or {}
    try:
        covers = told["covers"]
        given = {"receipt": str(told["receipt_digest"]), "list": covers["list"]["digest"], "answers": covers["answers"]["digest"]}
        day, records, rules = date.fromisoformat(covers["as_of"]), covers["records"], covers["rules"]
    except (TypeError, KeyError, ValueError) as error:
        raise Corrupt.at("COV306", f"this is no receipt of a covered list: it lacks or misstates {error}", fix="give a receipt.json as `wig coverage` wrote it") from None
    snapshot = _snapshot(workspace, records, rules)
    answers = path.with_name("coverage.parquet")
    say("reading the answers")
    met = reread(answers)
    rows = {"rows of the list": (str(covers["list"]["rows"]), str(met.rows)), "titles of the list": (str(covers["list"]["titles"]), str(met.titles))}
    say(f"routing {met.titles:,} titles anew")
    routing, anew = RoutingSnapshot.of(snapshot, day), ContentDigest()
    with pq.ParquetFile(answers) as file:
        for batch in file.iter_batches(_BATCH, columns=["title", "rows"]):
            anew.add(route_batch(batch, routing))
    found = [Recomputed(what, *pair) for what, pair in rows.items()]
    found += [Recomputed("list", given["list"], met.list_digest), Recomputed("answers as they stand", given["answers"], met.answer_digest)]
    found += [Recomputed("answers routed anew", given["answers"], anew.hex()), Recomputed("receipt", given["receipt"], digest_of(covers))]
    return given["receipt"], tuple(found)


def _snapshot(workspace: Workspace, records: str, rules: str) -> Snapshot:
    for snapshot in workspace.snapshots():
        receipt = snapshot.receipt()
        if (receipt.record_digest, receipt.rules_digest) == (records, rules):
            return snapshot
    raise BadInput.at("COV125", "no snapshot of this workspace has the records and rules that the list was covered with", why=f"records {records[:16]}, rules {rules[:16]}", fix="name the workspace of that run with --workspace")
