"""One delivered table: its header against the layout, and the pre-check of every line before a database sees it.

The databases that read such files skip blank lines, accept NUL bytes and a cut-off last line, and stop at the first of
many faults; here each of these is a fault with its line, and all of a file's faults are met at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from engine.contracts import Diagnostic, Place, sha256_hex
from engine.sources.layout import TableLayout
from engine.sources.regular_file import read_bytes

MAX_LINE_BYTES = 1_000_000
MAX_FAULTS = 50
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class TableFile:
    """A delivered file at `path`, called `shown` in messages: `header` holds its columns as they stand, `positions` the staged column of each (None: not in the layout)."""

    layout: TableLayout
    path: Path
    shown: str
    header: tuple[str, ...]
    positions: tuple[str | None, ...]
    sha256: str
    size: int

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns that the layout does not know; they are not read."""
        return tuple(name for name, column in zip(self.header, self.positions, strict=True) if column is None)


def open_table(path: Path, layout: TableLayout, faults: list[Diagnostic], shown: str = "") -> TableFile | None:
    """Check the header of a delivered file; None where it is unusable, with the faults (SRC210 to SRC212) added.

    `shown` is how messages call the file (default: its path).

    Raises InputOutput SRC201 where it cannot be read.
    """
    shown = shown or str(path)
    raw = read_bytes(path, shown)
    place = Place(shown, 1)
    first = raw[: raw.find(b"\n")] if b"\n" in raw else raw
    try:
        text = first.removeprefix(_BOM).decode("utf-8").rstrip("\r")
    except UnicodeDecodeError as error:
        faults.append(Diagnostic(place, "SRC210", f"the header is not UTF-8 (byte 0x{first[error.start]:02x})", fix="take the tab-delimited text release, saved as UTF-8"))
        return None
    if not text.strip():
        faults.append(Diagnostic(place, "SRC210", "the file is empty", "a table without a header cannot be told from a cut-off one", "fetch the file again"))
        return None
    header = tuple(next(csv.reader([text]))) if layout.quoted else tuple(text.split(layout.delimiter))
    known = {c.name: c.column for c in layout.columns}
    missing = [c.name for c in layout.columns if c.required and c.name not in header]
    spare = [name for name in header if name not in known]
    for name in missing:
        near = get_close_matches(name, spare, n=1, cutoff=0.5)
        met = f"the nearest column met is `{near[0]}`" if near else f"met: {', '.join(header[:10])}"
        faults.append(Diagnostic(place, "SRC211", f"the column `{name}` is missing; {met}", "columns are found by their official names", f"rename the column to `{name}`, or take the official file"))
    faults.extend(Diagnostic(place, "SRC212", f"the column `{name}` stands twice", fix="remove one") for name in sorted({n for n in header if n in known and header.count(n) > 1}))
    if missing or len(set(header)) < len(header):
        return None
    return TableFile(layout, path, shown, header, tuple(known.get(name) for name in header), sha256_hex(raw), len(raw))


def table_faults(table: TableFile) -> tuple[int, tuple[Diagnostic, ...]]:
    """Number of data rows, and every fault of the lines (at most MAX_FAULTS and one line that counts the rest).

    SRC220 not UTF-8, SRC221 NUL byte, SRC222 too few or too many columns, SRC223 cut off before a line end, SRC224 mixed line
    ends, SRC225 a line too long, SRC226 the bytes changed since the file was first read, SRC227 broken quoting.
    """
    raw = read_bytes(table.path, table.shown)
    faults = list(_line_faults(raw, table))
    if sha256_hex(raw) != table.sha256:
        faults.insert(0, Diagnostic(Place(table.shown), "SRC226", "the file changed while it was being read", fix="build again when nothing writes to the folder"))
    rest = len(faults) - MAX_FAULTS
    if rest > 0:
        faults = [*faults[:MAX_FAULTS], Diagnostic(Place(table.shown), "SRC229", f"{rest} more faults in this file are not listed", fix="mend these first")]
    return max(raw.count(b"\n") - 1, 0), tuple(faults)


def _line_faults(raw: bytes, table: TableFile) -> Iterator[Diagnostic]:
    shown = table.shown
    if not raw.endswith(b"\n"):
        yield Diagnostic(Place(shown, raw.count(b"\n") + 1), "SRC223", "the file ends inside a line", "a delivery that was cut off looks like this", "fetch the file again; if it is whole, end its last line")
    crlf, lf, cr = raw.count(b"\r\n"), raw.count(b"\n"), raw.count(b"\r")
    if cr != crlf or crlf not in (0, lf):
        end = b"\r\n" if crlf else b"\n"
        stray = next(n for n, part in enumerate(raw.split(b"\n"), 1) if b"\r" in part.removesuffix(b"\r") or part.endswith(b"\r") != (end == b"\r\n"))
        yield Diagnostic(Place(shown, stray), "SRC224", "line ends are mixed", "a stray carriage return would split or glue rows", "save the file with one kind of line end")
    lines = raw.split(b"\n")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        yield from _bad_bytes(lines, shown)
    if b"\0" in raw:
        for number, line in enumerate(lines, 1):
            if b"\0" in line:
                yield Diagnostic(Place(shown, number, line.index(b"\0") + 1), "SRC221", "a NUL byte", "the file was damaged or is not text", "fetch the file again")
    if table.layout.quoted:
        yield from _quoted_faults(raw, len(table.header), shown)
        return
    delimiter, wanted = table.layout.delimiter.encode(), len(table.header) - 1
    for number, line in enumerate(lines[:-1], 1):
        met = line.count(delimiter)
        if met != wanted:
            yield _width_fault(shown, number, met + 1, wanted + 1)
        elif len(line) > MAX_LINE_BYTES:
            yield Diagnostic(Place(shown, number), "SRC225", f"a line of {len(line)} bytes", f"no row of this publisher comes near {MAX_LINE_BYTES}", "fetch the file again")


def _bad_bytes(lines: list[bytes], shown: str) -> Iterator[Diagnostic]:
    for number, line in enumerate(lines, 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            place = Place(shown, number, error.start + 1)
            yield Diagnostic(place, "SRC220", f"byte 0x{line[error.start]:02x} is not UTF-8", "the text would be read wrongly", "save the file as UTF-8, or fetch it again")


def _quoted_faults(raw: bytes, wanted: int, shown: str) -> Iterator[Diagnostic]:
    reader = csv.reader(io.StringIO(raw.decode("utf-8", "replace").removeprefix("\ufeff"), newline=""), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if reader.line_num != number:
                yield Diagnostic(Place(shown, number), "SRC227", "a quoted cell holds a line end", "rows could no longer be found by their line", "close the quote, or put the cell on one line")
                return
            if len(cells) != wanted:
                yield _width_fault(shown, number, len(cells), wanted)
    except csv.Error as error:
        yield Diagnostic(Place(shown, number + 1), "SRC227", f"broken quoting: {error}", fix="close the quote, or double a quote inside a cell")


def _width_fault(shown: str, number: int, met: int, wanted: int) -> Diagnostic:
    return Diagnostic(Place(shown, number), "SRC222", f"{met} columns where the header has {wanted}", "values would slip into the wrong column", "mend the line, or fetch the file again")
