"""What a build vouches for: fingerprints of what went in, digests and counts of what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.contracts.canonical import digest_of


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """A file that went in: role (`source`, `rule`, `shape`, `ontology`, `model`), its name relative to its root, SHA-256 and size in bytes."""

    kind: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Receipt of one build. Holds no clock, host name or absolute path, so equal inputs give equal receipts.

    `records` maps a node or relationship table to its digest, `counts` to its number of rows; `dropped` counts rows left
    out by reason code; `gaps` states what is missing and why; `attributions` are the sentences that the licences ask to be shown.
    """

    product_version: str
    release_date: str
    releases: Mapping[str, str]
    inputs: tuple[Fingerprint, ...]
    records: Mapping[str, str]
    counts: Mapping[str, int]
    dropped: Mapping[str, int]
    gaps: tuple[str, ...]
    record_digest: str
    rules_digest: str
    shapes_digest: str
    ontology_digest: str
    attributions: tuple[str, ...] = ()

    @property
    def receipt_id(self) -> str:
        """`receipt/` and the first 32 hexadecimal digits of the SHA-256 of the canonical receipt."""
        return f"receipt/{digest_of(self)[:32]}"
