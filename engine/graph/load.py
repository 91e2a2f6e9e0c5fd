"""Fills a new graph from record files: tables from the compiled ontology, rows by COPY from Parquet, counts compared afterwards.

The work runs in a child process, because on a full disk the engines raise first and then take the process with them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.contracts import BadInput, Corrupt, Diagnostic, EngineError, InputOutput, Place
from engine.documents import data_folder
from engine.graph.child_process import converse
from engine.graph.store import DEFAULT_ENGINE
from engine.ontology import Schema

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN_FAULTS = 20
_LITTLE = 1 << 24  # bytes of free disk below which a failed load is a full disk, whatever the engine says
_PATIENCE, _SLOWEST = 120.0, 1000  # seconds, and rows a second: an engine that failed to write may spin for ever
_GLOB = "*?["


@dataclass(frozen=True, slots=True)
class Loaded:
    """What went in: rows of every record table that has any, in the order of `Schema.targets()`."""

    counts: tuple[tuple[str, int], ...]
    nodes: int
    relationships: int


@dataclass(frozen=True, slots=True)
class _RecordFile:
    """A record table with rows: its target, its file, its number of rows."""

    target: str
    path: Path
    rows: int


def load_graph(records: Path, path: Path, engine: str, schema: Schema, progress: Callable[[str], None] = lambda _: None) -> Loaded:
    """Make the graph file `path` from the Parquet files of `records`; a target without a file has no rows.

    Leaves one closed file without a write-ahead file. Raises BadInput GRA201 (a file that is no record table), GRA202 (wrong
    columns), GRA203 (a key twice), GRA204 (a reference to nothing), GRA205 (an empty key), GRA206 (a path the engine would
    read as a pattern), GRA207 (other COPY faults); Corrupt GRA208 (counts differ), GRA209 (a write-ahead file is left);
    InputOutput GRA110 (disk full), GRA210 (the engine died or made no end).
    """
    files = _record_files(records, schema)
    if any(c in str(records) for c in _GLOB):
        raise BadInput.at("GRA206", f"the folder name `{records.name}` holds one of {_GLOB}", why="COPY would read it as a pattern", fix="use a workspace without them")
    ddl = (data_folder("ontology") / "compiled" / "graph.cypher").read_text(encoding="utf-8")
    request = {
        "path": str(path.absolute()), "engine": engine or DEFAULT_ENGINE, "ddl": [line for line in ddl.splitlines() if line.strip()],
        "copies": [[f.target, str(f.path.absolute()), f.rows] for f in files],
    }  # fmt: skip
    failure: list[dict[str, Any]] = []
    counted: dict[str, int] = {}

    def heard(line: dict[str, Any]) -> None:
        if "fault" in line:
            failure.append(line)
        elif "counted" in line:
            counted[line["counted"]] = line["rows"]
        else:
            progress(f"{line['copied']}: {line['rows']} rows")

    ending = converse("engine.graph.load_child", request, heard, _PATIENCE + sum(f.rows for f in files) / _SLOWEST)
    if (failure or ending.status != 0) and shutil.disk_usage(path.parent).free < _LITTLE:
        why = str(failure[0]["why"]) if failure else f"the {engine} process ended with status {ending.status}"
        raise InputOutput.at("GRA110", "the disk is full", why=why, fix="make room; nothing published was touched")
    if failure:
        _raise_fault(failure[0], files, schema)
    if ending.status != 0:
        why = "it made no end" if ending.out_of_time else f"it ended with status {ending.status}; {ending.complaint.strip()[-200:]}"
        raise InputOutput.at("GRA210", f"the {engine} process failed to load the graph", why=why, fix="check disk and memory; nothing published was touched")
    _refuse_differences(files, counted, path)
    in_classes = sum(f.rows for f in files if f.target in schema.classes)
    return Loaded(tuple((f.target, f.rows) for f in files), in_classes, sum(f.rows for f in files) - in_classes)


def _record_files(records: Path, schema: Schema) -> tuple[_RecordFile, ...]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    targets = schema.targets()
    try:
        present = {p.stem: p for p in sorted(records.iterdir()) if p.suffix == ".parquet"}
    except OSError as error:
        raise InputOutput.at("GRA109", f"cannot read the record folder: {error.strerror}", fix="check that it exists and may be read") from None
    faults = [Diagnostic(Place(present[n].name), "GRA201", f"`{n}` is no record table of the ontology", fix="remove the file") for n in present if n not in targets]
    files = []
    for target in targets:
        if target not in present:
            continue
        place = Place(present[target].name)
        try:
            metadata = pq.ParquetFile(present[target])
        except (OSError, pa.ArrowException) as error:
            faults.append(Diagnostic(place, "GRA201", "cannot be read as Parquet", str(error).splitlines()[0][:200], "build the records again"))
            continue
        keys = ["id"] if target in schema.classes else ["from", "to"]
        expected = [*keys, *(p.column for p in schema.columns(target)), *(p.column for p in schema.provenance)]
        if metadata.schema_arrow.names != expected:
            differing = ", ".join(sorted(set(expected) ^ set(metadata.schema_arrow.names))) or "their order"
            faults.append(Diagnostic(place, "GRA202", f"wrong columns: {differing}", "rows are copied by position", "write the columns of ontology/compiled/arrow.json"))
        elif metadata.metadata.num_rows:
            files.append(_RecordFile(target, present[target], metadata.metadata.num_rows))
    if faults:
        raise BadInput(*faults)
    return tuple(files)


def _refuse_differences(files: Sequence[_RecordFile], counted: dict[str, int], path: Path) -> None:
    faults = [
        Diagnostic(Place(f.path.name), "GRA208", f"{f.rows} rows in the file, {counted.get(f.target)} in the graph", "the engine lost or repeated rows", "build again")
        for f in files if counted.get(f.target) != f.rows
    ]  # fmt: skip
    beside = sorted(p.name for p in path.parent.iterdir() if p.name.startswith(path.name + "."))
    faults += [Diagnostic(Place(name), "GRA209", "was left behind by the load", "it would change what a reader sees", "build again") for name in beside]
    if faults:
        raise Corrupt(*faults)


def _raise_fault(line: dict[str, Any], files: Sequence[_RecordFile], schema: Schema) -> None:
    """Name the rows behind the engine's first complaint: it stops at one and finds another one each time."""
    target = line.get("target")
    failed = next((f for f in files if f.target == target), None)
    faults = sorted(_row_faults(failed, files, schema))[:SHOWN_FAULTS] if failed else []
    if faults:
        raise BadInput(*faults)
    kind = {2: BadInput, 3: Corrupt, 4: InputOutput}.get(line["exit_code"], EngineError)
    place = Place(f"{target}.parquet") if target else Place()
    raise kind.at(line["code"] if line["code"] != "QRY301" else "GRA207", line["fault"], why=line["why"], fix=line["fix"], place=place)


def _row_faults(failed: _RecordFile, files: Sequence[_RecordFile], schema: Schema) -> Iterator[Diagnostic]:
    import pyarrow.compute as pc

    place = Place(failed.path.name)
    if failed.target in schema.classes:
        keys = _column(failed.path, "id")
        if keys.null_count:
            yield Diagnostic(place, "GRA205", f"{keys.null_count} rows of {failed.target} have no key", "a record is known by its key", "give each row an id")
        for entry in pc.value_counts(keys.drop_null()).to_pylist():
            if entry["counts"] > 1:
                what = f"the key `{entry['values']}` stands {entry['counts']} times in {failed.target}"
                yield Diagnostic(place, "GRA203", what, "a key names one record", "keep one of the rows")
        return
    _, start, end = failed.target.split(".")
    paths = {f.target: f.path for f in files}
    for column, kind in (("from", start), ("to", end)):
        values = _column(failed.path, column)
        known = set(_column(paths[kind], "id").to_pylist()) if kind in paths else set()
        for value in sorted({str(v) for v in values.unique().to_pylist() if v not in known}):
            yield Diagnostic(place, "GRA204", f"`{column}` names `{value}`, which is no {kind}", "a relationship joins two records", "add the record or drop the row")


def _column(path: Path, name: str) -> pa.ChunkedArray:
    import pyarrow.parquet as pq

    return pq.read_table(path, columns=[name]).column(name)
