"""What becomes of each question, decided by the pack `adjudication` on the snapshot of today: promoted, known, rejected or held, with every obstacle.

In: a bundle's questions, verdicts, the snapshot as reviewers would be asked today. Out: outcomes. Nothing is written, and nothing is unlocked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.adjudication.bundle import PACK, Reviewing
from engine.adjudication.bundle_files import AskedQuestions
from engine.adjudication.question import NEEDS_HUMAN, OTHER_ANSWERS, Question
from engine.adjudication.transcripts import HUMAN, Transcripts, by_question
from engine.adjudication.voices import Standing, Vote, standings, vote_of
from engine.contracts import MICRO, Decision, digest_of, from_micro, to_micro
from engine.contracts.canonical import plain
from engine.rules import TableResult

PROMOTIONS = ("promote", "known", "reject", "hold")
CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A row of `obstacles` that closes the gate: its id, sentence, and the values that its cells met."""

    rule: str
    because: str
    met: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PromotionOutcome:
    """What becomes of one question.

    `today` and `decision_today` are the question and decision of this snapshot; `rule` and `because` are of the table `promotion`, `obstacles` all that closes its
    gate, `failed` for each row before the one that fired the cell that stopped it; `inputs` what the tables were asked. `confidence` (share) and
    `backing` are those of a promoted answer.
    """

    question: Question
    today: Question
    decision_today: str
    promotion: str
    rule: str
    because: str
    answer: str | None
    backing: str | None
    confidence: Decimal | None
    vote: Vote
    standings: tuple[Standing, ...]
    obstacles: tuple[Obstacle, ...]
    failed: tuple[Mapping[str, Any], ...]
    inputs: Mapping[str, Any]

    @property
    def set_aside(self) -> tuple[Standing, ...]:
        """Verdicts that do not count."""
        return tuple(s for s in self.standings if not s.counted)

    @property
    def receipt_id(self) -> str:
        """`receipt/` and the first 32 hexadecimal digits of the SHA-256 of the question's digests, the verdicts and the outcome."""
        body = {
            "question": self.question.prompt_digest, "today": self.today.prompt_digest, "decisions": [self.question.decision_id, self.decision_today],
            "verdicts": [(s.verdict.reviewer, s.verdict.reference, s.verdict.answer, s.rule) for s in self.standings], "inputs": self.inputs, "promotion": self.promotion, "rule": self.rule,
        }  # fmt: skip
        return f"receipt/{digest_of(plain(body))[:32]}"


@dataclass(frozen=True, slots=True)
class Adjudication:
    """Outcomes of all questions of a bundle in order of their ids, on what day, over which snapshot and under which rules."""

    bundle: str
    snapshot: str
    as_of: str
    rules_digest: str
    outcomes: tuple[PromotionOutcome, ...]
    transcripts: Transcripts

    def of(self, promotion: str) -> tuple[PromotionOutcome, ...]:
        """Outcomes of one kind, in order."""
        return tuple(o for o in self.outcomes if o.promotion == promotion)


def adjudicate(asked: AskedQuestions, transcripts: Transcripts, reviewing: Reviewing) -> Adjudication:
    """Decide every question of a bundle. The question is put to the snapshot again: where it would be another one today, its verdicts are stale."""
    questions = list(asked.questions.values())
    today = reviewing.again(questions)
    given = by_question(transcripts.verdicts)
    found = [standings(reviewing.rulebook, reviewing.as_of, q, given.get(q.question_id, ())) for q in questions]
    votes = [vote_of([s.verdict for s in judged if s.counted]) for judged in found]
    inputs = _inputs(questions, today, votes, reviewing)
    columns = {name: [i[name] for i in inputs] for name in inputs[0]} if inputs else {}
    told = reviewing.rulebook.decide(PACK, "promotion", columns, reviewing.as_of, size=len(questions))
    gate = told.upstream["obstacles"]
    trust = reviewing.parameter("trust")
    outcomes = []
    for n, (question, vote) in enumerate(zip(questions, votes, strict=True)):
        now, decision = today[question.question_id]
        backing = told.outputs["backing"][n]
        confidence = from_micro(to_micro(trust[backing]) * to_micro(vote.agreement) // MICRO) if backing is not None and vote.agreement is not None else None
        outcomes.append(
            PromotionOutcome(
                question, now, decision.decision_id, str(told.outputs["promotion"][n]), str(told.fired[n]), told.sentences[n], vote.leading, None if backing is None else str(backing), confidence, vote,
                found[n], _obstacles(gate, n), tuple({"row": s.rule, "input": s.input, "test": s.test, "met": s.met} for s in (*gate.stops[n], *told.stops[n])), inputs[n],
            )
        )  # fmt: skip
    return Adjudication(asked.digest, reviewing.snapshot.name, reviewing.as_of.isoformat(), reviewing.rulebook.digest, tuple(sorted(outcomes, key=lambda o: o.question.question_id)), transcripts)


def _inputs(questions: Sequence[Question], today: Mapping[str, tuple[Question, Decision]], votes: Sequence[Vote], reviewing: Reviewing) -> list[dict[str, Any]]:
    """What the tables are asked of each question. What the title and the answer are is read from this snapshot, not from the bundle."""
    leading = [v.leading for v in votes]
    named = [a for a in dict.fromkeys(leading) if a is not None and a not in OTHER_ANSWERS]
    audiences = reviewing.candidates.audiences(named)
    recorded = reviewing.records.named_by({q.title_key for q in questions})
    return [
        {
            "question_state": "current" if today[q.question_id][0].prompt_digest == q.prompt_digest else "stale",
            "voices": len(vote.voices), "agreement": vote.agreement, "human_wanted": vote.count(NEEDS_HUMAN), "agreeing_humans": vote.count(vote.leading, HUMAN),
            "answer": None if vote.leading is None else vote.leading if vote.leading in OTHER_ANSWERS else CANDIDATE,
            "title_audience": reviewing.title_audience(today[q.question_id][1]), "answer_audience": audiences.get(vote.leading or ""),
            "recorded": (q.title_key, vote.leading) in recorded,
        } for q, vote in zip(questions, votes, strict=True)
    ]  # fmt: skip


def _obstacles(gate: TableResult, position: int) -> tuple[Obstacle, ...]:
    closing = {rule.id for rule in gate.evaluation.bound.table.rules if dict(rule.then)["promotable"] == 0}
    return tuple(Obstacle(r.rule, r.sentence, r.bindings) for r in gate.reasons(position) if r.rule in closing)
