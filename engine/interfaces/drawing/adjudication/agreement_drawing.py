"""How far reviewers agree: coefficients of all and of pairs, for each way of looking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.interfaces.drawing.report_sections import Facts, Items, Section, Table
from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:
    from engine.adjudication import AgreementReport, AskedQuestions, Coefficient, Transcripts


def agreement_document(asked: AskedQuestions, read: Transcripts, reports: Sequence[AgreementReport]) -> dict[str, Any]:
    """Every coefficient with what it rests on; null where it is undefined, with the reason."""
    return {"bundle": asked.digest, "verdicts": len(read.verdicts), "faults": len(read.faults), "agreement": list(reports)}


def agreement_sections(read: Transcripts, reports: Sequence[AgreementReport], limit: int | None) -> list[Section]:
    """One section for each way of looking, coefficients first, then pairs."""
    sections = []
    for report in reports:
        rows = tuple(_coefficient(c) for c in (report.alpha, report.fleiss))
        pairs = tuple((p.first, p.second, *_coefficient(p.kappa)[1:]) for p in report.pairs[:limit])
        more = (f"{len(report.pairs) - limit:,} more with --limit or --json",) if limit is not None and len(report.pairs) > limit else ()
        sections.append(Section(report.seen_as, (
            Facts((("raters", f"{len(report.reviewers):,}"), ("questions", f"{report.questions:,}"), ("answers", f"{report.answers:,}"))),
            Table("of all", ("coefficient", "value", "questions", "observed", "by chance"), rows, (1, 2, 3, 4)),
            Table("of pairs (Cohen's kappa)", ("one", "other", "value", "questions", "observed", "by chance"), pairs, (2, 3, 4, 5)), Items("and", more),
            Items("undefined", tuple(dict.fromkeys(f"{c.name}: {c.undefined}" for c in (report.alpha, report.fleiss, *(p.kappa for p in report.pairs)) if c.undefined))),
        )))  # fmt: skip
    notes = (
        "1 is perfect agreement, 0 what chance gives; for alpha the last two columns are disagreement.",
        *((f"{counted(len(read.faults), 'fault')} in the transcripts are not in these figures.",) if read.faults else ()),
    )
    return [*sections, Section("how to read this", (Items("how to read this", notes),))]


def _coefficient(c: Coefficient) -> tuple[str, ...]:
    value = "undefined" if c.value is None else f"{c.value:.3f}"
    return (c.name, value, str(c.units), *("" if v is None else f"{v:.3f}" for v in (c.observed, c.expected)))
