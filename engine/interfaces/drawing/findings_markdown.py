"""Findings as Markdown, for a comment or a page; what authors wrote stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.interfaces.drawing.findings_text import summary
from engine.interfaces.drawing.visible_text import counted, visible

if TYPE_CHECKING:
    from engine.validate import Finding, FindingReport

_MARKS = re.compile(r"([\\*_{}\[\]()#+!|~<>&@:]|^-|(?<=^www)\.|(?<=\Wwww)\.|(?<=^\d)\.)")
_SPAN = re.compile(r"`([^`]+)`")


def findings_markdown(report: FindingReport) -> str:
    """A heading with the verdict, a part for each file, an item for each finding."""
    lines = ["# Findings" if report.findings else "# Conforms" if report.conforms else "# Nothing new", "", f"{markdown_text(summary(report))}."]
    for file, some in groupby(report.findings, key=lambda f: f.file):
        found = list(some)
        lines += ["", f"## {_code(file or 'input')}", "", f"{counted(len(found), 'finding')}."]
        lines += [line for f in found for line in _item(f)]
    if report.vanished:
        lines += ["", "## Accepted findings that no longer occur", "", *(f"- {v.count:,} × {markdown_text(v.about)}" for v in report.vanished)]
    return "\n".join(lines) + "\n"


def _item(finding: Finding) -> Iterator[str]:
    where = f"line {finding.place.line}, column {finding.place.column}" if finding.place.line else markdown_text(finding.focus or "the whole")
    yield from ("", f"### {finding.weight.value.capitalize()} {finding.code}: {where}", "", f"{markdown_text(finding.what)}.")
    if finding.excerpt:
        body = [f"{'>' if line.number == finding.place.line else ' '} {line.number:>5} | {visible(line.text)}".rstrip() for line in finding.excerpt]
        yield from _fenced(body, "")
    yield ""
    if finding.message:
        yield f"- **Fix:** {markdown_text(finding.message)}"
    if finding.why:
        yield f"- **Why:** {markdown_text(finding.why)}"
    if finding.suggestion.nearest:
        yield f"- **Did you mean:** {_code(finding.suggestion.nearest)}"
    if finding.suggestion.allowed:
        yield f"- **Allowed:** {', '.join(_code(a) for a in finding.suggestion.allowed)}"
    if finding.page:
        yield f"- **See:** [{markdown_text(finding.shape or finding.code)}]({quote(finding.page, safe='/#.-')})"
    if finding.suggestion.snippet:
        yield from _fenced([visible(line) for line in finding.suggestion.snippet.split("\n")], "yaml")


def _fenced(lines: list[str], language: str) -> Iterator[str]:
    """Lines between fences longer than any run of backticks in them."""
    fence = "`" * max(3, *(len(run) + 1 for line in lines for run in re.findall("`+", line)), 3)
    yield from ("", f"{fence}{language}", *lines, fence)


def markdown_text(text: str) -> str:
    """Plain words, in which only `quoted words` stand as code."""
    flat = visible(" ".join(text.split()))
    parts = _SPAN.split(flat)
    return "".join(_code(part) if number % 2 else _MARKS.sub(r"\\\1", part).replace("`", "\\`") for number, part in enumerate(parts))


def _code(text: str) -> str:
    """A code span, fenced so that no backtick in it can end it."""
    flat = visible(" ".join(text.split())) or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", flat)), default=0) + 1)
    pad = " " if flat[0] == "`" or flat[-1] == "`" else ""
    return f"{fence}{pad}{flat}{pad}{fence}"
