"""Scores: exact sums, quantised once, missing factors stated, ties broken by the stated order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput
from engine.rules import Rankings, Rulebook, ScoreLine, millionths

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


TIES = ["score desc, hours asc, subject asc", "hours desc, score asc, subject desc", "score asc, sort desc, subject asc", "score desc, sort asc, hours desc, subject asc"]
WORDS = PACK.replace("  hours: {type: hours}", "  hours: {type: hours}\n  sort: {type: text}")
few = st.none() | st.sampled_from([D("0"), D("0.25"), D("0.250000499"), D("1")])
CANDIDATE = st.tuples(few, few, st.none() | st.sampled_from([0, D("1.5"), 4]), st.none() | st.sampled_from([D(1), D("1.5"), D(40)]), st.none() | st.sampled_from(["a", "b"]))
NAMES = ("match", "effort", "risk", "hours", "sort")


@st.composite
def questions(draw: st.DrawFn) -> tuple[int, list[list[Any]], list[str]]:
    """Questions of as many candidates each, their columns question by question, and keys that are the same in all or not."""
    candidates = draw(st.integers(1, 7))
    rows = draw(st.lists(st.lists(CANDIDATE, min_size=candidates, max_size=candidates), min_size=1, max_size=4))
    keys = [f"module/{n}" for n in draw(st.permutations(range(9)))]
    if draw(st.booleans()):
        subjects = keys[:candidates]
    else:
        subjects = [key for n in range(len(rows)) for key in (keys[n:] + keys[:n])[:candidates]]
    return candidates, [[row[n] for question in rows for row in question] for n in range(5)], subjects


def one_by_one(rules: Rulebook, candidates: int, columns: dict[str, list[Any]], subjects: list[str], top: int) -> list[tuple[ScoreLine, ...]]:
    """Every question asked by itself."""
    keys = subjects if len(subjects) > candidates else subjects * (len(columns["match"]) // candidates)
    starts = range(0, len(columns["match"]), candidates)
    return [rules.score("sample", "module_score", {n: v[i : i + candidates] for n, v in columns.items()}, DAY, keys[i : i + candidates]).lines[:top] for i in starts]


def agree(met: Rankings, expected: list[tuple[ScoreLine, ...]], keys: list[str], candidates: int) -> None:
    """The places, scores and terms of a ranking of many are those of the questions asked one by one."""
    assert len(met.positions) == len(met.scores) == len(expected)
    for question, lines in enumerate(expected):
        shown = keys if len(keys) == candidates else keys[question * candidates : (question + 1) * candidates]
        assert [shown[place] for place in met.positions[question]] == [line.subject for line in lines]
        assert list(met.scores[question]) == [line.score for line in lines]
        assert met.lines(question) == lines


@pytest.mark.parametrize("order", TIES)
def test_many_questions_are_ranked_as_one(book: Callable[..., Rulebook], order: str) -> None:
    rules = book(WORDS.replace("score desc, hours asc, subject asc", order))

    @settings(max_examples=25, deadline=None)
    @given(asked=questions(), top=st.integers(1, 8))
    def agrees(asked: tuple[int, list[list[Any]], list[str]], top: int) -> None:
        candidates, values, subjects = asked
        columns = dict(zip(NAMES, values, strict=True))
        size = len(values[0]) // candidates
        expected = one_by_one(rules, candidates, columns, subjects, top)
        agree(rules.score_many("sample", "module_score", columns, DAY, subjects, questions=size, candidates=candidates, top=top), expected, subjects, candidates)
        times = 2_000 // len(values[0]) + 1
        tiled = {name: column * times for name, column in columns.items()}
        named = subjects if len(subjects) == candidates else subjects * times
        many = rules.score_many("sample", "module_score", tiled, DAY, named, questions=size * times, candidates=candidates, top=top)
        agree(many, expected * times, named, candidates)

    agrees()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=questions(), top=st.integers(1, 8), hours=st.booleans())
def test_arrays_of_millionths_rank_as_the_values_they_hold(rules: Rulebook, asked: tuple[int, list[list[Any]], list[str]], top: int, hours: bool) -> None:
    candidates, values, subjects = asked
    columns = dict(zip(NAMES[:4], values[:4], strict=True))
    expected = one_by_one(rules, candidates, columns, subjects, top)
    arrays: dict[str, Any] = {**columns, "match": millionths(columns["match"]), "effort": millionths(columns["effort"]), "risk": millionths(columns["risk"])}
    arrays |= {"hours": millionths(columns["hours"])} if hours else {}
    size = len(values[0]) // candidates
    met = rules.score_many("sample", "module_score", arrays, DAY, subjects, questions=size, candidates=candidates, top=top)
    assert [list(map(int, row)) for row in met.scores] == [[line.score for line in lines] for lines in expected]
    for question, lines in enumerate(expected):
        shown = subjects if len(subjects) == candidates else subjects[question * candidates :]
        assert [shown[place] for place in met.positions[question]] == [line.subject for line in lines]
        assert met.lines(question) == lines


def test_a_column_may_be_the_same_in_every_question(rules: Rulebook) -> None:
    match = [D(n % 7) / 8 for n in range(3_000)]
    hours, subjects = [D(2), D(1), None], ["module/c", "module/b", "module/a"]
    shared = rules.score_many("sample", "module_score", {"match": match, "hours": hours, "risk": [1, 1, 0]}, DAY, subjects, questions=1_000, candidates=3, top=2)
    spread = rules.score_many("sample", "module_score", {"match": match, "hours": hours * 1_000, "risk": [1, 1, 0] * 1_000}, DAY, subjects * 1_000, questions=1_000, candidates=3, top=2)
    assert np.array_equal(shared.positions, spread.positions)
    assert np.array_equal(shared.scores, spread.scores)
    assert [shared.lines(n) for n in (0, 500, 999)] == [spread.lines(n) for n in (0, 500, 999)]


@pytest.mark.parametrize("far", [30, 39, 62])
def test_ties_are_broken_however_far_apart_the_values_lie(rules: Rulebook, far: int) -> None:
    """Within one number of 64 bits, beyond it, and where the values themselves have to be ranked first."""
    hours = np.array([2**far, 3, 5, 3, -(2**63), 2**far], np.int64)
    match = np.array([5, 5, 5, 5, 5, 6] * 700, np.int64)
    keys = [f"module/{n}" for n in range(6)]
    met = rules.score_many("sample", "module_score", {"match": match, "hours": hours, "risk": millionths([0] * 6)}, DAY, keys, questions=700, candidates=6, top=5)
    assert [list(row) for row in met.positions] == [[5, 1, 3, 2, 0]] * 700
    assert [list(row) for row in met.scores] == [[1500, 1250, 1250, 1250, 1250]] * 700
    assert [keys.index(line.subject) for line in met.lines(699)] == [5, 1, 3, 2, 0]


HALF = [D("0.5")] * 3


@pytest.mark.parametrize("times", [1, 1_000])
@pytest.mark.parametrize(
    ("columns", "subjects", "code"),
    [
        ({"risk": [1, 2, D("4.5")]}, ["a", "b", "c"], "RUL207"),
        ({"match": HALF}, ["a", "b", "a"], "RUL208"),
        ({"match": [D(1)] * 4}, ["a", "b", "c"], "RUL204"),
        ({"match": HALF}, ["a", "b"], "RUL204"),
        ({"match": [D(1), 0.5, None]}, ["a", "b", "c"], "RUL205"),
        ({"match": [D(1), D("NaN"), None]}, ["a", "b", "c"], "RUL205"),
        ({"mach": HALF}, ["a", "b", "c"], "RUL203"),
        ({"match": np.array([0.5, 0.5, float("nan")])}, ["a", "b", "c"], "RUL205"),
        ({"match": np.array([5, 1_000_001, 5])}, ["a", "b", "c"], "RUL207"),
        ({"match": np.array([[5], [5], [5]])}, ["a", "b", "c"], "RUL205"),
    ],
)
def test_what_cannot_be_ranked_is_refused(rules: Rulebook, columns: dict[str, Any], subjects: list[str], code: str, times: int) -> None:
    def spread(column: Any) -> Any:
        return np.concatenate([column] * times) if isinstance(column, np.ndarray) else column * times

    with pytest.raises(BadInput) as error:
        rules.score_many("sample", "module_score", {n: spread(c) for n, c in columns.items()}, DAY, subjects * times, questions=times, candidates=3, top=2)
    assert error.value.diagnostics[0].code == code
    assert error.value.diagnostics[0].fix


def test_scores_that_could_leave_64_bits_are_refused(book: Callable[..., Rulebook]) -> None:
    rules = book(PACK.replace("range: [0, 4]", "range: [0, 900000000000]"))
    with pytest.raises(BadInput, match="RUL209"):
        rules.score_many("sample", "module_score", {"risk": millionths([1])}, DAY, ["a"], questions=1, candidates=1, top=1)
    with pytest.raises(BadInput, match="RUL205"):
        millionths([10**13])


def test_no_question_and_no_candidate_is_no_fault(rules: Rulebook) -> None:
    for questions_asked, candidates in ((0, 3), (3, 0)):
        keys = [f"module/{n}" for n in range(candidates)]
        met = rules.score_many("sample", "module_score", {"match": millionths([])}, DAY, keys, questions=questions_asked, candidates=candidates, top=2)
        assert len(met.positions) == questions_asked
        assert [len(row) for row in met.positions] == [0] * questions_asked
