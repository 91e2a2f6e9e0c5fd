"""What the warehouse met and made: counts, duplicates, orphans, gaps and digests, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class DropCount:
    """Rows left out for one reason (`duplicate_key`, `orphan_to`, ...)."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True, order=True)
class TableCount:
    """One delivered file: rows in it, rows kept after its own duplicates, and what was left out."""

    source: str
    file: str
    rows_in: int
    kept: int
    dropped: tuple[DropCount, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Duplicate:
    """Rows of a record table whose key was taken. `scope`: `within_source` or `across_sources`. Examples are keys, at most five."""

    target: str
    scope: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Orphan:
    """Relationship rows that were left out because one end is no record. `end` is `from` or `to`; examples name the place and the absent key."""

    target: str
    source: str
    end: str
    missing_class: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Result of reconciliation. `offered` and `kept` count rows by record table, before and after; `gaps` are sentences with numbers."""

    tables: tuple[TableCount, ...]
    offered: Mapping[str, int]
    kept: Mapping[str, int]
    duplicates: tuple[Duplicate, ...]
    orphans: tuple[Orphan, ...]
    gaps: tuple[str, ...]

    @property
    def dropped(self) -> dict[str, int]:
        """Rows left out by `<reason>:<file or record table>`, in name order; merged titles are no loss and not counted."""
        counts = {f"{d.reason}:{t.source.removeprefix('source/')}/{t.file}": d.count for t in self.tables for d in t.dropped}
        for duplicate in self.duplicates:
            if duplicate.scope == "within_source" and duplicate.target != "Title":
                counts[f"duplicate_key:{duplicate.target}"] = duplicate.count
        for orphan in self.orphans:
            name = f"orphan_{orphan.end}:{orphan.target}"
            counts[name] = counts.get(name, 0) + orphan.count
        return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class RecordDigests:
    """Typed records as written: SHA-256 and row count by record table, and the digest over all tables."""

    folder: Path
    digests: Mapping[str, str]
    counts: Mapping[str, int]
    total: str
