"""Cases and coverage of rule packs: text for a terminal, a document, JUnit XML for test reports."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from engine.interfaces.drawing.row_drawing import rows_text
from engine.interfaces.drawing.visible_text import visible

if TYPE_CHECKING:
    from engine.rules import CaseReport, CaseResult, CoverageReport, Covered

_WORDS = {
    "row": "no case is decided by the row", "holds": "no case hangs on this condition holding", "fails": "no case hangs on this condition failing",
    "bound": "no case stands at the bound", "value": "no case meets this value alone", "output": "no case expects this output",
    "weight": "no case rests on this weight", "transform": "no case tells the transform", "order": "no case tells this step of the order",
}  # fmt: skip


def cases_text(report: CaseReport) -> str:
    """What failed with what was expected and met, and the count."""
    failed = [r for r in report.results if r.asked and not r.passed]
    lines = [f"{r.place}  {r.pack}: {r.sentence}\n  expected  {r.expected}\n  met       {r.met}" for r in failed]
    return "\n".join([*lines, _count(report)])


def cases_document(report: CaseReport) -> dict[str, Any]:
    """Counts, every case, and the rows that no case fires."""
    asked = [r for r in report.results if r.asked]
    failed = [r for r in asked if not r.passed]
    return {"passed": len(asked) - len(failed), "failed": [r.sentence for r in failed], "not_asked": len(report.results) - len(asked), "cases": report.results, "unfired": report.unfired}


def cases_junit(report: CaseReport) -> str:
    """A suite for each pack, a test case for each case; a title that was not asked is skipped."""
    suites = []
    for pack, group in groupby(report.results, key=lambda r: r.pack):
        results = list(group)
        suites.append((pack, len(results), sum(r.asked and not r.passed for r in results), sum(not r.asked for r in results), [_case(r) for r in results]))
    return _junit("wig rules test", suites)


def coverage_text(report: CoverageReport) -> str:
    """For each table how much is covered; then each open demand with its place and an input that would meet it."""
    rows = []
    for (pack, table), group in groupby(report.items, key=lambda i: (i.pack, i.demand.table)):
        items = list(group)
        rows.append((f"{pack}.{table}", len(items), *(sum(i.state == s for i in items) for s in ("covered", "impossible")), sum(i.state in ("open", "undecided") for i in items)))
    lines = [rows_text(("table", "demands", "covered", "proven idle", "open"), rows), ""]
    lines += [_open(item) for item in report.items if item.state in ("open", "undecided")]
    counts = report.counts()
    left = counts["open"] + counts["undecided"]
    return "\n".join([*lines, f"{counts['covered']} of {len(report.items)} covered, {counts['impossible']} proven to make no difference, {left} open"])


def coverage_document(report: CoverageReport) -> dict[str, Any]:
    """Counts and every demand with its state."""
    items = [{"pack": i.pack, "table": i.demand.table, "row": i.demand.rule, "column": i.demand.column, "kind": i.demand.kind, "needs": i.demand.needs, "state": i.state, "by": i.case, "place": i.place} for i in report.items]
    return {"complete": report.complete, "counts": report.counts(), "demands": items}


def coverage_junit(report: CoverageReport) -> str:
    """A suite for each table, a test case for each demand; an open one has failed, a proven idle one is skipped."""
    suites = []
    for (pack, table), group in groupby(report.items, key=lambda i: (i.pack, i.demand.table)):
        items = list(group)
        lost = sum(i.state in ("open", "undecided") for i in items)
        suites.append((f"{pack}.{table}", len(items), lost, sum(i.state == "impossible" for i in items), [_demand(i) for i in items]))
    return _junit("wig rules coverage", suites)


def _count(report: CaseReport) -> str:
    asked = [r for r in report.results if r.asked]
    failed = sum(not r.passed for r in asked)
    rest = len(report.results) - len(asked)
    return f"{len(asked) - failed} passed, {failed} failed" + (f", {rest} of titles not asked (add --titles)" if rest else "")


def _where(item: Covered) -> str:
    return " ".join(part for part in (item.demand.rule, item.demand.column) if part)


def _open(item: Covered) -> str:
    like = f"\n  for instance  {item.case}" if item.case and item.case != item.demand.needs else ""
    return f"{item.place}  {item.pack}.{item.demand.table}: {_where(item)}: {_WORDS[item.demand.kind]}\n  add  {item.demand.needs}{like}"


def _case(result: CaseResult) -> str:
    inside = "" if result.asked and result.passed else "<skipped/>" if not result.asked else f"<failure message={_attribute(f'expected {result.expected}, met {result.met}')}>{_text(f'{result.place}')}</failure>"
    return f"    <testcase name={_attribute(result.sentence)} classname={_attribute(result.pack)} file={_attribute(result.place.file)} line=\"{result.place.line}\" time=\"0\">{inside}</testcase>"


def _demand(item: Covered) -> str:
    inside = {"covered": "", "impossible": f"<skipped message={_attribute(item.case)}/>"}.get(item.state, f"<failure message={_attribute(_WORDS[item.demand.kind])}>{_text(_open(item))}</failure>")
    name = f"{_where(item)} {item.demand.kind}: {item.demand.needs}"
    return f"    <testcase name={_attribute(name)} classname={_attribute(f'{item.pack}.{item.demand.table}')} file={_attribute(item.place.file)} line=\"{item.place.line}\" time=\"0\">{inside}</testcase>"


def _junit(name: str, suites: Sequence[tuple[str, int, int, int, list[str]]]) -> str:
    total, failed = sum(s[1] for s in suites), sum(s[2] for s in suites)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="{name}" tests="{total}" failures="{failed}" errors="0" time="0">']
    for suite, tests, failures, skipped, cases in suites:
        lines += [f'  <testsuite name={_attribute(suite)} tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}" time="0">', *cases, "  </testsuite>"]
    return "\n".join([*lines, "</testsuites>"])


def _attribute(text: str) -> str:
    return quoteattr(visible(text))


def _text(text: str) -> str:
    return escape(visible(text, keep="\n"))
