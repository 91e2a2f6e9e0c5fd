"""A publisher as data: the files it delivers, their columns, and the SQL that projects them into record tables.

Staged tables carry the official columns in snake_case, all text, plus `_row`, the line in the file. A projection's SQL
answers the key columns, any property columns of its target, `source_ref`, `_row` (order: the first of equal keys is kept)
and, where it knows better than its default, `derived_by` and `_derived` (true: the lower confidence of the ledger).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_NOT_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column in the publisher's spelling; optional ones are NULL where a release lacks them."""

    name: str
    required: bool = True

    @property
    def column(self) -> str:
        """Its name in the staged table: `O*NET-SOC Code` becomes `onet_soc_code`."""
        return _NOT_WORD.sub("_", self.name.lower().replace("o*net", "onet")).strip("_")


@dataclass(frozen=True, slots=True)
class Identity:
    """Rows that share `columns` must agree on `agree`; where `agree` is empty there may be only one such row. Else the file is damaged."""

    columns: tuple[str, ...]
    agree: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """`columns` of a row must be `to` of some row of the staged `table`, else the row is left out and counted as an orphan.

    `names` says what is referred to (`occupation`). Rows that fill the column `unless` name the thing themselves and are kept.
    """

    names: str
    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]
    unless: str = ""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One delivered file. `keys`: the columns (publisher's spelling) that name a row; later rows of an equal key are counted and dropped.

    `references` are judged in layout order: a file that itself refers stands before those that refer to it.
    `quoted` means CSV with double quotes; else no character quotes. `absence` says what is missing without the file.
    """

    file: str
    staged_table: str
    columns: tuple[Column, ...]
    delimiter: str = "\t"
    quoted: bool = False
    optional: bool = True
    keys: tuple[str, ...] = ()
    identities: tuple[Identity, ...] = ()
    references: tuple[Reference, ...] = ()
    absence: str = ""
    projected: bool = True

    def column_of(self, name: str) -> str:
        """Staged name of a publisher's column."""
        return next(c.column for c in self.columns if c.name == name)


@dataclass(frozen=True, slots=True)
class Projection:
    """Rows of one record table from staged tables."""

    target: str
    derived_by: str
    sql: str


@dataclass(frozen=True, slots=True)
class GapQuery:
    """A gap found by a query of one row: its first column counts; the sentence is filled with all, left out where the count is 0."""

    sentence: str
    sql: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher: its name in the ledger, its files, its projections.

    `release_of` tells the release from the folder's name and the text of its Read Me ('' where there is none).
    """

    name: str
    tables: tuple[TableLayout, ...]
    projections: tuple[Projection, ...]
    gaps: tuple[GapQuery, ...] = ()
    release_of: Callable[[str, str], str | None] = field(default=lambda _folder, _readme: None)

    def recognise(self, names: frozenset[str]) -> bool:
        """Whether a folder with these file names is a delivery of this publisher: one required file, or two of any."""
        met = [t for t in self.tables if t.file in names]
        return len(met) >= 2 or any(not t.optional for t in met)


def columns(required: str, optional: str = "") -> tuple[Column, ...]:
    """Columns from comma-separated lists in the publisher's spelling."""
    return (
        *(Column(name.strip()) for name in required.split(",")),
        *(Column(name.strip(), required=False) for name in optional.split(",") if name.strip()),
    )
