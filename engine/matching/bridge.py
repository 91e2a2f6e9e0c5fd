"""The bridge: from a title over the occupations of a publisher that names many titles to the concepts that those occupations resemble, by text alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.contracts import MICRO
from engine.matching.concept_fields import ConceptFields, Table, field_of, fused, near_shares
from engine.matching.knowledge import ONET, Knowledge
from engine.matching.label_list import LabelRow
from engine.matching.label_words import LabelWords
from engine.matching.questions import questions_of
from engine.similarity import Letters

SIGNAL = "bridge"
_FLOOR = 10  # millionths: so little of a concept is as good as nothing
_LEAST = 2_000  # millionths: occupations that hold less of a title are not walked over, so that few are
_PART = 128


class Bridge:
    """Occupations with the share of each concept in what resembles them."""

    def __init__(self, fields: ConceptFields, knowledge: Knowledge, words: LabelWords, weights: Mapping[str, int], sharpness: int) -> None:
        self._occupations = [knowledge.occupations[number] for number in knowledge.of(ONET)]
        named = [(number, words.plain(label)) for number, known in enumerate(self._occupations) for label in known.labels]
        self._owners = np.array([number for number, _ in named], np.int64)
        self._labels = field_of(enumerate(label for _, label in named), len(named), ("word", "pair"))
        own = {name: weight for name, weight in weights.items() if name != SIGNAL}
        rows = [LabelRow(known.key, known.label) for known in self._occupations]
        asked = questions_of(rows, knowledge, words)
        parts = [softmax(fused(fields.signals(asked[i : i + _PART]), own), sharpness) for i in range(0, len(asked), _PART)]
        self._shares = (np.concatenate(parts) if parts else np.zeros((0, len(fields.concepts)), np.int64)).astype(np.float64)  # whole numbers: sums stay exact

    def reached(self, letters: Letters) -> Table:
        """For each text the share (millionths) of each occupation in the votes of the titles nearest to it."""
        return near_shares(self._labels, letters, self._owners, len(self._occupations))

    def signal(self, reached: Table) -> tuple[Table, Sequence[str]]:
        """For each text the logarithm (base 2, in millionths; 0: nothing) of what its nearest titles' occupations hold of each concept, and the key of the
        occupation that leads (empty where none is reached)."""
        from scipy.sparse import csr_matrix

        walked = np.where(reached >= _LEAST, reached, 0)
        held = csr_matrix(walked.astype(np.float64)) @ self._shares / MICRO
        found: Table = np.rint(np.log2(np.rint(held) / _FLOOR + 1.0) * MICRO).astype(np.int64)
        leading = reached.argmax(axis=1) if self._occupations else np.zeros(len(reached), np.int64)
        return found, [self._occupations[place].key if row.any() else "" for place, row in zip(leading.tolist(), reached, strict=True)]


def softmax(scores: Table, sharpness: int, unlike: int = 0) -> Table:
    """Scores (millionths) as shares (millionths) of each row, e to the power of score times sharpness; quantised once.

    `unlike`: so many further rivals stand in each row, for which nothing speaks (score 0).
    """
    factor, best = sharpness / MICRO / MICRO, scores.max(axis=1, keepdims=True)
    raised = np.exp((scores - best).astype(np.float64) * factor)
    whole = raised.sum(axis=1, keepdims=True)
    if unlike:
        whole = whole + unlike * np.exp(-best.astype(np.float64) * factor)
    found: Table = np.rint(raised * MICRO / whole).astype(np.int64)
    return found
