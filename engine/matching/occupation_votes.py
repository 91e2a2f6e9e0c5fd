"""Labelled titles that lead over the same known occupations as a query, though they may share no word with it, vote for the concepts they were given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.contracts import MICRO
from engine.matching.bridge import Bridge
from engine.matching.concept_fields import Table
from engine.similarity import Letters

_LEAST = 2_000  # millionths: an occupation that holds less of a title is left out, so that few are compared
_PART = 500
_DOUBT = 50_000_000  # of votes that say nothing: a twentieth of one title that leads just where the query does


class OccupationVotes:
    """The examples by the occupations that they lead to."""

    def __init__(self, bridge: Bridge, texts: Sequence[str], owners: Table, size: int) -> None:
        from scipy.sparse import csr_matrix, vstack

        parts = [_roots(bridge.reached(Letters(texts[i : i + _PART]))) for i in range(0, len(texts), _PART)]
        self._examples = vstack(parts).T.tocsr()
        self._given = csr_matrix((np.ones(len(owners), np.int64), (np.arange(len(owners)), owners)), shape=(len(owners), size))

    def shares(self, reached: Table) -> Table:
        """Each concept's share (millionths) of the votes. Two titles are alike as far as their shares of occupations overlap (the sum of the roots of their
        products); a vote is the cube of the likeness."""
        alike = _roots(reached) @ self._examples
        alike.data = (alike.data // 1_000) ** 3
        votes: Table = (alike @ self._given).toarray()
        whole = (votes.sum(axis=1, keepdims=True) + _DOUBT) // 1_000
        found: Table = votes // 1_000 * MICRO // whole
        return found


def _roots(reached: Table) -> Any:
    """Square roots of shares, in thousandths, as a sparse matrix."""
    from scipy.sparse import csr_matrix

    return csr_matrix(np.rint(np.sqrt(np.where(reached >= _LEAST, reached, 0).astype(np.float64))).astype(np.int64))
