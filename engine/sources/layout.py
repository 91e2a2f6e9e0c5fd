"""A publisher as data: the files it delivers, their columns, and the SQL that projects them into record tables.

Staged tables carry the official columns in snake_case, all text, plus `_row`, the line in the file (of a workbook the row of
the sheet, of a Parquet file the number of the record from 1), and `_file`, the name of the file as delivered. A projection's SQL
answers the key columns, any property columns of its target, `source_ref`, `_row` (order: the first of equal keys is kept)
and, where it knows better than its default, `derived_by` and `_derived` (true: the lower confidence of the ledger).
In SQL `{release}` stands for the release that is delivered.

All deliveries are staged and the authored rows loaded before anything is projected, and a publisher that delivers nothing
has empty staged tables: a projection may therefore join `<publisher>.<table>` of another, or `incoming."<record table>"` of
sources that stand before its own in the ledger.
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
        """Its name in the staged table: `O*NET-SOC Code` becomes `onet_soc_code`, a column without a heading `unnamed`."""
        return _NOT_WORD.sub("_", self.name.lower().replace("o*net", "onet")).strip("_") or "unnamed"


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
    The suffix of the file tells how it is read: text, `.jsonl`, `.parquet`, `.xlsx` (`sheet`: its name, '' for the first).
    `file` may hold `{release}`: then the name itself tells the release, and one folder may deliver several. `alternatives` are
    names under which the same table may come instead, first met first taken. `multiline` CSV may hold line ends inside quoted
    cells; its `_row` is the line on which a record begins. `header_line` is the line of the header; what stands above is not read
    (a workbook's header is the first row that holds every required column). Columns without a name are not read. `open_end`: the
    publisher's own file has no line end after its last line; any other text without one is taken for cut off. `telling`: a file
    of this name is a delivery by itself, as a required one is, without being required. `constants`: columns that hold one word in
    every row, which tells the table from another of the same columns under its name.
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
    multiline: bool = False
    header_line: int = 1
    sheet: str = ""
    alternatives: tuple[str, ...] = ()
    open_end: bool = False
    telling: bool = False
    constants: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names under which the table may be delivered, the preferred first."""
        return (self.file, *self.alternatives)

    def column_of(self, name: str) -> str:
        """Staged name of a publisher's column."""
        return next(c.column for c in self.columns if c.name == name)


@dataclass(frozen=True, slots=True)
class Projection:
    """Rows of one record table from staged tables.

    `fills` names columns that the rows write into records which the same source has already offered under the same `id`, instead of
    offering records of their own; the place of both then stands in `source_ref`.
    """

    target: str
    derived_by: str
    sql: str
    fills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GapQuery:
    """A gap found by a query of one row: its first column counts; the sentence is filled with all, left out where the count is 0."""

    sentence: str
    sql: str


@dataclass(frozen=True, slots=True)
class Join:
    """How far rows of a publisher met the rest of the graph, row by row.

    The SQL runs over reconciled records (`lexical."<record table>"`) and staged tables and answers `subject` (the row's own key), `source_ref`,
    `matched_by` (a join method, NULL where nothing was met) and `reason` (why not, NULL where met). `what` completes the sentence
    "<n> of <m> <what>": `task texts meet a task of this build`.
    """

    name: str
    what: str
    sql: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher: its name in the ledger, its files, its projections, how its rows join others.

    `release_of` tells the release from the folder's name and the text of its Read Me ('' where there is none); file names that hold
    `{release}` go before it.
    """

    name: str
    tables: tuple[TableLayout, ...]
    projections: tuple[Projection, ...]
    gaps: tuple[GapQuery, ...] = ()
    joins: tuple[Join, ...] = ()
    release_of: Callable[[str, str], str | None] = field(default=lambda _folder, _readme: None)

    @property
    def schema(self) -> str:
        """Database schema of its staged tables and first part of `derived_by`: `gpts_are_gpts`."""
        return self.name.replace("-", "_")


def columns(required: str, optional: str = "") -> tuple[Column, ...]:
    """Columns from comma-separated lists in the publisher's spelling."""
    return (
        *(Column(name.strip()) for name in required.split(",")),
        *(Column(name.strip(), required=False) for name in optional.split(",") if name.strip()),
    )
