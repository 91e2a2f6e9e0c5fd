"""One delivered table: its header against the layout, and the pre-check of every line before a database sees it.

The databases that read such files skip blank lines, accept NUL bytes and a cut-off last line, and stop at the first of
many faults; here each of these is a fault with its line, and all of a file's faults are met at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path

from engine.contracts import Diagnostic, InputOutput, Place, sha256_hex
from engine.sources.formats import (
    MAX_LINE,
    Converted,
    Faults,
    Form,
    Records,
    convert,
    cut_off,
    foreign,
    form_of,
    json_header,
    line_faults,
    plain_faults,
    quoted_header,
    read_json_lines,
    read_quoted,
    too_long,
)
from engine.sources.layout import TableLayout
from engine.sources.regular_file import read_bytes

MISSPELT = 0.88
MAX_ROWS = 5_000_000
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class TableFile:
    """A delivered file at `path`, called `shown` in messages: `header` holds its columns as they stand, `positions` the staged column of each (None: not read).

    `header_row` is the line or sheet row of the header (0: none). `converted` is a binary one as text, where it was read already.
    """

    layout: TableLayout
    path: Path
    shown: str
    header: tuple[str, ...]
    positions: tuple[str | None, ...]
    sha256: str
    size: int
    header_row: int = 1
    converted: Converted | None = None

    @property
    def name(self) -> str:
        """The file's name as delivered."""
        return Path(self.shown).name

    @property
    def form(self) -> Form:
        """How it is read."""
        return form_of(self.name, self.layout.quoted)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns that the layout does not know; they are not read. Columns without a name are not told."""
        return tuple(name for name, column in zip(self.header, self.positions, strict=True) if column is None and name)


@dataclass(frozen=True, slots=True)
class TableContent:
    """What a delivered file holds: its number of rows and its faults; `records` where it was read here, `arrow` where it lies converted.

    Both are None for tab text, which the database reads itself.
    """

    rows: int
    faults: tuple[Diagnostic, ...]
    records: Records | None = None
    arrow: Path | None = None


def open_table(path: Path, layout: TableLayout, faults: list[Diagnostic], shown: str = "", scratch: Path | None = None) -> TableFile | None:
    """Check the header of a delivered file; None where it is unusable, with the faults (SRC210 to SRC212, SRC260 to SRC263, SRC277) added.

    `shown` is how messages call the file (default: its path); its last part is the delivered name. Binary files are checked and read
    whole in a process of their own (see formats.convert for the faults) and, where there is a `scratch` folder, kept there converted.
    Raises InputOutput SRC201 where it cannot be read, SRC202 where `scratch` cannot be written.
    """
    shown = shown or str(path)
    form = form_of(Path(shown).name, layout.quoted)
    raw = read_bytes(path, shown)
    if fault := foreign(raw, form, shown):
        faults.append(fault)
        return None
    sha256, header_row = sha256_hex(raw), layout.header_line
    converted: Converted | None = None
    if form.binary:
        met = _converted(path, form, layout, _target(scratch, sha256), shown)
        if isinstance(met, Diagnostic):
            faults.append(met)
            return None
        header, header_row, converted = met.header, met.header_row, met
    else:
        read = _text_header(raw, form, layout, shown)
        if isinstance(read, Diagnostic):
            faults.append(read)
            return None
        header = read
    known = {c.name: c.column for c in layout.columns}
    wrong = list(_header_faults(header, layout, Place(shown, header_row)))
    faults.extend(wrong)
    return None if wrong else TableFile(layout, path, shown, header, tuple(known.get(name) for name in header), sha256, len(raw), header_row, converted)


def _target(scratch: Path | None, sha256: str) -> Path | None:
    if scratch is None:
        return None
    try:
        scratch.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputOutput.at("SRC202", f"cannot use the scratch folder: {error.strerror}", fix="make room or permit writing there", place=Place(str(scratch))) from None
    return scratch / f"{sha256}.arrow"


def _converted(path: Path, form: Form, layout: TableLayout, target: Path | None, shown: str) -> Converted | Diagnostic:
    columns = {c.name: c.column for c in layout.columns}
    required = tuple(c.name for c in layout.columns if c.required)
    return convert(path, form, columns, required, layout.header_line, layout.sheet, target, shown)


def _text_header(raw: bytes, form: Form, layout: TableLayout, shown: str) -> tuple[str, ...] | Diagnostic:
    """Columns as the header has them, or SRC210."""
    place = Place(shown, layout.header_line)
    lines = raw.split(b"\n", layout.header_line)
    first = lines[layout.header_line - 1].removeprefix(_BOM).removesuffix(b"\r") if len(lines) >= layout.header_line else b""
    try:
        text = first.decode("utf-8")
    except UnicodeDecodeError as error:
        return Diagnostic(place, "SRC210", f"the header is not UTF-8 (byte 0x{first[error.start]:02x})", fix="take the publisher's text release, saved as UTF-8")
    if not text.strip():
        what = "the file is empty" if not raw.strip() else f"the file has no header on line {layout.header_line}"
        return Diagnostic(place, "SRC210", what, "a table without a header cannot be told from a cut-off one", "fetch the file again")
    if form is Form.JSON_LINES:
        if len(first) > MAX_LINE:  # parsed, it would take many times its size
            return too_long(shown, 1, len(first), MAX_LINE)
        return json_header(raw) or Diagnostic(place, "SRC264", "the first line is no whole JSON object", "each line must hold one object with distinct keys", "mend the line, or fetch the file again")
    if form is Form.QUOTED_TEXT:
        return quoted_header(text, layout.delimiter) or Diagnostic(place, "SRC227", "broken quoting in the header", fix="close the quote, or fetch the file again")
    return tuple(text.split(layout.delimiter))


def _header_faults(header: tuple[str, ...], layout: TableLayout, place: Place) -> Iterator[Diagnostic]:
    """SRC211 (a required column is missing), SRC212 (a known column stands twice), SRC277 (an optional one is misspelt: it would vanish unseen)."""
    known = {c.name for c in layout.columns}
    spare = [name for name in header if name and name not in known]
    for column in layout.columns:
        if column.name in header:
            continue
        if not column.required:
            met = next((s for s in spare if _same_word(s, column.name)), None)
            if met is not None:
                yield Diagnostic(place, "SRC277", f"the column `{met[:200]}` is not known, and `{column.name}` is missing", "a misspelt column would not be read and nobody would see it", f"rename the column to `{column.name}`")
            continue
        near = get_close_matches(column.name, [s[:200] for s in spare[:500]], n=1, cutoff=0.5)
        met = f"the nearest column met is `{near[0]}`" if near else f"met: {', '.join(h[:60] for h in header[:10])}"
        yield Diagnostic(place, "SRC211", f"the column `{column.name}` is missing; {met}", "columns are found by their official names", f"rename the column to `{column.name}`, or take the official file")
    for name in sorted({n for n in header if n in known and header.count(n) > 1}):
        yield Diagnostic(place, "SRC212", f"the column `{name}` stands twice", fix="remove one")


def _same_word(met: str, wanted: str) -> bool:
    """Whether two names differ in no more than case, signs or a letter or two."""
    one, other = ("".join(c for c in name.casefold() if c.isalnum()) for name in (met[:200], wanted))
    return one == other or SequenceMatcher(None, one, other).ratio() >= MISSPELT


def table_faults(table: TableFile) -> tuple[int, tuple[Diagnostic, ...]]:
    """Number of data rows, and every fault of the file; see read_table."""
    content = read_table(table)
    return content.rows, content.faults


def read_table(table: TableFile, scratch: Path | None = None) -> TableContent:
    """Check every line, and read what the database does not read itself. A flood of faults is cut and counted.

    SRC220 not UTF-8, SRC221 NUL byte, SRC222 too few or too many columns, SRC223 cut off before a line end, SRC224 mixed line
    ends, SRC225 a line too long, SRC226 the bytes changed since the file was first read, SRC227 broken quoting, SRC264 and SRC265
    JSON lines, SRC263 too many lines or cells; for binary files see formats.convert. A binary file that is not converted yet is converted to `scratch` (None: only checked).
    """
    raw = read_bytes(table.path, table.shown)
    changed = [] if sha256_hex(raw) == table.sha256 else [Diagnostic(Place(table.shown), "SRC226", "the file changed while it was being read", fix="build again when nothing writes to the folder")]
    if changed:
        return TableContent(0, tuple(changed))
    if table.form.binary:
        return _binary_content(table, scratch)
    if (lines := raw.count(b"\n")) > MAX_ROWS:
        return TableContent(0, (Diagnostic(Place(table.shown), "SRC263", f"the file has {lines} lines, at most {MAX_ROWS} are read", "no publisher's table is that long", "look at what the file is"),))
    if table.form is Form.JSON_LINES:
        records, faults = read_json_lines(raw, {c.name: c.column for c in table.layout.columns}, frozenset(c.name for c in table.layout.columns if c.required), table.shown)
        return TableContent(len(records.lines), faults.told(table.shown), records)
    faults = Faults(() if table.layout.open_end else cut_off(raw, table.shown))
    faults.extend(line_faults(raw, table.shown))
    if table.form is Form.QUOTED_TEXT:
        records, met = read_quoted(raw, table.layout.delimiter, table.header_row, table.layout.multiline, table.positions, table.shown)
        faults.join(met)
        return TableContent(len(records.lines), faults.told(table.shown), records)
    faults.extend(plain_faults(raw, table.layout.delimiter.encode(), table.header_row, len(table.header), table.shown))
    rows = lines + (0 if raw.endswith(b"\n") else 1) - table.header_row
    return TableContent(max(rows, 0), faults.told(table.shown))


def _binary_content(table: TableFile, scratch: Path | None) -> TableContent:
    held = table.converted
    met = held if held is not None and held.arrow is not None else _converted(table.path, table.form, table.layout, _target(scratch, table.sha256), table.shown)
    return TableContent(0, (met,)) if isinstance(met, Diagnostic) else TableContent(met.rows, (), arrow=met.arrow)
