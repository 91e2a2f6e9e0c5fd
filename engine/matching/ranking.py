"""Ranking: the candidates of each query, best first, with the confidence that each is right and what speaks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from engine.contracts import MICRO
from engine.matching.bridge import SIGNAL, Bridge, softmax
from engine.matching.concept_fields import ConceptFields, Near, Table, fused
from engine.matching.concepts import concepts_of
from engine.matching.example_votes import NEAREST, ExampleVotes
from engine.matching.knowledge import Knowledge
from engine.matching.label_list import LabelRow
from engine.matching.label_words import LabelWords
from engine.matching.questions import Question
from engine.matching.settings import Settings

BATCH = 250  # questions a step: bounds the memory
BEST_FIRST = 1_000 * MICRO  # what the best label of a concept is lifted by where these come first


@dataclass(frozen=True, slots=True)
class SignalShare:
    """One signal for a candidate: its strength, and the points (strength times weight) that it gave; both in millionths."""

    signal: str
    strength: int
    points: int


class Ranked(NamedTuple):
    """One candidate of a query. Score in millionths, confidence (share) in millionths; `label_matched` is the label of its concept that is nearest in
    words or letters (empty: none is near), `signals` what spoke for it, strongest first (only of candidates that are explained)."""

    id: str
    label: str
    concept: str
    score: int
    confidence: int
    label_matched: str = ""
    signals: tuple[SignalShare, ...] = ()
    expanded_by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A query with its candidates, best first. `over` is the occupation that the bridge led over (empty: none)."""

    question: Question
    candidates: tuple[Ranked, ...]
    over: str = ""

    def shortened(self, count: int) -> Answer:
        """The same with its first candidates only."""
        return replace(self, candidates=self.candidates[:count])


class Matcher:
    """Candidates made ready once; then questions, in batches. A batch and its questions one by one give the same answers."""

    def __init__(
        self, rows: Sequence[LabelRow], knowledge: Knowledge, words: LabelWords, settings: Settings, examples: Sequence[tuple[str, str]] = (), progress: Callable[[str], None] = lambda _: None
    ) -> None:
        self._rows, self._settings = tuple(rows), settings
        progress("read the candidates")
        self.concepts = concepts_of(self._rows, knowledge, words)
        self._fields = ConceptFields(self.concepts, words)
        progress("bridge over known occupations")
        self._bridge = Bridge(self._fields, knowledge, words, settings.weights, settings.bridge_sharpness) if settings.weights.get(SIGNAL) else None
        under: dict[str, list[int]] = defaultdict(list)
        for number, concept in enumerate(self.concepts):
            for row in concept.rows:
                under[self._rows[row].id].append(number)
        self._votes = ExampleVotes(examples, under, self._fields, words, self._bridge) if examples else None
        self._listed, self._owners = [concept.rows for concept in self.concepts], self._fields.owners.tolist()
        label_of = {(int(owner), label): number for number, (owner, label) in enumerate(zip(self._fields.owners, self._fields.labels, strict=True))}
        self._own_label = [{row: label_of[number, words.plain(self._rows[row].label)] for row in c.rows if words.plain(self._rows[row].label)} for number, c in enumerate(self.concepts)]

    def answers(self, questions: Sequence[Question], top: int, explained: int, best_per_concept: bool) -> Iterator[Answer]:
        """Answers in the order of the questions: at most `top` candidates each, the first `explained` of them with their signals."""
        for begin in range(0, len(questions), BATCH):
            yield from self._batch(questions[begin : begin + BATCH], top, explained, best_per_concept)

    def _signals(self, questions: Sequence[Question], near: Near) -> tuple[dict[str, Table], tuple[str, ...]]:
        found, over, reached = self._fields.signals(questions, near), ("",) * len(questions), None
        if self._bridge is not None:
            reached = self._bridge.reached(near.asked)
            found[SIGNAL], leading = self._bridge.signal(reached)
            known = [number for number, question in enumerate(questions) if question.expanded_by]
            found[SIGNAL][known] = 0  # whose occupation is known needs no bridge to one
            over = tuple("" if question.expanded_by else key for question, key in zip(questions, leading, strict=True))
        if self._votes is not None:
            found |= self._votes.signals(questions, reached)
        return found, over

    def _weights(self, signals: dict[str, Table]) -> dict[str, Table]:
        """For each question the weight of each signal."""
        size = len(next(iter(signals.values())))
        if self._votes is None:
            return {name: np.full(size, weight, np.int64) for name, weight in self._settings.weights.items()}
        return self._settings.weights_at(signals[NEAREST].max(axis=1))

    def _batch(self, questions: Sequence[Question], top: int, explained: int, best_per_concept: bool) -> Iterator[Answer]:
        near = self._fields.near(questions)
        signals, over = self._signals(questions, near)
        weights = self._weights(signals)
        scores = fused(signals, weights)
        leading = _leading(scores, top)
        # a short list is read as a part of one like that the confidence was read off: that its best is the right one is not said by there being few
        unlike = max(0, self._settings.certainty_candidates - len(self.concepts))
        confidence = self._settings.confidence(np.take_along_axis(softmax(scores, MICRO, unlike), leading, 1), self._votes is not None)
        points = np.take_along_axis(scores, leading, 1)
        likeness = self._likeness(near)
        for place, question in enumerate(questions):
            ranked = self._rows_of(leading[place].tolist(), points[place].tolist(), confidence[place].tolist(), likeness[place], best_per_concept)[:top]
            yield Answer(question, tuple(self._explained(r, c, place, signals, weights, likeness[place]) if n < explained else r for n, (r, c) in enumerate(ranked)), over[place])

    def _likeness(self, near: Near) -> list[dict[int, int]]:
        """For each question the near labels (their numbers) with how near they are in words and letters together."""
        found: list[dict[int, int]] = [{} for _ in range(near.said.size)]
        for scored in (near.by_word, near.by_letters):
            for place, label, score in zip(scored.rows.tolist(), scored.documents.tolist(), scored.scores.tolist(), strict=True):
                found[place][label] = found[place].get(label, 0) + score // 2
        return found

    def _rows_of(self, concepts: Sequence[int], scores: Sequence[int], confidence: Sequence[int], likeness: dict[int, int], best_per_concept: bool) -> list[tuple[Ranked, int]]:
        """Rows of the leading concepts, each once with its best concept, best first, ties by id."""
        found: dict[int, tuple[int, int]] = {}
        label_weight = self._settings.label_weight
        for at, (concept, points) in enumerate(zip(concepts, scores, strict=True)):
            own, listed = self._own_label[concept], self._listed[concept]
            if len(listed) > 1:
                listed = tuple(sorted(listed, key=lambda r: (-likeness.get(own.get(r, -1), 0), self._rows[r].label != self.concepts[concept].label, self._rows[r].id)))
            for place, row in enumerate(listed):
                lifted = best_per_concept and place == 0
                score = points + (BEST_FIRST if lifted else likeness.get(own.get(row, -1), 0) * label_weight // MICRO)
                if row not in found or score > found[row][0]:
                    found[row] = (score, at)
        best = sorted((-score, self._rows[row].id, row, at) for row, (score, at) in found.items())
        return [(Ranked(known, self._rows[row].label, self.concepts[concepts[at]].key, -score, confidence[at]), concepts[at]) for score, known, row, at in best]

    def _explained(self, ranked: Ranked, concept: int, place: int, signals: dict[str, Table], weights: dict[str, Table], likeness: dict[int, int]) -> Ranked:
        said = [(name, int(signals[name][place, concept]), int(weight[place])) for name, weight in weights.items() if name in signals and weight[place]]
        shares = [SignalShare(name, strength, strength * weight // MICRO) for name, strength, weight in said]
        near = [(score, -number) for number, score in likeness.items() if self._owners[number] == concept]
        matched = self._fields.labels[-max(near)[1]] if near else ""
        ordered = tuple(sorted((s for s in shares if s.strength), key=lambda s: (-s.points, s.signal)))
        return Ranked(ranked.id, ranked.label, ranked.concept, ranked.score, ranked.confidence, matched, ordered, self.concepts[concept].expanded_by)


def _leading(scores: Table, top: int) -> Table:
    """The `top` best concepts of each row, best first, ties by number. Sorting all of them would cost more than everything else here."""
    size = scores.shape[1]
    keys = np.arange(size) - scores * size
    if top < size:
        kept = np.argpartition(keys, top, axis=1)[:, :top]
        keys = np.take_along_axis(keys, kept, 1)
        return np.take_along_axis(kept, np.argsort(keys, axis=1), 1)
    return np.argsort(keys, axis=1)
