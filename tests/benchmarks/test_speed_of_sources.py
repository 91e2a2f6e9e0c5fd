"""How long it takes to find, check and stage every publisher's files over a plain read of the same files, and what memory that wants."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from measuring import Tell
from python_calamine import CalamineWorkbook

from engine.build import Built
from engine.sources import Delivery, TableFile, discover, load_ledger
from engine.warehouse import Warehouse

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS = 5
MEGABYTES = 2_000
_READERS = {
    "tab text": "* FROM read_csv(?, delim = '\t', header = true, all_varchar = true, quote = '', escape = '', skip = {skip})",
    "quoted text": "* FROM read_csv(?, delim = '{delimiter}', header = true, all_varchar = true, quote = '\"', escape = '\"', skip = {skip}, max_line_size = 4000000)",
    "JSON lines": "CAST(COLUMNS(*) AS VARCHAR) FROM read_json(?, format = 'newline_delimited')",
    "Parquet": "CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(?)",
}
_MEMORY = """
import re, resource, sys
from pathlib import Path
from engine.sources import discover, load_ledger
from engine.warehouse import Warehouse
scratch = Path(sys.argv[2])
with Warehouse(scratch / "warehouse") as warehouse:
    for delivery in discover(Path(sys.argv[1]), load_ledger(), {}, scratch).deliveries:
        warehouse.stage(delivery)
status = Path("/proc/self/status")  # ru_maxrss of the program itself counts what the one that started it held
own = int(re.search(r"VmHWM:\\s*(\\d+) kB", status.read_text())[1]) if status.is_file() else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


@dataclass(frozen=True)
class Met:
    """Rows by file, in order, and the wall and processor seconds that they took."""

    rows: tuple[int, ...]
    seconds: float
    spent: float


def _spent() -> float:
    """Processor seconds of this process and of its children that have ended: they hardly feel what else the machine does."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _read_plainly(deliveries: tuple[Delivery, ...]) -> Met:
    """DuckDB reads every file into a table of its own, all columns as text, on two threads; workbooks, which it cannot read, come through calamine. Nothing is checked."""
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        started, before = time.perf_counter(), _spent()
        files = [t for d in deliveries for t in d.tables]
        for number, table in enumerate(files):
            if table.form.value == "workbook":
                _read_workbook(connection, number, table)
                continue
            reader = _READERS[table.form.value].format(skip=table.header_row - 1, delimiter=table.layout.delimiter)
            connection.execute(f"CREATE TABLE t{number} AS SELECT {reader}", [str(table.path)])
        seconds, spent = time.perf_counter() - started, _spent() - before
        counts = [connection.execute(f"SELECT count(*) FROM t{number}").fetchall()[0][0] for number in range(len(files))]
        return Met(tuple(counts), seconds, spent)


def _read_workbook(connection: duckdb.DuckDBPyConnection, number: int, table: TableFile) -> None:
    book = CalamineWorkbook.from_path(str(table.path))
    rows = book.get_sheet_by_name(table.layout.sheet or book.sheet_names[0]).to_python()[table.header_row :]
    columns = [pa.array([str(row[n]) for row in rows if any(row)], pa.string()) for n in range(len(table.header))]
    connection.register("book", pa.Table.from_arrays(columns, names=[f"c{n}" for n in range(len(columns))]))
    connection.execute(f"CREATE TABLE t{number} AS SELECT * FROM book")


def _stage(folder: Path, scratch: Path) -> tuple[tuple[Delivery, ...], Met]:
    """Everything found, checked, fingerprinted and staged, as a build does it."""
    ledger = load_ledger()
    with Warehouse(scratch / "warehouse") as warehouse:
        started, before = time.perf_counter(), _spent()
        found = discover(folder, ledger, {}, scratch)
        counts = [count for delivery in found.deliveries for count in warehouse.stage(delivery)]
        return found.deliveries, Met(tuple(c.rows_in for c in counts), time.perf_counter() - started, _spent() - before)


def _compare(folder: Path, scratch: Path, tell: Tell, what: str) -> None:
    """Both in turns, so that they meet the same machine; both must have met the same rows."""
    deliveries, first = _stage(folder, scratch / "warm")
    plain, whole = [], []
    for number in range(ROUNDS):
        plain.append(_read_plainly(deliveries))
        whole.append(_stage(folder, scratch / str(number))[1])
    assert {p.rows for p in plain} == {w.rows for w in whole} == {first.rows}
    tell(f"{what} (goal 3 x)", statistics.median(w.seconds for w in whole), "plain reads of the same files", statistics.median(p.seconds for p in plain))
    tell("  the same in processor seconds", statistics.median(w.spent for w in whole), "processor seconds of the plain reads", statistics.median(p.spent for p in plain))


@pytest.mark.published
def test_reading_checking_and_staging_every_source(benchmark: Any, tell: Tell, published_data: Path, tmp_path: Path) -> None:
    _compare(published_data, tmp_path, tell, "every source read, checked and staged")
    benchmark.pedantic(lambda: _stage(published_data, tmp_path / "counted"), rounds=1)
    command = [sys.executable, "-P", "-c", _MEMORY, str(published_data), str(tmp_path / "memory")]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True)
    megabytes = int(ended.stdout) / 1024
    tell("  peak memory of it (goal 1 x), in megabytes for seconds", megabytes, f"{MEGABYTES:,} megabytes", float(MEGABYTES))
    assert megabytes < MEGABYTES


@pytest.mark.published
def test_reading_checking_and_staging_workbooks(benchmark: Any, tell: Tell, published_data: Path, tmp_path: Path) -> None:
    books = [p for p in sorted(published_data.glob("*/*.xlsx")) if p.parent.name in ("oews", "soc_2018")]
    for book in books:
        (tmp_path / "books" / book.parent.name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "books" / book.parent.name / book.name).symlink_to(book)
    _compare(tmp_path / "books", tmp_path, tell, f"{len(books)} workbooks, each read by a process of its own")
    benchmark.pedantic(lambda: _stage(tmp_path / "books", tmp_path / "counted"), rounds=1)


@pytest.mark.published
def test_a_build_from_unchanged_files(benchmark: Any, tell: Tell, published: Built, published_data: Path) -> None:
    command = [sys.executable, "-P", "-c", "from engine.interfaces.cli import main; main()", "build", "--source-dir", str(published_data)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "WIG_WORKSPACE": str(published.snapshot.folder.parent.parent)}

    def again() -> tuple[float, float]:
        started, before = time.perf_counter(), _spent()
        ended = subprocess.run(command, env=env, capture_output=True, check=True)
        assert published.snapshot.folder.name.encode() in ended.stdout + ended.stderr
        return time.perf_counter() - started, _spent() - before

    again()
    benchmark.pedantic(again, rounds=1)
    met = [again() for _ in range(5)]
    tell("cold `wig build` with nothing changed (goal 1 x)", statistics.median(seconds for seconds, _ in met), "2 seconds", 2.0)
    tell("  the same in processor seconds", statistics.median(spent for _, spent in met), "2 seconds", 2.0)
