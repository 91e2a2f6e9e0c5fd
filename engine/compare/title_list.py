"""A list of job titles from a file: one to a line, a column of a CSV file, or the cases of a YAML file."""

from __future__ import annotations

from pathlib import Path

from engine.contracts import BadInput, InputOutput, Place
from engine.documents import NotDelimited, NotUtf8, TooLarge, delimited_rows, read_document, utf8_text

MAX_BYTES = 64 * 1024 * 1024
MAX_TITLE, MAX_CELL = 300, 131_072  # characters


def read_titles(path: Path, column: str | None = None) -> tuple[str, ...]:
    """Titles in file order, each once, blanks left out; `column` names the one to take from a CSV file with a header.

    A `.yaml` file holds a list of cases, or one under `cases:`, each with a `title`. Raises InputOutput CMP120 (cannot be read); BadInput CMP121 (too
    large, or not UTF-8), CMP122 (no such column), CMP123 (no title), CMP124 (a cell too long to be a title, or no CSV), DOC1xx (no YAML).
    """
    if column is None and path.suffix in (".yaml", ".yml"):
        return _titles_of_cases(path)
    try:
        text = utf8_text(path, MAX_BYTES)
    except OSError as error:
        raise InputOutput.at("CMP120", f"cannot read the titles: {error.strerror}", fix="check the path", place=Place(str(path))) from None
    except TooLarge as fault:
        raise BadInput.at("CMP121", f"the list is {fault.what}", why="every title is asked of two builds", fix="give a sample of it", place=Place(str(path))) from None
    except NotUtf8 as fault:
        raise BadInput.at("CMP121", fault.what, fix="save the list as UTF-8", place=Place(str(path), fault.line)) from None
    named = list(enumerate(text.splitlines(), 1)) if column is None else _column(text, column, path)
    titles = tuple(dict.fromkeys(" ".join(t.split()) for _, t in named if t.strip()))
    if not titles:
        raise BadInput.at("CMP123", "the list holds no title", fix="write one title to a line", place=Place(str(path)))
    for line, title in named:
        if len(title.strip()) > MAX_TITLE:
            hint = "name the column of a CSV file with --title-column" if column is None else f"at most {MAX_TITLE} characters"
            raise BadInput.at("CMP124", f"a line of {len(title):,} characters is no job title", fix=hint, place=Place(str(path), line))
    return titles


def _titles_of_cases(path: Path) -> tuple[str, ...]:
    document = read_document(path, str(path))
    cases = document.value.get("cases") if isinstance(document.value, dict) else document.value
    named = [c["title"] for c in cases if isinstance(c, dict) and isinstance(c.get("title"), str)] if isinstance(cases, list) else []
    titles = tuple(dict.fromkeys(" ".join(t.split()) for t in named if t.strip() and len(t) <= MAX_TITLE))
    if not titles:
        raise BadInput.at("CMP123", "the file holds no case with a title", fix="write `cases:` and below it `- {title: ...}`", place=document.place())
    return titles


def _column(text: str, column: str, path: Path) -> list[tuple[int, str]]:
    """Cells of a column, each with the line its row ends on."""
    rows = delimited_rows(text, MAX_CELL)
    try:
        names = next(rows, (0, []))[1]
        if column not in names:
            raise BadInput.at("CMP122", f"there is no column `{column}`", fix=f"use one of {', '.join(names)[:300]}", place=Place(str(path), 1))
        at = names.index(column)
        return [(line, row[at]) for line, row in rows if at < len(row)]
    except NotDelimited as fault:
        raise BadInput.at("CMP124", f"not CSV: {fault.what}", fix="mend the file, or leave --title-column out", place=Place(str(path), fault.line)) from None
