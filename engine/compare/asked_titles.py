"""Titles asked of a snapshot: the answer, and for a served one the ranked path, planned once for all titles that stand on the same ground as surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.ask import Desk
from engine.compare.title_effects import ASPECTS, TitleAnswer, answer_of
from engine.contracts import Decision, decimal_text
from engine.contracts.learner import LearnerProfile

LONGEST = 300  # characters of a title that a learner may have


@dataclass(frozen=True, slots=True)
class AskedTitle:
    """One title's decision, its answer, and its ranked path: module and score in order (empty where nothing is planned)."""

    title: str
    decision: Decision
    answer: TitleAnswer
    path: tuple[tuple[str, str], ...]
    steps: tuple[dict[str, Any], ...]

    @property
    def signature(self) -> tuple[object, ...]:
        """All that is compared of it."""
        return (*(getattr(self.answer, aspect) for aspect in ASPECTS), self.path)


def ask_titles(desk: Desk, titles: Sequence[str], day: date) -> dict[str, AskedTitle]:
    """Ask every title, in order."""
    paths: dict[tuple[str, Decimal], tuple[dict[str, Any], ...]] = {}
    found = {}
    for title in titles:
        decision = desk.resolve(title, day.isoformat())
        answer = answer_of(decision)
        steps: tuple[dict[str, Any], ...] = ()
        if answer.ground and len(title) <= LONGEST:
            known = (answer.ground, decision.confidence)
            if known not in paths:
                paths[known] = tuple(desk.plan(LearnerProfile(title=title), day.isoformat()).outcome["path"]["steps"])
            steps = paths[known]
        found[title] = AskedTitle(title, decision, answer, tuple((s["module"], decimal_text(s["score"])) for s in steps), steps)
    return found
