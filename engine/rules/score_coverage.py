"""What the cases of a scoring pin down: each weight, each transform, each step of the order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.contracts import BadInput, Place
from engine.rules.cases import CaseRun, pack_runs
from engine.rules.pack import Pack, Scoring
from engine.rules.read_cases import ScoringCase
from engine.rules.rulebook import Rulebook
from engine.rules.slips import Demand


def scoring_demands(pack: Pack, scoring: Scoring, runs: Sequence[CaseRun]) -> Iterator[tuple[Demand, Place, str]]:
    """Every demand of a scoring with its place and the sentence of a passed case that fails under the slip; empty where none does."""
    cases = [run.case for run in runs if isinstance(run.case, ScoringCase)]
    for position, factor in enumerate(scoring.factors):
        place = pack.place("scoring", scoring.name, "factors", factor.name)

        def with_factor(position: int = position, **changes: Any) -> Pack:
            factors = [replace(f, **changes) if n == position else f for n, f in enumerate(scoring.factors)]
            return _with(pack, replace(scoring, factors=tuple(factors)))

        demand = Demand(scoring.name, factor.name, "", "weight", f"a case whose score rests on `{factor.uses}`")
        yield demand, place, _first_failing(with_factor(weight=0), cases)
        turned = "identity" if factor.transform == "complement" else "complement"
        demand = Demand(scoring.name, factor.name, "", "transform", f"a case with a `{factor.uses}` other than one half")
        if factor.low == 0 and factor.high == 1:
            yield demand, place, _first_failing(with_factor(transform=turned), cases)
    for position, (name, descending) in enumerate(scoring.order):
        order = [(n, not d if p == position else d) for p, (n, d) in enumerate(scoring.order)]
        demand = Demand(scoring.name, "", name, "order", f"a case of two subjects that only `{name}` puts in order, {'greatest' if descending else 'least'} first")
        yield demand, pack.place("scoring", scoring.name, "order", position), _first_failing(_with(pack, replace(scoring, order=tuple(order))), cases)


def _with(pack: Pack, scoring: Scoring) -> Pack:
    scorings: Mapping[str, Scoring] = {**pack.scorings, scoring.name: scoring}
    return replace(pack, scorings=scorings)


def _first_failing(pack: Pack, cases: Sequence[ScoringCase]) -> str:
    book = Rulebook([pack], ())
    for case in cases:
        try:
            (run,) = pack_runs(book, pack, cases=[case])
        except BadInput:
            return case.sentence
        if not run.result.passed:
            return case.sentence
    return ""
