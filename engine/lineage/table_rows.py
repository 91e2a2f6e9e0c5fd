"""Rows of a Parquet file or a workbook as text. Only of bytes that a build has already accepted: those were read in a process with limits."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pyarrow.parquet as pq

from engine.sources import PUBLISHERS

SUFFIXES = (".parquet", ".xlsx")


def table_rows(name: str, raw: bytes, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The wanted rows, each as `column: value` joined by tabs; rows that the file lacks are left out.

    A Parquet file's first row is 1; a workbook's rows have the numbers that the workbook shows.
    """
    yield from _parquet(raw, wanted) if name.lower().endswith(".parquet") else _workbook(name, raw, wanted)


def _parquet(raw: bytes, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
    table = pq.read_table(io.BytesIO(raw))
    at = [n for n in wanted if n <= table.num_rows]
    for number, row in zip(at, table.take([n - 1 for n in at]).to_pylist(), strict=True):
        yield number, "\t".join(f"{column}: {value}" for column, value in row.items() if value is not None)


def _workbook(name: str, raw: bytes, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
    from python_calamine import load_workbook

    book = load_workbook(io.BytesIO(raw))
    sheet = next((t.sheet for p in PUBLISHERS for t in p.tables if name in (t.file, *t.alternatives)), "") or book.sheet_names[0]
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    for number in wanted:
        if number <= len(rows):
            yield number, "\t".join(str(cell) for cell in rows[number - 1])
