"""Review bundles and the transcripts that answer them: questions in a line each, faults by code and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.interfaces.drawing.report_sections import Facts, Items, Section, Table
from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:
    from engine.adjudication import AskedQuestions, ReviewBundle, Transcripts


def bundle_sections(bundle: ReviewBundle, written: Sequence[str], limit: int | None) -> list[Section]:
    """How many questions, each in a line, then what is not asked and why."""
    reasons = Counter(o.because for o in bundle.left_out)
    rows = tuple((q.title, str(q.today["fallback_tier"]), q.asked_because[-1], str(len(q.candidates)), q.question_id) for q in bundle.questions[:limit])
    more = () if limit is None or len(bundle.questions) <= limit else (f"and {counted(len(bundle.questions) - limit, 'question')} more with --limit or --json",)
    return [
        Section(f"{counted(len(bundle.questions), 'question')} for reviewers, {counted(len(bundle.left_out), 'title')} not asked", (
            Facts((("for", bundle.as_of), ("records", bundle.record_digest[:16]), ("rules", bundle.rules_digest[:16]), ("bundle", bundle.document()["digest"][:16]))),
            Table("questions", ("title", "tier", "because", "candidates", "question"), rows, (3,), wide=True), Items("more", more),
            Items("not asked", tuple(f"{counted(n, 'title')}: {why}" for why, n in sorted(reasons.items()))), Items("their licence keeps them here", tuple(r.sentence for r in bundle.refused)),
            Items("to be cited", tuple(f"{a.citation} [{a.licence}]" for a in bundle.attributions)), Items("written", tuple(written)),
        )),
    ]  # fmt: skip


def check_transcripts_document(asked: AskedQuestions, read: Transcripts) -> dict[str, Any]:
    """Whether every line is a verdict; counts and every fault."""
    return {
        "sound": not read.faults, "bundle": asked.digest, "questions": len(asked.questions), "lines": read.lines, "verdicts": len(read.verdicts),
        "answered": len({v.question for v in read.verdicts}), "reviewers": sorted({v.reviewer for v in read.verdicts}), "faults_by_code": read.counts, "faults": read.faults, "unread": read.unread,
    }  # fmt: skip


def check_transcripts_sections(asked: AskedQuestions, read: Transcripts, limit: int | None) -> list[Section]:
    """Counts, faults by code, then each fault with its line."""
    told = _faults(read, limit)
    head = "every line is a verdict" if not read.faults else f"{counted(len(read.faults), 'fault')} in {counted(read.lines, 'line')}"
    who = {(v.kind, v.reviewer, v.model) for v in read.verdicts}
    return [Section(head, (
        Facts((("questions", f"{len(asked.questions):,}, answered {len({v.question for v in read.verdicts}):,}"), ("verdicts", f"{len(read.verdicts):,} of {counted(read.lines, 'line')}"))),
        Table("reviewers", ("reviewer", "kind", "model", "verdicts"), tuple((name, kind, model, str(sum(v.reviewer == name for v in read.verdicts))) for kind, name, model in sorted(who)), (3,)), *told,
    ))]  # fmt: skip


def _faults(read: Transcripts, limit: int | None) -> tuple[Table | Items, ...]:
    shown = read.faults[:limit]
    more = (f"and {len(read.faults) - len(shown):,} more with --limit or --json",) if len(shown) < len(read.faults) else ()
    return (
        Table("faults", ("code", "how often"), tuple((code, f"{count:,}") for code, count in read.counts.items()), (1,)),
        Items("each", (*(f"{d.place}  {d.code}  {d.what} ({d.fix})" for d in shown), *more)),
    )
