"""A list of titles as people deliver it: csv, Parquet or plain text, read in batches, every row accounted for.

In: a file and, where it has columns, the name of one. Out: batches of trimmed titles with how many rows had each, and counts of what was met. A row without a title is
a row with the empty title; a byte that is not UTF-8 is read as Windows-1252 and counted; what cannot be read without guessing is refused with its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from engine.contracts import BadInput, InputOutput, Place
from engine.coverage.csv_titles import csv_titles
from engine.coverage.parquet_titles import parquet_titles
from engine.coverage.routing import TITLES
from engine.coverage.text_lines import TextLines

FORMS = {".csv": "csv", ".tsv": "csv", ".parquet": "parquet", ".pq": "parquet", ".txt": "text", ".text": "text", "": "text"}
_FOREIGN = ((b"PK\x03\x04", "a zip archive or workbook"), (b"\x1f\x8b", "gzip"), (b"%PDF", "a PDF"), (b"\xd0\xcf\x11\xe0", "an old workbook"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bzip2"))
_PARQUET = b"PAR1"
_BATCH_ROWS, _BATCH_CHARACTERS = 65_536, 8_000_000


@dataclass(slots=True)
class RowCounts:
    """Rows of a list by what was met in them; all but `rows` may overlap.

    `rows`: all of them. `blank`: rows whose title is empty after trimming; of these `missing` had no cell for it (a null, or a line that was cut off).
    `trimmed`: rows whose title lost white space at an end. `recoded`: rows with a byte that is not UTF-8, read as Windows-1252. `control`: rows whose title holds a NUL.
    `short` and `long`: csv rows with fewer or more cells than the header. `blank_lines`: csv lines with nothing in them, which are no rows.
    """

    rows: int = 0
    blank: int = 0
    missing: int = 0
    trimmed: int = 0
    recoded: int = 0
    control: int = 0
    short: int = 0
    long: int = 0
    blank_lines: int = 0

    def stated(self) -> dict[str, int]:
        """By name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def read(cls, data: Any) -> RowCounts:
        """From its JSON form. Raises ValueError, with the name, where one is lacking or no whole number."""
        names = [f.name for f in fields(cls)]
        if not isinstance(data, dict) or sorted(data) != sorted(names):
            raise ValueError(f"counts of {', '.join(names)} are wanted")
        if wrong := [n for n in names if type(data[n]) is not int or data[n] < 0]:
            raise ValueError(f"{wrong[0]} is no count")
        return cls(**data)


@dataclass(slots=True)
class TitleFile:
    """One list. `counts` grow while `batches` are read."""

    path: Path
    column: str | None
    counts: RowCounts = field(default_factory=RowCounts)

    @property
    def form(self) -> str:
        """csv, parquet or text, by the first bytes and the end of the name. Raises BadInput COV101 to COV103, InputOutput COV401."""
        place = Place(self.path.name)
        try:
            with self.path.open("rb") as file:
                head = file.read(8)
        except OSError as error:
            code = InputOutput if not isinstance(error, (FileNotFoundError, IsADirectoryError)) else BadInput
            raise code.at("COV101", f"the list cannot be read: {error.strerror}", fix="name a csv, Parquet or text file", place=place) from None
        if not head:
            raise BadInput.at("COV102", "the list is empty", why="not a single byte is in it", fix="give a list with at least one title", place=place)
        for mark, what in _FOREIGN:
            if head.startswith(mark):
                raise BadInput.at("COV103", f"the list is {what}", why="titles are read from csv, Parquet or plain text", fix="unpack or export it first", place=place)
        form = "parquet" if head.startswith(_PARQUET) else FORMS.get(self.path.suffix.lower())
        if form is None:
            raise BadInput.at("COV103", f"`{self.path.suffix}` says nothing of how the list is written", why="titles are read from csv, Parquet or plain text", fix="name it .csv, .tsv, .parquet or .txt", place=place)
        return form

    def batches(self) -> Iterator[Any]:
        """Record batches (`title`, `rows`), each title once in a batch. Raises BadInput COV101 to COV110 with the place, InputOutput COV401."""
        form = self.form
        if form != "text" and not self.column:
            raise BadInput.at("COV104", f"a {form} list has columns, and none is named", fix="name the column of titles with --column", place=Place(self.path.name))
        counts, kept, characters = self.counts, Counter[str](), 0
        size = 0
        for title in self._titles(form):
            counts.rows += 1
            if title is None:
                counts.missing += 1
                title = ""
            trimmed = title.strip()
            if not trimmed:
                counts.blank += 1
            if len(trimmed) != len(title):
                counts.trimmed += 1
            if "\0" in trimmed:
                counts.control += 1
            kept[trimmed] += 1
            size += 1
            characters += len(trimmed)
            if size >= _BATCH_ROWS or characters >= _BATCH_CHARACTERS:
                yield _batch(kept)
                kept, size, characters = Counter(), 0, 0
        if kept:
            yield _batch(kept)
        if not counts.rows:
            raise BadInput.at("COV102", "the list holds no rows", why="there is a header and nothing below it", fix="give a list with at least one title", place=Place(self.path.name))

    def _titles(self, form: str) -> Iterator[str | None]:
        """Titles as they stand, None where a row has none."""
        shown = self.path.name
        if form == "parquet":
            yield from parquet_titles(self.path, str(self.column), self.counts)
            return
        try:
            with self.path.open("rb") as file:
                lines = TextLines(file, shown)
                if form == "csv":
                    yield from csv_titles(lines, str(self.column), shown, self.counts)
                else:
                    yield from (line.rstrip("\r\n") for line in lines)
                self.counts.recoded = lines.recoded
        except OSError as error:
            raise InputOutput.at("COV401", f"the list cannot be read to its end: {error.strerror}", fix="check the disk and run again", place=Place(shown)) from None


def _batch(kept: Counter[str]) -> Any:
    return pa.record_batch([pa.array(list(kept), pa.string()), pa.array(list(kept.values()), pa.int64())], schema=TITLES)
