"""Rankings over arrays: weighted sums and ties as one whole number for each candidate, so that one partial sort orders them exactly.

A candidate's key is a number of mixed radix, its digits the stated order (score, tie columns, place), so equal scores
cannot be told apart by chance. Whole numbers of 64 bits throughout: the largest key follows from the declared ranges, and where it
would not fit the digits are sorted one by one. Questions are worked through in chunks that stay in the cache, on all cores.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.contracts import MICRO, BadInput, from_micro, to_micro
from engine.rules.columns import Encoded
from engine.rules.pack import Factor
from engine.rules.rankings import MISSING, Batch
from engine.rules.score import refuse_outside, refuse_twice

Whole = npt.NDArray[np.int64]
_ROWS = 16_384  # of a chunk: two arrays of it lie in the cache of a core
_MOST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Weighted:
    """A factor over (questions or 1) x candidates in millionths, with the most and least it can add to a score."""

    factor: Factor
    weight: int
    micros: Whole
    low: int
    high: int

    @property
    def ends(self) -> tuple[int, int]:
        shift = MICRO if self.factor.transform == "complement" else 0
        sign = -1 if shift else 1
        added = (0, self.weight * (shift + sign * self.low), self.weight * (shift + sign * self.high))
        return min(added), max(added)


@dataclass(frozen=True, slots=True)
class _Digit:
    """A column of the order as ranks from 0 (best), below `radix`; `ranks` is None for the score."""

    ranks: Whole | None
    radix: int


@dataclass(frozen=True, slots=True)
class _Problem:
    """A batch as arrays: its factors, the digits of the order, the least and the most score, and whether high scores come first."""

    batch: Batch
    weighted: Sequence[_Weighted]
    digits: Sequence[_Digit]
    low: int
    high: int
    descending: bool

    def best(self, asked: slice, places: Whole, scores: Whole) -> None:
        """Fill in places and scores of some questions."""
        order = _by_key if prod(d.radix for d in self.digits) <= _MOST else _by_digits
        order(self, asked, places, scores)


def micros_of(encoded: Encoded) -> Whole:
    """Millionths of a column, half to even; MISSING where it is missing."""
    by_code = [MISSING if micro is None else micro for micro in encoded.micros()]
    if any(not -_MOST <= micro <= _MOST for micro in by_code if micro != MISSING):
        raise BadInput.at("RUL205", f"column `{encoded.column.name}` holds a number beyond 64 bits of millionths", why="arrays hold whole numbers of 64 bits", fix="score such numbers one question at a time")
    return np.array(by_code, np.int64)[np.asarray(encoded.codes, np.intp)]


def best_of_each(batch: Batch, top: int) -> tuple[Any, Any]:
    """Places and scores of the best of every question, arrays of questions x top. Raises BadInput RUL207 to RUL209."""
    places, scores = np.empty((batch.questions, top), np.int64), np.empty((batch.questions, top), np.int64)
    if not batch.questions or not batch.candidates:
        return places, scores
    _refuse_twice(batch)
    weighted = [_weighted(batch, factor) for factor in batch.scoring.factors]
    low, high = sum(w.ends[0] for w in weighted), sum(w.ends[1] for w in weighted)
    if high - low >= _MOST:
        what = f"{batch.pack}.{batch.scoring.name}: scores from {low} to {high} do not fit 64 bits"
        raise BadInput.at("RUL209", what, why="scores are exact whole numbers", fix="narrow the ranges of the factors, or their weights")
    digits = [_digit(batch, name, descending, high - low + 1) for name, descending in batch.scoring.order]
    digits.append(_Digit(np.arange(batch.candidates, dtype=np.int64)[None, :], batch.candidates))
    problem = _Problem(batch, weighted, digits, low, high, dict(batch.scoring.order)["score"])
    step = max(1, _ROWS // batch.candidates)
    chunks = [slice(start, min(start + step, batch.questions)) for start in range(0, batch.questions, step)]
    with ThreadPoolExecutor(_cores()) as pool:
        for _ in pool.map(lambda asked: problem.best(asked, places[asked], scores[asked]), chunks):
            pass  # in order, so that of several faults the first is told
    return places, scores


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _by_key(p: _Problem, asked: slice, places: Whole, scores: Whole) -> None:
    """Order the candidates of some questions by one number each."""
    worth = [prod(d.radix for d in p.digits[n + 1 :]) for n in range(len(p.digits))]
    keys = np.zeros((asked.stop - asked.start, p.batch.candidates), np.int64)
    fixed = np.zeros((1, p.batch.candidates), np.int64)
    for digit, one in zip(p.digits, worth, strict=True):
        if digit.ranks is None:
            fixed += one * (p.high if p.descending else -p.low)
            _add_scores(p, -one if p.descending else one, asked, keys)
        elif len(digit.ranks) == 1:
            fixed += one * digit.ranks
        else:
            keys += one * digit.ranks[asked]
    keys += fixed
    top = places.shape[1]
    best = np.sort(np.partition(keys, top - 1, axis=1)[:, :top], axis=1)
    np.remainder(best, p.batch.candidates, out=places)
    at = next(n for n, digit in enumerate(p.digits) if digit.ranks is None)  # every order names the score
    ranks = best // worth[at] % p.digits[at].radix
    scores[:] = p.high - ranks if p.descending else ranks + p.low


def _by_digits(p: _Problem, asked: slice, places: Whole, scores: Whole) -> None:
    """The same digit by digit, for keys beyond 64 bits."""
    totals = np.zeros((asked.stop - asked.start, p.batch.candidates), np.int64)
    _add_scores(p, 1, asked, totals)
    first = -totals if p.descending else totals
    columns = [first if d.ranks is None else np.broadcast_to(d.ranks if len(d.ranks) == 1 else d.ranks[asked], totals.shape) for d in p.digits]
    places[:] = np.lexsort(columns[::-1], axis=1)[:, : places.shape[1]]
    scores[:] = np.take_along_axis(totals, places, axis=1)


def _add_scores(p: _Problem, times: int, asked: slice, totals: Whole) -> None:
    """Add `times` the scores of some questions to `totals`, and see that every value lies in its range."""
    product = np.empty_like(totals)
    for w in p.weighted:
        shared = len(w.micros) == 1
        micros = w.micros if shared else w.micros[asked]
        least = int(micros.min(initial=_MOST))
        absent = micros == MISSING if least == MISSING else None
        if absent is not None:
            micros = np.where(absent, w.low, micros)
            least = int(micros.min())
        if least < w.low or int(micros.max(initial=MISSING)) > w.high:
            _refuse_outside(p.batch, w, 0 if shared else asked.start)
        factor = w.weight * times
        if w.factor.transform == "complement":
            micros = MICRO - micros
        into = product[:1] if shared else product
        np.multiply(micros, factor, out=into)
        if absent is not None:
            into[absent] = 0
        totals += into


def _refuse_outside(batch: Batch, w: _Weighted, start: int) -> None:
    outside = ((w.micros[start:] < w.low) | (w.micros[start:] > w.high)) & (w.micros[start:] != MISSING)
    question, place = (int(n) for n in np.argwhere(outside)[0])
    row = place if len(batch.subjects) == batch.candidates else (start + question) * batch.candidates + place
    refuse_outside(batch.pack, batch.scoring, w.factor, batch.subjects[row], from_micro(int(w.micros[start + question, place])))


def _weighted(batch: Batch, factor: Factor) -> _Weighted:
    column = batch.columns[factor.uses]
    micros = micros_of(column) if isinstance(column, Encoded) else column
    return _Weighted(factor, batch.weights[factor.name], micros.reshape(-1, batch.candidates), to_micro(factor.low), to_micro(factor.high))


def _digit(batch: Batch, name: str, descending: bool, score_radix: int) -> _Digit:
    if name == "score":
        return _Digit(None, score_radix)
    column = batch.columns.get(name)
    if name == "subject":
        known = sorted(set(batch.subjects), reverse=descending)
        number = {subject: n for n, subject in enumerate(known)}
        ranks = np.fromiter(map(number.__getitem__, batch.subjects), np.int64, len(batch.subjects))
    elif isinstance(column, Encoded):
        present: list[Any] = sorted({v for v in column.distinct if v is not None}, reverse=descending)
        place: dict[Any, int] = {value: n for n, value in enumerate(present)} | {None: len(present)}
        ranks = np.array([place[value] for value in column.distinct], np.int64)[np.asarray(column.codes, np.intp)]
    else:
        ranks = _ranked(np.asarray(column), descending)
    return _Digit(ranks.reshape(-1, batch.candidates), int(ranks.max(initial=0)) + 1)


def _ranked(micros: Whole, descending: bool) -> Whole:
    """Ranks of millionths; a missing value comes last, whichever way they are ordered."""
    absent = micros == MISSING
    present = micros[~absent]
    if not present.size:
        return np.zeros_like(micros)
    least, most = int(present.min()), int(present.max())
    if most - least < 2**40:  # the values themselves, where they are near enough: no sort
        ranks = most - micros if descending else micros - least
        return np.where(absent, most - least + 1, ranks)
    known = np.unique(present)
    ranks = np.searchsorted(known, micros).astype(np.int64)
    return np.where(absent, len(known), len(known) - 1 - ranks if descending else ranks)


def _refuse_twice(batch: Batch) -> None:
    if len(batch.subjects) == batch.candidates:
        refuse_twice(batch.pack, batch.scoring, batch.subjects)
        return
    number: dict[str, int] = {}
    codes = np.fromiter((number.setdefault(s, len(number)) for s in batch.subjects), np.int64, len(batch.subjects)).reshape(-1, batch.candidates)
    ordered = np.sort(codes, axis=1)
    doubled = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
    if doubled.size:
        start = int(doubled[0]) * batch.candidates
        refuse_twice(batch.pack, batch.scoring, batch.subjects[start : start + batch.candidates])
