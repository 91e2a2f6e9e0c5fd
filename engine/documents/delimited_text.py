"""Text files and delimited lists, read one way everywhere: UTF-8 up to a size, rows with their lines, cells up to a length.

In: a file or its text. Out: text, rows of cells. Faults are values without a code: what they mean is told by the room that reads the list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path


class TextFault(Exception):
    """What is wrong with a text, and on which line (0: the whole of it)."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.what, self.line = what, line


class TooLarge(TextFault):
    """A file of more bytes than are read."""


class NotUtf8(TextFault):
    """A file with a byte that UTF-8 does not have there."""


class NotDelimited(TextFault):
    """Quotes that do not close, or a cell that is too long."""


def utf8_text(path: Path, most_bytes: int) -> str:
    """A file as text, without a byte order mark. Raises OSError, TooLarge, NotUtf8."""
    with path.open("rb") as file:
        raw = file.read(most_bytes + 1)
    if len(raw) > most_bytes:
        raise TooLarge(f"larger than {most_bytes // 1024 // 1024} MB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8(f"byte 0x{raw[error.start]:02x} is not UTF-8", raw[: error.start].count(b"\n") + 1) from None


def delimited_rows(text: str, longest_cell: int, *, delimiter: str = ",", quoted: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it ends on, the header first; a blank line is a row without cells. Without `quoted` a quote is a character like others.

    Raises NotDelimited for a cell of more than `longest_cell` characters and for quotes that are none of CSV.
    """
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True) if quoted else csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    while True:
        before = csv.field_size_limit(longest_cell)  # one for the whole process: no other reader may meet it
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise NotDelimited(str(error), reader.line_num) from None
        finally:
            csv.field_size_limit(before)
        if cells is None:
            return
        yield reader.line_num, cells
