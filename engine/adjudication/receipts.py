"""Receipts of a promotion: for each question what became of it and on what, down to the bytes of every line; and the faults of the transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from engine.adjudication.promotion import PromotionOutcome
from engine.adjudication.transcripts import Transcripts
from engine.contracts import digest_of
from engine.contracts.canonical import plain


def receipt_id(outcome: PromotionOutcome) -> str:
    """`receipt/` and the first 32 hexadecimal digits of the SHA-256 of all the rest of the receipt, in canonical form."""
    return f"receipt/{digest_of(plain(_body(outcome)))[:32]}"


def receipt_of(outcome: PromotionOutcome) -> dict[str, Any]:
    """What became of one question, and on what: the bundle, the snapshot, the day and the rules, and every line that was used, by file, line and SHA-256."""
    return {"receipt": receipt_id(outcome), **_body(outcome)}


def fault_rows(transcripts: Transcripts) -> Iterator[dict[str, Any]]:
    """Each fault of the transcripts with the questions that its line may be on (`any` where it does not tell), where it may be an unread verdict."""
    unread = {(u.place.file, u.place.line, u.code): u for u in transcripts.unread}
    for fault in transcripts.faults:
        lost = unread.get((fault.place.file, fault.place.line, fault.code))
        told = {"fault": fault.code, "place": str(fault.place), "what": fault.what, "why": fault.why, "fix": fault.fix, "unread": lost is not None}
        yield told if lost is None else {**told, "sha256": lost.digest, "questions": list(lost.questions) or "any"}


def _body(outcome: PromotionOutcome) -> dict[str, Any]:
    question = outcome.question
    return {
        **asdict(outcome.basis), "question": question.question_id, "title": question.title, "prompt_digest": question.prompt_digest, "prompt_digest_today": outcome.today.prompt_digest,
        "decision_asked": question.decision_id, "decision_today": outcome.decision_today, "promotion": outcome.promotion, "rule": outcome.rule, "because": outcome.because,
        "answer": outcome.answer, "backing": outcome.backing, "confidence": outcome.confidence, "inputs": outcome.inputs, "obstacles": outcome.obstacles, "failed_cells": outcome.failed,
        "verdicts": [
            {"verdict": s.verdict.reference, "sha256": s.verdict.digest, "reviewer": s.verdict.reviewer, "answer": s.verdict.answer, "counted": s.counted, "rule": s.rule} for s in outcome.standings
        ],
        "unread": [{"verdict": u.reference, "sha256": u.digest, "fault": u.code} for u in outcome.unread],
        "voices": [{"name": v.name, "kind": v.kind, "answer": v.answer, "verdicts": [x.reference for x in v.verdicts]} for v in outcome.vote.voices],
        "set_aside": [{"verdict": s.verdict.reference, "reviewer": s.verdict.reviewer, "rule": s.rule, "because": s.because} for s in outcome.set_aside],
    }  # fmt: skip
