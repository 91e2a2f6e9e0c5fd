"""What a covered list vouches for: counts and digests that no order, partition, engine or interruption can move, and beside them how it was run."""

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
    from engine.coverage.routing import RoutingSnapshot

KIND = "coverage"
COUNTED_BY = ("service_tier", "fallback_tier", "runtime_action", "outcome", "decided_by")


@dataclass(frozen=True, slots=True)
class Run:
    """How the list came and who did the work: outside of the digest, for none of it may move an answer."""

    list: str
    list_sha256: str
    form: str
    column: str | None
    engine: str
    workers: int


@dataclass(frozen=True, slots=True)
class CoverageReceipt:
    """`covers` is what the digest is of: the day, digests of records, rules, list and answers, and all counts. `run` is how it was done."""

    covers: Mapping[str, Any]
    run: Mapping[str, Any]

    @classmethod
    def of(cls, desk: Desk, routing: RoutingSnapshot, counts: Mapping[str, int], gathered: Gathered, audit: PacketAudit | None, run: Run) -> CoverageReceipt:
        """The receipt of a run. Raises Corrupt COV305 where the answers do not account for every row of the list."""
        if gathered.rows != counts["rows"]:
            raise Corrupt.at("COV305", f"the list has {counts['rows']:,} rows, the answers account for {gathered.rows:,}", why="every row is accounted for", fix="run again with --anew")
        groups = gathered.tally.counted()
        covers: dict[str, Any] = {
            "product_version": __version__, "as_of": routing.as_of, "records": desk.receipt.record_digest, "rules": desk.rulebook.digest,
            "list": {"digest": gathered.list_digest, "titles": gathered.titles, **counts}, "answers": {"digest": gathered.answer_digest, "titles": gathered.titles},
            **{f"by_{name}": stated(counts_by(groups, name)) for name in COUNTED_BY}, "by_reason": stated(gathered.tally.reasons()),
        }  # fmt: skip
        if audit is not None:
            covers["audit"] = audit.stated()
        return cls(covers, plain(run))

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
