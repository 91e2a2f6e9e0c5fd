"""Findings as workflow commands: GitHub shows them beside the lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.validate import Finding, FindingReport

_COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}


def findings_github(report: FindingReport) -> str:
    """One command a line, in the order of the report; nothing where nothing was found."""
    return "".join(f"{_command(f)}\n" for f in report.findings)


def _command(finding: Finding) -> str:
    where = [("file", finding.file)] if finding.place.line else []
    if finding.place.line:
        where += [("line", str(finding.place.line)), ("endLine", str(finding.end_line or finding.place.line))]
    # columns mean something to the reader of the annotation only within one line
    if finding.place.column and finding.end_line in (0, finding.place.line):
        where += [("col", str(finding.place.column)), ("endColumn", str(max(finding.end_column - 1, finding.place.column)))]
    where.append(("title", f"{finding.code} {finding.shape}".strip()))
    near = f"did you mean `{finding.suggestion.nearest}`?" if finding.suggestion.nearest else ""
    said = [finding.what, f"fix: {finding.message}" if finding.message else "", near, f"why: {finding.why}" if finding.why else "", finding.suggestion.snippet, finding.page]
    return f"::{_COMMANDS[finding.weight.value]} {','.join(f'{name}={_property(value)}' for name, value in where)}::{_data(chr(10).join(s for s in said if s))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
