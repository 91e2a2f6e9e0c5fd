"""A field: documents by the terms they hold, as integers in three long arrays, and the scores of a batch of texts against all of them.

In: (document, text, weight) rows. Out: for each text the documents that share terms with it and how much, in millionths, exact and the same whether
asked alone or in a batch. Refuses to know what a document stands for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.contracts import MICRO
from engine.similarity.array_file import Arrays
from engine.similarity.terms import Integers, Keys, Letters, TermRows

_RARITY = 1_024  # a doubling of rarity, in the unit of the stored rarities
_POINT = 24  # a doubling of rarity times the greatest weight but one, as a power of two
_WHOLE = 62  # bits of a number that sorts as one
_FEW = 8  # from here on the sparse product is worth its import


@dataclass(frozen=True, slots=True)
class FieldSettings:
    """How a field weighs. `kinds`: terms (see KINDS). `commonest`: a term that more documents hold says nothing and is left out (0: none is).

    `saturation` 0: the cosine of text and document, at most 1. Above 0: BM25 with this k1 and `length` b, a sum without bound: how often a document
    holds a term counts, ever less.
    A row's weight counts as how often its terms are held (BM25 only).
    """

    kinds: tuple[str, ...]
    commonest: int = 0
    saturation: float = 0.0
    length: float = 0.5


@dataclass(frozen=True, slots=True)
class Scored:
    """Documents for each text of a batch, best first, ties by document: `bounds[i]:bounds[i+1]` are those of text i; scores in millionths."""

    bounds: Integers
    documents: Integers
    scores: Integers

    @property
    def rows(self) -> Integers:
        """Number of the text for every document found."""
        found: Integers = np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """Terms of a batch as a field knows them: `terms[i]` weighs `weights[i]` in text `rows[i]`; `lengths` of the texts; share of their weight that is `known`."""

    rows: Integers
    terms: Integers
    weights: Integers
    lengths: Integers
    known: Integers
    size: int


def field_arrays(rows: Iterable[tuple[int, str, int]], documents: int, settings: FieldSettings) -> dict[str, Any]:
    """The arrays of a field over documents 0 to `documents` - 1. A row gives a document a text with a weight in millionths; the order of rows never matters."""
    stated = list(rows)
    letters = Letters([text for _, text, _ in stated])
    held = letters.terms(settings.kinds)
    owner = np.fromiter((d for d, _, _ in stated), np.int64, len(stated))[held.rows]
    weight = np.fromiter((w for _, _, w in stated), np.int64, len(stated))[held.rows]
    keys, place = np.unique(held.keys, return_inverse=True)
    cells, spot = np.unique(place.astype(np.int64) * documents + owner, return_inverse=True)
    often = np.zeros(len(cells), np.int64)
    np.add.at(often, spot, weight)
    term, document = cells // max(documents, 1), cells % max(documents, 1)
    holders = np.bincount(term, minlength=len(keys))
    rarity = np.array([_rarity(documents, int(count)) for count in range(int(holders.max(initial=0)) + 1)], np.int64)[holders]
    if settings.commonest:
        rarity[holders > settings.commonest] = 0
    if settings.saturation:
        weights = _saturated(term, document, often, rarity, documents, settings)
    else:
        weights = _cosines(term, document, rarity, documents)
    posted = weights > 0
    starts = np.concatenate(([0], np.cumsum(np.bincount(term[posted], minlength=len(keys)))))
    return {
        "keys": keys, "rarity": rarity.astype(np.int32), "starts": starts.astype(np.int64), "documents": document[posted].astype(np.int32), "weights": weights[posted].astype(np.int32),
        "shape": np.array([documents, _rarity(documents, 0), int(settings.saturation > 0)], np.int64),
    }  # fmt: skip


def _rarity(documents: int, holders: int) -> int:
    """Doublings of rarity: 0 for what every document holds."""
    return round(math.log2((documents + 1) / (holders + 1)) * _RARITY)


def _cosines(term: Integers, document: Integers, rarity: Integers, documents: int) -> Integers:
    squares = np.zeros(documents, np.int64)
    np.add.at(squares, document, rarity[term] ** 2)
    norms = np.sqrt(squares.astype(np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(norms[document] > 0, rarity[term] * float(MICRO) / norms[document], 0.0)
    found: Integers = np.rint(shares).astype(np.int64)
    return found


def _saturated(term: Integers, document: Integers, often: Integers, rarity: Integers, documents: int, settings: FieldSettings) -> Integers:
    lengths = np.zeros(documents, np.int64)
    np.add.at(lengths, document, often)
    mean = max(1.0, float(lengths.sum()) / max(1, documents))
    base = settings.saturation * (1.0 - settings.length + settings.length * (lengths / mean))
    times = often / float(MICRO)
    found: Integers = np.rint(times * (settings.saturation + 1.0) / (times + base[document]) * float(1 << 14)).astype(np.int64)
    return np.where(rarity[term] > 0, found, 0)


class Field:
    """An opened field. `documents` is how many it tells apart."""

    def __init__(self, arrays: Arrays, settings: FieldSettings) -> None:
        self._keys: Keys = arrays["keys"]
        self._rarity, self._starts = arrays["rarity"], arrays["starts"]
        self._posted, self._weights = arrays["documents"], arrays["weights"]
        self.documents, self._strange, saturated = (int(value) for value in arrays["shape"])
        self._saturated = bool(saturated)
        self._settings = settings
        self._matrix: Any = None

    def ask(self, letters: Letters) -> Asked:
        """Terms of a batch, each counted once. What no document holds has the greatest rarity and counts in the length."""
        found: TermRows = letters.terms(self._settings.kinds)
        spot = np.searchsorted(self._keys, found.keys) if len(self._keys) else np.zeros(len(found.keys), np.int64)
        known = self._keys[np.minimum(spot, len(self._keys) - 1)] == found.keys if len(self._keys) else np.zeros(len(found.keys), bool)
        cells = np.unique(np.where(known, found.rows * (len(self._keys) + 1) + spot, 0)[known])
        rows, terms = cells // (len(self._keys) + 1), cells % (len(self._keys) + 1)
        weights = self._rarity[terms].astype(np.int64)
        squares, strange = np.zeros(found.size, np.int64), np.zeros(found.size, np.int64)
        np.add.at(squares, rows, weights**2)
        np.add.at(strange, _distinct(found.rows[~known], found.keys[~known]), self._strange**2)
        whole = squares + strange
        lengths = np.sqrt(whole.astype(np.float64)).astype(np.int64)
        return Asked(rows, terms, weights, np.maximum(lengths, 1), np.where(whole > 0, squares * MICRO // np.maximum(whole, 1), 0), found.size)

    def scores(self, asked: Asked) -> Integers:
        """Score of every document for every text, [texts, documents], in millionths: for fields of few documents."""
        found: Integers = self._scaled(self.points(asked), asked.lengths[:, None])
        return found

    def points(self, asked: Asked) -> Integers:
        """The same without a scale, for who only compares the documents of one text."""
        if asked.size >= _FEW:
            dense: Integers = self._product(asked).toarray()
            return dense
        rows, documents, points = self._points(asked)
        summed: Integers = np.bincount(rows * self.documents + documents, points, asked.size * self.documents).astype(np.int64)
        return summed.reshape(asked.size, self.documents)

    def best(self, asked: Asked, top: int, least: int = 0) -> Scored:
        """The `top` best documents of each text with at least the share `least` (millionths) of its best one's score."""
        if asked.size >= _FEW:
            product = self._product(asked)
            rows, documents, points = np.repeat(np.arange(asked.size), np.diff(product.indptr)), product.indices, product.data
        else:
            rows, documents, points = self._points(asked)
            cells = np.bincount(rows * self.documents + documents, points, 1)
            spots = np.flatnonzero(cells)
            rows, documents, points = spots // max(1, self.documents), spots % max(1, self.documents), cells[spots].astype(np.int64)
        held = np.searchsorted(rows, np.arange(asked.size + 1))
        filled = np.flatnonzero(np.diff(held))
        greatest = np.zeros(asked.size, np.int64)
        if len(filled):
            greatest[filled] = np.maximum.reduceat(points, held[filled])
        floor = np.maximum(-(-greatest * (least // 1000) // 1000), 1)  # before scaling, which costs most: few documents are left after it
        near = np.flatnonzero(points >= np.repeat(floor, np.diff(held)))
        rows, documents = rows[near], documents[near].astype(np.int64)
        return leading(rows, documents, self._scaled(points[near], asked.lengths[rows]), asked.size, top)

    def _scaled(self, points: Any, lengths: Any) -> Any:
        """Points in millionths: of the cosine, or of a doubling of rarity."""
        return points * MICRO >> _POINT if self._saturated else points // lengths

    def _points(self, asked: Asked) -> tuple[Integers, Integers, Integers]:
        """(text, document, points) of every posting that is touched."""
        begin, end = self._starts[asked.terms], self._starts[asked.terms + 1]
        counts = end - begin
        offsets = np.concatenate(([0], np.cumsum(counts)[:-1])) if len(counts) else np.zeros(0, np.int64)
        spots = np.repeat(begin - offsets, counts) + np.arange(int(counts.sum()))
        return np.repeat(asked.rows, counts), self._posted[spots].astype(np.int64), self._weights[spots].astype(np.int64) * np.repeat(asked.weights, counts)

    def _product(self, asked: Asked) -> Any:
        from scipy.sparse import csr_matrix  # costs a tenth of a second to import: only for batches

        if self._matrix is None:
            self._matrix = csr_matrix((self._weights.astype(np.int64), self._posted, self._starts), shape=(len(self._keys), self.documents))
        starts = np.searchsorted(asked.rows, np.arange(asked.size + 1))
        return csr_matrix((asked.weights, asked.terms, starts), shape=(asked.size, len(self._keys))) @ self._matrix


def _distinct(rows: Integers, keys: Keys) -> Integers:
    """Rows with each key of a row once."""
    order = np.lexsort((keys, rows))
    rows, keys = rows[order], keys[order]
    first = np.ones(len(rows), bool)
    first[1:] = (rows[1:] != rows[:-1]) | (keys[1:] != keys[:-1])
    return rows[first]


def leading(rows: Integers, documents: Integers, scores: Integers, size: int, top: int) -> Scored:
    """The `top` best of each text from (text, document, score) rows in any order."""
    rows, documents, scores = _best_first(rows, documents, scores, size)
    starts = np.searchsorted(rows, np.arange(size + 1))
    kept = np.arange(len(rows)) - starts[rows] < top if len(rows) else np.zeros(0, bool)
    counts = np.bincount(rows[kept], minlength=size) if len(rows) else np.zeros(size, np.int64)
    return Scored(np.concatenate(([0], np.cumsum(counts))).astype(np.int64), documents[kept], scores[kept])


def _best_first(rows: Integers, documents: Integers, scores: Integers, size: int) -> tuple[Integers, Integers, Integers]:
    """By text, best first, ties by document. What fits in one number is sorted as such, which takes a quarter of the time."""
    if not len(rows):
        return rows, documents, scores
    most, last = int(scores.max()), int(documents.max())
    bits, wide = most.bit_length(), last.bit_length()
    if int(scores.min()) < 0 or size.bit_length() + bits + wide > _WHOLE:
        order = np.lexsort((documents, -scores, rows))
        return rows[order], documents[order], scores[order]
    packed = (rows << (bits + wide)) | ((most - scores) << wide) | documents
    packed.sort()
    return packed >> (bits + wide), packed & ((1 << wide) - 1), most - ((packed >> wide) & ((1 << bits) - 1))
