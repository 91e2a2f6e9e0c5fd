"""What single words of labelled titles say: each word, pair of words and group of letters votes for the concepts of the examples that hold it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.contracts import MICRO
from engine.matching.concept_fields import Table
from engine.similarity import Letters

_DOUBT = 3  # examples that say nothing, beside those that hold a term: what stands in few examples proves little
_UNIT = 1_024  # of a doubling of rarity


class TermVotes:
    """Terms of one or more kinds with the share of their examples that each concept has."""

    def __init__(self, texts: Sequence[str], owners: Table, size: int, kinds: tuple[str, ...]) -> None:
        from scipy.sparse import csr_matrix

        self._kinds = kinds
        held = Letters(texts).terms(kinds)
        self._keys, places = np.unique(held.keys, return_inverse=True)
        once = np.unique(places.astype(np.int64) * max(1, len(texts)) + held.rows)  # a term counts once in a title
        terms, rows = once // max(1, len(texts)), once % max(1, len(texts))
        holders = np.bincount(terms, minlength=len(self._keys))
        self._rarity: Table = np.rint(np.log2((len(texts) + 2) / (holders + 1)) * _UNIT).astype(np.int64)
        cells, counts = np.unique(terms * size + owners[rows], return_counts=True)
        shares = counts * MICRO // (holders[cells // size] + _DOUBT)
        self._shares = csr_matrix((shares.astype(np.int64), (cells // size, cells % size)), shape=(len(self._keys), size))

    def shares(self, letters: Letters) -> Table:
        """For each text the mean share (millionths) of each concept in the votes of its terms, rare ones weighing more; unknown terms do not vote."""
        from scipy.sparse import csr_matrix

        found = letters.terms(self._kinds)
        spot = np.minimum(np.searchsorted(self._keys, found.keys), max(0, len(self._keys) - 1))
        known = self._keys[spot] == found.keys if len(self._keys) else np.zeros(len(found.keys), bool)
        once = np.unique(found.rows[known] * max(1, len(self._keys)) + spot[known])
        rows, terms = once // max(1, len(self._keys)), once % max(1, len(self._keys))
        weights = self._rarity[terms]
        whole = np.maximum(np.bincount(rows, weights, letters.size).astype(np.int64), 1)
        votes = csr_matrix((weights, (rows, terms)), shape=(letters.size, len(self._keys))) @ self._shares
        told: Table = votes.toarray().astype(np.int64) // whole[:, None]
        return told
