"""What becomes of each question, with its voices and every obstacle; and the patches as documents hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.contracts.canonical import plain
from engine.interfaces.drawing.report_sections import Facts, Items, Section, Table
from engine.interfaces.drawing.resolution_drawing import percent
from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:
    from engine.adjudication import Adjudication, PromotionOutcome

PROMOTION_NAMES = {"promote": "promoted to a proposed patch", "known": "on record already", "reject": "rejected", "hold": "held"}


def promotion_document(found: Adjudication, patches: Sequence[Mapping[str, Any]], written: Sequence[str]) -> dict[str, Any]:
    """All of it: outcomes as receipts, patches as they are written, faults of the transcripts."""
    from engine.adjudication import PROMOTIONS, receipt_of

    basis = found.basis
    return {
        "bundle": basis.bundle, "snapshot": basis.snapshot, "as_of": basis.as_of, "record_digest": basis.record_digest, "rules_digest": basis.rules_digest, "questions": len(found.outcomes),
        "outcomes": {p: len(found.of(p)) for p in PROMOTIONS}, "receipts": [plain(receipt_of(o)) for o in found.outcomes],
        "patches": [{**p, "confidence": str(p["confidence"]), "changes": [_exact(c) for c in p["changes"]]} for p in patches],
        "faults_by_code": found.transcripts.counts, "faults": found.transcripts.faults, "unread": len(found.transcripts.unread), "written": list(written), "unlocked": 0,
    }  # fmt: skip


def promotion_sections(found: Adjudication, written: Sequence[str], limit: int | None) -> list[Section]:
    """Counts, then each question with its answer, its voices and every obstacle."""
    sections = [Section(f"{counted(len(found.outcomes), 'question')} adjudicated for {found.basis.as_of}", (
        Facts(tuple((name, f"{len(found.of(p)):,}") for p, name in PROMOTION_NAMES.items())),
        Items("to know", tuple(_known(found))),
    ))]  # fmt: skip
    for promotion, name in PROMOTION_NAMES.items():
        outcomes = found.of(promotion)
        if outcomes:
            rows = tuple(_row(o) for o in outcomes[:limit])
            more = () if limit is None or len(outcomes) <= limit else (f"{len(outcomes) - limit:,} more with --limit or --json",)
            sections.append(Section(name, (Table(f"{len(rows):,} of {len(outcomes):,}", ("title", "answer", "voices", "sure", "because", "set aside", "receipt"), rows, wide=True), Items("and", more))))
    closing = ("nothing was unlocked: a patch proposes, and the snapshot was only read", *((f"written: {', '.join(written)}",) if written else ()))
    return [*sections, Section("what follows", (Items("what follows", closing),))]


def _known(found: Adjudication) -> Iterator[str]:
    faults, unread, unplaced = len(found.transcripts.faults), len(found.transcripts.unread), found.basis.unplaced
    if faults:
        yield f"{counted(faults, 'fault')} in the transcripts; `wig adjudicate check` lists them"
    if unread:
        yield f"{counted(unread, 'line')} may be a verdict and cannot be read as one; questions that it may be on wait" + (f", and {unplaced:,} may be on any" if unplaced else "")


def _row(o: PromotionOutcome) -> tuple[str, ...]:
    from engine.adjudication import receipt_id

    for_it = f"{o.vote.count(o.answer)} of {len(o.vote.voices)}" + (f" ({percent(o.vote.agreement)})" if o.vote.agreement is not None else "")
    because = "; ".join(f"{x.because} [{x.rule}]" for x in o.obstacles) or f"{o.because} [{o.rule}]"
    aside = "; ".join(f"{s.verdict.reviewer}: {s.because}" for s in o.set_aside)
    return (o.question.title, o.answer or "none leads", for_it, "" if o.confidence is None else percent(o.confidence), because, aside, receipt_id(o).partition("/")[2][:12])


def _exact(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change with its share as text, as every document has them."""
    stamp = dict(change["provenance"])
    return {**change, "provenance": {**stamp, "confidence": str(stamp["confidence"])}}
