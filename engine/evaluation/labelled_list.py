"""Labelled lists: job titles with the codes that people gave them, from a CSV, tab-separated or Parquet file, and lists of texts that are no titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, Diagnostic, EngineError, InputOutput, Place
from engine.documents import NotDelimited, NotUtf8, TooLarge, delimited_rows, utf8_text

MAX_BYTES = 256 * 1024 * 1024
MAX_CELL = 131_072  # characters
MOST_FAULTS = 20
TAB_SUFFIXES = (".tsv", ".txt", ".tab")
_SEPARATORS = re.compile(r"[;|,\s]+")
_COMMENT, _KIND = "# ", "# kind:"


@dataclass(frozen=True, slots=True)
class LabelledTitle:
    """A title and the codes that are right for it, in the order given, and its line (Parquet: its row), counted from 1."""

    title: str
    gold: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class LabelledList:
    """A file's labelled titles in file order, and how many rows were left out because the title or the gold was blank."""

    name: str
    titles: tuple[LabelledTitle, ...]
    untitled: int
    unlabelled: int


@dataclass(frozen=True, slots=True)
class Nonsense:
    """A text that is no title, and the kind that the file says it is of ('' where it says none)."""

    text: str
    kind: str


def read_labelled(path: Path, title_column: str, gold_column: str) -> LabelledList:
    """Titles and gold codes by the names of their columns; a cell may hold several codes, any of which is right (`;`, `|`, `,` or blanks between them).

    `.parquet` is Parquet (gold may be a list there), `.tsv`, `.txt` and `.tab` have tabs between their columns, anything else is CSV; all have a header.
    Raises InputOutput EVL101 (cannot be read), BadInput EVL102 (too large, not UTF-8, not of its format), EVL103 (no such column), EVL104 (nothing labelled).
    """
    rows = _parquet(path, title_column, gold_column) if path.suffix == ".parquet" else _text(path, title_column, gold_column)
    titles, untitled, unlabelled = [], 0, 0
    for line, title, gold in rows:
        codes = tuple(dict.fromkeys(code for text in gold for code in _SEPARATORS.split(text) if code))
        if not title.strip():
            untitled += 1
        elif not codes:
            unlabelled += 1
        else:
            titles.append(LabelledTitle(title, codes, line))
    if not titles:
        why = f"{untitled:,} rows have no title, {unlabelled:,} no gold code"
        raise BadInput.at("EVL104", "the list holds no labelled title", why=why, fix="name the columns with --title-column and --gold-column", place=Place(str(path)))
    return LabelledList(path.name, tuple(titles), untitled, unlabelled)


def read_nonsense(path: Path) -> tuple[Nonsense, ...]:
    """Texts that are no titles, one to a line, each once. A line that begins with `# ` says something of the list, `# kind: places` the kind of what follows.

    Raises InputOutput EVL101, BadInput EVL102 and EVL104 as `read_labelled`.
    """
    kind, found = "", dict[str, Nonsense]()
    for line in text_of(path).splitlines():
        if line.startswith(_KIND):
            kind = line.removeprefix(_KIND).strip()
        elif line.strip() and not line.startswith(_COMMENT):
            found.setdefault(line.strip(), Nonsense(line.strip(), kind))
    if not found:
        raise BadInput.at("EVL104", "the file holds no text", fix="write one text to a line", place=Place(str(path)))
    return tuple(found.values())


def refuse_malformed(labelled: LabelledList, pattern: re.Pattern[str], example: str) -> None:
    """Raise BadInput EVL105 with the lines whose gold is no code of the scheme; at most twenty are told."""
    faults = [
        Diagnostic(Place(labelled.name, t.line), "EVL105", f"`{code[:60]}` is no code of the scheme", f"codes look like {example}", "mend the list, or name its scheme with --gold-scheme")
        for t in labelled.titles for code in t.gold if not pattern.fullmatch(code)
    ]  # fmt: skip
    if len(faults) > MOST_FAULTS:
        rest = Diagnostic(faults[MOST_FAULTS].place, "EVL105", f"and {len(faults) - MOST_FAULTS:,} more", "only the first are told", "mend the lines that are told and ask again: what is left is told then")
        raise BadInput(*faults[:MOST_FAULTS], rest)
    if faults:
        raise BadInput(*faults)


def text_of(path: Path) -> str:
    """A file as text. Raises InputOutput EVL101, BadInput EVL102."""
    try:
        return utf8_text(path, MAX_BYTES)
    except OSError as error:
        raise InputOutput.at("EVL101", f"cannot read the list: {error.strerror}", fix="check the path", place=Place(str(path))) from None
    except TooLarge as fault:
        raise BadInput.at("EVL102", f"the list is {fault.what}", why="its titles are held in memory", fix="evaluate a sample of it", place=Place(str(path))) from None
    except NotUtf8 as fault:
        raise BadInput.at("EVL102", fault.what, fix="save the list as UTF-8", place=Place(str(path), fault.line)) from None


def _text(path: Path, *columns: str) -> Iterator[tuple[int, str, Sequence[str]]]:
    tabs = path.suffix in TAB_SUFFIXES
    rows = delimited_rows(text_of(path), MAX_CELL, delimiter="\t" if tabs else ",", quoted=not tabs)
    try:
        at = _positions(next(rows, (0, []))[1], columns, path)
        for line, row in rows:
            title, gold = (row[i] if i < len(row) else "" for i in at)
            yield line, title, (gold,)
    except NotDelimited as fault:
        raise BadInput.at("EVL102", f"not {'tab-separated' if tabs else 'CSV'}: {fault.what}", fix="mend the file", place=Place(str(path), fault.line)) from None


def _parquet(path: Path, *columns: str) -> Iterator[tuple[int, str, Sequence[str]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        _positions(file.schema_arrow.names, columns, path)
        titles, gold = (file.read([c]).column(c).to_pylist() for c in columns)
    except OSError as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise InputOutput.at("EVL101", f"cannot read the list: {error.strerror or error}", fix="check the path", place=Place(str(path))) from None
        raise _no_parquet(path, error) from None
    except (pa.ArrowException, ValueError) as error:
        raise _no_parquet(path, error) from None
    for number, (title, codes) in enumerate(zip(titles, gold, strict=True), 1):
        yield number, _cell(title), [_cell(c) for c in codes] if isinstance(codes, list) else [_cell(codes)]


def _no_parquet(path: Path, error: Exception) -> EngineError:
    return BadInput.at("EVL102", f"not Parquet: {str(error).splitlines()[0][:200]}", fix="mend the file", place=Place(str(path)))


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _positions(names: Sequence[str], columns: Sequence[str], path: Path) -> list[int]:
    missing = [c for c in columns if c not in names]
    if missing:
        what = f"there is no column `{'` and no column `'.join(missing)}`"
        raise BadInput.at("EVL103", what, fix=f"use one of {', '.join(names)[:300]}", place=Place(str(path), 1))
    return [names.index(c) for c in columns]
