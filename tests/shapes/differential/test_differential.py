"""The compiler and pySHACL judge the same random graphs and say the same: 300 pairs in every run, 3,000 in a campaign, 10,000 in a whole one.

Where pySHACL contradicts the specification it is mended in that one place (engine.shapes.fallback), and the case stands in
pyshacl_differs.yaml with what pySHACL says as it is.
"""

from __future__ import annotations

import importlib.metadata
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from campaign_size import sized
from hypothesis import HealthCheck, Phase, given, seed, settings
from pyshacl_oracle import OracleSilent
from random_data import pairs
from random_terms import Triple
from smaller_pairs import smaller
from two_engines import Comparison, compared, written

from engine.contracts import BadInput
from engine.shapes.terms import SH

PAIRS = sized(2_000, 10_000)
# the smaller campaign has pairs of its own: the whole one does not begin with what CI has seen
FIRST = sized(3_000, 0)
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
# a shape that counts values of which siblings count it: the specification forbids no such thing by name, and both readings stop at it
CIRCLE = "SHP201"


def comparison(data: Sequence[Triple], shapes: Sequence[Triple]) -> Comparison | None:
    """Both engines' results; None where the shapes go in a circle. Any other silence of either engine is a failure."""
    try:
        return compared(data, shapes)
    except BadInput as refused:
        if {d.code for d in refused.diagnostics} == {CIRCLE}:
            return None
        raise


def test_random_pairs_get_the_same_results() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=CHECKS)
    @given(pairs())
    def judge(pair: tuple[tuple[Triple, ...], tuple[Triple, ...]]) -> None:
        data, shapes = pair
        both = comparison(data, shapes)
        if both is not None and not both.same:
            pytest.fail(f"{both.text()}\n\nshapes\n{written(shapes)}\n\ndata\n{written(data)}", pytrace=False)
        met.update(components(both))

    judge()
    # pairs about which there is nothing to say prove nothing
    assert (len(met) >= 24, sum(met.values()) >= 400) == (True, True), met


def components(both: Comparison | None) -> Counter[str]:
    """Results of a pair by their constraint component."""
    met: Counter[str] = Counter()
    for fact, count in both.theirs.items() if both is not None else ():
        met[str(fact[4]).removeprefix(SH).removesuffix("ConstraintComponent")] += count
    return met


# ---------------------------------------------------------------- the campaign


@dataclass
class Tally:
    """What a campaign has met."""

    pairs: set[int] = field(default_factory=set)
    drawn: int = 0
    conforming: int = 0
    circles: int = 0
    silent: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    differing: list[tuple[Sequence[Triple], Sequence[Triple]]] = field(default_factory=list)

    def take(self, data: Sequence[Triple], shapes: Sequence[Triple]) -> None:
        """Judge one pair, unless it has been met before."""
        self.drawn += 1
        if (mark := hash((data, shapes))) in self.pairs:
            return
        try:
            both = comparison(data, shapes)
        except OracleSilent as silent:
            self.silent[str(silent)] += 1
            return
        except Exception:  # the compiler fell: that is a difference too, and the campaign goes on
            self.pairs.add(mark)
            self.differing.append((data, shapes))
            return
        if both is None:
            self.circles += 1
            return
        self.pairs.add(mark)
        self.conforming += not both.theirs
        self.asked.update({p.removeprefix(SH) for _, p, _ in shapes if p.startswith(SH)})
        self.results.update(components(both))
        if not both.same:
            self.differing.append((data, shapes))

    def summary(self) -> str:
        """The tally as a page, without a clock: equal runs give equal pages."""
        versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("duckdb", "pyshacl", "rdflib", "hypothesis"))
        rows = "\n".join(f"| {name} | {count:,} |" for name, count in sorted(self.results.items()))
        asked = ", ".join(f"{name} {count:,}" for name, count in sorted(self.asked.items()))
        silent = "".join(f"\n- {count:,} x {reason}" for reason, count in sorted(self.silent.items())) or " none"
        return (
            f"# Differential campaign\n\n`{'WIG_CAMPAIGN=whole ' if PAIRS > 3_000 else ''}pytest -m campaign tests/shapes/differential`, with {versions}.\n\n"
            f"- {len(self.pairs):,} distinct pairs of a shapes graph and a data graph judged by both engines ({self.conforming:,} of them conform)\n"
            f"- {sum(self.results.values()):,} results compared\n- {len(self.differing):,} pairs with different results\n"
            f"- {self.circles:,} pairs left out because qualified siblings go in a circle\n- pairs of which pySHACL gave no report:{silent}\n\n"
            f"| constraint component | results compared |\n|---|---|\n{rows}\n\nShapes graphs that use a term: {asked}.\n"
        )


def _draw(tally: Tally, number: int, examples: int) -> None:
    @seed(number)
    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(pairs())
    def draw(pair: tuple[tuple[Triple, ...], tuple[Triple, ...]]) -> None:
        tally.take(*pair)

    draw()


def _told(data: Sequence[Triple], shapes: Sequence[Triple]) -> str:
    """What the engines disagree about; nothing where they agree or either refuses."""
    try:
        return compared(data, shapes).text()
    except (BadInput, OracleSilent):
        return ""
    except Exception as error:
        return f"the compiler fell: {type(error).__name__}: {str(error).splitlines()[0]}"


def _disagree(data: Sequence[Triple], shapes: Sequence[Triple]) -> bool:
    return _told(data, shapes) != ""


@pytest.mark.campaign
@pytest.mark.timeout(7_200)
def test_thousands_of_pairs_get_the_same_results() -> None:
    tally, number = Tally(), FIRST
    while len(tally.pairs) < PAIRS:
        _draw(tally, number, 500)
        number += 1
    page = Path(os.environ.get("WIG_CAMPAIGN_PAGE", "build/differential_campaign.md"))
    page.parent.mkdir(parents=True, exist_ok=True)
    told = []
    for data, shapes in tally.differing[:20]:
        fewer_data, fewer_shapes = smaller(data, shapes, _disagree)
        told.append(f"{_told(fewer_data, fewer_shapes)}\n\nshapes\n{written(fewer_shapes)}\n\ndata\n{written(fewer_data)}\n")
    page.write_text(tally.summary() + "".join(f"\n## Difference {n}\n\n```\n{text}```\n" for n, text in enumerate(dict.fromkeys(told), 1)), encoding="utf-8")
    assert not tally.silent, tally.summary()
    assert not told, "\n".join(told)
