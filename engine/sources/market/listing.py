"""A list read whole: its cells by column, and the title, count and line of every row. Delimited text, one title to a line, or Parquet.

No message shows a cell: a list may hold what nobody may see. Columns are told by their number, and by name only where the manifest names them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from engine.contracts import BadInput, Diagnostic, Place
from engine.sources.market.manifest import Manifest
from engine.sources.market.parquet_listing import read_parquet, table_records
from engine.sources.regular_file import read_bytes

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 20_000
DELIMITERS = {"csv": ",", "tsv": "\t"}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows by column, and the line on which each begins."""

    columns: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A file that was found sound: `header` as it stands, `shown` as messages call it, `table` where it is Parquet."""

    manifest: Manifest
    shown: str
    raw: bytes
    header: tuple[str, ...]
    table: pa.Table | None = None

    @property
    def title_position(self) -> int:
        """Position of the title, from 0."""
        return self.header.index(self.manifest.title_column)

    @property
    def count_position(self) -> int | None:
        """Position of the count, from 0; None where each row counts as one."""
        return None if self.manifest.count_column is None else self.header.index(self.manifest.count_column)

    def chunks(self, max_cell: int) -> Iterator[Chunk]:
        """All rows. Raises BadInput SRC367 for broken quoting, a row of another width or a cell of more than `max_cell` characters, with its line."""
        rows = _records(self)
        next(rows)
        while some := list(islice(rows, CHUNK)):
            lines, cells = zip(*some, strict=True)
            if set(map(len, cells)) != {len(self.header)}:
                line, met = next((n, len(c)) for n, c in some if len(c) != len(self.header))
                raise _refused(self.shown, line, "SRC367", f"{met} cells where the header has {len(self.header)}", "values would slip into the wrong column", "mend the line; a cell with a separator in it needs quotes")
            columns = tuple(zip(*cells, strict=True))
            if any(max(map(len, column)) > max_cell for column in columns):
                line = next(n for n, c in some if max(map(len, c)) > max_cell)
                raise _refused(self.shown, line, "SRC367", f"a cell of more than {max_cell} characters", "an open quote, or a whole document", "close the quote, or leave the column out")
            yield Chunk(columns, lines)


def open_listing(folder: Path, manifest: Manifest) -> Listing:
    """Read a list's file and check it as text, and its header against the manifest.

    Raises InputOutput SRC201 where it cannot be read; BadInput SRC364 (not there, a link to elsewhere, empty), SRC365 (columns), SRC366 (not UTF-8, NUL).
    """
    path = folder / manifest.file
    shown = str(path)
    if not path.is_file() or path.resolve().parent != folder.resolve():
        raise _refused(shown, 0, "SRC364", "the file that the manifest names is not in its folder", "", "put it beside the manifest, as a file and not as a link")
    raw = read_bytes(path).removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        raise _refused(shown, 0, "SRC364", "the file is empty", "", "fetch the list again")
    if manifest.format == "parquet":
        header, table = read_parquet(path, shown)
        return _with_columns(Listing(manifest, shown, raw, header, table))
    bad = _first_bad_byte(raw)
    if bad:
        encoding = "; the file looks like UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        raise _refused(shown, raw.count(b"\n", 0, bad[0]) + 1, "SRC366", f"{bad[1]}{encoding}", "titles would be read wrongly", "save the file as UTF-8")
    _, first = next(_records(Listing(manifest, shown, raw, ())))
    return _with_columns(Listing(manifest, shown, raw, tuple(first)))


def _with_columns(listing: Listing) -> Listing:
    """The same listing, whose declared columns are there. Raises BadInput SRC365."""
    shown, header = listing.shown, listing.header
    faults = [
        Diagnostic(Place(shown, 1), "SRC365", f"the declared column `{name}` {'is not in the file' if header.count(name) == 0 else 'stands twice in the file'}; it has {len(header)} columns", "columns are found by their names", "declare the columns as they stand in the first line")
        for name in listing.manifest.columns if header.count(name) != 1
    ]  # fmt: skip
    if faults:
        raise BadInput(*faults)
    return listing


def _first_bad_byte(raw: bytes) -> tuple[int, str] | None:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start, f"byte 0x{raw[error.start]:02x} is not UTF-8"
    nul = raw.find(b"\0")
    return None if nul < 0 else (nul, "a NUL byte")


def _records(listing: Listing) -> Iterator[tuple[int, list[str]]]:
    """The header and all records with the line on which each begins; blank lines are no records."""
    if listing.table is not None:
        yield from table_records(listing.header, listing.table, CHUNK)
        return
    if listing.manifest.format == "txt":  # no line of the file is a header: the manifest names the one column
        yield 0, [listing.manifest.title_column]
        yield from ((n, [text.rstrip("\r")]) for n, text in enumerate(listing.raw.decode("utf-8").split("\n"), 1) if text.strip())
        return
    reader = csv.reader(io.StringIO(listing.raw.decode("utf-8"), newline=""), delimiter=DELIMITERS[listing.manifest.format], strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise _refused(listing.shown, line, "SRC367", "broken quoting, or a cell too long to be one", "rows can no longer be told apart", "close the quote, or double a quote inside a cell") from None


def _refused(shown: str, line: int, code: str, what: str, why: str, fix: str) -> BadInput:
    return BadInput(Diagnostic(Place(shown, line), code, what, why, fix))
