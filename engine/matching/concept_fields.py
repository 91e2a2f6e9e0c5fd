"""The candidates' concepts as fields to ask: own name, each label, all labels, letters, description, group; and the signals of a batch against them.

In: concepts and questions. Out: for each signal a table of questions by concepts, in millionths. Refuses to know weights, examples and ranks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.contracts import MICRO
from engine.matching.concepts import Concept, names_of_groups
from engine.matching.label_words import MAX_LETTERS, LabelWords
from engine.matching.questions import Question
from engine.similarity import Asked, Field, FieldSettings, Letters, Scored, field_arrays

Table = npt.NDArray[np.int64]
WORDS, LETTERS, SINGLE = ("word", "pair"), ("gram3", "gram4"), ("word",)
NEAR = 60  # labels or titles near a query that may speak for what they stand under
LEAST = 300_000  # millionths of the best label's likeness
COMMONEST_LETTERS = 3_000  # a group of letters in more labels tells none of them apart


@dataclass(frozen=True, slots=True)
class Near:
    """A batch of questions as letters (`said` with other words, `asked` bare), and their nearest labels in words and in letters."""

    said: Letters
    asked: Letters
    by_word: Scored
    by_letters: Scored


class ConceptFields:
    """Fields over concepts in their order. `labels` are the levelled labels, `owners` the concept of each."""

    def __init__(self, concepts: Sequence[Concept], words: LabelWords) -> None:
        self.concepts = tuple(concepts)
        plain = [tuple(dict.fromkeys(p for label in c.labels if (p := words.plain(label)))) for c in concepts]
        self.labels = [label for own in plain for label in own]
        self.owners = np.repeat(np.arange(len(concepts)), [len(own) for own in plain])
        own_names = [words.plain(c.label) for c in concepts]
        size, named = len(concepts), list(zip(self.owners.tolist(), self.labels, strict=True))
        groups = {group: [words.plain(name) for name in names] for group, names in names_of_groups(concepts).items()}
        self._fields = {
            "own_name": field_of(enumerate(own_names), size, WORDS),
            "names": field_of(named, size, WORDS),
            "letters": field_of(named, size, LETTERS),
            "written": field_of([(n, part) for n, c in enumerate(concepts) for part in (own_names[n], *_parts(words.plain(c.description)))], size, SINGLE),
            "described": field_of([*named, *((n, part) for n, c in enumerate(concepts) for part in _parts(words.plain(c.description)))], size, SINGLE),
            "group": field_of([(n, name) for n, c in enumerate(concepts) for name in groups.get(c.group, ())], size, SINGLE),
            "group_written": field_of([(n, part) for n, c in enumerate(concepts) for part in _parts(words.plain(c.group_text))], size, SINGLE),
        }
        self._by_word = field_of(enumerate(self.labels), len(self.labels), WORDS)
        self._by_letters = field_of(enumerate(self.labels), len(self.labels), LETTERS, COMMONEST_LETTERS)

    def near(self, questions: Sequence[Question]) -> Near:
        """The nearest labels of every question."""
        said, asked = Letters([q.said for q in questions]), Letters([q.asked for q in questions])
        return Near(said, asked, self._by_word.best(self._by_word.ask(said), NEAR, LEAST), self._by_letters.best(self._by_letters.ask(asked), NEAR, LEAST))

    def signals(self, questions: Sequence[Question], near: Near | None = None) -> dict[str, Table]:
        """Tables [questions, concepts] by name of the signal."""
        near = near or self.near(questions)
        size = len(self.concepts)
        names, letters = Pooled([q.names for q in questions]), Pooled([q.names if q.known else (q.asked,) for q in questions])
        written = Pooled([q.written for q in questions])
        whole = Pooled([(*q.names, *q.written) if q.known else (q.said,) for q in questions])
        return {
            "own_name": self._fields["own_name"].scores(self._fields["own_name"].ask(near.said)),
            "label_words": greatest(near.by_word, self.owners, size),
            "label_letters": greatest(near.by_letters, self.owners, size),
            "names": _only_known(names.scores(self._fields["names"]), questions),
            "letters": letters.scores(self._fields["letters"]),
            "written": written.scores(self._fields["written"]),
            "described": whole.scores(self._fields["described"]),
            "group": names.scores(self._fields["group"]),
            "group_written": written.scores(self._fields["group_written"]),
        }


class Pooled:
    """Several texts of each question asked as one document: a word in many of them counts more, ever less so."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        counts = [len(own) for own in texts]
        self._size = len(texts)
        self._letters = Letters([text for own in texts for text in own])
        self._groups: Table = np.repeat(np.arange(len(texts)), counts)

    def scores(self, field: Field) -> Table:
        """Likeness of every document of a field."""
        found = field.ask(self._letters)
        span = int(found.terms.max(initial=0)) + 1
        cells, first, times = np.unique(self._groups[found.rows] * span + found.terms, return_index=True, return_counts=True)
        weights = np.rint(found.weights[first] * (1.0 + np.log2(times))).astype(np.int64)
        rows = cells // span
        squares = np.bincount(rows, weights.astype(np.float64) ** 2, self._size).astype(np.float64)
        known = np.bincount(found.rows, found.weights.astype(np.float64) ** 2, found.size)
        squares += np.bincount(self._groups, np.maximum(found.lengths.astype(np.float64) ** 2 - known, 0.0), self._size)
        lengths = np.maximum(np.sqrt(squares).astype(np.int64), 1)
        return field.scores(Asked(rows, cells % span, weights, lengths, np.zeros(self._size, np.int64), self._size))


def field_of(rows: Iterable[tuple[int, str]], documents: int, kinds: tuple[str, ...], commonest: int = 0) -> Field:
    """A field over (document, levelled text) rows."""
    settings = FieldSettings(kinds, commonest)
    return Field(field_arrays([(document, text, MICRO) for document, text in rows], documents, settings), settings)


def _parts(text: str) -> Iterator[str]:
    """A long text in parts that are read whole."""
    yield from (text[begin : begin + MAX_LETTERS] for begin in range(0, len(text), MAX_LETTERS))


def _only_known(table: Table, questions: Sequence[Question]) -> Table:
    """The rows of questions that more than their own label speaks for; the others are answered by their label alone."""
    table[[n for n, q in enumerate(questions) if not q.known]] = 0
    return table


def nearest(field: Field, letters: Letters, owners: Table, size: int) -> Table:
    """Likeness (millionths) of the nearest text of every owner that has one among the nearest of all."""
    return greatest(field.best(field.ask(letters), NEAR, LEAST), owners, size)


def greatest(near: Scored, owners: Table, size: int) -> Table:
    """The greatest likeness among the texts of every owner."""
    found: Table = np.zeros((len(near.bounds) - 1, size), np.int64)
    np.maximum.at(found, (near.rows, owners[near.documents]), near.scores)
    return found


def near_shares(field: Field, letters: Letters, owners: Table, size: int) -> Table:
    """Each owner's share (millionths) of the votes of the nearest texts; a vote is the cube of the likeness, so that near ones outvote many far ones."""
    near = field.best(field.ask(letters), NEAR, LEAST)
    found: Table = np.zeros((letters.size, size), np.int64)
    np.add.at(found, (near.rows, owners[near.documents]), (near.scores // 1_000) ** 3)
    whole = np.maximum(found.sum(axis=1, keepdims=True), 1)
    shares: Table = (found // 1_000) * MICRO // np.maximum(whole // 1_000, 1)
    return shares


def fused(signals: Mapping[str, Table], weights: Mapping[str, int] | Mapping[str, Table]) -> Table:
    """The weighted sum of the signals that have a weight (one for all questions, or one for each), in millionths."""
    total: Table = np.zeros(next(iter(signals.values())).shape, np.int64)
    for name in sorted(weights):
        if name in signals:
            weight = np.asarray(weights[name], np.int64)
            total += signals[name] * (weight[:, None] if weight.ndim else weight)
    return total // MICRO
