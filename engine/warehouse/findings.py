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
    """One delivered file: rows in it, rows kept after its own duplicates and orphans, and what was left out."""

    source: str
    file: str
    rows_in: int
    kept: int
    dropped: tuple[DropCount, ...] = ()

    @property
    def name(self) -> str:
        """The file with its release: `onet@30.1/Job Zones.txt`."""
        return f"{self.source.removeprefix('source/')}/{self.file}"


@dataclass(frozen=True, slots=True, order=True)
class Duplicate:
    """Rows of a record table whose key was taken. `scope`: `within_source` or `across_sources`. Examples are keys, at most five."""

    target: str
    scope: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Orphan:
    """Rows that were left out because what they refer to is not there; examples (at most five) name the place and what is absent.

    Of a relationship table: `end` is `from` or `to`. Of a delivered file: `target` is its `TableCount.name`, `end` what its rows
    refer to (`occupation`), and the count stands in the file's `dropped` too.
    """

    target: str
    source: str
    end: str
    missing_class: str
    count: int
    examples: tuple[str, ...]

    @property
    def reason(self) -> str:
        """`orphan_to`, `orphan_occupation`."""
        return f"orphan_{self.end}"


@dataclass(frozen=True, slots=True, order=True)
class JoinMethod:
    """Rows of a join that ended one way: by a method (`same_task_id`), or unmatched for a reason."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, order=True)
class JoinCoverage:
    """How far a publisher's rows met the rest of the graph: `matched` by method, `unmatched` by reason, both in name order."""

    source: str
    name: str
    what: str
    offered: int
    matched: tuple[JoinMethod, ...]
    unmatched: tuple[JoinMethod, ...]

    @property
    def met(self) -> int:
        """Rows that met something."""
        return sum(m.count for m in self.matched)


@dataclass(frozen=True, slots=True, order=True)
class Unmatched:
    """One row that met nothing: `source` (key), join, its own key, its place, and why."""

    source: str
    join: str
    subject: str
    source_ref: str
    reason: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Result of reconciliation. `offered` and `kept` count rows by record table, before and after; `gaps` are sentences with numbers.

    `joins` tell how far each publisher's rows met the others', `unmatched` every row that did not, in order.
    """

    tables: tuple[TableCount, ...]
    offered: Mapping[str, int]
    kept: Mapping[str, int]
    duplicates: tuple[Duplicate, ...]
    orphans: tuple[Orphan, ...]
    gaps: tuple[str, ...]
    joins: tuple[JoinCoverage, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()

    @property
    def dropped(self) -> dict[str, int]:
        """Rows left out by `<reason>:<file or record table>`, in name order; merged titles are no loss and not counted."""
        counts = {f"{d.reason}:{t.name}": d.count for t in self.tables for d in t.dropped}
        for duplicate in self.duplicates:
            if duplicate.scope == "within_source" and duplicate.target != "Title":
                counts[f"duplicate_key:{duplicate.target}"] = duplicate.count
        files = {t.name for t in self.tables}
        for orphan in self.orphans:
            if orphan.target in files:
                continue  # in the file's own count
            name = f"{orphan.reason}:{orphan.target}"
            counts[name] = counts.get(name, 0) + orphan.count
        return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class RecordDigests:
    """Typed records as written: SHA-256 and row count by record table, and the digest over all tables."""

    folder: Path
    digests: Mapping[str, str]
    counts: Mapping[str, int]
    total: str
