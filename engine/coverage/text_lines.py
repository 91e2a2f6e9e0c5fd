"""Lines of a text file whose encoding nobody vouches for, one after the other, never the whole."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from engine.contracts import BadInput, Place

MAX_LINE = 16_000_000  # bytes; far beyond any title, and below what would trouble a machine
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class TextLines:
    """Iterates lines with their ends. `number` is the line last given, from 1; `recoded` counts lines that were not UTF-8."""

    def __init__(self, file: BinaryIO, shown: str) -> None:
        self._file, self._shown = file, shown
        self.number = 0
        self.recoded = 0

    def __iter__(self) -> Iterator[str]:
        """Lines, decoded as UTF-8 or, line by line where that fails, as Windows-1252; as UTF-16 where the file begins with its mark. Raises BadInput COV106."""
        head = self._file.read(4)
        self._file.seek(0)
        wide = next((name for mark, name in _WIDE.items() if head.startswith(mark)), None)
        if wide:
            yield from self._wide(wide)
            return
        if head.startswith(codecs.BOM_UTF8):
            self._file.seek(len(codecs.BOM_UTF8))
        while raw := self._file.readline(MAX_LINE):
            self.number += 1
            if len(raw) >= MAX_LINE:
                raise self._too_long()
            try:
                yield raw.decode("utf-8")
            except UnicodeDecodeError:
                self.recoded += 1
                yield _recoded(raw)

    def _wide(self, encoding: str) -> Iterator[str]:
        reader = io.TextIOWrapper(self._file, encoding=encoding, errors="replace", newline="\n")
        while line := reader.readline(MAX_LINE):
            self.number += 1
            if len(line) >= MAX_LINE:
                raise self._too_long()
            self.recoded += "�" in line
            yield line.encode("utf-8", "replace").decode("utf-8")  # a lone half of a character has no place in any text

    def _too_long(self) -> BaseException:
        what = f"a line of more than {MAX_LINE:,} bytes"
        return BadInput.at("COV106", what, why="no list of titles has such lines: its line ends are missing, or it is no text", fix="end each row with a line end", place=Place(self._shown, self.number))


def _recoded(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
