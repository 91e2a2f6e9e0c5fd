"""Records as they stand in a snapshot's files: one by its key, or all that cite a publisher's row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.contracts import PROVENANCE_COLUMNS, BadInput, from_micro, to_micro
from engine.graph import Snapshot
from engine.lineage.cited_rows import CitedRows, cited_rows
from engine.ontology import Schema


@dataclass(frozen=True, slots=True)
class StatedRecord:
    """A record with its provenance. `key` is one key, or relation, start and end; `values` are exact (decimals, ISO dates, tuples)."""

    target: str
    key: tuple[str, ...]
    values: Mapping[str, Any]
    source: str
    source_ref: str
    release: str
    licence: str
    confidence: Decimal
    derived_by: str

    @property
    def name(self) -> str:
        """`task/8823`, or `PERFORMS occupation/11-1011.00 task/8823`."""
        return " ".join(self.key)

    @property
    def label(self) -> str:
        """What people call it; '' for a relationship."""
        return str(self.values.get("label") or self.values.get("statement") or "")

    @property
    def cited(self) -> tuple[CitedRows, ...]:
        """The publisher's rows behind it."""
        return cited_rows(self.source, self.source_ref)


def record_of(snapshot: Snapshot, schema: Schema, wanted: str) -> StatedRecord | None:
    """The record of a key (`task/8823`) or of a relation with both ends (`PERFORMS occupation/... task/...`); None where the snapshot has none.

    Raises BadInput LIN102 where the words are neither; Corrupt as the snapshot's seal does.
    """
    words = wanted.split()
    if len(words) == 1:
        kind = schema.class_of_key(wanted)
        if kind is None:
            raise _no_record(wanted, schema)
        return next(_rows(snapshot, kind, [("id", "==", wanted)]), None)
    relation = next((r for r in schema.relations.values() if words[0] in (r.table, r.name)), None)
    ends = [schema.class_of_key(w) for w in words[1:]]
    if len(words) != 3 or relation is None or None in ends:
        raise _no_record(wanted, schema)
    if (ends[0], ends[1]) not in relation.pairs:
        return None
    target = f"{relation.table}.{ends[0]}.{ends[1]}"
    return next(_rows(snapshot, target, [("from", "==", words[1]), ("to", "==", words[2])]), None)


def records_at(snapshot: Snapshot, schema: Schema, place: CitedRows, row: int) -> tuple[StatedRecord, ...]:
    """Every record that cites a row of a publisher's file, classes before relationships, in order of key."""
    counts = snapshot.receipt().counts
    found: list[StatedRecord] = []
    for target in schema.targets():
        if counts.get(target, 0):
            found += _citing(snapshot, target, place, row)
    return tuple(found)


def row_above(snapshot: Snapshot, schema: Schema, place: CitedRows, row: int) -> int:
    """The last row of a file, before this one, that a record cites; 0 where there is none."""
    counts = snapshot.receipt().counts
    starts = (a for t in schema.targets() if counts.get(t, 0) for _, cited in _cited_near(snapshot, t, place) for c in cited for a, _ in c.spans)
    return max((a for a in starts if a < row), default=0)


def stated_by_source(folder: Path, targets: Iterable[str]) -> dict[str, dict[str, int]]:
    """Rows of each record table by the source that states them, both in name order; tables without rows are left out."""
    found: dict[str, dict[str, int]] = {}
    for target in sorted(targets):
        path = folder / f"{target}.parquet"
        if not path.is_file():
            continue
        counted = pc.value_counts(pq.read_table(path, columns=["source"], read_dictionary=["source"])["source"]).to_pylist()
        if counted:
            found[target] = {str(c["values"]): int(c["counts"]) for c in sorted(counted, key=lambda c: str(c["values"]))}
    return found


def columns_of(snapshot: Snapshot, target: str, *names: str) -> list[tuple[Any, ...]]:
    """The named columns of a record table, row by row in key order, decimals exact."""
    table = pq.read_table(snapshot.verified_path(f"records/{target}.parquet"), columns=list(names))
    return list(zip(*([exact(v) for v in table[name].to_pylist()] for name in names), strict=True))


def exact(value: Any) -> Any:
    """A stored double as the decimal that was written, a day as ISO text, a list as a tuple."""
    if isinstance(value, float):
        return from_micro(to_micro(value)).normalize()
    if isinstance(value, list):
        return tuple(exact(v) for v in value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _rows(snapshot: Snapshot, target: str, filters: list[tuple[str, str, str]]) -> Iterator[StatedRecord]:
    path = snapshot.verified_path(f"records/{target}.parquet")
    for row in pq.read_table(path, filters=filters).to_pylist():
        yield _record(target, row)


def _citing(snapshot: Snapshot, target: str, place: CitedRows, row: int) -> Iterator[StatedRecord]:
    near = _cited_near(snapshot, target, place)
    cites = [i for i, cited in near if any(c.covers(row) for c in cited)]
    if cites:
        for found in pq.read_table(snapshot.verified_path(f"records/{target}.parquet")).take(cites).to_pylist():
            yield _record(target, found)


def _cited_near(snapshot: Snapshot, target: str, place: CitedRows) -> list[tuple[int, tuple[CitedRows, ...]]]:
    """Positions in a record table with the rows of that file that each cites, where it cites any."""
    refs = pq.read_table(snapshot.verified_path(f"records/{target}.parquet"), columns=["source", "source_ref"])
    sources, written = refs["source"], refs["source_ref"]
    at = pc.indices_nonzero(pc.match_substring(written, f"{place.file}:")).to_pylist()
    found = ((i, tuple(c for c in cited_rows(sources[i].as_py(), written[i].as_py()) if c.name == place.name)) for i in at)
    return [(i, cited) for i, cited in found if cited]


def _record(target: str, row: Mapping[str, Any]) -> StatedRecord:
    key = (str(row["id"]),) if "id" in row else (target.split(".")[0], str(row["from"]), str(row["to"]))
    values = {k: exact(v) for k, v in row.items() if k not in ("id", "from", "to", *PROVENANCE_COLUMNS) and v not in (None, [])}
    return StatedRecord(target, key, values, row["source"], row["source_ref"], row["release"], row["licence"], exact(row["confidence"]), row["derived_by"])


def _no_record(wanted: str, schema: Schema) -> BadInput:
    prefixes = ", ".join(sorted(c.key_prefix for c in schema.classes.values()))
    fault = BadInput.at(
        "LIN102", f"`{wanted}` names no decision, record or row", why=f"a record has the key of a class ({prefixes}), or is a relation with both its ends",
        fix='write task/8823, "PERFORMS occupation/11-1011.00 task/8823" or "onet@30.1/Task Statements.txt:17"',
    )  # fmt: skip
    assert isinstance(fault, BadInput)
    return fault
