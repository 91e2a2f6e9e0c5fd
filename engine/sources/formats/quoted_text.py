"""Quoted text, read strictly by the standard library's csv: one reader decides what a cell is, and where its record begins."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from engine.contracts import Diagnostic, Place
from engine.sources.formats.line_faults import MAX_CELL, mixed_ends, too_long, width_fault
from engine.sources.formats.records import MAX_CELLS, Faults, Records, too_many_cells

_BOM = b"\xef\xbb\xbf"


def quoted_header(line: str, delimiter: str) -> tuple[str, ...] | None:
    """Cells of a header line; None where its quoting is broken."""
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter, strict=True)))
    except (csv.Error, StopIteration):
        return None


def read_quoted(raw: bytes, delimiter: str, header_line: int, multiline: bool, positions: Sequence[str | None], shown: str) -> tuple[Records, Faults]:
    """Records below the header, and faults: SRC222 (width), SRC224 (a stray carriage return), SRC225 (a cell too long), SRC227 (quoting), SRC263 (too many cells).

    Where `multiline` is false a quoted line end is a fault too. After broken quoting nothing is read: every line would be a guess.
    """
    cells = (raw.count(delimiter.encode()) + raw.count(b"\n")) if len(raw) > MAX_CELLS else 0
    if cells > MAX_CELLS:
        return Records([], {}), Faults((too_many_cells(shown, cells),))
    faults = Faults(() if multiline else mixed_ends(raw, shown))
    lines, rows = _whole(raw, delimiter, header_line, multiline, len(positions))
    for begins, met in () if rows else _records(raw, delimiter, header_line, multiline, shown):
        if isinstance(met, Diagnostic):
            faults.add(met)
        elif len(met) != len(positions):
            faults.add(width_fault(shown, begins, len(met), len(positions)))
        elif not faults:
            lines.append(begins)
            rows.append(met)
    if not faults:
        faults.extend(_bare_quotes(raw, lines, rows, shown))
    return Records(lines[1:], {name: [row[n] for row in islice(rows, 1, None)] for n, name in enumerate(positions) if name is not None}), faults


def _whole(raw: bytes, delimiter: str, header_line: int, multiline: bool, wanted: int) -> tuple[list[int], list[list[str]]]:
    """Lines and records of a file without a fault in quoting or width; nothing of any other, which is then read again to tell its faults."""
    reader, collecting = _reader(raw, delimiter, header_line), gc.isenabled()
    rows: list[list[str]] = []
    ends: list[int] = []
    gc.disable()  # it would look again and again through lists that are all alive
    try:
        if multiline:
            for row in reader:
                rows.append(row)
                ends.append(reader.line_num)
        else:
            rows.extend(reader)
            ends = list(range(1, len(rows) + 1))
    except csv.Error:
        return [], []
    finally:
        if collecting:
            gc.enable()
    whole = (multiline or reader.line_num == len(rows)) and set(map(len, rows)) == {wanted}
    return ([header_line, *(header_line + end for end in ends[:-1])], rows) if whole else ([], [])


def _reader(raw: bytes, delimiter: str, header_line: int) -> Any:
    stream = io.BytesIO(raw.removeprefix(_BOM))
    for _ in range(header_line - 1):
        stream.readline()
    csv.field_size_limit(MAX_CELL)  # one for the whole process: whoever reads sets it
    return csv.reader(io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="\n"), delimiter=delimiter, strict=True)


def _records(raw: bytes, delimiter: str, header_line: int, multiline: bool, shown: str) -> Iterator[tuple[int, list[str] | Diagnostic]]:
    """The header and every record with the line on which it begins; a fault ends the reading."""
    reader = _reader(raw, delimiter, header_line)
    begins = header_line
    try:
        for cells in reader:
            ends = header_line - 1 + reader.line_num
            if ends != begins and not multiline:
                yield begins, Diagnostic(Place(shown, begins), "SRC227", "a quoted cell holds a line end", "rows could no longer be found by their line", "close the quote, or put the cell on one line")
                return
            yield begins, cells
            begins = ends + 1
    except csv.Error as error:
        yield begins, _told(error, begins, shown)


def _bare_quotes(raw: bytes, lines: list[int], rows: list[list[str]], shown: str) -> Iterator[Diagnostic]:
    """SRC227 for records in which the quotes do not come in pairs: two around a quoted cell and two for each quote in it."""
    if b'"' not in raw:
        return
    written = raw.split(b"\n")
    quotes = [line.count(b'"') for line in written]
    for row, begins, end in zip(rows, lines, [*lines[1:], len(written) + 1], strict=True):
        met = quotes[begins - 1] if end == begins + 1 else sum(quotes[begins - 1 : end - 1])
        if not met or '"' not in "".join(row):
            continue
        inside = [n for cell in row if (n := cell.count('"'))]
        if met % 2 or met - 2 * sum(inside) < 2 * len(inside):
            yield Diagnostic(Place(shown, begins), "SRC227", "broken quoting: a quote stands in a cell that is not quoted", "nobody can tell where the cell ends", "close the quote, or double a quote inside a quoted cell")


def _told(error: csv.Error, line: int, shown: str) -> Diagnostic:
    said = str(error)
    if "field larger" in said:
        return too_long(shown, line, MAX_CELL, MAX_CELL)
    if "new-line character" in said:
        return Diagnostic(Place(shown, line), "SRC224", "a carriage return outside quotes", "a stray carriage return would split or glue rows", "save the file with one kind of line end")
    return Diagnostic(Place(shown, line), "SRC227", f"broken quoting: {said}", fix="close the quote, or double a quote inside a cell")
