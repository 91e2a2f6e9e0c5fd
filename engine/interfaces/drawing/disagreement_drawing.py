"""Disagreements between sources as text, JSON and Markdown: both sides with figures, units and rows, and what it means and does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.contracts import decimal_text
from engine.interfaces.drawing.report_page import Block, Heading, Sentences, Table, report_html, report_markdown
from engine.interfaces.drawing.resolution_drawing import wrapped

if TYPE_CHECKING:
    from engine.compare import DisagreementReport
    from engine.warehouse import Disagreement, KindFinding, Statement


def disagreements_document(report: DisagreementReport, limit: int | None) -> dict[str, Any]:
    """Everything, or the first `limit` of each kind."""
    kinds = [
        {"kind": k.kind, "title": k.title, "means": k.means, "means_not": k.means_not, "compared": k.compared, "disagree": k.disagree, "share": k.share, "reason": k.reason,
         "shown": len(k.found[:limit]), "found": k.found[:limit]}
        for k in report.kinds
    ]  # fmt: skip
    return {"snapshot": report.snapshot, "as_of": report.as_of, "thresholds": report.thresholds, "kinds": kinds, "withheld": report.withheld, "attributions": report.attributions}


def disagreements_text(report: DisagreementReport, limit: int | None) -> str:
    """For each kind: the count, what it means, the first examples with both sides."""
    parts = []
    for kind in report.kinds:
        lines = [f"{kind.title} ({kind.kind})", wrapped(f"  {_verdict(kind)}", 2)]
        if kind.found:
            lines += [wrapped(f"  means      {kind.means}", 13), wrapped(f"  means not  {kind.means_not}", 13)]
        for found in kind.found[:limit]:
            lines += ["", wrapped(f"  {found.label} ({found.subject}){_gap(found)}", 4), *(wrapped(f"    {_said(s)}", 6) for s in found.statements)]
        if limit is not None and len(kind.found) > limit:
            lines += ["", f"  and {len(kind.found) - limit:,} more with --limit or --json"]
        parts.append("\n".join(lines))
    parts.append(wrapped(f"thresholds on {report.as_of}: {_thresholds(report)}", 2))
    parts += [wrapped(f"kept back  {w}", 11) for w in report.withheld]
    parts += [wrapped(f"{a.citation} [{a.licence}]", 2) for a in report.attributions]
    return "\n\n".join(parts)


def disagreements_markdown(report: DisagreementReport, limit: int | None) -> str:
    """For a reader who was not there."""
    return report_markdown(_title(report), _blocks(report, limit))


def disagreements_html(report: DisagreementReport, limit: int | None) -> str:
    """The same as one page."""
    return report_html(_title(report), _blocks(report, limit))


def _title(report: DisagreementReport) -> str:
    return f"Where sources disagree: snapshot {report.snapshot}"


def _blocks(report: DisagreementReport, limit: int | None) -> list[Block]:
    rows = tuple((k.title, f"{k.compared:,}", f"{k.disagree:,}", _percent(k)) for k in report.kinds)
    blocks: list[Block] = [
        Sentences(("Nothing here is averaged, and no side is called right: both statements stand as published.",)),
        Table("Kinds", ("Kind", "Compared", "Disagree", "Share"), rows, ("Compared", "Disagree", "Share")),
    ]
    for kind in report.kinds:
        said = (f"{_verdict(kind)}.", f"It means that {kind.means}. It does not mean {kind.means_not}.") if kind.compared else (f"{_verdict(kind)}.",)
        blocks += [Heading(kind.title), Sentences(said)]
        shown = kind.found[:limit]
        if shown:
            caption = f"{len(shown):,} of {len(kind.found):,}"
            blocks.append(Table(caption, ("Subject", "Gap", "Statements"), tuple((f"{d.label} ({d.subject})", _gap(d).strip(": "), " / ".join(map(_said, d.statements))) for d in shown)))
    blocks += [Heading("Thresholds"), Sentences((f"On {report.as_of}: {_thresholds(report)}.",))]
    if report.withheld:
        blocks += [Heading("Kept back by licence"), Sentences(report.withheld, listed=True)]
    if report.attributions:
        blocks += [Heading("Sources"), Sentences(tuple(f"{a.citation} [{a.licence}]" for a in report.attributions), listed=True)]
    return blocks


def _percent(kind: KindFinding) -> str:
    return "" if kind.share is None else f"{decimal_text(round(kind.share * 100, 1))} %"


def _verdict(kind: KindFinding) -> str:
    if not kind.compared:
        return f"nothing could be compared: {kind.reason}"
    return f"{kind.disagree:,} of {kind.compared:,} compared disagree ({_percent(kind)})"


def _gap(found: Disagreement) -> str:
    words = {"factor": f": apart by a factor of {found.gap}", "share of places": f": {found.gap} of all places apart", "share": f": {found.gap} apart"}
    return words.get(found.gap_unit, "") if found.gap else ""


def _said(s: Statement) -> str:
    """`gpts-are-gpts@2023-08 human_exposure_beta: E1, 1 (share) at full_labelset.tsv:7`."""
    unit = f" ({s.unit})" if s.unit else ""
    place = f" at {s.source_ref}" if s.source_ref else ""
    who = s.label if s.measure in ("publisher_sources", "annual_wage_median") else ""
    return f"{s.source.removeprefix('source/')}{f', {who},' if who else ''} {s.measure}: {s.says}{unit}{place}"


def _thresholds(report: DisagreementReport) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {decimal_text(value)}" for name, value in report.thresholds.items())


DISAGREEMENT_FORMATS = {"text": disagreements_text, "markdown": disagreements_markdown, "html": disagreements_html}
