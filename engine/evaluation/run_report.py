"""`wig evaluate run` as a value: where a run ranks what was judged relevant, with bootstrap intervals over the queries."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.contracts import MICRO, BadInput, Place
from engine.evaluation.calibration import share_of
from engine.evaluation.intervals import RESAMPLES, SEED, Counted, Estimate, estimate, resampled_sums
from engine.evaluation.judged_run import Judgements, RankedRun

DEPTH = 10  # candidates that nDCG looks at
_WITHIN = (1, 5, 10, 100)
_DISCOUNTS = tuple(round(10**9 / math.log2(place + 1)) for place in range(1, DEPTH + 1))


@dataclass(frozen=True, slots=True)
class RunReport:
    """Figures over the `queries` that have a relevant candidate: `mrr` is the mean of 1 / place of the first relevant one (0 where none is listed), `within` the
    share of queries with one among the first 1, 5, 10 and 100, `ndcg` the discounted gain of the first ten against the best possible.

    `unanswered` of them have no line in the run and count as wrong; `without_relevant` judged queries have nothing relevant and `unjudged` ones of the run no
    judgement: both are left out. `relevant`: judgements above 0 of the queries that count.
    """

    run: str
    judgements: str
    queries: int
    relevant: int
    unanswered: int
    without_relevant: int
    unjudged: int
    mrr: Estimate
    within: Mapping[int, Estimate]
    ndcg: Estimate
    resamples: int
    seed: int


def evaluate_run(run: RankedRun, judged: Judgements, judgements: str, resamples: int = RESAMPLES, seed: int = SEED) -> RunReport:
    """The report; the order of lines in either file never matters. Raises BadInput EVL114 where nothing is judged relevant."""
    asked = [query for query, grades in judged.items() if any(grades.values())]
    if not asked:
        raise BadInput.at("EVL114", "no candidate is judged relevant", why="there is nothing that a run could find", fix="give judgements with a relevance above 0", place=Place(judgements))
    columns = np.array([_figures(run.ranked.get(query, ()), judged[query]) for query in asked], np.int64).reshape(len(asked), 2 + len(_WITHIN))
    [sums] = resampled_sums(len(asked), [Counted(np.arange(len(asked)), np.column_stack([columns, np.ones(len(asked), np.int64)]))], resamples, seed)
    shares = [estimate(sums[:, place], sums[:, -1] * MICRO) for place in range(2)] + [estimate(sums[:, place], sums[:, -1]) for place in range(2, columns.shape[1])]
    return RunReport(
        run.name, judgements, len(asked), sum(grade > 0 for query in asked for grade in judged[query].values()), sum(query not in run.ranked for query in asked), len(judged) - len(asked),
        sum(query not in judged for query in run.ranked), shares[0], dict(zip(_WITHIN, shares[2:], strict=True)), shares[1], resamples, seed,
    )  # fmt: skip


def _figures(ranked: Sequence[str], grades: Mapping[str, int]) -> tuple[int, ...]:
    """Millionths of 1 / place and of the discounted gain, then whether a relevant candidate stands within each reach."""
    first = next((place for place, candidate in enumerate(ranked, 1) if grades.get(candidate, 0)), 0)
    gained, best = _gain(grades.get(candidate, 0) for candidate in ranked[:DEPTH]), _gain(sorted(grades.values(), reverse=True)[:DEPTH])
    return share_of(1, first) if first else 0, share_of(gained, best), *(int(0 < first <= reach) for reach in _WITHIN)


def _gain(grades: Iterable[int]) -> int:
    return sum(grade * discount for grade, discount in zip(grades, _DISCOUNTS, strict=False))
