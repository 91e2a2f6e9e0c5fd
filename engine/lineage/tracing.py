"""From a record to the publisher's rows behind it, and from a publisher's row to the records that came from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.contracts import BadInput
from engine.graph import Snapshot
from engine.lineage.cited_rows import CitedRows, cited_rows
from engine.lineage.intake import UnmatchedRow
from engine.lineage.publishers_lines import TracedFile, traced_file
from engine.lineage.stated_records import StatedRecord, record_of, records_at, row_above
from engine.ontology import Schema

AUTHORED = (".yaml", ".yml")  # a record of such a file begins at one line and goes on


@dataclass(frozen=True, slots=True)
class Trace:
    """Lineage of a record (`record` is it, `files` are behind it) or of a publisher's row (`row` is its number, `records` cite it).

    `source` is the Source record under it, None where the snapshot has none. `stated_at` is the line where `records` begin: `row`, but
    for an authored file, where a record goes over many lines, the nearest line above at which one begins; 0 where there is none.
    `met_nothing` are joins in which the row met nothing, with the reason.
    """

    snapshot: str
    receipt_id: str
    record: StatedRecord | None
    row: int
    source: StatedRecord | None
    files: tuple[TracedFile, ...]
    records: tuple[StatedRecord, ...]
    stated_at: int = 0
    met_nothing: tuple[UnmatchedRow, ...] = ()


def trace_record(snapshot: Snapshot, schema: Schema, wanted: str, folders: Sequence[Path] = ()) -> Trace:
    """The lineage of a record. `folders` are looked through for the publishers' files.

    Raises BadInput LIN102 (the words name no record), LIN103 (the snapshot has no such record).
    """
    record = record_of(snapshot, schema, wanted)
    if record is None:
        raise BadInput.at("LIN103", f"the snapshot {snapshot.name} has no record `{wanted}`", fix="look for its key with `wig explore`, or name another snapshot")
    receipt = snapshot.receipt()
    files = tuple(traced_file(cited, receipt, folders) for cited in record.cited)
    return Trace(snapshot.name, receipt.receipt_id, record, 0, record_of(snapshot, schema, record.source), files, (record,))


def trace_row(snapshot: Snapshot, schema: Schema, place: CitedRows, row: int, folders: Sequence[Path] = (), unmatched: Iterable[Mapping[str, str]] = ()) -> Trace:
    """The records that came from a row; none where the row was dropped or is not projected, or the file has no such row.

    `unmatched` are the rows that met nothing, as the findings of the build list them.

    Raises BadInput LIN104 where the build read no such file.
    """
    receipt = snapshot.receipt()
    file = traced_file(place, receipt, folders)
    if not file.sha256:
        known = sorted(f.name for f in receipt.inputs if f.kind == "source" and "/" in f.name)
        publisher = place.release.partition("@")[0]
        near = [name for name in known if name.rpartition("/")[2].lower() == place.file.lower()] or [name for name in known if name.startswith(f"{publisher}@")] or known
        raise BadInput.at("LIN104", f"the build did not read `{place.name}`", why="the receipt lists every file that went in", fix=f"files that it read: {', '.join(near[:6])}{' ...' if len(near) > 6 else ''}")
    source = record_of(snapshot, schema, f"source/{place.release}")
    records, stated_at = records_at(snapshot, schema, place, row), row
    if not records and place.file.endswith(AUTHORED) and not file.past_its_end:
        stated_at = row_above(snapshot, schema, place, row)
        records = records_at(snapshot, schema, place, stated_at) if stated_at else ()
    mine = (u for u in unmatched if u["source"] == f"source/{place.release}" and any(c.name == place.name and c.covers(row) for c in cited_rows(u["source"], u["source_ref"])))
    unmet = tuple(UnmatchedRow(u["join"], u["subject"], u["source_ref"], u["reason"]) for u in mine)
    return Trace(snapshot.name, receipt.receipt_id, None, row, source, (file,), records, stated_at if records else 0, unmet)


def built_from(folder: str | None) -> tuple[Path, ...]:
    """The folder that a build remembers, where it is still there."""
    return (Path(folder),) if folder and Path(folder).exists() else ()
