"""A report as one page that needs nothing else: no script, no request, readable without colour and by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from engine.interfaces.drawing.report_sections import Facts, Figure, Items, Part, Section, Table
from engine.interfaces.drawing.visible_text import visible

_STYLE = """
:root { color-scheme: light dark; --line: #767676; --faint: #d0d0d0; --ground: #f4f4f4 }
@media (prefers-color-scheme: dark) { :root { --line: #9a9a9a; --faint: #444; --ground: #222 } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem 1.5rem 4rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.25rem; margin: 1.5rem 0 .5rem } h3 { font-size: 1rem; margin: 1rem 0 .25rem }
nav ul { columns: 18rem; padding-left: 1.2rem } section { border-top: .1rem solid var(--line); margin: 2rem 0 }
figure { margin: 1rem 0 } figcaption { font-weight: bold } svg { max-width: 100%; height: auto }
h3 + ul { margin-top: 0 } li { overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content auto; gap: .2rem 1rem } dt { font-weight: bold } dd { margin: 0; overflow-wrap: anywhere }
.wide { overflow-x: auto; margin: 1rem 0 } table { border-collapse: collapse } caption { text-align: left; font-weight: bold; padding: .5rem 0 }
th, td { border-bottom: .05rem solid var(--faint); padding: .25rem .75rem; text-align: left; vertical-align: top }
thead th { background: var(--ground); border-bottom-color: var(--line) } tbody th { font-weight: normal }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
@media print { nav { display: none } body { max-width: none; padding: 0 } tr, li { break-inside: avoid } }
""".strip()
_NUMBER = ' class="number"'


def sections_html(title: str, sections: Sequence[Section]) -> str:
    """The page: a contents list, then a section for each part of the report."""
    lines = [
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">', '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_plain(title)}</title>", f"<style>\n{_STYLE}\n</style>", "</head>", "<body>", "<header>", f"<h1>{_plain(title)}</h1>", "</header>",
        '<nav aria-label="Contents">', "<ul>", *(f'<li><a href="#part-{i}">{_plain(s.heading)}</a></li>' for i, s in enumerate(sections)), "</ul>", "</nav>", "<main>",
    ]  # fmt: skip
    for number, section in enumerate(sections):
        lines += [f'<section aria-labelledby="part-{number}">', f'<h2 id="part-{number}">{_plain(section.heading)}</h2>']
        for part in section.parts:
            lines += _drawn(part)
        lines.append("</section>")
    return "\n".join([*lines, "</main>", "</body>", "</html>"]) + "\n"


def _drawn(part: Part) -> Iterator[str]:
    if isinstance(part, Facts):
        yield f"<dl>{''.join(f'<dt>{_plain(name)}</dt><dd>{_plain(value)}</dd>' for name, value in part.pairs if value)}</dl>"
    elif isinstance(part, Table) and part.rows:
        yield f'<div class="wide" tabindex="0" role="region" aria-label="{_plain(part.caption)}"><table><caption>{_plain(part.caption)}</caption>'
        heads = "".join(f'<th scope="col"{_NUMBER if i in part.numbers else ""}>{_plain(c)}</th>' for i, c in enumerate(part.columns))
        yield f"<thead><tr>{heads}</tr></thead><tbody>"
        for row in part.rows:
            yield f"<tr>{''.join(_cell(cell, i, part.numbers) for i, cell in enumerate(row))}</tr>"
        yield "</tbody></table></div>"
    elif isinstance(part, Items) and part.items:
        yield f"<h3>{_plain(part.caption)}</h3><ul>{''.join(f'<li>{_plain(item)}</li>' for item in part.items)}</ul>"
    elif isinstance(part, Figure):
        yield f"<figure><figcaption>{_plain(part.caption)}</figcaption>{part.svg}</figure>"


def _cell(text: str, position: int, numbers: tuple[int, ...]) -> str:
    if position == 0:
        return f'<th scope="row"{_NUMBER if position in numbers else ""}>{_plain(text)}</th>'
    return f"<td{_NUMBER if position in numbers else ''}>{_plain(text)}</td>"


def _plain(text: str) -> str:
    return escape(visible(text))
