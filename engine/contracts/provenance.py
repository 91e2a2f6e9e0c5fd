"""Where a fact came from: six columns that every record carries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

PROVENANCE_COLUMNS = ("source", "source_ref", "release", "licence", "confidence", "derived_by")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Source key, place in it, release, licence, confidence (share 0 to 1) and the step that made the record."""

    source: str
    source_ref: str
    release: str
    licence: str
    confidence: Decimal
    derived_by: str
