"""The kernel of decision tables over arrays, for thousands of subjects at a time; equal to `row_sets.intersected`.

Imported only where so many are asked for: one title is decided without numpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.intp]


def codes_of(number: Mapping[Any, int], values: Sequence[Any]) -> Codes:
    """The number of each value."""
    return np.fromiter(map(number.__getitem__, values), np.intp, len(values))


def zeros(size: int) -> Codes:
    """The one number of a column with one value."""
    return np.zeros(size, np.intp)


def intersected(every: int, columns: Iterable[tuple[Sequence[int], Sequence[int]]], size: int, first: bool) -> tuple[list[int], Codes]:
    """As `row_sets.intersected`, for a table of at most `row_sets.WORD_OF_ROWS` rows; the distinct sets ascend."""
    held = np.full(size, every, np.int64)
    for sets, codes in columns:
        held &= np.array(sets, np.int64)[codes]
    if first:
        held &= -held
    distinct, pattern_of = np.unique(held, return_inverse=True)
    return distinct.tolist(), pattern_of.astype(np.intp, copy=False)
