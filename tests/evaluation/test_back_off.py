"""What is answered when a wider group may be: held against counting title by title, and on a case that is reckoned by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from test_title_scores import route

from engine.evaluation import LEVELS, Case, LabelledTitle, backed_off

WANTED = Decimal("0.8")
LENGTHS = {"detailed": 7, "minor": 4, "major": 2}
GOLD = ("11-2021.00", "11-3031.00", "15-1252.00")
CHANCES = st.lists(st.integers(0, 100), min_size=3, max_size=3).map(sorted)
ANSWERS = st.lists(st.tuples(st.sampled_from(GOLD), st.sampled_from(GOLD), CHANCES, st.integers(0, 3)), min_size=1, max_size=40)
Groups = tuple[tuple[str, Decimal], ...]


def case(number: int, gold: str, groups: Groups) -> Case:
    title = f"title {number}"
    return Case(LabelledTitle(title, (gold,), number + 2), route(title, groups=groups), dict.fromkeys(LEVELS, 0))


def cases_of(answers: list[tuple[str, str, list[int], int]]) -> list[Case]:
    """`left` levels are told, the narrowest ones left out: an answer need not have all."""
    found = []
    for number, (named, gold, chances, left) in enumerate(answers):
        codes = (named[:7], f"{named[:4]}000", f"{named[:2]}-0000")
        found.append(case(number, gold, tuple((code, Decimal(chance) / 100) for code, chance in list(zip(codes, chances, strict=True))[3 - left :])))
    return found


def answered(one: Case, least: Decimal) -> tuple[str, bool] | None:
    """The level at which a title is answered, and whether that is right."""
    for code, chance in one.route.groups:
        if chance >= least:
            level = "major" if code.endswith("0000") else "minor" if code.endswith("00") else "detailed"
            return level, any(gold[: LENGTHS[level]] == code[: LENGTHS[level]] for gold in one.labelled.gold)
    return None


def holds(cases: list[Case], least: Decimal) -> bool:
    said = [a for a in (answered(c, least) for c in cases) if a]
    return sum(right for _, right in said) >= WANTED * len(said)


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_it_is_what_counting_gives(answers: list[tuple[str, str, list[int], int]]) -> None:
    cases = cases_of(answers)
    tuning, rest = [c for c in cases if c.tuning], [c for c in cases if not c.tuning]
    tried = sorted({chance for c in tuning for _, chance in c.route.groups})
    kept = [least for least in tried if holds(tuning, least)]
    found = backed_off(cases, WANTED, 3, 1)
    assert found.chance == (kept[0] if kept else None)
    assert (found.tuned_on, found.measured_on) == (len(tuning), len(rest))
    said = [a for a in (answered(c, kept[0]) for c in rest) if a] if kept else []
    assert found.answered.value == (share(len(said), len(rest)) if rest else None)
    assert found.precision.value == (share(sum(right for _, right in said), len(said)) if said else None)
    for level in found.levels:
        here = [right for name, right in said if name == level.level]
        assert level.titles == len(here)
        assert level.precision.value == (share(sum(here), len(here)) if here else None)
    assert [level.level for level in found.levels] == list(LENGTHS)


def share(part: int, whole: int) -> Decimal:
    return Decimal(round(Fraction(part * 1_000_000, whole))).scaleb(-6)


def test_each_title_is_answered_at_the_narrowest_level_that_is_sure_enough() -> None:
    sure, unsure, lost = (("11-2021", Decimal("0.96")), ("11-2000", Decimal("0.97"))), (("11-2021", Decimal("0.4")), ("11-2000", Decimal("0.5")), ("11-0000", Decimal("0.96"))), (("11-2021", Decimal("0.3")),)
    cases = [case(n, gold, groups) for n, (gold, groups) in enumerate([("11-2021.03", sure), ("11-3031.00", unsure), ("15-1252.00", lost)] * 60)]
    found = backed_off(cases, Decimal("0.95"), 200, 1)
    assert found.chance == Decimal("0.96")
    assert [level.titles > 0 for level in found.levels] == [True, False, True]
    assert found.precision.value == 1
    assert found.answered.value == share(sum(level.titles for level in found.levels), found.measured_on)
    assert found.answered.low is not None
    assert found.answered.high is not None
    assert found.answered.low < found.answered.value < found.answered.high  # the interval is drawn, not made up
    assert found == backed_off(cases, Decimal("0.95"), 200, 1) != backed_off(cases, Decimal("0.95"), 200, 2)


def test_where_nothing_is_right_nothing_is_answered() -> None:
    found = backed_off([case(n, "15-1252.00", (("11-2021", Decimal("0.9")),)) for n in range(40)], Decimal("0.95"), 10, 1)
    assert (found.chance, found.answered.value, found.precision.value) == (None, Decimal(0), None)
