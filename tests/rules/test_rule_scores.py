"""Scores: exact sums, quantised once, missing factors stated, ties broken by the stated order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput
from engine.rules import Rulebook

DAY = date(2026, 11, 20)
D = Decimal
PACK = """
parameters:
  ease_weight: {unit: per mille, reason: r, values: [{from: 2026-01-01, value: 100}, {from: 2027-01-01, value: 300}]}
inputs:
  match: {type: share}
  effort: {type: share}
  risk: {type: number}
  hours: {type: hours}
scoring:
  module_score:
    subject: Module
    description: d
    factors:
      match: {uses: match, weight: 250, unit: share, range: [0, 1], transform: identity, description: how well it fits}
      ease: {uses: effort, weight: $ease_weight, unit: share, range: [0, 1], transform: complement}
      risk: {uses: risk, weight: -50, unit: level, range: [0, 4], transform: identity}
    order: [score desc, hours asc, subject asc]
"""


@pytest.fixture
def rules(book: Callable[..., Rulebook]) -> Rulebook:
    return book(PACK)


def test_terms_name_value_weight_points_and_add_up(rules: Rulebook) -> None:
    line = rules.score("sample", "module_score", {"match": [D("0.5")], "effort": [D("0.25")], "risk": [2]}, DAY, ["module/a"]).lines[0]
    assert [(t.factor, t.value, t.measured, t.weight, t.points) for t in line.terms] == [
        ("match", D("0.5"), D("0.5"), 250, 125_000_000),
        ("ease", D("0.75"), D("0.25"), 100, 75_000_000),
        ("risk", D(2), D(2), -50, -100_000_000),
    ]
    assert line.score == 100_000_000
    assert line.share == D("0.1")
    assert line.terms[0].sentence == "how well it fits: 0.5 share x 250 per mille = 0.125"
    assert line.terms[1].sentence == "ease: 1 - 0.25 = 0.75 share x 100 per mille = 0.075"


def test_a_missing_factor_adds_nothing_and_says_so(rules: Rulebook) -> None:
    line = rules.score("sample", "module_score", {"match": [None]}, DAY, ["module/a"]).lines[0]
    assert [(t.value, t.points) for t in line.terms] == [(None, 0)] * 3
    assert "missing, adds nothing" in line.terms[1].sentence
    assert line.score == 0


def test_a_weight_follows_its_day(rules: Rulebook) -> None:
    assert rules.score("sample", "module_score", {"effort": [D(0)]}, date(2027, 1, 1), ["module/a"]).lines[0].score == 300_000_000


def test_ties_break_by_the_stated_order_and_missing_comes_last(rules: Rulebook) -> None:
    subjects = ["module/d", "module/c", "module/b", "module/a", "module/best"]
    columns = {"match": [D("0.5")] * 4 + [D("0.6")], "hours": [D(2), D(1), None, D(2), None]}
    result = rules.score("sample", "module_score", columns, DAY, subjects)
    assert [line.subject for line in result.lines] == ["module/best", "module/c", "module/a", "module/d", "module/b"]
    assert [line.rank for line in result.lines] == [1, 2, 3, 4, 5]


def test_descending_text_and_missing_last(book: Callable[..., Rulebook]) -> None:
    text = PACK.replace("hours asc, subject asc", "hours desc, subject desc")
    lines = book(text).score("sample", "module_score", {"hours": [D(1), None, D(2), D(2)]}, DAY, ["a", "b", "c", "d"]).lines
    assert [line.subject for line in lines] == ["d", "c", "a", "b"]


@pytest.mark.parametrize(
    ("columns", "subjects", "code"),
    [({"risk": [D("4.5")]}, ["a"], "RUL207"), ({"risk": [1, 2]}, ["a", "a"], "RUL208"), ({"match": [D(1), D(1)]}, ["a"], "RUL204"), ({"match": [0.5]}, ["a"], "RUL205")],
)
def test_what_cannot_be_scored_is_refused(rules: Rulebook, columns: dict[str, list[object]], subjects: list[str], code: str) -> None:
    with pytest.raises(BadInput) as error:
        rules.score("sample", "module_score", columns, DAY, subjects)
    assert error.value.diagnostics[0].code == code


share = st.none() | st.decimals(0, 1, places=9)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(share, share, st.none() | st.decimals(0, 4, places=8), st.none() | st.integers(0, 3)), max_size=12))
def test_scores_sum_exactly_and_follow_an_independent_ranking(rules: Rulebook, rows: list[tuple[Decimal | None, Decimal | None, Decimal | None, int | None]]) -> None:
    subjects = [f"module/{n}" for n in range(len(rows))]
    columns = {name: [row[n] for row in rows] for n, name in enumerate(("match", "effort", "risk", "hours"))}
    lines = rules.score("sample", "module_score", columns, DAY, subjects).lines

    def six(value: Decimal) -> Decimal:
        return value.quantize(D("0.000001"), rounding=ROUND_HALF_EVEN)

    expected = {}
    for subject, (match, effort, risk, hours) in zip(subjects, rows, strict=True):
        total = D(0)
        total += six(match) * 250 if match is not None else 0
        total += (1 - six(effort)) * 100 if effort is not None else 0
        total -= six(risk) * 50 if risk is not None else 0
        expected[subject] = (total / 1000, hours)
    for line in lines:
        assert line.score == sum(t.points for t in line.terms)
        assert line.share == expected[line.subject][0]
    ranking = sorted(subjects, key=lambda s: (-expected[s][0], expected[s][1] is None, expected[s][1] or 0, s))
    assert [line.subject for line in lines] == ranking
