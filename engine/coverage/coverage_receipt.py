"""What a covered list vouches for: counts and digests that no order, partition, engine or interruption can move, and beside them how it was run.

All that `covers` states can be computed again from the answers, the snapshot and the day. What only the bytes of the list tell stands in `run`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import __version__
from engine.contracts import Corrupt, digest_of
from engine.contracts.canonical import plain
from engine.coverage.tally import counts_by, stated

if TYPE_CHECKING:
    from engine.ask import Desk
    from engine.coverage.gathering import Gathered
    from engine.coverage.packet_audit import PacketAudit
    from engine.coverage.title_file import RowCounts

KIND = "coverage"
COUNTED_BY = ("service_tier", "fallback_tier", "runtime_action", "outcome", "decided_by")
_OF_ANSWERS = ("rows", "blank", "control")  # counts of the list that its answers tell as well


@dataclass(frozen=True, slots=True)
class Run:
    """How the list came and who did the work: outside of the digest, for none of it may move an answer. `read` counts rows by how they were written."""

    list: str
    list_sha256: str
    form: str
    column: str | None
    read: Mapping[str, int]
    engine: str
    workers: int


def odd_rows(counts: RowCounts) -> dict[str, int]:
    """Rows by how they were written, which only the bytes of the list tell."""
    return {name: n for name, n in counts.stated().items() if name not in _OF_ANSWERS}


def covers(desk: Desk, as_of: str, gathered: Gathered, audit: PacketAudit | None) -> dict[str, Any]:
    """All that a receipt vouches for, from the answers alone: when a list is covered, and when its receipt is looked at again."""
    groups = gathered.tally.counted()
    told: dict[str, Any] = {
        "product_version": __version__, "as_of": as_of, "records": desk.receipt.record_digest, "rules": desk.rulebook.digest,
        "list": {"digest": gathered.list_digest, "titles": gathered.titles, **{name: getattr(gathered, name) for name in _OF_ANSWERS}},
        "answers": {"digest": gathered.answer_digest, "titles": gathered.titles},
        **{f"by_{name}": stated(counts_by(groups, name)) for name in COUNTED_BY}, "by_reason": stated(gathered.tally.reasons()),
    }  # fmt: skip
    return told if audit is None else {**told, "audit": audit.stated()}


@dataclass(frozen=True, slots=True)
class CoverageReceipt:
    """`covers` is what the digest is of: the day, digests of records, rules, list and answers, and all counts. `run` is how it was done."""

    covers: Mapping[str, Any]
    run: Mapping[str, Any]

    @classmethod
    def of(cls, desk: Desk, as_of: str, counts: RowCounts, gathered: Gathered, audit: PacketAudit | None, run: Run) -> CoverageReceipt:
        """The receipt of a run. Raises Corrupt COV305 where the answers do not account for every row of the list."""
        for name in _OF_ANSWERS:
            read, answered = getattr(counts, name), getattr(gathered, name)
            if read != answered:
                what = f"the list has {read:,} rows, the answers account for {answered:,}" if name == "rows" else f"of `{name}` rows the list has {read:,}, the answers {answered:,}"
                raise Corrupt.at("COV305", what, why="every row is accounted for", fix="run again with --anew")
        return cls(covers(desk, as_of, gathered, audit), plain(run))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of `covers`."""
        return digest_of(self.covers)

    def document(self) -> bytes:
        """The receipt as a file: JSON for people and programs."""
        return (json.dumps(self.as_json(), ensure_ascii=False, indent=2) + "\n").encode()

    def as_json(self) -> dict[str, Any]:
        """The same as JSON types."""
        return {"kind": KIND, "receipt_digest": self.digest, "covers": plain(dict(self.covers)), "run": dict(self.run)}
