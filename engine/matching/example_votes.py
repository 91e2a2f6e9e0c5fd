"""Labelled examples as evidence: the labelled titles like a query vote for the concepts that they were given, by words, letters and the occupations they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.contracts import MICRO
from engine.matching.bridge import Bridge
from engine.matching.concept_fields import LETTERS, WORDS, ConceptFields, Table, field_of, near_shares, nearest
from engine.matching.label_words import LabelWords
from engine.matching.occupation_votes import OccupationVotes
from engine.matching.questions import Question
from engine.matching.taught_concepts import TaughtConcepts
from engine.matching.term_votes import TermVotes
from engine.similarity import Letters

NEAREST = "example_nearest"
_NOBODY = 1  # an empty document beside them: with one example alone its words would be in every document, and tell nothing
_COMMONEST = 1_500  # a group of letters in more examples tells none of them apart
_HUNDREDTH = 10_000  # millionths: shares of votes below it hardly count


class ExampleVotes:
    """Examples as fields. A pair speaks for every concept that its candidate stands under."""

    def __init__(self, pairs: Sequence[tuple[str, str]], concepts_of_candidate: Mapping[str, Sequence[int]], fields: ConceptFields, words: LabelWords, bridge: Bridge | None) -> None:
        stated = [(title, concept) for title, candidate in pairs for concept in concepts_of_candidate[candidate]]
        self._owners = np.array([concept for _, concept in stated], np.int64)
        self._size = len(fields.concepts)
        plain, asked = [words.plain(title) for title, _ in stated], [words.asked(title) for title, _ in stated]
        self._words = field_of(enumerate(plain), len(plain) + _NOBODY, WORDS)
        self._letters = field_of(enumerate(plain), len(plain) + _NOBODY, LETTERS, _COMMONEST)
        self._terms = TermVotes(asked, self._owners, self._size, WORDS)
        self._asked = field_of(enumerate(asked), len(asked) + _NOBODY, LETTERS, _COMMONEST)
        self._taught = TaughtConcepts(fields, [(concept, title) for (_, concept), title in zip(stated, asked, strict=True)], words)
        self._occupations = OccupationVotes(bridge, asked, self._owners, self._size) if bridge is not None else None
        counts = np.bincount(self._owners, minlength=self._size)
        self._many: Table = np.rint(np.log2(1.0 + counts) * MICRO).astype(np.int64)
        self._lack: Table = MICRO // (1 + counts)

    def signals(self, questions: Sequence[Question], reached: Table | None) -> dict[str, Table]:
        """Likeness, and the logarithms (base 2) of shares of votes, of each concept, in millionths. `reached` are the occupations that the bridge leads to."""
        plain, asked = Letters([q.plain for q in questions]), Letters([q.asked for q in questions])
        found = {
            "example_words": doublings(near_shares(self._words, plain, self._owners, self._size)),
            "example_letters": doublings(near_shares(self._letters, plain, self._owners, self._size)),
            "example_terms": doublings(self._terms.shares(asked)),
            NEAREST: nearest(self._asked, asked, self._owners, self._size),
            **self._taught.signals(asked),
            "example_count": np.broadcast_to(self._many, (len(questions), self._size)),
            "example_lack": np.broadcast_to(self._lack, (len(questions), self._size)),
        }
        if self._occupations is not None and reached is not None:
            found["example_occupations"] = doublings(self._occupations.shares(reached))
        return found


def doublings(shares: Table) -> Table:
    """Shares (millionths) as the logarithm, base 2, of 1 and as many hundredths; in millionths. A product of chances is a sum of these."""
    found: Table = np.zeros(shares.shape, np.int64)
    told = shares > 0  # few are
    found[told] = np.rint(np.log2(1.0 + shares[told] / _HUNDREDTH) * MICRO).astype(np.int64)
    return found
