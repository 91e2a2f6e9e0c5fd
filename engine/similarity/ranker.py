"""Ranks concepts for titles: the one answer of this room, as columns for a whole batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.contracts import MICRO
from engine.similarity.confidence import CONSIDERED, chances, features, probability
from engine.similarity.fusion import PRIOR, Fused, fuse
from engine.similarity.index import SimilarityIndex
from engine.similarity.settings import LikenessSettings
from engine.similarity.signals import MEANING
from engine.similarity.terms import Integers

MINOR, MAJOR = 2, 3
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Ranking:
    """Concepts for a batch of titles, best first, as columns [titles, top]; numbers of concepts and namings are those of the index.

    `points` in millionths; `probability` that the concept is right (millionths, calibrated for the best one, the rest share what is left); `naming`: the
    published title of that concept that is most like the asked one, by meaning where letters and words tell little (-1: none near), and their `likeness` (millionths); `signal`: number in `signals` of what
    spoke most for it, with its `strength` (millionths of the points). For each title `known`: probability that it is a title at all; `accepted`: whether that
    is enough; `minor` and `major`: number of the likeliest group (-1: none) and the probability that the right concept is in it.
    """

    signals: tuple[str, ...]
    concept: Integers
    points: Integers
    probability: Integers
    naming: Integers
    likeness: Integers
    signal: Integers
    strength: Integers
    known: Integers
    accepted: Any
    minor: Integers
    minor_probability: Integers
    major: Integers
    major_probability: Integers


class Ranker:
    """An index with the weights of a day."""

    def __init__(self, index: SimilarityIndex, settings: LikenessSettings) -> None:
        self.index = index
        self._settings = settings
        self._prior = index.prior()
        self._signals = tuple(sorted(set(settings.weights) - {PRIOR}))

    def rank(self, titles: Sequence[str], top: int = 10) -> Ranking:
        """The `top` best concepts of each title. Any batching gives the same columns."""
        if not titles or not self.index.concepts:
            return _nothing(self._signals, len(titles), 0 if titles else top)
        parts = [self._part(titles[i : i + _BATCH], top) for i in range(0, len(titles), _BATCH)]
        names = [name for name in Ranking.__dataclass_fields__ if name != "signals"]
        return Ranking(self._signals, **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})

    def _part(self, titles: Sequence[str], top: int) -> Ranking:
        fused = fuse(self.index, titles, self._settings.weights)
        considered = best_places(fused.points, min(CONSIDERED, len(self.index.concepts)))
        points = np.take_along_axis(fused.points, considered, axis=1)
        shares = chances(points)
        rows = np.arange(len(titles))
        naming = fused.matched[rows[:, None], considered]
        minor, minor_share = self._grouped(MINOR, considered, shares)
        major, major_share = self._grouped(MAJOR, considered, shares)
        rivals = self.index.rivals(naming[:, 0])
        given = fused.shares(considered)
        by_letters = {name: share for name, share in given.items() if not name.startswith(MEANING)}  # the confidence was fitted without a model
        seen = {level: features(fused, considered, by_letters, shares, rivals, grouped, self._prior) for level, grouped in ((MINOR, minor_share), (MAJOR, major_share))}
        told = {target: probability(seen[MAJOR if target == "major_group" else MINOR], weights) for target, weights in self._settings.confidence.items()}
        likely = _shared_out(told["concept"], shares)
        kept = considered[:, :top]
        signal, strength = self._strongest(given, top)
        known = np.where(fused.words > 0, told["title"], 0)
        matched, likeness = _shown(fused, rows, kept)
        return Ranking(
            self._signals, kept, points[:, :top], likely[:, :top], matched, likeness, signal, strength, known,
            known >= self._settings.least_known, minor, np.maximum(told["minor_group"], told["concept"]), major,
            np.maximum(np.maximum(told["major_group"], told["minor_group"]), told["concept"]),
        )  # fmt: skip

    def _grouped(self, level: int, considered: Integers, shares: Any) -> tuple[Integers, Any]:
        """The likeliest group of a level and the chances in it; at a tie the first by key."""
        if level not in self.index.levels:
            return np.full(len(considered), -1), np.zeros(len(considered))
        owners = self.index.group_of(level)
        size = int(owners.max(initial=0)) + 2
        cells = np.arange(len(considered))[:, None] * size + owners[considered] + 1
        exact = np.rint(shares * MICRO)  # whole numbers: the order of adding is all the same
        summed = np.bincount(cells.ravel(), exact.ravel(), len(considered) * size).reshape(-1, size)
        summed[:, 0] = 0
        found = summed.argmax(axis=1)
        return found - 1, summed[np.arange(len(found)), found] / np.maximum(exact.sum(axis=1), 1)

    def _strongest(self, given: Mapping[str, Any], top: int) -> tuple[Integers, Integers]:
        """Which signal gives each concept most of its points, and how much."""
        points = np.stack([np.rint(given[name][:, :top] * float(self._settings.weights[name])) for name in self._signals], axis=2)
        signal = points.argmax(axis=2)
        return signal, np.take_along_axis(points, signal[:, :, None], axis=2)[:, :, 0].astype(np.int64)


def best_places(points: Integers, top: int) -> Integers:
    """Places of the `top` greatest of each row, greatest first, ties by place."""
    width = points.shape[1]
    unique = -points * width + np.arange(width)
    some = np.argpartition(unique, top - 1, axis=1)[:, :top]
    order = np.take_along_axis(unique, some, axis=1).argsort(axis=1)
    found: Integers = np.take_along_axis(some, order, axis=1)
    return found


def _shared_out(first: Integers, shares: Any) -> Integers:
    """The best keeps its calibrated probability, the others share the rest as their chances stand, none above the best."""
    rest = shares[:, 1:] / np.maximum(shares[:, 1:].sum(axis=1, keepdims=True), 1e-9)
    others = np.minimum(np.rint(rest * (MICRO - first)[:, None]).astype(np.int64), first[:, None])
    found: Integers = np.concatenate((first[:, None], others), axis=1)
    return found


def _shown(fused: Fused, rows: Integers, places: Integers) -> tuple[Integers, Integers]:
    """Naming and likeness to show for concepts: those by meaning where letters and words tell not half as much."""
    matched, likeness = fused.matched[rows[:, None], places], fused.likeness[rows[:, None], places]
    if fused.meant is None:
        return matched, likeness
    likeness_meant, meant = (values[rows[:, None], places] for values in fused.meant)
    by_meaning = 2 * likeness < likeness_meant
    return np.where(by_meaning, meant, matched), np.where(by_meaning, likeness_meant, likeness)


def _nothing(signals: tuple[str, ...], size: int, top: int) -> Ranking:
    flat, wide = np.zeros(size, np.int64), np.zeros((size, top), np.int64)
    return Ranking(signals, wide, wide, wide, wide, wide, wide, wide, flat, np.zeros(size, bool), flat - 1, flat, flat - 1, flat)
