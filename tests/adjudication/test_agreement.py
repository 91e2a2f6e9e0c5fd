"""Coefficients of agreement: cases from the literature and by hand, an independent computation, and what holds for all of them."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adjudication import agreement, answers_of, cohens_kappa, fleiss_kappa, krippendorffs_alpha

Units = dict[str, dict[str, str]]


def units_of(*rows: str) -> Units:
    """Raters in rows, units in columns, one letter an answer, a dot where there is none."""
    found: Units = {f"q{n}": {} for n in range(len(rows[0]))}
    for rater, row in enumerate(rows):
        for n, letter in enumerate(row):
            if letter != ".":
                found[f"q{n}"][f"r{rater}"] = letter
    return found


def test_cohens_kappa_of_fifty_proposals() -> None:
    # 20 yes and yes, 5 yes and no, 10 no and yes, 15 no and no: po = 35/50 = 0.7, pe = (25*30 + 25*20) / 2500 = 0.5, kappa = 0.2/0.5
    first, second = "y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15
    found = cohens_kappa(first, second)
    assert (found.value, found.observed, found.expected, found.units) == (Decimal("0.4"), Decimal("0.7"), Decimal("0.5"), 50)


def test_cohens_kappa_by_hand_of_three_answers() -> None:
    # aab against abb: po = 2/3; margins a 2 and 1, b 1 and 2: pe = (2*1 + 1*2) / 9 = 4/9; kappa = (2/9) / (5/9)
    assert cohens_kappa("aab", "abb").value == Decimal("0.4")


def test_cohens_kappa_below_chance() -> None:
    assert cohens_kappa("ab", "ba").value == Decimal(-1)


def test_fleiss_kappa_of_fourteen_raters() -> None:
    # ten subjects, fourteen raters, five categories: the worked example that textbooks carry, 0.210
    table = [(0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1), (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7)]
    units = {f"s{n}": dict(enumerate_answers("".join(c * k for c, k in zip("abcde", row, strict=True)))) for n, row in enumerate(table)}
    found = fleiss_kappa(units)
    assert found.value is not None
    assert (round(found.value, 3), round(found.observed or 0, 3), round(found.expected or 0, 3)) == (Decimal("0.210"), Decimal("0.378"), Decimal("0.213"))


def enumerate_answers(text: str) -> list[tuple[str, str]]:
    return [(f"r{n}", letter) for n, letter in enumerate(text)]


def test_krippendorffs_alpha_of_four_observers_with_missing_answers() -> None:
    # twelve units, four observers: Krippendorff's own example; the last unit has one answer and is not counted; nominal alpha 0.743
    found = krippendorffs_alpha(units_of("123321412...", "1233224125.3", ".3332342251.", "12332441251."))
    assert found.value is not None
    assert (round(found.value, 3), found.units) == (Decimal("0.743"), 11)


def test_krippendorffs_alpha_by_hand_of_two_observers() -> None:
    # units aa, ab, bb: n = 6, a 3, b 3; Do = 2/6, De = (36 - 18) / 30 = 0.6; alpha = 1 - (1/3) / 0.6
    assert krippendorffs_alpha(units_of("aab", "abb")).value == Decimal("0.444444")


@pytest.mark.parametrize(
    ("units", "fleiss", "alpha"),
    [
        (units_of("aa", "aa"), "one and the same answer", "one and the same answer"),
        (units_of("ab", ".."), "one answer only", "no question has two answers"),
        ({}, "nobody answered", "no question has two answers"),
        (units_of("ab", "a."), "equal numbers", "one and the same answer"),
    ],
)
def test_what_has_no_value_is_undefined_with_the_reason(units: Units, fleiss: str, alpha: str) -> None:
    one, other = fleiss_kappa(units), krippendorffs_alpha(units)
    assert (one.value, other.value) == (None, None)
    assert fleiss in one.undefined
    assert alpha in other.undefined


def test_two_who_share_no_question_or_never_vary_have_no_kappa() -> None:
    assert "no question" in cohens_kappa("", "").undefined
    assert "as often" in cohens_kappa("aaa", "aaa").undefined
    with pytest.raises(ValueError, match="same units"):
        cohens_kappa("a", "ab")


ANSWERS = st.sampled_from("abcd")
FULL = st.integers(2, 4).flatmap(lambda raters: st.lists(st.lists(ANSWERS, min_size=raters, max_size=raters), min_size=1, max_size=8))
HOLES = st.lists(st.lists(st.one_of(ANSWERS, st.none()), min_size=3, max_size=3), min_size=1, max_size=8)


def filled(rows: list[list[str]] | list[list[str | None]]) -> Units:
    return {f"q{n}": {f"r{m}": a for m, a in enumerate(row) if a is not None} for n, row in enumerate(rows)}


def alpha_by_pairs(units: Units) -> Fraction | None:
    """Alpha from its definition, pair by pair: disagreement within units against disagreement among all values."""
    pairable = [list(a.values()) for a in units.values() if len(a) > 1]
    values = [v for unit in pairable for v in unit]
    if not values:
        return None
    observed = sum((Fraction(sum(a != b for a, b in permutations(unit, 2)), len(unit) - 1) for unit in pairable), Fraction(0)) / len(values)
    expected = Fraction(sum(a != b for a, b in permutations(values, 2)), len(values) * (len(values) - 1))
    return None if expected == 0 else 1 - observed / expected


@given(HOLES)
def test_alpha_is_what_counting_pairs_gives(rows: list[list[str | None]]) -> None:
    found, counted = krippendorffs_alpha(filled(rows)).value, alpha_by_pairs(filled(rows))
    assert found == (None if counted is None else Decimal(round(counted * 10**6)) / 10**6)


@given(FULL)
def test_with_equal_numbers_alpha_follows_from_fleiss(rows: list[list[str]]) -> None:
    # 1 - alpha = (1 - kappa) * (n - 1) / n, n the number of values
    fleiss, alpha = fleiss_kappa(filled(rows)).value, krippendorffs_alpha(filled(rows)).value
    n = sum(map(len, rows))
    assert (fleiss is None) == (alpha is None)
    if fleiss is not None and alpha is not None:
        assert abs((1 - alpha) - (1 - fleiss) * (n - 1) / n) < Decimal("0.000003")


@given(FULL, st.randoms(use_true_random=False))
def test_names_and_order_of_raters_questions_and_answers_do_not_matter(rows: list[list[str]], chance: random.Random) -> None:
    units = filled(rows)
    letters = dict(zip("abcd", chance.sample("wxyz", 4), strict=True))
    renamed: Units = {}
    for q in chance.sample(sorted(units), len(units)):
        renamed[f"z{q}"] = {f"p{r}": letters[a] for r, a in chance.sample(sorted(units[q].items()), len(units[q]))}
    assert fleiss_kappa(units) == fleiss_kappa(renamed)
    assert krippendorffs_alpha(units) == krippendorffs_alpha(renamed)


@given(st.lists(st.tuples(ANSWERS, ANSWERS), min_size=1, max_size=20))
def test_kappa_is_symmetric_at_most_one_and_one_only_where_all_agree(pairs: list[tuple[str, str]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    found = cohens_kappa(first, second)
    assert found.value == cohens_kappa(second, first).value
    if found.value is not None:
        assert -1 <= found.value <= 1
        assert (found.value == 1) == (first == second)


def test_two_answers_of_one_rater_are_none_and_pairs_meet_where_both_answered() -> None:
    units = answers_of([("q1", "ann", "a"), ("q1", "ann", "b"), ("q1", "bob", "a"), ("q2", "ann", "a"), ("q2", "bob", "a"), ("q3", "ann", "b"), ("q3", "bob", "c")])
    report = agreement(units, "answers")
    assert (report.reviewers, report.questions, report.answers) == (("ann", "bob"), 3, 5)
    (pair,) = report.pairs
    # q2 and q3: po = 1/2, pe = (a: 1*1) / 4
    assert (pair.kappa.units, pair.kappa.value) == (2, Decimal("0.333333"))
