"""Where a record says that it comes from, read: `Task Statements.txt:17 + Task Ratings.txt:33-40,52` as files and spans of rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.contracts import BadInput

JOINED = " + "
_PART = re.compile(r"(?:(?P<release>[a-z][a-z-]*@[^/\s]+)/)?(?P<file>[^:]+):(?P<rows>\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)(?::(?P<column>\d+))?")
_LONGEST_ROW = 12  # digits of a row number; more is no row of any file


@dataclass(frozen=True, slots=True, order=True)
class CitedRows:
    """Rows of one file: `release` as `onet@30.1`, spans of rows from first to last, the column (0 where none is told)."""

    release: str
    file: str
    spans: tuple[tuple[int, int], ...]
    column: int = 0

    @property
    def name(self) -> str:
        """The file with its release, as receipts call it: `onet@30.1/Task Statements.txt`."""
        return f"{self.release}/{self.file}"

    @property
    def rows(self) -> str:
        """Spans as they were written: `33-40,52`."""
        return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in self.spans)

    @property
    def count(self) -> int:
        """How many rows."""
        return sum(b - a + 1 for a, b in self.spans)

    def covers(self, row: int) -> bool:
        """Whether the row is one of them."""
        return any(a <= row <= b for a, b in self.spans)

    def first(self, most: int) -> tuple[int, ...]:
        """The first rows, at most so many."""
        found: list[int] = []
        for a, b in self.spans:
            found.extend(range(a, min(b, a + most - len(found) - 1) + 1))
            if len(found) >= most:
                break
        return tuple(found)


def cited_rows(source: str, source_ref: str) -> tuple[CitedRows, ...]:
    """The places of a record, in its own order; a part that names a file without rows has no spans.

    `source` is the record's source key; a part that begins with another release (`onet@30.1/...`) belongs to that one.
    """
    release = source.removeprefix("source/")
    return tuple(_part(release, part) for part in source_ref.split(JOINED) if part)


def asked_row(place: str) -> tuple[CitedRows, int] | None:
    """A publisher's row as people ask for it, `onet@30.1/Task Statements.txt:17`; None where the text does not name one.

    Raises BadInput LIN101 where a release and file are named and no single row.
    """
    release, slash, _ = place.partition("/")
    if not (slash and "@" in release):
        return None
    met = _PART.fullmatch(place)
    if met is None or not met["release"] or re.fullmatch(rf"\d{{1,{_LONGEST_ROW}}}", met["rows"]) is None or int(met["rows"]) < 1:
        raise BadInput.at("LIN101", f"`{place}` names no row", why="a row is asked for by release, file and number", fix='write it like "onet@30.1/Task Statements.txt:17"')
    row = int(met["rows"])
    return CitedRows(met["release"], met["file"], ((row, row),)), row


def _part(release: str, part: str) -> CitedRows:
    met = _PART.fullmatch(part)
    if met is None:
        return CitedRows(release, part, ())
    ends = [span.partition("-") for span in met["rows"].split(",")]
    return CitedRows(met["release"] or release, met["file"], tuple((int(a), int(b or a)) for a, _, b in ends), int(met["column"] or 0))
