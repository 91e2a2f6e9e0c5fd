"""Whether a stated confidence is met: reliability by bins, expected calibration error, and the threshold that reaches a wanted precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from engine.contracts import MICRO, from_micro

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Answers whose confidence lies from `low` up to below `high` (the last bin holds 1 too): their number, mean confidence and share that is right.

    `confidence` and `accuracy` are None in an empty bin.
    """

    low: Decimal
    high: Decimal
    answers: int
    confidence: Decimal | None
    accuracy: Decimal | None


def bin_of(confidence: int, bins: int = BINS) -> int:
    """The bin (from 0) of a confidence in millionths."""
    return min(confidence * bins // MICRO, bins - 1)


def share_of(part: int, whole: int) -> int:
    """part / whole in millionths, half to even. Raises ZeroDivisionError."""
    quotient, rest = divmod(part * MICRO, whole)
    return quotient + (1 if 2 * rest > whole or (2 * rest == whole and quotient % 2) else 0)


def reliability(confidences: Sequence[int], right: Sequence[bool], bins: int = BINS) -> tuple[ReliabilityBin, ...]:
    """The reliability table of answers: confidences in millionths, and whether each answer is right."""
    counts, sums, hits = [0] * bins, [0] * bins, [0] * bins
    for confidence, good in zip(confidences, right, strict=True):
        at = bin_of(confidence, bins)
        counts[at] += 1
        sums[at] += confidence
        hits[at] += good
    edges = [from_micro(share_of(i, bins)) for i in range(bins + 1)]
    return tuple(
        ReliabilityBin(edges[i], edges[i + 1], n, from_micro(share_of(sums[i], n * MICRO)) if n else None, from_micro(share_of(hits[i], n)) if n else None)
        for i, n in enumerate(counts)
    )  # fmt: skip


def calibration_error(confidences: Sequence[int], right: Sequence[bool], bins: int = BINS) -> Decimal | None:
    """Expected calibration error: the mean over answers of the distance between confidence and accuracy of their bin. None without answers."""
    gaps = [0] * bins
    for confidence, good in zip(confidences, right, strict=True):
        gaps[bin_of(confidence, bins)] += confidence - MICRO * good
    return from_micro(share_of(sum(abs(g) for g in gaps), len(confidences) * MICRO)) if confidences else None


def threshold_for(precision: Decimal, confidences: Sequence[int], right: Sequence[bool]) -> int | None:
    """The lowest confidence (millionths) from which on at least `precision` of the answers are right; None where there is none.

    Precision need not rise with the threshold: of all that reach it, the one that answers most is taken.
    """
    answered, hits, found = 0, 0, None
    best_first = sorted(zip(confidences, right, strict=True), key=lambda pair: -pair[0])
    for confidence, equals in groupby(best_first, key=lambda pair: pair[0]):
        goods = [good for _, good in equals]
        answered += len(goods)
        hits += sum(goods)
        if hits >= precision * answered:
            found = confidence
    return found
