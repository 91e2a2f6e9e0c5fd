"""A decision as a value: outcome, reasons, evidence, what lost, the digests under it, and an id that is the digest of all that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.contracts.canonical import digest_of


@dataclass(frozen=True, slots=True)
class Reason:
    """The row of a decision table that fired: pack, version, table, rule, the values it met and its sentence."""

    pack: str
    version: str
    table: str
    rule: str
    bindings: Mapping[str, Any]
    sentence: str


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """A record that the decision rests on, with the source it came from and what it was used for."""

    record: str
    label: str
    source: str
    source_ref: str
    release: str
    licence: str
    confidence: Decimal
    used_for: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something that lost: what it was, why, and by how much (share 0 to 1; None where it is not a matter of degree)."""

    record: str
    label: str
    why: str
    margin: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer with its derivation.

    `question` holds the inputs as asked, `outcome` the answer in JSON types and decimals, `trace` the rows that did
    not fire and the cell that stopped each. `digests` names the records, rules and question underneath.
    `trace_id` and `run_id` identify this run of the program and stand outside the digest.
    """

    kind: str
    as_of: str
    question: Mapping[str, Any]
    outcome: Mapping[str, Any]
    confidence: Decimal
    confidence_arithmetic: tuple[str, ...]
    reasons: tuple[Reason, ...]
    evidence: tuple[EvidenceRef, ...]
    alternatives: tuple[Alternative, ...]
    trace: tuple[Mapping[str, Any], ...]
    digests: Mapping[str, str]
    trace_id: str = field(compare=False, default="")
    run_id: str = field(compare=False, default="")

    def body(self) -> dict[str, Any]:
        """Everything that the id covers."""
        names = ["kind", "as_of", "question", "outcome", "confidence", "confidence_arithmetic", "reasons", "evidence", "alternatives", "trace", "digests"]
        return {name: getattr(self, name) for name in names}

    @property
    def decision_id(self) -> str:
        """`decision/` and the first 32 hexadecimal digits of the SHA-256 of the canonical body."""
        return f"decision/{digest_of(self.body())[:32]}"
