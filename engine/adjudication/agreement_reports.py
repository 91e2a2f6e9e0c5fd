"""Agreement over the verdicts of a bundle, seen in three ways: by the answer itself, by its kind, and between voices instead of reviewers."""

from __future__ import annotations

from collections.abc import Sequence

from engine.adjudication.agreement import AgreementReport, Units, agreement, answers_of
from engine.adjudication.question import kind_of
from engine.adjudication.transcripts import Verdict, by_question
from engine.adjudication.voices import vote_of

BY_ANSWER, BY_KIND, BY_VOICE = SEEN_AS = ("answers of reviewers", "kinds of answer", "answers of voices")


def agreement_reports(verdicts: Sequence[Verdict]) -> tuple[AgreementReport, ...]:
    """One report for each way of SEEN_AS. Every verdict that could be read is in it, whether it counts for a promotion or not; two answers of one
    reviewer to one question are left out. By kind, all candidates are one category: whether reviewers agree that there is an answer at all."""
    answers = answers_of((v.question, v.name, v.answer) for v in verdicts)
    kinds = {q: {r: kind_of(a) for r, a in given.items()} for q, given in answers.items()}
    return (agreement(answers, BY_ANSWER), agreement(kinds, BY_KIND), agreement(_voices(verdicts), BY_VOICE))


def _voices(verdicts: Sequence[Verdict]) -> Units:
    units: dict[str, dict[str, str]] = {}
    for question, own in by_question(v for v in verdicts if not v.contradicts).items():
        units[question] = {f"{v.kind} {v.name}": v.answer for v in vote_of(own).voices if v.answer is not None}
    return units
