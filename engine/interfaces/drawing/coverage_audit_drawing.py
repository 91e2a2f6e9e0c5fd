"""The audit of served packets as a part of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.interfaces.drawing.report_sections import Facts, Items, Section, Table

if TYPE_CHECKING:
    from engine.coverage import PacketAudit

_SHOWN = 50


def audit_section(audit: PacketAudit) -> Section:
    """Counts by check, then each kind of failure with the first of its titles."""
    failed = sum(c.failed.titles for c in audit.checks)
    verdict = "holds: every title passes every check" if audit.holds else f"fails: {failed:,} verdicts against titles; all of them stand in failing_titles.csv"
    checks = tuple((c.name, f"{c.passed.titles:,}", f"{c.failed.titles:,}", f"{c.passed.rows:,}", f"{c.failed.rows:,}") for c in audit.checks)
    failures = tuple(
        f"{f.check}, {f.sentence} (audit.{f.check}.{f.rule}; {f.alike.service_tier}, {f.alike.ground or 'no ground'}; {f.count.titles:,} titles, {f.count.rows:,} rows): {'; '.join(t or '(empty)' for t in f.titles)}"
        for f in audit.failures[:_SHOWN]
    )
    return Section(
        "Audit of the packets",
        (
            Facts((("verdict", verdict), ("packets read", f"{len(audit.grounds):,}"))),
            Table("Verdicts by check (pack audit)", ("check", "titles passed", "failed", "rows passed", "failed"), checks, (1, 2, 3, 4)),
            Items("Failures", failures),
        ),
    )
