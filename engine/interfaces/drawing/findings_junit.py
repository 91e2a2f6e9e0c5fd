"""Findings as JUnit XML, for test reports: a violation is a failed case, a warning or note a passed one that says so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from engine.interfaces.drawing.visible_text import visible

if TYPE_CHECKING:
    from engine.validate import Finding, FindingReport


def findings_junit(report: FindingReport) -> str:
    """A suite for each file with a case for each finding; one passed case where nothing was found."""
    suites = [(file, list(found)) for file, found in groupby(report.findings, key=lambda f: f.file)]
    failed = sum(f.weight.value == "violation" for f in report.findings)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="wig validate" tests="{len(report.findings) or 1}" failures="{failed}" errors="0" time="0">']
    for file, found in suites:
        broken = sum(f.weight.value == "violation" for f in found)
        lines.append(f'  <testsuite name={_attribute(file or "input")} tests="{len(found)}" failures="{broken}" errors="0" skipped="0" time="0">')
        lines += [line for finding in found for line in _case(finding)]
        lines.append("  </testsuite>")
    if not suites:
        lines += ['  <testsuite name="contracts" tests="1" failures="0" errors="0" skipped="0" time="0">', f'    <testcase name={_attribute(f"{report.judged:,} judged")} classname="contracts" time="0"/>', "  </testsuite>"]
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _case(finding: Finding) -> Iterator[str]:
    kind = finding.shape or finding.code
    name = f"{kind} {finding.focus} {finding.path}".strip()
    told = "\n".join(t for t in (finding.at, finding.what, f"why: {finding.why}" if finding.why else "", f"fix: {finding.message}" if finding.message else "", finding.suggestion.snippet, finding.page) if t)
    yield f'    <testcase name={_attribute(name)} classname={_attribute(finding.file or "input")} file={_attribute(finding.file)} line="{finding.place.line}" time="0">'
    if finding.weight.value == "violation":
        yield f"      <failure message={_attribute(finding.what)} type={_attribute(kind)}>{_text(told)}</failure>"
    else:
        yield f"      <system-out>{_text(f'{finding.weight.value}: {told}')}</system-out>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(visible(text))


def _text(text: str) -> str:
    return escape(visible(text, keep="\n"))
