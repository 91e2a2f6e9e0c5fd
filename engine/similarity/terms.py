"""Texts as terms: words, pairs of neighbouring words and letter groups inside words, each a 64-bit number, for a whole batch at once.

In: texts whose words stand apart by blanks. Out: keys of terms with the row each stands in. Refuses to know documents, weights and languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

KINDS = ("word", "pair", "head", "noun", "gram3", "gram4")
_BLANK = 32
_BEYOND = 0xFFFD  # letters outside the 16-bit plane count as one and the same
_PRIME = np.uint64(0x100000001B3)
_TAGS = {"word": np.uint64(0x9E3779B97F4A7C15), "pair": np.uint64(0xC2B2AE3D27D4EB4F), "head": np.uint64(0x165667B19E3779F9)}
MAX_LETTERS = 2_000


@dataclass(frozen=True, slots=True)
class TermRows:
    """Terms of a batch: `keys[i]` stands in text number `rows[i]`; rows ascend, a term that stands twice is there twice. `size`: number of texts."""

    keys: Keys
    rows: Integers
    size: int


def _mixed(values: Keys) -> Keys:
    """Every bit of the number moves every bit of the key (splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


class Letters:
    """A batch of texts as one row of letters, from which every kind of term is read. Texts beyond MAX_LETTERS are cut there."""

    def __init__(self, texts: Sequence[str]) -> None:
        padded = [f" {' '.join(text[:MAX_LETTERS].split())} " for text in texts]
        letters = np.frombuffer("".join(padded).encode("utf-32-le", "replace"), dtype=np.uint32)
        self.size = len(padded)
        self._letters: Keys = np.where(letters > 0xFFFF, _BEYOND, letters).astype(np.uint64)
        self._rows: Integers = np.repeat(np.arange(len(padded), dtype=np.int64), np.fromiter(map(len, padded), dtype=np.int64, count=len(padded)))
        blank = self._letters == _BLANK
        self._blank = blank
        inside = np.flatnonzero(~blank)
        starts = inside[blank[inside - 1]] if inside.size else inside
        ends = inside[blank[inside + 1]] + 1 if inside.size else inside
        self._word_rows: Integers = self._rows[starts]
        self._words = self._hashed(starts, ends)

    def _hashed(self, starts: Any, ends: Any) -> Keys:
        """One number for each word: its letters as digits of a number in a prime base, modulo 2**64."""
        if not len(starts):
            return np.zeros(0, np.uint64)
        lengths = ends - starts
        inside = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths) + np.arange(int(lengths.sum()))
        place = np.arange(int(lengths.sum())) - np.repeat(np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        powers = np.ones(int(lengths.max()), np.uint64)
        powers[1:] = _PRIME
        powers = np.multiply.accumulate(powers)
        digits = self._letters[inside] * powers[place]
        found: Keys = np.add.reduceat(digits, np.concatenate(([0], np.cumsum(lengths)[:-1])))
        return found

    def terms(self, kinds: Sequence[str]) -> TermRows:
        """Terms of these KINDS: `word`, `pair` (two neighbours), `head` (the last word), `noun` (every word, with the
        key that it has as a last one), `gram3` and `gram4` (letters in a row, word edges marked)."""
        parts = [self._of(kind) for kind in kinds]
        keys, rows = np.concatenate([k for k, _ in parts]), np.concatenate([r for _, r in parts])
        order = np.argsort(rows, kind="stable")
        return TermRows(keys[order], rows[order], self.size)

    def _of(self, kind: str) -> tuple[Keys, Integers]:
        words, rows = self._words, self._word_rows
        if kind == "word":
            return _mixed(words + _TAGS[kind]), rows
        if kind == "pair":
            beside = rows[:-1] == rows[1:]
            first, second = words[:-1][beside], words[1:][beside]
            return _mixed(_mixed(first + _TAGS[kind]) + second), rows[:-1][beside]
        if kind == "noun":
            return _mixed(words + _TAGS["head"]), rows
        if kind == "head":
            last = np.append(rows[:-1] != rows[1:], True) if rows.size else np.zeros(0, bool)
            return _mixed(words[last] + _TAGS[kind]), rows[last]
        length = int(kind.removeprefix("gram"))
        return self._grams(length)

    def _grams(self, length: int) -> tuple[Keys, Integers]:
        """Letters in a row; a blank may stand at their edge, never within. Up to four letters make the key, so no two groups share one."""
        count = len(self._letters) - length + 1
        if count <= 0:
            return np.zeros(0, np.uint64), np.zeros(0, np.int64)
        whole = np.ones(count, bool)
        for place in range(1, length - 1):
            whole &= ~self._blank[place : place + count]
        whole &= ~(self._blank[:count] & self._blank[length - 1 : length - 1 + count] & (length < 3))
        starts = np.flatnonzero(whole)
        keys = np.zeros(len(starts), np.uint64)
        for place in range(length):
            keys = (keys << np.uint64(16)) | self._letters[starts + place]
        return keys, self._rows[starts]
