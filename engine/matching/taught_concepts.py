"""Concepts as they were taught: all labels of each and the labelled titles that were given to it as one document, its own name counting thrice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.contracts import MICRO
from engine.matching.concept_fields import LETTERS, WORDS, ConceptFields, Table
from engine.matching.label_words import LabelWords
from engine.similarity import Field, FieldSettings, Letters, field_arrays

_SATURATION, _LENGTH = 1.2, 0.5  # the usual ones of BM25: a tenth more or less changes no rank that counts
_NAME = 2  # times that the own name counts beside its place among the labels


class TaughtConcepts:
    """Two fields over the concepts, of words and of letters. What many titles of a concept hold counts more, ever less so."""

    def __init__(self, fields: ConceptFields, taught: Sequence[tuple[int, str]], words: LabelWords) -> None:
        labels = list(zip(fields.owners.tolist(), fields.labels, strict=True))
        own = [(number, words.plain(concept.label)) for number, concept in enumerate(fields.concepts)]
        rows = [(number, text, MICRO) for number, text in (*labels, *taught)]
        self._words = _field([*rows, *((number, text, _NAME * MICRO) for number, text in own)], len(own), WORDS)
        self._letters = _field(rows, len(own), LETTERS)

    def signals(self, asked: Letters) -> dict[str, Table]:
        """For each text how like it each concept is, as a share (millionths) of the one most like it."""
        return {"taught_words": _of_best(self._words, asked), "taught_letters": _of_best(self._letters, asked)}


def _field(rows: Sequence[tuple[int, str, int]], size: int, kinds: tuple[str, ...]) -> Field:
    settings = FieldSettings(kinds, saturation=_SATURATION, length=_LENGTH)
    return Field(field_arrays(rows, size, settings), settings)


def _of_best(field: Field, letters: Letters) -> Table:
    points = field.points(field.ask(letters)) >> 10  # with room for the product below
    found: Table = points * MICRO // np.maximum(points.max(axis=1, keepdims=True), 1)
    return found
