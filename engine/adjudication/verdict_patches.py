"""Promoted answers as semantic patches: a naming of the title, with the verdicts it rests on. A patch proposes; nothing here changes a record.

The verdicts stand in no source of the graph, so `wig patch replay` asks for a source to be attached before anybody may lean on them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from engine.adjudication.bounded_text import bounded_text, shortened
from engine.adjudication.bundle import Reviewing
from engine.adjudication.bundle_files import empty_folder, write_files
from engine.adjudication.candidate_records import NAMING_KIND
from engine.adjudication.promotion import Adjudication, PromotionOutcome
from engine.adjudication.receipts import fault_rows, receipt_id, receipt_of
from engine.adjudication.transcripts import Verdict
from engine.contracts import canonical_json
from engine.contracts.canonical import plain

DERIVED_BY = "adjudication.verdict"
PATCHES, RECEIPTS = "patches.jsonl", "receipts.jsonl"
VERDICTS_SHOWN, SAID = 30, 300


def verdict_patches(found: Adjudication, reviewing: Reviewing) -> tuple[dict[str, Any], ...]:
    """One patch for each promoted answer, in the form that `wig patch replay` and `wig what-if` read, in order of their names."""
    promoted = found.of("promote")
    known = reviewing.records.titles({o.question.title_key for o in promoted})
    return tuple(_patch(o, o.question.title_key in known, reviewing.records.home) for o in promoted)


def write_promotion(found: Adjudication, patches: Sequence[dict[str, Any]], folder: Path) -> tuple[str, ...]:
    """Write every patch as a file of its own, all of them as JSON lines, and a receipt for each question, then a row for each fault of the
    transcripts; answers the names written.

    Raises BadInput ADJ213 where the folder holds anything, InputOutput ADJ201.
    """
    empty_folder(folder)
    texts = {f"{p['patch']}.yaml": yaml.safe_dump(p, sort_keys=False, allow_unicode=True, width=150) for p in patches}
    texts[PATCHES] = "".join(json.dumps(p, ensure_ascii=False) + "\n" for p in patches)
    texts[RECEIPTS] = "".join(canonical_json(row).decode() + "\n" for row in (*map(receipt_of, found.outcomes), *fault_rows(found.transcripts)))
    return write_files(folder, texts)


def _patch(outcome: PromotionOutcome, title_is_known: bool, home: str) -> dict[str, Any]:
    question, vote = outcome.question, outcome.vote
    candidate = next(c for c in question.candidates if c.key == outcome.answer)
    share = float(plain(outcome.confidence))  # six digits at most, so that the text is exact
    stamp = {"source_ref": vote.agreeing[0].reference, "derived_by": DERIVED_BY, **({"source": home} if home else {})}
    naming = {"change": "add", "link": "NAMES", "from": question.title_key, "to": candidate.key, "naming_kind": NAMING_KIND, "provenance": {**stamp, "confidence": share}}
    record = {"change": "add", "record": question.title_key, "properties": {"label": question.title}, "provenance": {**stamp, "confidence": 1}}
    said = [{"says": _said(v, candidate.key), "reference": v.reference} for v in vote.agreeing[:VERDICTS_SHOWN]]
    records = [{"says": s.says, "source": s.source, "reference": s.source_ref} for s in candidate.evidence]
    return {
        "patch": f"verdict-{question.title_key.partition('/')[2]}",
        "author": shortened("Adjudication by " + ", ".join(dict.fromkeys(v.reviewer for v in vote.agreeing)), SAID),
        "dated": max(v.dated for v in vote.agreeing).isoformat(),
        "reason": f"{vote.count(outcome.answer)} of {len(vote.voices)} independent voices say that {json.dumps(question.title, ensure_ascii=False)} means {candidate.label} ({candidate.key}); "
        f"decided by adjudication.promotion.{outcome.rule}, {receipt_id(outcome)}.",
        "confidence": share,
        "evidence": [*said, *records],
        "changes": [naming] if title_is_known else [record, naming],
    }  # fmt: skip


def _said(verdict: Verdict, answer: str) -> str:
    who = f"{verdict.reviewer} ({verdict.family}, {verdict.model})" if verdict.family else f"{verdict.reviewer} (human)"
    because = shortened(bounded_text(verdict.because), SAID)
    return f"{who} answers {answer}" + (f": {because}" if because else "")
