"""Where a fact came from: the six columns that every record carries, in their fixed order."""

from __future__ import annotations

PROVENANCE_COLUMNS = ("source", "source_ref", "release", "licence", "confidence", "derived_by")
