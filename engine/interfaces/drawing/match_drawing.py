"""Drawings of ranked labels: a few lines of text, and a JSON document with confidence and justification; and of how high a run lists what is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.contracts import MICRO
from engine.interfaces.drawing.report_sections import Facts, Section, Table, sections_text
from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:  # arrays load only where labels are matched
    from engine.evaluation import Estimate, RunReport
    from engine.matching import Answer, Ranked

SHOWN = 10  # queries in text
_NAMES = {
    "own_name": "the concept's own name", "label_words": "words of a label", "label_letters": "letters of a label", "letters": "letters of all labels", "written": "its description",
    "described": "labels and description together", "group": "labels of its group", "group_written": "description of its group", "bridge": "occupations that name such titles",
    "example_words": "words of labelled examples", "example_letters": "letters of labelled examples", "example_terms": "single words of labelled examples",
    "names": "its other names", "example_nearest": "the nearest labelled example",
    "example_occupations": "labelled examples of the same occupations", "example_count": "number of its labelled examples", "example_lack": "want of labelled examples",
    "taught_words": "words of its labels and examples together", "taught_letters": "letters of its labels and examples together",
}  # fmt: skip


def matches_document(answers: Sequence[Answer], run: str, left_out: Mapping[str, Mapping[str, int]], snapshot: str, concepts: int, candidates: int, examples: int) -> dict[str, Any]:
    """The whole answer; shares with six decimals."""
    return {
        "run": run, "snapshot": snapshot, "queries": len(answers), "candidates": candidates, "concepts": concepts, "examples": examples, "left_out": {k: dict(v) for k, v in left_out.items()},
        "answers": [
            {
                "query": a.question.id, "label": a.question.label,
                "expansion": {"record": a.question.expanded_by or None, "names": len(a.question.names), "other_words": a.question.added, "bridge_over": a.over or None},
                "candidates": [_candidate(c, rank) for rank, c in enumerate(a.candidates, 1)],
            }
            for a in answers
        ],
    }  # fmt: skip


def _candidate(ranked: Ranked, rank: int) -> dict[str, Any]:
    return {
        "rank": rank, "id": ranked.id, "label": ranked.label, "concept": ranked.concept, "score": _decimal(ranked.score), "confidence": _decimal(ranked.confidence),
        "justification": {
            "label_matched": ranked.label_matched or None, "expanded_by": ranked.expanded_by or None,
            "signals": [{"signal": s.signal, "strength": _decimal(s.strength), "points": _decimal(s.points)} for s in ranked.signals],
        },
    }  # fmt: skip


def matches_text(answers: Sequence[Answer], run: str, left_out: Mapping[str, Mapping[str, int]], snapshot: str, concepts: int, candidates: int, examples: int) -> str:
    """What was ranked, and the first candidates of the first queries with what speaks for them."""
    spoken = f", {examples:,} labelled examples" if examples else ""
    lines = [f"{len(answers):,} queries ranked against {candidates:,} labels of {concepts:,} concepts{spoken}: {run}", f"snapshot {snapshot}"]
    lines += [f"left out of the {name}: {count:,} ({reason})" for name, counts in left_out.items() for reason, count in counts.items()]
    for answer in answers[:SHOWN]:
        over = f"   known as {answer.question.expanded_by}" if answer.question.expanded_by else ""
        lines += ["", f"{answer.question.label}{over}"]
        for rank, c in enumerate(answer.candidates, 1):
            lines.append(f"  {rank}. {c.label}  {Decimal(c.confidence) / MICRO:.2f}  {c.id}")
            best = "; ".join(_NAMES.get(s.signal, s.signal) for s in c.signals if s.points > 0)
            if best:
                lines.append(f"     by {best.split('; ')[0]}" + (f", nearest label `{c.label_matched}`" if c.label_matched else ""))
    if len(answers) > SHOWN:
        lines += ["", f"... and {len(answers) - SHOWN:,} more; --json holds them all"]
    return "\n".join(lines)


def _decimal(millionths: int) -> Decimal:
    return (Decimal(millionths) / MICRO).quantize(Decimal("0.000001"))


def run_document(report: RunReport) -> dict[str, Any]:
    """Everything; first a summary of the figures without intervals."""
    figures = {"mrr": report.mrr, **{f"top_{reach}": found for reach, found in report.within.items()}, "ndcg_10": report.ndcg}
    return {
        "run": report.run, "judgements": report.judgements, "summary": {"queries": report.queries, **{name: found.value for name, found in figures.items()}}, "figures": figures,
        "relevant": report.relevant, "unanswered": report.unanswered, "without_relevant": report.without_relevant, "unjudged": report.unjudged,
        "resamples": report.resamples, "seed": report.seed,
    }  # fmt: skip


def run_text(report: RunReport) -> str:
    """For a terminal."""
    left_out = [f"{counted(n, 'query').replace('querys', 'queries')} {what}" for n, what in ((report.without_relevant, "with nothing judged relevant"), (report.unjudged, "of the run without a judgement")) if n]
    asked = Facts((
        ("run", report.run), ("judgements", f"{report.judgements}: {counted(report.queries, 'query').replace('querys', 'queries')}, {counted(report.relevant, 'relevant candidate')}"),
        ("left out", ", ".join(left_out)), ("not in the run", f"{report.unanswered:,}, counted as wrong" if report.unanswered else ""),
        ("intervals", f"the middle 95 % of {report.resamples:,} resamples of the queries, seed {report.seed}" if report.resamples else "none"),
    ))  # fmt: skip
    rows = [("MRR", report.mrr), *((f"among the first {reach}" if reach > 1 else "first", found) for reach, found in report.within.items()), ("nDCG of the first 10", report.ndcg)]
    figures = Table("Over all queries with a relevant candidate", ("figure", "value"), tuple((name, _score(found)) for name, found in rows), (1,))
    return sections_text([Section("What was judged", (asked,)), Section("How high the relevant candidates stand", (figures,))])


def _score(found: Estimate) -> str:
    if found.value is None:
        return "-"
    return f"{found.value:.3f}" if found.low is None or found.low == found.high else f"{found.value:.3f} {found.low:.3f}-{found.high:.3f}"
