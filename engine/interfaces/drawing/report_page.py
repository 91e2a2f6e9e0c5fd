"""A report as headings, sentences, lists and tables, and its drawing as Markdown and as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from engine.interfaces.drawing.visible_text import visible

_STYLE = """
:root { color-scheme: light dark; --line: #767676; --ground: #f4f4f4 }
@media (prefers-color-scheme: dark) { :root { --line: #9a9a9a; --ground: #222 } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem }
.table { overflow-x: auto; margin: 1rem 0 }
table { border-collapse: collapse } caption { text-align: left; font-weight: bold; padding: .25rem 0 }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
""".strip()
_MARKDOWN_SPECIAL = frozenset("\\`*_{}[]<>|#~")


@dataclass(frozen=True, slots=True)
class Heading:
    """A section of level 2 or 3."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Sentences:
    """A paragraph, or where `listed` a list with one point for each."""

    lines: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; columns named in `numbers` are set right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...] = ()


Block = Heading | Sentences | Table


def report_markdown(title: str, blocks: Iterable[Block]) -> str:
    """GitHub-flavoured Markdown; nothing in a text can be taken for markup."""
    return "\n".join([f"# {_marked(title)}", "", *(line for block in blocks for line in _markdown(block))]).rstrip() + "\n"


def report_html(title: str, blocks: Iterable[Block]) -> str:
    """A page without script or request."""
    head = [
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">', '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_plain(title)}</title>", f"<style>\n{_STYLE}\n</style>", "</head>", "<body>", "<main>", f"<h1>{_plain(title)}</h1>",
    ]  # fmt: skip
    return "\n".join([*head, *(line for block in blocks for line in _html(block)), "</main>", "</body>", "</html>"]) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from (f"{'#' * block.level} {_marked(block.text)}", "")
    elif isinstance(block, Sentences):
        yield from (f"- {_marked(line)}" if block.listed else _marked(line) for line in block.lines)
        yield ""
    else:
        yield from (f"**{_marked(block.caption)}**", "")
        yield _row(block.columns)
        yield "|" + "|".join("---:" if c in block.numbers else "---" for c in block.columns) + "|"
        yield from (_row(row) for row in block.rows)
        yield ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_marked(c) for c in cells) + " |"


def _marked(text: str) -> str:
    shown = visible(" ".join(text.split()))
    return "".join(f"\\{c}" if c in _MARKDOWN_SPECIAL else c for c in shown)


def _html(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"<h{block.level}>{_plain(block.text)}</h{block.level}>"
    elif isinstance(block, Sentences):
        if block.listed:
            yield from ("<ul>", *(f"<li>{_plain(line)}</li>" for line in block.lines), "</ul>")
        else:
            yield from (f"<p>{_plain(line)}</p>" for line in block.lines)
    else:
        marks = ['class="number"' if c in block.numbers else "" for c in block.columns]
        yield from ('<div class="table" tabindex="0">', "<table>", f"<caption>{_plain(block.caption)}</caption>", "<thead><tr>")
        yield "".join(f'<th scope="col" {m}>{_plain(c)}</th>'.replace(" >", ">") for c, m in zip(block.columns, marks, strict=True))
        yield "</tr></thead><tbody>"
        for row in block.rows:
            yield "<tr>" + "".join(f"<td {m}>{_plain(c)}</td>".replace("<td >", "<td>") for c, m in zip(row, marks, strict=True)) + "</tr>"
        yield "</tbody></table></div>"


def _plain(text: str) -> str:
    return escape(visible(" ".join(text.split())))
