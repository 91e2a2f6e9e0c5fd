"""Ranks, calibration and thresholds: computed by hand, held against plain ways of computing them, and the laws they keep."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import MICRO
from engine.evaluation import BINS, LEVELS, at_level, calibration_error, gold_rank, reliability, threshold_for

CODES = st.sampled_from(["11-2021.00", "11-2022.00", "11-2021.01", "15-1252.00", "15-1251.00", "15-2031.00", "29-1141.00", "29-1141.01"])
RANKED = st.lists(CODES, unique=True, max_size=8)
GOLD = st.lists(CODES, unique=True, min_size=1, max_size=3)
ANSWERS = st.lists(st.tuples(st.integers(0, MICRO), st.booleans()), max_size=60)


@pytest.mark.parametrize(
    ("ranked", "gold", "ranks"),
    [
        (("11-2021.00", "13-1161.00"), ("11-2021.00",), (1, 1, 1)),
        (("13-1161.00", "11-2021.00"), ("11-2021.00",), (2, 2, 2)),
        (("15-1252.00", "15-1253.00"), ("15-1251.00",), (0, 0, 1)),
        (("29-1141.01", "29-1141.00"), ("29-1141.00",), (2, 1, 1)),
        (("11-2021.00",), ("13-1161.00", "11-2021.00"), (1, 1, 1)),
        ((), ("11-2021.00",), (0, 0, 0)),
        # 15-1200 and 15-2000 are two minor groups
        (("15-2031.00",), ("15-1252.00",), (0, 0, 0)),
    ],
)
def test_places_by_hand(ranked: tuple[str, ...], gold: tuple[str, ...], ranks: tuple[int, ...]) -> None:
    assert tuple(gold_rank(ranked, gold, level) for level in LEVELS) == ranks


def test_a_code_beyond_the_tenth_is_not_listed() -> None:
    ranked = [f"11-20{n}.00" for n in range(10, 21)]
    assert gold_rank(ranked, [ranked[9]]) == 10
    assert gold_rank(ranked, [ranked[10]]) == 0


@settings(deadline=None)
@given(RANKED, GOLD)
def test_a_place_is_that_of_the_first_right_code(ranked: list[str], gold: list[str]) -> None:
    for level in LEVELS:
        places = [i for i, code in enumerate(ranked, 1) if any(at_level(code, level) == at_level(g, level) for g in gold)]
        assert gold_rank(ranked, gold, level) == min(places, default=0)


@settings(deadline=None)
@given(RANKED, GOLD)
def test_a_coarser_level_is_never_harder(ranked: list[str], gold: list[str]) -> None:
    places = [gold_rank(ranked, gold, level) or 99 for level in LEVELS]
    assert places == sorted(places, reverse=True)


@settings(deadline=None)
@given(RANKED, GOLD, st.integers(0, 100))
def test_the_order_of_gold_does_not_matter(ranked: list[str], gold: list[str], turn: int) -> None:
    turned = gold[turn % len(gold) :] + gold[: turn % len(gold)]
    assert gold_rank(ranked, gold) == gold_rank(ranked, turned)


def test_calibration_by_hand() -> None:
    # two answers stated at 0.85, one right: gap |1.70 - 1| = 0.70; one at 0.2, wrong: gap 0.2; (0.70 + 0.20) / 3
    confidences, right = [850_000, 850_000, 200_000], [True, False, False]
    assert calibration_error(confidences, right) == Decimal("0.300000")
    table = reliability(confidences, right)
    assert [(b.answers, b.confidence, b.accuracy) for b in table if b.answers] == [(1, Decimal("0.2"), Decimal(0)), (2, Decimal("0.85"), Decimal("0.5"))]
    assert (table[2].low, table[2].high) == (Decimal("0.2"), Decimal("0.3"))


def test_full_confidence_stands_in_the_last_bin() -> None:
    assert reliability([MICRO], [True])[BINS - 1].answers == 1


def test_no_answers_have_no_calibration() -> None:
    assert calibration_error([], []) is None


@settings(deadline=None)
@given(ANSWERS)
def test_the_error_is_that_of_the_table(answers: list[tuple[int, bool]]) -> None:
    confidences, right = [c for c, _ in answers], [r for _, r in answers]
    table, error = reliability(confidences, right), calibration_error(confidences, right)
    assert sum(b.answers for b in table) == len(answers)
    if error is None:
        assert not answers
        return
    exact = Fraction(0)
    for n in range(BINS):
        some = [(c, r) for c, r in answers if min(c * BINS // MICRO, BINS - 1) == n]
        exact += abs(sum((Fraction(c, MICRO) - r for c, r in some), Fraction(0)))
    assert abs(Fraction(error) - exact / len(answers)) <= Fraction(1, 2 * MICRO)
    assert 0 <= error <= 1


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=50))
def test_saying_the_true_share_is_calibrated(right: list[bool]) -> None:
    said = round(sum(right) * MICRO / len(right))
    error = calibration_error([said] * len(right), right)
    assert error is not None
    assert error <= Decimal("0.000001")


@pytest.mark.parametrize(
    ("confidences", "right", "precision", "found"),
    [
        ([9, 8, 7, 6], [True, True, True, False], "0.95", 7),
        ([9, 8, 7, 6], [True, True, True, False], "0.75", 6),
        ([9, 8, 7], [False, True, True], "0.95", None),
        # precision falls below and comes back: the threshold that answers most is taken
        ([9, 8, 7, 6, 5], [True, False, True, True, True], "0.8", 5),
        # answers of equal confidence are answered together or not at all
        ([9, 9, 8], [True, False, True], "0.9", None),
        ([], [], "0.95", None),
    ],
)
def test_thresholds_by_hand(confidences: list[int], right: list[bool], precision: str, found: int | None) -> None:
    assert threshold_for(Decimal(precision), confidences, right) == found


@settings(deadline=None)
@given(ANSWERS, st.sampled_from(["0.5", "0.9", "0.95", "1"]))
def test_a_threshold_keeps_the_precision_and_no_lower_one_does(answers: list[tuple[int, bool]], wanted: str) -> None:
    precision = Fraction(wanted)
    found = threshold_for(Decimal(wanted), [c for c, _ in answers], [r for _, r in answers])

    def kept(limit: int) -> bool:
        some = [r for c, r in answers if c >= limit]
        return Fraction(sum(some), len(some)) >= precision

    assert found == min((c for c, _ in answers if kept(c)), default=None)
