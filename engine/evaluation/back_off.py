"""How much is answered at a precision where a title whose occupation is unsure may be answered with a wider group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from engine.contracts import from_micro, to_micro
from engine.evaluation.intervals import Counted, Estimate, Ints, estimate, resampled_sums
from engine.evaluation.title_scores import Case
from engine.resolver import GROUP_LEVELS, group_level

Flags = NDArray[np.bool_]
_NEVER = -1


@dataclass(frozen=True, slots=True)
class BackOffLevel:
    """Titles of the measured half that are answered at one level (`detailed` is six digits): their number, share of the half, and how many of them are right."""

    level: str
    titles: int
    answered: Estimate
    precision: Estimate


@dataclass(frozen=True, slots=True)
class BackOff:
    """Each title is answered at the narrowest level whose chance reaches `chance` (None: no chance keeps the precision), which is right where a gold code lies in
    the group. The chance is sought on one half of the titles, the figures are those of the other."""

    chance: Decimal | None
    answered: Estimate
    precision: Estimate
    levels: tuple[BackOffLevel, ...]
    tuned_on: int
    measured_on: int


def backed_off(cases: Sequence[Case], precision: Decimal, resamples: int, seed: int) -> BackOff:
    """The chance that keeps the precision on the tuning half and answers most of it, and what it gives on the other half."""
    chances, right = _seen(cases)
    tuning = np.array([case.tuning for case in cases], bool)
    chosen = _chance_for(precision, chances[tuning], right[tuning])
    columns = np.zeros((len(cases), 1 + 2 * len(GROUP_LEVELS)), np.int64)
    columns[:, 0] = ~tuning
    for level, answered in enumerate(_answered(chances, chosen)):
        columns[:, 1 + 2 * level], columns[:, 2 + 2 * level] = answered & ~tuning, answered & ~tuning & right[:, level]
    (sums,) = resampled_sums(len(cases), [Counted(np.arange(len(cases)), columns)], resamples, seed)
    measured, titles, good = sums[:, 0], sums[:, 1::2], sums[:, 2::2]
    levels = tuple(BackOffLevel(name, int(titles[0, n]), estimate(titles[:, n], measured), estimate(good[:, n], titles[:, n])) for n, name in enumerate(GROUP_LEVELS))
    every = titles.sum(axis=1)
    found = None if chosen is None else from_micro(chosen)
    return BackOff(found, estimate(every, measured), estimate(good.sum(axis=1), every), levels, int(tuning.sum()), int(measured[0]))


def _seen(cases: Sequence[Case]) -> tuple[Ints, Flags]:
    """The chance of each title's group at each level (-1: it has none), and whether a gold code lies in it."""
    chances = np.full((len(cases), len(GROUP_LEVELS)), _NEVER, np.int64)
    right = np.zeros(chances.shape, bool)
    places = {name: place for place, name in enumerate(GROUP_LEVELS)}
    for number, case in enumerate(cases):
        for code, chance in case.route.groups:
            level = group_level(code)
            begins = code[: GROUP_LEVELS[level]]
            chances[number, places[level]], right[number, places[level]] = to_micro(chance), any(gold.startswith(begins) for gold in case.labelled.gold)
    return chances, right


def _answered(chances: Ints, least: int | None) -> list[Flags]:
    """For each level which titles are answered there: the narrowest whose chance reaches the least."""
    left = np.ones(len(chances), bool)
    found = []
    for level in range(chances.shape[1]):
        reached = left & (chances[:, level] >= least) if least is not None else np.zeros(len(chances), bool)
        found.append(reached)
        left = left & ~reached
    return found


def _chance_for(precision: Decimal, chances: Ints, right: Flags) -> int | None:
    """Of the chances from which on the precision holds the one that answers most: precision need not rise with the chance."""
    for least in np.unique(chances[chances >= 0]).tolist():
        answered = _answered(chances, least)
        good = sum(int((reached & right[:, level]).sum()) for level, reached in enumerate(answered))
        if good >= precision * sum(int(reached.sum()) for reached in answered):
            return int(least)
    return None
