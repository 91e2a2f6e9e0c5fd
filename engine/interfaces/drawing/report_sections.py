"""A report as sections of facts, tables and items, drawn as text for a terminal or as Markdown for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.interfaces.drawing.findings_markdown import markdown_text
from engine.interfaces.drawing.resolution_drawing import wrapped
from engine.interfaces.drawing.row_drawing import rows_text, width

_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one a line. A value may be ''; then the line is left out."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; `numbers` are the columns (by position) that hold figures.

    A `wide` one has too much in a row for a terminal and is a list there: first cell, then names and values.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list with a caption."""

    caption: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A diagram with a caption: lines of characters for a terminal, and markup (SVG that a drawing of ours made) for a page."""

    caption: str
    lines: tuple[str, ...]
    svg: str


Part = Facts | Table | Items | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: heading, parts in order. Empty tables and lists are not drawn."""

    heading: str
    parts: tuple[Part, ...]


def sections_text(sections: Sequence[Section]) -> str:
    """Plain text, wrapped to the terminal."""
    return "\n\n".join("\n".join(_text_lines(section)).rstrip("\n") for section in sections)


def sections_markdown(title: str, sections: Sequence[Section]) -> str:
    """Markdown that a forge shows as it is; what publishers and authors wrote stays text."""
    lines = [f"# {markdown_text(title)}"]
    for section in sections:
        lines += ["", f"## {markdown_text(section.heading)}"]
        for part in section.parts:
            lines += _markdown_lines(part)
    return "\n".join(lines) + "\n"


def _text_lines(section: Section) -> Iterator[str]:
    yield section.heading
    for part in section.parts:
        if isinstance(part, Facts):
            wide = max((len(name) for name, value in part.pairs if value), default=0)
            yield from (wrapped(f"  {name:<{wide}}  {value}", wide + 4) for name, value in part.pairs if value)
        elif isinstance(part, Table) and part.rows and part.wide:
            yield f"  {part.caption}"
            yield from (wrapped(f"    - {row[0]}: {'; '.join(f'{name} {cell}' for name, cell in zip(part.columns[1:], row[1:], strict=True) if cell)}", 6) for row in part.rows)
        elif isinstance(part, Table) and part.rows:
            yield f"  {part.caption}"
            yield from (f"  {line}" for line in rows_text(part.columns, part.rows, width() - 2, part.numbers).splitlines())
            yield ""
        elif isinstance(part, Items) and part.items:
            yield from [f"  {part.caption}"] * (part.caption != section.heading)
            yield from (wrapped(f"    - {item}", 6) for item in part.items)
        elif isinstance(part, Figure):
            yield from (f"  {part.caption}", *(f"  {line}" for line in part.lines), "")


def _markdown_lines(part: Part) -> Iterator[str]:
    if isinstance(part, Facts):
        yield ""
        yield from (f"- **{markdown_text(name)}:** {markdown_text(value)}" for name, value in part.pairs if value)
    elif isinstance(part, Table) and part.rows:
        yield from ("", f"**{markdown_text(part.caption)}**", "", f"| {' | '.join(map(_cell_markdown, part.columns))} |")
        yield f"| {' | '.join('---:' if i in part.numbers else '---' for i in range(len(part.columns)))} |"
        yield from (f"| {' | '.join(map(_cell_markdown, row))} |" for row in part.rows)
    elif isinstance(part, Items) and part.items:
        yield from ("", f"**{markdown_text(part.caption)}**", "", *(f"- {markdown_text(item)}" for item in part.items))
    elif isinstance(part, Figure):
        yield from ("", f"**{markdown_text(part.caption)}**", "", *(f"    {line}" for line in part.lines))


def _cell_markdown(text: str) -> str:
    """A cell; a bar in it, quoted as code too, does not end it."""
    return _BAR.sub(r"\|", markdown_text(text))
