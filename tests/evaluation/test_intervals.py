"""Bootstrap intervals: equal on every machine, around the estimate, as wide as theory says."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evaluation import Counted, estimate, resampled_sums

HITS = st.lists(st.booleans(), min_size=1, max_size=40)


def _share(hits: list[bool], resamples: int = 200, seed: int = 1) -> tuple[Decimal, Decimal, Decimal]:
    table = Counted(np.arange(len(hits)), np.array([[1, h] for h in hits], dtype=np.int64))
    (sums,) = resampled_sums(len(hits), [table], resamples, seed)
    found = estimate(sums[:, 1], sums[:, 0])
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return found.low, found.value, found.high


def test_the_draws_are_fixed_for_ever() -> None:
    """The raw stream of PCG64 is fixed by its definition; these figures must be met on every machine and with every numpy."""
    assert _share([True] * 30 + [False] * 10, 1_000) == (Decimal("0.6"), Decimal("0.75"), Decimal("0.875"))


@settings(max_examples=25, deadline=None)
@given(HITS)
def test_an_interval_is_around_the_estimate_and_the_seed_decides_it(hits: list[bool]) -> None:
    low, value, high = _share(hits)
    assert 0 <= low <= high <= 1
    assert value == Decimal(round(sum(hits) * 1_000_000 / len(hits))).scaleb(-6)
    assert _share(hits) == (low, value, high)
    if all(hits) or not any(hits):
        assert low == value == high


def test_another_seed_draws_other_cases_and_leaves_the_estimate() -> None:
    hits = [True] * 30 + [False] * 11
    found = {seed: _share(hits, 40, seed) for seed in range(8)}
    assert {value for _, value, _ in found.values()} == {found[0][1]}
    assert len({(low, high) for low, _, high in found.values()}) > 3
    assert found == {seed: _share(hits, 40, seed) for seed in range(8)}


def test_it_is_as_wide_as_theory_says() -> None:
    low, _, high = _share([True, False] * 200, 2_000)
    # 1.96 standard errors of a share of one half over 400 cases, on both sides
    assert float(high - low) == pytest.approx(2 * 1.96 * (0.25 / 400) ** 0.5, rel=0.1)


def test_every_table_sees_the_same_draws_and_its_own_cases_alone() -> None:
    ones = np.ones((6, 1), dtype=np.int64)
    whole, part, rest = resampled_sums(6, [Counted(np.arange(6), ones), Counted(np.arange(4), ones[:4]), Counted(np.arange(4, 6), ones[4:])], 50, 3)
    assert (whole == 6).all()
    assert (part + rest == 6).all()
    assert len({int(n) for n in part[1:, 0]}) > 1


def test_more_draws_than_are_held_at_once_change_nothing_but_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.evaluation import intervals

    table = Counted(np.arange(7), np.arange(7, dtype=np.int64)[:, None])
    (once,) = resampled_sums(7, [table], 40, 5)
    monkeypatch.setattr(intervals, "_DRAWN_AT_ONCE", 21)
    (in_parts,) = resampled_sums(7, [table], 40, 5)
    assert (once == in_parts).all()


def test_nothing_counted_is_no_estimate() -> None:
    (sums,) = resampled_sums(0, [Counted(np.arange(0), np.zeros((0, 2), dtype=np.int64))], 10)
    assert estimate(sums[:, 1], sums[:, 0]).value is None


def test_no_resamples_give_the_estimate_alone() -> None:
    assert _share([True, False], 0) == (Decimal("0.5"), Decimal("0.5"), Decimal("0.5"))
