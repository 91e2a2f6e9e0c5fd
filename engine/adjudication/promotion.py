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
from engine.adjudication.question import CANDIDATE, NEEDS_HUMAN, Question, kind_of
from engine.adjudication.transcripts import HUMAN, Transcripts, Verdict, by_question
from engine.adjudication.unread import Unread
from engine.adjudication.voices import Standing, Vote, standings, vote_of
from engine.contracts import MICRO, Decision, digest_of, from_micro, to_micro
from engine.rules import TableResult

PROMOTIONS = ("promote", "known", "reject", "hold")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A row of `obstacles` that closes the gate: its id, sentence, and the values that its cells met."""

    rule: str
    because: str
    met: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Basis:
    """What all outcomes of one promotion rest on: the bundle's digest, the snapshot's name, the day, the digests of records and rules.

    `unplaced` counts lines that may be a verdict on any question and could not be read; `unplaced_digest` is the SHA-256 over theirs.
    """

    bundle: str
    snapshot: str
    as_of: str
    record_digest: str
    rules_digest: str
    unplaced: int
    unplaced_digest: str


@dataclass(frozen=True, slots=True)
class PromotionOutcome:
    """What becomes of one question.

    `today` and `decision_today` are the question and decision of this snapshot; `rule` and `because` are of the table `promotion`, `obstacles` all that closes its
    gate, `failed` for each row before the one that fired the cell that stopped it; `inputs` what the tables were asked. `confidence` (share) and
    `backing` are those of a promoted answer. `unread` are the lines on this question because of which it waits.
    """

    basis: Basis
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
    unread: tuple[Unread, ...]

    @property
    def set_aside(self) -> tuple[Standing, ...]:
        """Verdicts that do not count."""
        return tuple(s for s in self.standings if not s.counted)


@dataclass(frozen=True, slots=True)
class Adjudication:
    """Outcomes of all questions of a bundle in order of their ids, what they rest on, and the decisions of the day on their titles, in the same order."""

    basis: Basis
    outcomes: tuple[PromotionOutcome, ...]
    decisions: tuple[Decision, ...]
    transcripts: Transcripts

    def of(self, promotion: str) -> tuple[PromotionOutcome, ...]:
        """Outcomes of one kind, in order."""
        return tuple(o for o in self.outcomes if o.promotion == promotion)


def adjudicate(asked: AskedQuestions, transcripts: Transcripts, reviewing: Reviewing) -> Adjudication:
    """Decide every question of a bundle. The question is put to the snapshot again: where it would be another one today, its verdicts are stale."""
    questions = sorted(asked.questions.values(), key=lambda q: q.question_id)
    today = reviewing.again(questions)
    given = by_question(transcripts.verdicts)
    found = [standings(reviewing.rulebook, reviewing.as_of, q, given.get(q.question_id, ())) for q in questions]
    votes = [vote_of([s.verdict for s in judged if s.counted]) for judged in found]
    unplaced = [u for u in transcripts.unread if not u.questions]
    lost = _lost(questions, given, transcripts.unread)
    inputs = _inputs(questions, today, found, votes, [len(mine) + len(unplaced) for mine in lost], reviewing)
    columns = {name: [i[name] for i in inputs] for name in inputs[0]} if inputs else {}
    told = reviewing.rulebook.decide(PACK, "promotion", columns, reviewing.as_of, size=len(questions))
    gate = told.upstream["obstacles"]
    trust = reviewing.parameter("trust")
    records, day = reviewing.snapshot.receipt().record_digest, reviewing.as_of.isoformat()
    basis = Basis(asked.digest, reviewing.snapshot.name, day, records, reviewing.rulebook.digest, len(unplaced), digest_of([u.digest for u in unplaced]))
    outcomes = []
    for n, (question, vote) in enumerate(zip(questions, votes, strict=True)):
        now, decision = today[question.question_id]
        backing = told.outputs["backing"][n]
        confidence = from_micro(to_micro(trust[backing]) * to_micro(vote.agreement) // MICRO) if backing is not None and vote.agreement is not None else None
        outcomes.append(
            PromotionOutcome(
                basis, question, now, decision.decision_id, str(told.outputs["promotion"][n]), str(told.fired[n]), told.sentences[n], vote.leading, None if backing is None else str(backing),
                confidence, vote, found[n], _obstacles(gate, n), tuple({"row": s.rule, "input": s.input, "test": s.test, "met": s.met} for s in (*gate.stops[n], *told.stops[n])), inputs[n], lost[n],
            )
        )  # fmt: skip
    return Adjudication(basis, tuple(outcomes), tuple(today[q.question_id][1] for q in questions), transcripts)


def _lost(questions: Sequence[Question], given: Mapping[str, Sequence[Verdict]], unread: Sequence[Unread]) -> list[tuple[Unread, ...]]:
    """For each question what may be a verdict on it, could not be read, and was not heard in another line."""
    placed: dict[str, list[Unread]] = {}
    for u in unread:
        for question in u.questions:
            placed.setdefault(question, []).append(u)
    lost = []
    for q in questions:
        heard: dict[str, frozenset[str]] = {}
        for v in given.get(q.question_id, ()):
            heard[v.name] = heard.get(v.name, frozenset()) | {v.answer}
        lost.append(tuple(u for u in placed.get(q.question_id, ()) if u.keeps_waiting(heard)))
    return lost


def _inputs(
    questions: Sequence[Question], today: Mapping[str, tuple[Question, Decision]], found: Sequence[Sequence[Standing]], votes: Sequence[Vote], unread: Sequence[int], reviewing: Reviewing
) -> list[dict[str, Any]]:  # fmt: skip
    """What the tables are asked of each question. What the title and the answer are is read from this snapshot, not from the bundle.

    Who asks for a human is counted whether the verdict counts or not: the gate is closed by doubt, not by votes.
    """
    leading = [v.leading for v in votes]
    named = [a for a in dict.fromkeys(leading) if a is not None and kind_of(a) == CANDIDATE]
    audiences = reviewing.candidates.audiences(named)
    recorded = reviewing.records.named_by({q.title_key for q in questions})
    return [
        {
            "question_state": "current" if today[q.question_id][0].prompt_digest == q.prompt_digest else "stale", "unread": lines,
            "voices": len(vote.voices), "agreement": vote.agreement, "human_wanted": len({s.verdict.name for s in judged if s.verdict.answer == NEEDS_HUMAN}),
            "agreeing_humans": vote.count(vote.leading, HUMAN), "answer": None if vote.leading is None else kind_of(vote.leading),
            "title_audience": reviewing.title_audience(today[q.question_id][1]), "answer_audience": audiences.get(vote.leading or ""),
            "recorded": (q.title_key, vote.leading) in recorded,
        } for q, judged, vote, lines in zip(questions, found, votes, unread, strict=True)
    ]  # fmt: skip


def _obstacles(gate: TableResult, position: int) -> tuple[Obstacle, ...]:
    closing = {rule.id for rule in gate.evaluation.bound.table.rules if dict(rule.then)["promotable"] == 0}
    return tuple(Obstacle(r.rule, r.sentence, r.bindings) for r in gate.reasons(position) if r.rule in closing)
