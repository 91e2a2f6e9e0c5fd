"""Faults of the lines of any text: encoding, NUL bytes, cut-off ends, mixed line ends, width, length.

Lines are met one after the other and never held together: a file of nothing but line ends must not fill the memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from operator import methodcaller

from engine.contracts import Diagnostic, Place

MAX_CELL = 131_072  # characters; the longest of any publisher has 4,000
MAX_LINE = 1_000_000


def line_faults(raw: bytes, shown: str) -> Iterator[Diagnostic]:
    """SRC220 (not UTF-8) and SRC221 (NUL byte), by line."""
    if not raw.isascii():
        for number, line in enumerate(io.BytesIO(raw), 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                yield Diagnostic(Place(shown, number, error.start + 1), "SRC220", f"byte 0x{line[error.start]:02x} is not UTF-8", "the text would be read wrongly", "save the file as UTF-8, or fetch it again")
    if b"\0" in raw:
        for number, line in enumerate(io.BytesIO(raw), 1):
            if b"\0" in line:
                yield Diagnostic(Place(shown, number, line.index(b"\0") + 1), "SRC221", "a NUL byte", "the file was damaged or is not text", "fetch the file again")


def cut_off(raw: bytes, shown: str) -> Iterator[Diagnostic]:
    """SRC223 where the last line has no end."""
    if not raw.endswith(b"\n"):
        yield Diagnostic(Place(shown, raw.count(b"\n") + 1), "SRC223", "the file ends inside a line", "a delivery that was cut off looks like this", "fetch the file again; if it is whole, end its last line")


def mixed_ends(raw: bytes, shown: str) -> Iterator[Diagnostic]:
    """SRC224 at the first line whose end is not like the others', or that holds a carriage return. A last line without end decides nothing."""
    if b"\r" not in raw:
        return
    crlf, lf, cr = raw.count(b"\r\n"), raw.count(b"\n"), raw.count(b"\r")
    if cr == crlf and crlf in (0, lf):
        return
    wanted = b"\r\n" if crlf else b"\n"
    for number, line in enumerate(io.BytesIO(raw), 1):
        ended = line.endswith(b"\n")
        if b"\r" in (line.removesuffix(b"\n").removesuffix(b"\r") if ended else line) or (ended and line.endswith(b"\r\n") != (wanted == b"\r\n")):
            yield Diagnostic(Place(shown, number), "SRC224", "line ends are mixed", "a stray carriage return would split or glue rows", "save the file with one kind of line end")
            return


def plain_faults(raw: bytes, delimiter: bytes, header_line: int, wanted: int, shown: str) -> Iterator[Diagnostic]:
    """Faults of text in which no character quotes: SRC224 (line ends), SRC222 (width), SRC225 (length); lines from the header on."""
    yield from mixed_ends(raw, shown)
    if header_line == 1 and set(map(methodcaller("count", delimiter), io.BytesIO(raw))) == {wanted - 1} and max(map(len, io.BytesIO(raw))) <= MAX_CELL:
        return  # nearly every file, without a step of our own for each line
    for number, line in enumerate(io.BytesIO(raw), 1):
        if number < header_line:
            continue
        met = line.count(delimiter) + 1
        if met != wanted:
            yield width_fault(shown, number, met, wanted)
        elif len(line) > MAX_CELL:
            yield too_long(shown, number, len(line), MAX_CELL)


def width_fault(shown: str, number: int, met: int, wanted: int) -> Diagnostic:
    """SRC222."""
    return Diagnostic(Place(shown, number), "SRC222", f"{met} columns where the header has {wanted}", "values would slip into the wrong column", "mend the line, or fetch the file again")


def too_long(shown: str, number: int, met: int, limit: int) -> Diagnostic:
    """SRC225."""
    return Diagnostic(Place(shown, number), "SRC225", f"a line of {met} bytes" if met > limit else f"a cell of more than {limit} characters", f"no row of this publisher comes near {limit}", "fetch the file again")
