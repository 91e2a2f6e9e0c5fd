"""Findings as one page that needs nothing else: no script, no request, readable without colour and by a screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.interfaces.drawing.findings_text import summary
from engine.interfaces.drawing.visible_text import counted, visible

if TYPE_CHECKING:
    from engine.validate import Finding, FindingReport

_SPAN = re.compile(r"`([^`]+)`")
_STYLE = """
:root { color-scheme: light dark; --line: #767676; --mark: #b00020; --ground: #f4f4f4 }
@media (prefers-color-scheme: dark) { :root { --line: #9a9a9a; --mark: #ff8a80; --ground: #222 } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
article { border-left: .3rem solid var(--line); padding-left: 1rem; margin: 2rem 0 }
article.violation { border-color: var(--mark) }
pre { background: var(--ground); padding: .5rem; overflow-x: auto }
mark { background: none; color: var(--mark); font-weight: bold; text-decoration: underline wavy }
dt { font-weight: bold } dd { margin: 0 0 .5rem 0 }
""".strip()


def findings_html(report: FindingReport) -> str:
    """A page with the verdict, a section for each file, an article for each finding."""
    title = "Findings" if report.findings else "Conforms" if report.conforms else "Nothing new"
    lines = [
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">', '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{title}: wig validate</title>", f"<style>\n{_STYLE}\n</style>", "</head>", "<body>", "<header>", f"<h1>{title}</h1>", f"<p>{_text(summary(report))}.</p>", "</header>", "<main>",
    ]  # fmt: skip
    number = 0
    for file, some in groupby(report.findings, key=lambda f: f.file):
        found = list(some)
        lines += ["<section>", f"<h2><code>{_plain(file or 'input')}</code></h2>", f"<p>{counted(len(found), 'finding')}.</p>"]
        for finding in found:
            number += 1
            lines += _article(finding, number)
        lines.append("</section>")
    if report.vanished:
        lines += ["<section>", "<h2>Accepted findings that no longer occur</h2>", "<ul>", *(f"<li>{v.count:,} × {_plain(v.about)}</li>" for v in report.vanished), "</ul>", "</section>"]
    return "\n".join([*lines, "</main>", "</body>", "</html>"]) + "\n"


def _article(finding: Finding, number: int) -> Iterator[str]:
    where = f"line {finding.place.line}, column {finding.place.column}" if finding.place.line else finding.focus or "the whole"
    yield f'<article class="{finding.weight.value}" aria-labelledby="finding-{number}">'
    yield f'<h3 id="finding-{number}">{finding.weight.value.capitalize()} {_plain(finding.code)}: {_plain(where)}</h3>'
    yield f"<p>{_text(finding.what)}.</p>"
    if finding.excerpt:
        yield f'<pre tabindex="0" aria-label="Source"><code>{chr(10).join(_excerpt(finding))}</code></pre>'
    yield "<dl>"
    near = f"<code>{_plain(finding.suggestion.nearest)}</code>" if finding.suggestion.nearest else ""
    allowed = ", ".join(f"<code>{_plain(a)}</code>" for a in finding.suggestion.allowed)
    link = f'<a href="{escape(quote(finding.page, safe="/#.-"))}">{_plain(finding.shape or finding.code)}</a>' if finding.page else ""
    for name, told in (("Fix", _text(finding.message)), ("Why", _text(finding.why)), ("Did you mean", near), ("Allowed", allowed), ("See", link)):
        if told:
            yield f"<dt>{name}</dt><dd>{told}</dd>"
    yield "</dl>"
    if finding.suggestion.snippet:
        yield f'<p>To paste:</p>\n<pre tabindex="0" aria-label="To paste"><code>{escape(visible(finding.suggestion.snippet, keep=chr(10)))}</code></pre>'
    yield "</article>"


def _excerpt(finding: Finding) -> Iterator[str]:
    for line in finding.excerpt:
        shown = _plain(line.text)
        if line.number == finding.place.line:
            start = finding.place.column - 1
            end = finding.end_column - 1 if finding.end_line == line.number else start + 1
            shown = f"{_plain(line.text[:start])}<mark>{_plain(line.text[start:end])}</mark>{_plain(line.text[end:])}"
        yield f"{line.number:>5} | {shown}".rstrip()


def _text(text: str) -> str:
    """Plain words, in which only `quoted words` stand as code."""
    return "".join(f"<code>{_plain(part)}</code>" if number % 2 else _plain(part) for number, part in enumerate(_SPAN.split(" ".join(text.split()))))


def _plain(text: str) -> str:
    return escape(visible(text))
