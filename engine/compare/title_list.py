"""A list of job titles from a file: one to a line, a column of a CSV file, or the cases of a YAML file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from engine.contracts import BadInput, InputOutput, Place
from engine.documents import read_document

MAX_BYTES = 64 * 1024 * 1024
MAX_TITLE = 300


def read_titles(path: Path, column: str | None = None) -> tuple[str, ...]:
    """Titles in file order, each once, blanks left out; `column` names the one to take from a CSV file with a header.

    A `.yaml` file holds a list of cases, or one under `cases:`, each with a `title`. Raises InputOutput CMP120 (cannot be read); BadInput CMP121 (too
    large, or not UTF-8), CMP122 (no such column), CMP123 (no title), CMP124 (a cell too long to be a title, or no CSV), DOC1xx (no YAML).
    """
    if column is None and path.suffix in (".yaml", ".yml"):
        return _titles_of_cases(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputOutput.at("CMP120", f"cannot read the titles: {error.strerror}", fix="check the path", place=Place(str(path))) from None
    if len(raw) > MAX_BYTES:
        raise BadInput.at("CMP121", f"the list is larger than {MAX_BYTES // 1024 // 1024} MB", why="every title is asked of two builds", fix="give a sample of it", place=Place(str(path)))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(str(path), raw[: error.start].count(b"\n") + 1)
        raise BadInput.at("CMP121", f"byte 0x{raw[error.start]:02x} is not UTF-8", fix="save the list as UTF-8", place=place) from None
    named = text.splitlines() if column is None else _column(text, column, path)
    titles = tuple(dict.fromkeys(" ".join(t.split()) for t in named if t.strip()))
    if not titles:
        raise BadInput.at("CMP123", "the list holds no title", fix="write one title to a line", place=Place(str(path)))
    for number, title in enumerate(named, 1):
        if len(title.strip()) > MAX_TITLE:
            hint = "name the column of a CSV file with --title-column" if column is None else f"at most {MAX_TITLE} characters"
            raise BadInput.at("CMP124", f"a line of {len(title):,} characters is no job title", fix=hint, place=Place(str(path), number if column is None else 0))
    return titles


def _titles_of_cases(path: Path) -> tuple[str, ...]:
    document = read_document(path, str(path))
    cases = document.value.get("cases") if isinstance(document.value, dict) else document.value
    named = [c["title"] for c in cases if isinstance(c, dict) and isinstance(c.get("title"), str)] if isinstance(cases, list) else []
    titles = tuple(dict.fromkeys(" ".join(t.split()) for t in named if t.strip() and len(t) <= MAX_TITLE))
    if not titles:
        raise BadInput.at("CMP123", "the file holds no case with a title", fix="write `cases:` and below it `- {title: ...}`", place=document.place())
    return titles


def _column(text: str, column: str, path: Path) -> list[str]:
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        names = list(rows.fieldnames or ())
        if column not in names:
            raise BadInput.at("CMP122", f"there is no column `{column}`", fix=f"use one of {', '.join(names)[:300]}", place=Place(str(path), 1))
        return [row[column] or "" for row in rows]
    except csv.Error as error:
        raise BadInput.at("CMP124", f"not CSV: {error}", fix="mend the file, or leave --title-column out", place=Place(str(path))) from None
