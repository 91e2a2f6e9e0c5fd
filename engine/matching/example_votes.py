"""Labelled examples as evidence: the nearest labelled titles vote for the concepts they were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.matching.concept_fields import LETTERS, WORDS, ConceptFields, Table, field_of, near_shares, nearest
from engine.matching.label_words import LabelWords
from engine.matching.questions import Question
from engine.matching.term_votes import TermVotes
from engine.similarity import Letters

_NOBODY = 1  # an empty document beside them: with one example alone its words would be in every document, and tell nothing
_COMMONEST = 1_500  # a group of letters in more examples tells none of them apart


class ExampleVotes:
    """Examples as fields. A pair speaks for every concept that its candidate stands under."""

    def __init__(self, pairs: Sequence[tuple[str, str]], concepts_of_candidate: Mapping[str, Sequence[int]], fields: ConceptFields, words: LabelWords) -> None:
        stated = [(title, concept) for title, candidate in pairs for concept in concepts_of_candidate[candidate]]
        self.titles = tuple(title for title, _ in stated)
        self.owners = np.array([concept for _, concept in stated], np.int64)
        self._size = len(fields.concepts)
        plain, asked = [words.plain(title) for title in self.titles], [words.asked(title) for title in self.titles]
        self._words = field_of(enumerate(plain), len(plain) + _NOBODY, WORDS)
        self._letters = field_of(enumerate(plain), len(plain) + _NOBODY, LETTERS, _COMMONEST)
        self._terms = TermVotes(asked, self.owners, self._size, WORDS)
        self._asked = field_of(enumerate(asked), len(asked) + _NOBODY, LETTERS, _COMMONEST)

    def signals(self, questions: Sequence[Question]) -> dict[str, Table]:
        """Shares of votes, and likeness of the nearest example, of each concept, in millionths."""
        plain, asked = Letters([q.plain for q in questions]), Letters([q.asked for q in questions])
        return {
            "example_words": near_shares(self._words, plain, self.owners, self._size),
            "example_letters": near_shares(self._letters, plain, self.owners, self._size),
            "example_terms": self._terms.shares(asked),
            "example_nearest": nearest(self._asked, asked, self.owners, self._size),
        }
