"""The column of titles in comma, semicolon, tab or bar separated text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.contracts import BadInput, Place
from engine.coverage.text_lines import MAX_LINE, TextLines

if TYPE_CHECKING:
    from engine.coverage.title_file import RowCounts

_DELIMITERS = ",;\t|"
_SHOWN_COLUMNS = 20
MAX_RECORD_LINES = 1_000


def csv_titles(lines: TextLines, column: str, shown: str, counts: RowCounts) -> Iterator[str | None]:
    """Cells of the column, None where a row is too short to have one.

    The delimiter is the one that gives the header the column. A line with nothing in it is no row and counted apart. Raises BadInput COV105 (no such column), COV107 (a quote that is never
    closed: what follows would be swallowed), COV108 (quoting that cannot be read).
    """
    csv.field_size_limit(MAX_LINE)
    source = iter(lines)
    header_line = next(source, "")
    delimiter, width, position = _header(header_line, column, shown)
    record = _Record(source, lines, shown)
    reader = csv.reader(record, delimiter=delimiter)
    while True:
        record.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput.at("COV108", f"a row cannot be read: {error}", why="nobody can tell where its cells end", fix="mend the quoting or the line end there", place=Place(shown, record.began)) from None
        if record.ended_early:
            raise BadInput.at("COV107", "a quote that opens in this row is never closed", why="every row below it would be swallowed", fix="close the quote, or double it inside a cell", place=Place(shown, record.began))
        if not cells:
            counts.blank_lines += 1
            continue
        if len(cells) != width:
            counts.short += len(cells) < width
            counts.long += len(cells) > width
        yield cells[position] if len(cells) > position else None


class _Record:
    """The lines of one csv record at a time, so that a quote left open is noticed where it opens."""

    def __init__(self, source: Iterator[str], lines: TextLines, shown: str) -> None:
        self._source, self._lines, self._shown = source, lines, shown
        self._taken = 0
        self.began = 1
        self.ended_early = False

    def begin(self) -> None:
        """The next line begins a record."""
        self._taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source, None)
        if line is None:
            # the reader asked for more: with lines of this record in hand, it was inside a quote. A single cut-off last line is only that
            self.ended_early = self._taken > 1
            raise StopIteration
        self._taken += 1
        if self._taken == 1:
            self.began = self._lines.number
        elif self._taken > MAX_RECORD_LINES:
            raise BadInput.at("COV107", f"a quote that opens in this row is not closed within {MAX_RECORD_LINES:,} lines", why="every row below it would be swallowed", fix="close the quote, or double it inside a cell", place=Place(self._shown, self.began))
        return line


def _header(line: str, column: str, shown: str) -> tuple[str, int, int]:
    """Delimiter, number of columns, and position of the one wanted."""
    found: dict[str, list[str]] = {}
    for delimiter in _DELIMITERS:
        try:
            found[delimiter] = [c.strip() for c in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            continue
        if column in found[delimiter]:
            if found[delimiter].count(column) > 1:
                raise BadInput.at("COV105", f"the header names `{column}` more than once", why="nobody can tell which is meant", fix="rename one of them", place=Place(shown, 1))
            return delimiter, len(found[delimiter]), found[delimiter].index(column)
    most = max(found.values(), key=len, default=[])
    named = ", ".join(c if len(c) <= 60 else c[:57] + "..." for c in most[:_SHOWN_COLUMNS])
    raise BadInput.at("COV105", f"the list has no column `{column}`", why="its first line names the columns", fix=f"name one of: {named or '(none)'}", place=Place(shown, 1))
