"""The opened index of likeness: for a batch of texts every signal's score of every concept, and the published titles that each text resembles most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.contracts import MICRO, Corrupt
from engine.similarity.array_file import Arrays, open_arrays
from engine.similarity.field import Field, Scored
from engine.similarity.index_build import FILE
from engine.similarity.meaning import VECTORS, Meaning
from engine.similarity.plain_words import plain_words
from engine.similarity.signals import LEAST, LEAST_MEANT, MEANING, NEAREST, SIGNALS, TITLE_FIELDS
from engine.similarity.terms import Integers, Letters


@dataclass(frozen=True, slots=True)
class Nouns:
    """Of each text: in how many titles its last word stands last; the share of such titles among all that hold the word, of the `last` word and the `greatest`."""

    ending: Integers
    greatest: Any
    last: Any


@dataclass(frozen=True, slots=True)
class Signalled:
    """Signals of a batch. `scores[name]` is [texts, concepts] on a scale of each text's own, likenesses in millionths; `known` the share of each text's weight that published titles hold.

    `matched[name]` is the place (in the list of namings) of the best title that names the concept, -1 where none of the nearest does; `meant` the same by a sentence
    model, None without one.
    """

    scores: dict[str, Any]
    matched: dict[str, Any]
    known: dict[str, Integers]
    nouns: Nouns
    meant: Any = None


class SimilarityIndex:
    """An index opened by memory map. Concepts are numbered in key order. `meaning` where it was built with a sentence model."""

    def __init__(self, arrays: Arrays, meaning: Meaning | None = None) -> None:
        """Raises Corrupt SIM302 where the meaning is that of other titles."""
        self._arrays, self.meaning = arrays, meaning
        if meaning is not None and len(meaning) != len(arrays["title.starts"]) - 1:
            raise Corrupt.at("SIM302", f"{VECTORS} is not of the titles beside it", why="it holds another number of titles", fix="build it again with `wig build`")
        self._told: dict[int, tuple[str, str]] = {}
        self._fields = {name: Field(_part(arrays, name), signal.settings) for name, signal in SIGNALS.items()}
        self._titles = {name: Field(_part(arrays, name), settings) for name, settings in TITLE_FIELDS.items()}
        self._starts, self._named = arrays["title.starts"], arrays["title.concepts"]
        self.concepts = tuple(_text(arrays, "concept", n) for n in range(len(arrays["concept.ends"]) - 1))
        self.signal_names = tuple(SIGNALS)
        self.levels = tuple(sorted(int(name.split(".")[1]) for name in arrays if name.startswith("group.")))

    @classmethod
    def open(cls, folder: Path) -> SimilarityIndex:
        """Open a folder that `build_similarity` wrote. Raises InputOutput SIM402, Corrupt SIM301 and SIM302; of a model that is there, BadInput SIM201-SIM204."""
        return cls(open_arrays(folder / FILE), Meaning.open(folder))

    def prior(self) -> Any:
        """Logarithm of one more than the number of namings of every concept."""
        return np.log1p(np.bincount(self._named, minlength=len(self.concepts)))

    def rivals(self, places: Integers) -> Integers:
        """Number of concepts that the title of each naming names; 0 where the place is -1."""
        titles = np.searchsorted(self._starts, np.maximum(places, 0), side="right") - 1
        found: Integers = np.where(places >= 0, self._starts[titles + 1] - self._starts[titles], 0)
        return found

    def naming(self, place: int) -> tuple[str, str]:
        """Title as written and where it is stated, of a naming."""
        found = self._told.get(place)
        if found is None:
            found = self._told[place] = (_text(self._arrays, "written", place), _text(self._arrays, "stated", place))
        return found

    def group(self, level: int, number: int) -> str:
        """Key of a group."""
        return _text(self._arrays, f"groups.{level}", number)

    def group_of(self, level: int) -> Integers:
        """Number of the group of every concept on a level, -1 for none."""
        found: Integers = self._arrays[f"group.{level}"].astype(np.int64)
        return found

    def signals(self, texts: Sequence[str], names: Sequence[str] = tuple(SIGNALS)) -> Signalled:
        """Every signal for a batch of texts (a thousand at a time keeps memory low)."""
        plain = [plain_words(text) for text in texts]
        letters = Letters(plain)
        scores: dict[str, Any] = {}
        known: dict[str, Integers] = {}
        for name in names:
            asked = self._fields[name].ask(letters)
            known[name] = asked.known
            found = self._fields[name].points(asked)
            scores[name] = self._spread(name, found) if SIGNALS[name].made_of == "group" else found
        matched: dict[str, Any] = {}
        for name, field in self._titles.items():
            asked = field.ask(letters)
            known[name] = asked.known
            scores[name], scores[f"{name}_best"], matched[name] = self._votes(field.best(asked, NEAREST, LEAST), letters.size)
        meant = None
        if self.meaning is not None:
            scores[MEANING], scores[f"{MEANING}_best"], meant = self._votes(self.meaning.best(plain, NEAREST, LEAST_MEANT), letters.size)
        return Signalled(scores, matched, known, self._nouns(letters), meant)

    def _nouns(self, letters: Letters) -> Nouns:
        keys = self._arrays["noun.keys"]

        def looked_up(kind: str) -> tuple[Integers, Any, Any]:
            terms = letters.terms((kind,))
            spots = np.minimum(np.searchsorted(keys, terms.keys), max(len(keys) - 1, 0))
            known = keys[spots] == terms.keys if len(keys) else np.zeros(len(terms.keys), bool)
            ending = np.where(known, self._arrays["noun.last"][spots], 0) if len(keys) else np.zeros(len(terms.keys), np.int64)
            held = np.where(known, self._arrays["noun.held"][spots], 0) if len(keys) else np.zeros(len(terms.keys), np.int64)
            return terms.rows, ending, ending / (held + 1.0)

        rows, ending, share = looked_up("head")
        last, count, greatest = np.zeros(letters.size), np.zeros(letters.size, np.int64), np.zeros(letters.size)
        last[rows], count[rows] = share, ending
        rows, _, share = looked_up("noun")
        np.maximum.at(greatest, rows, share)
        return Nouns(count, greatest, last)

    def _spread(self, name: str, found: Any) -> Any:
        """Scores of groups given to each of their concepts."""
        level = SIGNALS[name].level
        if level not in self.levels:
            return np.zeros((len(found), len(self.concepts)), np.int64)
        owners = self.group_of(level)
        spread = np.take(found, np.maximum(owners, 0), axis=1)
        spread[:, owners < 0] = 0
        return spread

    def _votes(self, near: Scored, size: int) -> tuple[Any, Any, Any]:
        """Votes of the nearest titles (likeness to the fourth, divided by the concepts that the title names), the best likeness, and by which naming."""
        rows = near.rows
        begin, counts = self._starts[near.documents], self._starts[near.documents + 1] - self._starts[near.documents]
        offsets = np.cumsum(counts) - counts
        places = np.repeat(begin - offsets, counts) + np.arange(int(counts.sum()))
        cells = np.repeat(rows, counts) * len(self.concepts) + self._named[places]
        strength = np.minimum(near.scores, MICRO) // 1000
        votes = np.repeat(strength**4 // counts // 1000, counts)
        whole = size * len(self.concepts)
        summed = np.bincount(cells, votes, whole).astype(np.int64).reshape(size, -1)
        best, matched = np.zeros(whole, np.int64), np.full(whole, -1, np.int64)
        first, spots = np.unique(cells, return_index=True)  # best first within a text: the first is the best
        best[first], matched[first] = np.repeat(near.scores, counts)[spots], places[spots]
        return summed, best.reshape(size, -1), matched.reshape(size, -1)


def _part(arrays: Arrays, name: str) -> Arrays:
    return {key.split(".", 1)[1]: array for key, array in arrays.items() if key.split(".", 1)[0] == name}


def _text(arrays: Arrays, name: str, number: int) -> str:
    ends = arrays[f"{name}.ends"]
    return bytes(arrays[f"{name}.bytes"][int(ends[number]) : int(ends[number + 1])]).decode("utf-8", "replace")
