"""Estimates with bootstrap intervals: every figure is a function of sums over cases, so one resampling of the cases serves them all.

All sums are whole numbers and the draws are the raw output of PCG64, whose stream is fixed by its definition: equal cases and seed give equal
intervals on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from engine.contracts import from_micro
from engine.evaluation.calibration import share_of

Ints = NDArray[np.int64]
RESAMPLES, SEED = 1_000, 1
_DRAWN_AT_ONCE = 5_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share (0 to 1) with the middle 95 % of what resampled cases give; all None where no case counts."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Columns of whole numbers over some of the cases: positions of the cases in rising order [n], columns [n, measures]."""

    cases: Ints
    columns: Ints


def resampled_sums(cases: int, tables: Sequence[Counted], resamples: int = RESAMPLES, seed: int = SEED) -> list[Ints]:
    """Sums of each table's columns as [1 + resamples, measures]: first over the cases as they are, then over as many drawn with repetition.

    All tables see the same draws. Exact while `cases` times the largest absolute value stays below 2**53.
    """
    generator = np.random.PCG64(seed)
    values = [np.asfortranarray(t.columns, dtype=np.float64) for t in tables]
    found = [[t.columns.sum(axis=0, dtype=np.int64)[None, :]] for t in tables]
    step = max(1, _DRAWN_AT_ONCE // max(1, cases))
    for start in range(0, resamples if cases else 0, step):
        drawn = min(step, resamples - start)
        # one resample at a time: its counts stay in the processor's cache
        counts = np.stack([np.bincount((generator.random_raw(cases) % np.uint64(cases)).astype(np.int64), minlength=cases) for _ in range(drawn)]).astype(np.float64)
        for table, columns, sums in zip(tables, values, found, strict=True):
            sums.append(np.rint(_of(counts, table.cases) @ columns).astype(np.int64))
    return [np.concatenate(sums) for sums in found]


def _of(counts: NDArray[np.float64], cases: Ints) -> NDArray[np.float64]:
    """The counts of some cases, without a copy where they stand together."""
    together = len(cases) > 0 and int(cases[-1]) - int(cases[0]) + 1 == len(cases)
    return counts[:, int(cases[0]) : int(cases[-1]) + 1] if together else counts[:, cases]


def estimate(parts: Ints, wholes: Ints) -> Estimate:
    """Share of the first pair, interval of the others. Resamples in which nothing counts are left out."""
    if not wholes[0]:
        return Estimate(None, None, None)
    shares = [share_of(int(part), int(whole)) for part, whole in zip(parts, wholes, strict=True) if whole]
    drawn = sorted(shares[1:]) or shares
    return Estimate(from_micro(shares[0]), from_micro(_quantile(drawn, 25)), from_micro(_quantile(drawn, 975)))


def _quantile(ordered: Sequence[int], thousandths: int) -> int:
    """By nearest rank: no value is made up that no resample gave."""
    return ordered[max(0, -(-len(ordered) * thousandths // 1000) - 1)]
