"""Small deliveries of every publisher, invented from its layout: a new publisher is covered as soon as it is registered."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

from engine.sources import PUBLISHERS, Ledger, Publisher, TableLayout
from engine.sources.formats import Form, form_of

ROWS = 6
Cells = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and rows, before they are written in a form."""

    header: Cells
    rows: tuple[Cells, ...]


@dataclass(frozen=True)
class Case:
    """One file of one publisher, under one of its names, with the other files that its delivery wants."""

    publisher: Publisher
    layout: TableLayout
    wanted: str
    release: str

    @property
    def name(self) -> str:
        """The file's name in the delivery."""
        return self.wanted.replace("{release}", self.release)

    @property
    def form(self) -> Form:
        """How it is read."""
        return form_of(self.name, self.layout.quoted)

    @property
    def folder(self) -> str:
        """A folder's name that tells the release to a publisher that looks there."""
        return f"{self.publisher.name}_{self.release.replace('.', '_')}"

    def table(self) -> Table:
        """The invented rows of the file itself."""
        return invented(self.publisher, self.layout)

    def others(self) -> dict[str, bytes]:
        """The delivery's other files: the required ones, those that are referred to, and one more where one alone is no delivery."""
        by_name = {t.staged_table: t for t in self.publisher.tables}
        wanted = [t for t in self.publisher.tables if not t.optional]
        pending = [*wanted, self.layout]
        while pending:
            for reference in pending.pop().references:
                target = by_name.get(reference.table)
                if target is not None and target not in wanted:
                    wanted.append(target)
                    pending.append(target)
        if not any(t is not self.layout for t in wanted):
            wanted.extend([t for t in self.publisher.tables if t is not self.layout][:1])
        return {t.file.replace("{release}", self.release): written(invented(self.publisher, t), t, t.file) for t in wanted if t is not self.layout}


def cases(ledger: Ledger) -> tuple[Case, ...]:
    """Every file of every registered publisher under every name."""
    return tuple(
        Case(publisher, layout, name, ledger.entry(publisher.name).releases[0].release)
        for publisher in PUBLISHERS for layout in publisher.tables for name in layout.names
    )  # fmt: skip


def invented(publisher: Publisher, layout: TableLayout) -> Table:
    """Rows that satisfy the layout's keys, identities and references."""
    by_name = {t.staged_table: t for t in publisher.tables}

    def value(table: TableLayout, column: str, row: int) -> str:
        for constant, word in table.constants:
            if column == constant:
                return word
        for reference in table.references:
            if column in reference.columns:
                target, there = by_name[reference.table], reference.to[reference.columns.index(column)]
                return value(target, there, row) if (target, there) != (table, column) else f"{there} {row}"
        return f"{column} {row}"

    keys = {*layout.keys, *(c for i in layout.identities for c in i.columns), *(c for r in layout.references for c in r.columns), *(c for c, _ in layout.constants)}
    named = {c for t in publisher.tables for r in t.references if r.table == layout.staged_table for c in r.to}
    header = tuple(c.name for c in layout.columns)
    return Table(header, tuple(tuple(value(layout, c, n) + ("" if c in keys | named else _spice(layout, n)) for c in header) for n in range(ROWS)))


def _spice(layout: TableLayout, row: int) -> str:
    """What cells may hold in this form: letters beyond ASCII, delimiters, quotes, line ends."""
    return ' née' + (', "so"' if layout.quoted and row % 2 else "") + ("\nbelow" if layout.multiline and row % 3 == 0 else "")


def written(table: Table, layout: TableLayout, name: str) -> bytes:
    """A table in the form that the name tells."""
    form = form_of(name, layout.quoted)
    if form is Form.JSON_LINES:
        return b"".join(json.dumps(dict(zip(table.header, row, strict=True)), ensure_ascii=False).encode() + b"\n" for row in table.rows)
    if form is Form.PARQUET:
        sink = io.BytesIO()
        columns = [pa.array([row[n] for row in table.rows]) for n in range(len(table.header))]
        pq.write_table(pa.Table.from_arrays(columns, names=list(table.header)), sink)
        return sink.getvalue()
    if form is Form.WORKBOOK:
        return packed(workbook_parts((table.header, *table.rows), layout.sheet or "one"))
    text = io.StringIO()
    text.write("told above\n" * (layout.header_line - 1))
    if form is Form.QUOTED_TEXT:
        csv.writer(text, delimiter=layout.delimiter, lineterminator="\n").writerows((table.header, *table.rows))
    else:
        text.writelines(layout.delimiter.join(row) + "\n" for row in (table.header, *table.rows))
    return text.getvalue().removesuffix("\n" if layout.open_end else "\0").encode()


def workbook_parts(rows: Sequence[Cells], sheet: str, first_cell: str = "") -> dict[str, bytes]:
    """Parts of a minimal workbook with text cells; `first_cell` stands in place of the first one's XML."""
    kind, main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = "".join(f'<row r="{r}">{"".join(_cells(row, r, first_cell))}</row>' for r, row in enumerate(rows, 1))
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>'.encode(),
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{main}" xmlns:r="{kind}"><sheets><sheet name="{escape(sheet)}" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'.encode(),
    }


def _cells(row: Cells, number: int, first_cell: str) -> Iterator[str]:
    for index, cell in enumerate(row):
        place = f"{chr(65 + index) if index < 26 else chr(64 + index // 26) + chr(65 + index % 26)}{number}"
        yield first_cell if first_cell and (number, index) == (2, 0) else f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip of parts, the same bytes on every day."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def put(case: Case, content: bytes, root: Path) -> Path:
    """Write a whole delivery below `root` and answer its folder."""
    folder = root / case.folder
    folder.mkdir(parents=True)
    for name, raw in {**case.others(), case.name: content}.items():
        (folder / name).write_bytes(raw)
    return folder


def pinned(ledger: Ledger, case: Case, sha256: str) -> Ledger:
    """The ledger that vouches for these bytes of the case's file."""
    pins = {case.release: {case.name: sha256}}
    return replace(ledger, entries=tuple(e.model_copy(update={"sha256": pins}) if e.name == case.publisher.name else e for e in ledger.entries))
