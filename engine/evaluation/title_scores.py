"""Figures of answered titles, for all of them and for groups of them, as sums over cases that can be resampled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import numpy as np

from engine.contracts import MICRO, from_micro, to_micro
from engine.evaluation.calibration import BINS, bin_of, share_of, threshold_for
from engine.evaluation.intervals import Counted, Estimate, Ints, estimate, resampled_sums
from engine.evaluation.labelled_list import LabelledTitle
from engine.evaluation.ranking import WHOLE, gold_rank, reciprocal
from engine.resolver import Route


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a list with its answer: the place of the right code at each level (0: not listed)."""

    labelled: LabelledTitle
    route: Route
    ranks: Mapping[str, int]

    @property
    def confidence(self) -> int:
        """In millionths."""
        return to_micro(self.route.confidence)

    @property
    def tuning(self) -> bool:
        """Whether the title is of the half on which a threshold is sought: by a digest of its text, so that equal titles are never on both sides."""
        return hashlib.sha256(" ".join(self.labelled.title.casefold().split()).encode("utf-8", "surrogatepass")).digest()[0] % 2 == 0


@dataclass(frozen=True, slots=True)
class LevelScores:
    """Figures at one level. `top_1`, `top_5` and `mrr` are over all titles of the group, an answer without a code counting as wrong.

    `led_right` is over answers in which one code leads clearly, `calibration_error` over answers that list a code. `answered` is the share of the
    measured half whose confidence reaches the threshold, `precision` how many of those are right.
    """

    level: str
    top_1: Estimate
    top_5: Estimate
    mrr: Estimate
    led_right: Estimate
    calibration_error: Estimate
    answered: Estimate
    precision: Estimate


@dataclass(frozen=True, slots=True)
class GroupScores:
    """A group of titles: by what it was made and its name, how many, the share that lists a code and in which one leads, mean confidence of those
    that list one, and the figures at each level."""

    kind: str
    name: str
    titles: int
    with_code: Estimate
    led: Estimate
    confidence: Decimal | None
    levels: tuple[LevelScores, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """The confidence from which on the wanted precision holds at a level on the tuning half (None: nowhere), and the titles of both halves."""

    level: str
    confidence: Decimal | None
    tuned_on: int
    measured_on: int


def cases_of(labelled: Sequence[LabelledTitle], routes: Mapping[str, Route], levels: Sequence[str]) -> tuple[Case, ...]:
    """Each row with its answer."""
    return tuple(Case(t, routes[t.title], {level: gold_rank(routes[t.title].occupations, t.gold, level) for level in levels}) for t in labelled)


def thresholds_of(cases: Sequence[Case], levels: Sequence[str], precision: Decimal) -> tuple[Threshold, ...]:
    """For each level the threshold found on the tuning half."""
    tuning = [c for c in cases if c.tuning]
    named = [c for c in tuning if c.route.occupations]
    found = [(level, threshold_for(precision, [c.confidence for c in named], [c.ranks[level] == 1 for c in named])) for level in levels]
    return tuple(Threshold(level, None if t is None else from_micro(t), len(tuning), len(cases) - len(tuning)) for level, t in found)


def scores_of(cases: Sequence[Case], thresholds: Sequence[Threshold], resamples: int, seed: int) -> tuple[GroupScores, ...]:
    """All titles first, then by fallback tier, by service tier and by how many codes an answer lists, each kind's groups by their number."""
    kinds: dict[str, Callable[[Route], str]] = {
        "all": lambda _: "all", "fallback tier": lambda r: r.fallback_tier, "service tier": lambda r: r.service_tier, "codes": _codes_named,
    }  # fmt: skip
    # cases that are in the same groups of every kind stand together and are summed once; a group adds up its cells
    cells: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        cells.setdefault(tuple(name(case.route) for name in kinds.values()), []).append(case)
    ends = np.cumsum([len(members) for members in cells.values()])
    tables = [Counted(np.arange(end - len(members), end), _columns(members, thresholds)) for members, end in zip(cells.values(), ends, strict=True)]
    sums = resampled_sums(len(cases), tables, resamples, seed)
    found = []
    for position, kind in enumerate(kinds):
        groups: dict[str, list[int]] = {}
        for number, cell in enumerate(cells):
            groups.setdefault(cell[position], []).append(number)
        added = {name: np.sum([sums[n] for n in numbers], axis=0) for name, numbers in groups.items()}
        found += [_group(kind, name, added[name], thresholds) for name in sorted(added, key=lambda name: (-int(added[name][0, _TITLE]), name))]
    return tuple(found)


def _codes_named(route: Route) -> str:
    return "one leads" if route.occupation is not None else "several, none leads" if len(route.occupations) > 1 else "one, not clearly" if route.occupations else "no code"


# the columns: four of a case, then for each level six and a gap for each bin
_TITLE, _NAMED, _LED, _CONFIDENCE, _MEASURED = range(5)
_OF_CASE = 5
_TOP_1, _TOP_5, _RECIPROCAL, _LED_RIGHT, _ANSWERED, _ANSWERED_RIGHT, _GAPS = range(7)
_OF_LEVEL = _GAPS + BINS


def _columns(cases: Sequence[Case], thresholds: Sequence[Threshold]) -> Ints:
    limits = [None if t.confidence is None else to_micro(t.confidence) for t in thresholds]
    found = np.zeros((len(cases), _OF_CASE + _OF_LEVEL * len(thresholds)), dtype=np.int64)
    for row, case in zip(found, cases, strict=True):
        named, led, confidence, measured = bool(case.route.occupations), case.route.occupation is not None, case.confidence, not case.tuning
        row[:_OF_CASE] = (1, named, led, confidence if named else 0, measured)
        for number, (threshold, limit) in enumerate(zip(thresholds, limits, strict=True)):
            rank, at = case.ranks[threshold.level], _OF_CASE + _OF_LEVEL * number
            answered = measured and named and limit is not None and confidence >= limit
            row[at : at + _GAPS] = (rank == 1, 1 <= rank <= 5, reciprocal(rank), led and rank == 1, answered, answered and rank == 1)
            if named:
                row[at + _GAPS + bin_of(confidence)] = confidence - MICRO * (rank == 1)
    return found


def _group(kind: str, name: str, sums: Ints, thresholds: Sequence[Threshold]) -> GroupScores:
    def share(part: int, whole: int, unit: int = 1) -> Estimate:
        return estimate(sums[:, part], sums[:, whole] * unit)

    levels = []
    for number, threshold in enumerate(thresholds):
        at = _OF_CASE + _OF_LEVEL * number
        gaps = cast(Ints, np.abs(sums[:, at + _GAPS : at + _OF_LEVEL]).sum(axis=1))
        levels.append(LevelScores(
            threshold.level, share(at + _TOP_1, _TITLE), share(at + _TOP_5, _TITLE), share(at + _RECIPROCAL, _TITLE, WHOLE), share(at + _LED_RIGHT, _LED),
            estimate(gaps, sums[:, _NAMED] * MICRO), share(at + _ANSWERED, _MEASURED), share(at + _ANSWERED_RIGHT, at + _ANSWERED),
        ))  # fmt: skip
    named = int(sums[0, _NAMED])
    mean = from_micro(share_of(int(sums[0, _CONFIDENCE]), named * MICRO)) if named else None
    return GroupScores(kind, name, int(sums[0, _TITLE]), share(_NAMED, _TITLE), share(_LED, _TITLE), mean, tuple(levels))
