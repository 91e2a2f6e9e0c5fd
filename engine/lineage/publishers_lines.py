"""A publisher's rows as they stand in the file today, and whether that file is still the one that the build read."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.contracts import Receipt, sha256_hex
from engine.documents import data_folder
from engine.lineage.cited_rows import CitedRows
from engine.lineage.table_rows import SUFFIXES, table_rows

MOST_ROWS = 12  # of one file in one answer; the rest is counted
MOST_LINES_OF_A_ROW = 400
MAX_DEPTH = 4
MARKET = "market"  # source of the ledger whose lists the intake guard reads


class FileState(StrEnum):
    """What became of a file since the build read it."""

    AS_READ = "as_read"
    CHANGED = "changed"
    NOT_HERE = "not_here"
    NOT_LOOKED_FOR = "not_looked_for"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file: its number and its text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class TracedFile:
    """A cited file: what the receipt says of it (sha256 '' where it says nothing), its state now, and the rows read from it.

    `rows_left_out` counts cited rows that are not among `lines`; `unreadable` says why rows of a file that is there are not shown.
    """

    cited: CitedRows
    sha256: str
    size: int
    state: FileState
    found: str = ""
    lines: tuple[Line, ...] = ()
    rows_left_out: int = 0
    unreadable: str = ""

    @property
    def past_its_end(self) -> bool:
        """Whether the very file that the build read has none of the cited rows."""
        return self.state is FileState.AS_READ and bool(self.cited.spans) and not self.lines and not self.unreadable


def traced_file(cited: CitedRows, receipt: Receipt, folders: Sequence[Path]) -> TracedFile:
    """Look for a cited file below `folders` and among the project's own data, by name and SHA-256, and read the cited rows of the very file that was read."""
    known = next((f for f in receipt.inputs if f.name in (cited.name, cited.file)), None)
    if known is None:
        return TracedFile(cited, "", 0, FileState.NOT_LOOKED_FOR)
    met: list[str] = []
    same = None
    for shown, raw in _candidates(cited.file, known.size, folders):
        met.append(shown)
        if raw is not None and sha256_hex(raw) == known.sha256:
            same = shown, raw
            break
    if same is None:
        state = FileState.CHANGED if met else FileState.NOT_HERE if folders else FileState.NOT_LOOKED_FOR
        why = "in a file that has changed the row can be another one by now" if met else ""
        return TracedFile(cited, known.sha256, known.size, state, met[0] if len(met) == 1 else "", (), cited.count, why)
    (shown, raw), state = same, FileState.AS_READ
    if cited.release.startswith(f"{MARKET}@"):
        why = "a row of such a list can hold what the intake guard leaves out, for instance a name"
        return TracedFile(cited, known.sha256, known.size, state, shown, (), cited.count, why)
    wanted = cited.first(MOST_ROWS)
    if cited.file.lower().endswith(SUFFIXES):
        lines = tuple(Line(number, text) for number, text in table_rows(cited.file.rsplit("/", 1)[-1], raw, wanted))
    else:
        lines = tuple(_lines(raw, wanted, cited.file.lower().endswith(".csv")))
    return TracedFile(cited, known.sha256, known.size, state, shown, lines, cited.count - len(lines))


def _candidates(name: str, size: int, folders: Sequence[Path]) -> Iterator[tuple[str, bytes | None]]:
    """Files of that name: the project's own first, then below the folders in name order, zips looked into.

    With their bytes where they have the size in bytes of the file that was read, else None: such a file is another one, unread.
    """
    own = data_folder("graph_data") / name
    if own.is_file():
        yield f"graph_data/{name}", _bytes(own, size)
    base = name.rsplit("/", 1)[-1]
    for folder in folders:
        if folder.is_file():
            yield from _in_zip(folder, base, size, folder.name)
            continue
        for place, below, files in os.walk(folder):
            at = Path(place)
            below[:] = sorted(b for b in below if not b.startswith(".") and len(at.relative_to(folder).parts) < MAX_DEPTH - 1)
            for file in sorted(files):
                path = at / file
                if file == base and path.is_file():
                    yield path.relative_to(folder).as_posix(), _bytes(path, size)
                elif file.lower().endswith(".zip") and path.is_file():
                    yield from _in_zip(path, base, size, path.relative_to(folder).as_posix())


def _bytes(path: Path, size: int) -> bytes | None:
    return path.read_bytes() if path.stat().st_size == size else None


def _in_zip(path: Path, base: str, size: int, shown: str) -> Iterator[tuple[str, bytes | None]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.filename.rsplit("/", 1)[-1] == base:
                    yield f"{shown}/{info.filename}", archive.read(info) if info.file_size == size else None
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return  # a damaged zip holds no file that could be compared


def _lines(raw: bytes, wanted: Sequence[int], quoted: bool) -> Iterator[Line]:
    """The wanted lines; in CSV a row goes on until its quotes are closed."""
    lines = raw.split(b"\n")
    for number in wanted:
        if number > len(lines) or (number == len(lines) and not lines[-1]):
            return
        end = number
        while quoted and end < len(lines) and end - number < MOST_LINES_OF_A_ROW and b"\n".join(lines[number - 1 : end]).count(b'"') % 2:
            end += 1
        yield Line(number, b"\n".join(lines[number - 1 : end]).decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r"))
