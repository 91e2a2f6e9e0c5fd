"""The figures of a report, held against counting them one by one over invented answers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import MICRO, from_micro, to_micro
from engine.evaluation import (
    BINS,
    LEVELS,
    Case,
    Estimate,
    GroupScores,
    LabelledTitle,
    Nonsense,
    cases_of,
    nonsense_scores,
    scores_of,
    thresholds_of,
)
from engine.resolver import Route

CODES = ["11-2021.00", "11-2022.00", "15-1252.00", "15-1251.00", "29-1141.01"]
WANTED = Decimal("0.8")


def route(
    title: str, occupations: tuple[str, ...] = (), *, leads: bool = False, confidence: int = 0, tier: str = "one", outcome: str = "served", groups: tuple[tuple[str, Decimal], ...] = ()
) -> Route:
    """An invented answer."""
    leading = occupations[0] if leads and occupations else None
    return Route(title, title, tier, f"service {tier}", "action", outcome, None, None, None, leading, occupations, groups, from_micro(confidence), (), (), (), "id")


ANSWERS = st.lists(
    st.tuples(st.lists(st.sampled_from(CODES), unique=True, max_size=5), st.lists(st.sampled_from(CODES), unique=True, min_size=1, max_size=2), st.booleans(), st.integers(0, MICRO), st.sampled_from(["one", "two"])),
    min_size=1, max_size=25,
)  # fmt: skip


def _cases(answers: list[tuple[list[str], list[str], bool, int, str]]) -> tuple[Case, ...]:
    labelled = [LabelledTitle(f"title {n}", tuple(a[1]), n + 2) for n, a in enumerate(answers)]
    routes = {t.title: route(t.title, tuple(a[0]), leads=a[2], confidence=a[3], tier=a[4]) for t, a in zip(labelled, answers, strict=True)}
    return cases_of(labelled, routes, LEVELS)


def _is(estimate: Estimate, parts: list[Fraction] | list[bool]) -> bool:
    """Whether an estimate is the mean of some values; None where there are none."""
    if not parts:
        return estimate.value is None
    return estimate.value is not None and abs(Fraction(estimate.value) - Fraction(sum(parts, Fraction(0))) / len(parts)) <= Fraction(1, 2 * MICRO)


@settings(max_examples=60, deadline=None)
@given(ANSWERS)
def test_every_figure_is_what_counting_gives(answers: list[tuple[list[str], list[str], bool, int, str]]) -> None:
    cases = _cases(answers)
    thresholds = thresholds_of(cases, LEVELS, WANTED)
    groups = scores_of(cases, thresholds, 5, 1)
    chosen = {("all", "all"): cases} | {("fallback tier", t): tuple(c for c in cases if c.route.fallback_tier == t) for t in {c.route.fallback_tier for c in cases}}
    for (kind, name), some in chosen.items():
        group = next(g for g in groups if (g.kind, g.name) == (kind, name))
        named = [c for c in some if c.route.occupations]
        assert group.titles == len(some)
        assert _is(group.with_code, [bool(c.route.occupations) for c in some])
        assert _is(group.led, [c.route.occupation is not None for c in some])
        for level, scores, threshold in zip(LEVELS, group.levels, thresholds, strict=True):
            ranks = [c.ranks[level] for c in some]
            assert _is(scores.top_1, [r == 1 for r in ranks])
            assert _is(scores.top_5, [1 <= r <= 5 for r in ranks])
            assert _is(scores.mrr, [Fraction(1, r) if r else Fraction(0) for r in ranks])
            assert _is(scores.led_right, [c.ranks[level] == 1 for c in some if c.route.occupation is not None])
            gaps = [sum((Fraction(c.confidence, MICRO) - (c.ranks[level] == 1) for c in named if min(c.confidence * BINS // MICRO, BINS - 1) == n), Fraction(0)) for n in range(BINS)]
            error = sum((abs(g) for g in gaps), Fraction(0)) / len(named) if named else None
            assert scores.calibration_error.value is None if error is None else _is(scores.calibration_error, [error])
            limit = None if threshold.confidence is None else to_micro(threshold.confidence)
            answered = [c for c in some if not c.tuning and c.route.occupations and limit is not None and c.confidence >= limit]
            assert _is(scores.answered, [c in answered for c in some if not c.tuning])
            assert _is(scores.precision, [c.ranks[level] == 1 for c in answered])


@settings(max_examples=40, deadline=None)
@given(ANSWERS)
def test_figures_keep_their_order(answers: list[tuple[list[str], list[str], bool, int, str]]) -> None:
    cases = _cases(answers)
    groups = scores_of(cases, thresholds_of(cases, LEVELS, WANTED), 20, 1)
    everything = groups[0]
    for scores in everything.levels:
        assert _value(scores.top_1) <= _value(scores.mrr) <= _value(scores.top_5) <= 1
    for one, other in zip(everything.levels, everything.levels[1:], strict=False):
        assert _value(one.top_1) <= _value(other.top_1)
        assert _value(one.mrr) <= _value(other.mrr)
    for kind in {g.kind for g in groups}:
        assert sum(g.titles for g in groups if g.kind == kind) == len(cases)


@settings(max_examples=20, deadline=None)
@given(ANSWERS)
def test_the_order_of_rows_moves_no_figure(answers: list[tuple[list[str], list[str], bool, int, str]]) -> None:
    cases = _cases(answers)
    turned = tuple(reversed(cases))
    assert thresholds_of(cases, LEVELS, WANTED) == thresholds_of(turned, LEVELS, WANTED)
    assert _values(scores_of(cases, thresholds_of(cases, LEVELS, WANTED), 0, 1)) == _values(scores_of(turned, thresholds_of(turned, LEVELS, WANTED), 0, 1))


def test_halves_follow_the_title_however_it_is_written() -> None:
    halves = [Case(LabelledTitle(t, ("11-2021.00",), 2), route(t), dict.fromkeys(LEVELS, 0)).tuning for t in ("Loom Hand", "loom  HAND ", "LOOM HAND")]
    assert len(set(halves)) == 1
    many = [Case(LabelledTitle(f"Loom Hand {n}", ("11-2021.00",), 2), route("x"), dict.fromkeys(LEVELS, 0)).tuning for n in range(400)]
    assert 160 < sum(many) < 240


def test_an_unknown_text_that_is_refused_is_not_accepted() -> None:
    texts = [Nonsense("loose", ""), Nonsense("...", "marks"), Nonsense("yarn dragon", "trades"), Nonsense("loom lord", "trades")]
    routes = [
        route("loose", outcome="unmapped"), route("...", outcome="not_a_title"), route("yarn dragon", ("11-2021.00",), outcome="outside", confidence=550_000, tier="two"),
        route("loom lord", ("11-2021.00",), outcome="served"),
    ]  # fmt: skip
    found = nonsense_scores(texts, routes, 10, 1)
    assert (found.texts, found.accepted.value, found.served.value) == (4, Decimal("0.5"), Decimal("0.25"))
    assert found.kinds == (("", 1, 0), ("marks", 1, 0), ("trades", 2, 2))
    assert [(t.text, t.outcome, t.confidence) for t in found.taken] == [("yarn dragon", "outside", Decimal("0.55")), ("loom lord", "served", Decimal(0))]


def _value(estimate: Estimate) -> Decimal:
    assert estimate.value is not None
    return estimate.value


def _values(groups: tuple[GroupScores, ...]) -> dict[tuple[str, str], tuple[object, ...]]:
    return {(g.kind, g.name): (g.titles, g.with_code, g.confidence, g.levels) for g in groups}
