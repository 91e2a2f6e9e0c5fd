"""The promise of why-not: applying the changes gives the tier, leaving any one out does not, nothing smaller does, and every world told of is possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
import yaml
from campaign_size import sized
from hypothesis import given, settings
from hypothesis import strategies as st
from possible_facts import MICRO, TIERS, contradictions, possible_facts

from engine.ask import Desk
from engine.counterfactual import Changes, Question, Setting, changed, choices_for, smallest_changes, stands, tier_kind, value_of
from engine.resolver import Resolver, TitleFacts, decide_tiers
from engine.rules import Rulebook, load_rulebook

ROOT = Path(__file__).resolve().parent.parent.parent
AS_OF = date(2026, 11, 20)
GOLDEN = sorted({c["title"] for f in ("titles.yaml", "unseen_titles.yaml") for c in yaml.load((ROOT / "tests/golden" / f).read_text(encoding="utf-8"), yaml.CSafeLoader)["cases"]})
RULES = load_rulebook()
NOTHING_NEAR = Setting.of(RULES, AS_OF)


def asked(facts: TitleFacts, tier: str, rulebook: Rulebook = RULES) -> Question:
    return Question(facts, tier, tier_kind(rulebook, tier) == "service", rulebook, AS_OF, NOTHING_NEAR)


def met(question: Question, changes: Changes) -> bool:
    """Whether the decision itself, asked with the changed facts, gives the tier."""
    tiers = decide_tiers([changed(question.facts, changes, question.setting)], question.rulebook, AS_OF)[0]
    return question.wanted in (tiers.service_tier, tiers.fallback_tier)


def assert_flips(facts: TitleFacts, tier: str) -> int | None:
    """The size of the smallest sets, after every set was held against the promise; 0 where the title has the tier, None where no set was found."""
    question = asked(facts, tier)
    if met(question, {}):
        return 0
    sets = smallest_changes(question, choices_for(facts, RULES, AS_OF, question.served)).sets
    for changes in sets:
        world = changed(facts, changes, question.setting)
        assert contradictions(world) == []
        assert {fact: value_of(world, fact) for fact in changes} == dict(changes)
        assert met(question, changes), (tier, changes)
        for left_out in changes:
            rest = {fact: value for fact, value in changes.items() if fact != left_out}
            assert contradictions(changed(facts, rest, question.setting)) == []
            assert not met(question, rest), (tier, changes, left_out)
    assert len({len(s) for s in sets}) <= 1
    return len(sets[0]) if sets else None


def golden_facts(desk: Desk, titles: Sequence[str]) -> dict[str, TitleFacts]:
    """Facts of titles, each set of facts once."""
    resolver = Resolver(desk.index, desk.facts, desk.rulebook, AS_OF)
    distinct: dict[str, tuple[str, TitleFacts]] = {}
    for title in titles:
        facts = resolver.facts_of(title)
        distinct.setdefault(repr((facts.state, facts.votes, facts.depth)), (title, facts))
    return dict(distinct.values())


def assert_golden(facts: TitleFacts) -> None:
    assert contradictions(facts) == []
    assert changed(facts, {}, NOTHING_NEAR) == facts
    sizes = {tier: assert_flips(facts, tier) for tier in TIERS}
    if facts.state == "title":
        assert None not in sizes.values(), sizes
    else:
        assert [tier for tier, size in sizes.items() if size is not None] == ["exclude_or_not_icp", "none"]


def test_applying_a_set_gives_the_tier_and_leaving_any_change_out_does_not_on_a_sample_of_the_golden_titles(desk: Desk) -> None:
    for facts in golden_facts(desk, GOLDEN[::40]).values():
        assert_golden(facts)


@pytest.mark.campaign
def test_applying_a_set_gives_the_tier_and_leaving_any_change_out_does_not_on_every_golden_title(desk: Desk) -> None:
    for facts in golden_facts(desk, GOLDEN).values():
        assert_golden(facts)


@settings(max_examples=sized(15, 1000), deadline=None)
@given(possible_facts(), st.sampled_from(TIERS))
def test_whatever_the_facts_are_the_sets_keep_their_promise(facts: TitleFacts, tier: str) -> None:
    assert contradictions(facts) == []
    assert changed(facts, {}, NOTHING_NEAR) == facts
    assert_flips(facts, tier)


# -- nothing smaller does: every set of one and of two changes, over values of a grid of its own ------------------------------------------

_NAMED = [Decimal(n) / 100 for n in (10, 30, 34, 40, 50, 55, 60, 85)]
_EDGES = sorted({Decimal(0), Decimal(1), MICRO, 1 - MICRO, *_NAMED, *(n - MICRO for n in _NAMED), *(n + MICRO for n in _NAMED)})
_GRID = sorted({*_EDGES, *(1 - e for e in _EDGES), *(Decimal(n) / 20 for n in range(21))})
_COARSE = sorted({Decimal(0), Decimal(1), *_NAMED, *(n - MICRO for n in _NAMED), *(1 - n for n in _NAMED), *(1 - n + MICRO for n in _NAMED)})


def _grid(shares: Sequence[Decimal]) -> dict[str, Sequence[Any]]:
    depth = {f"depth.{kind}.{name}": values for kind in ("role", "function", "archetype") for name, values in (("status", ("draft", "in_review", "approved", "retired")), ("workflows", range(5)), ("approvals", range(3)))}
    texts: dict[str, Sequence[Any]] = {
        "best_claim": (None, "exact", "alias", "class_of_work", "ground"), "second_job": (None, "inside", "held", "outside"),
        "field_words": ((), ("blue",), ("legal",), ("kitchen",), ("kitchen", "legal")), "roles": range(5), "second_job_words": range(4),
    }  # fmt: skip
    return {**texts, **dict.fromkeys(("strength", "votes_inside", "votes_held", "votes_outside", "votes_function", "rival_function", "votes_archetype"), shares), **depth}


def _every_set(size: int) -> Iterator[Changes]:
    grid = _grid(_GRID if size == 1 else _COARSE)
    for names in combinations(grid, size):
        for values in product(*(grid[name] for name in names)):
            yield dict(zip(names, values, strict=True))


def reached_by_brute_force(facts: TitleFacts, size: int) -> dict[str, Changes]:
    """Tiers that some set of so many changes gives, with one such set."""
    tried, worlds = [], []
    for changes in _every_set(size):
        world = changed(facts, changes, NOTHING_NEAR)
        if stands(world, changes) and not contradictions(world):
            tried.append(changes)
            worlds.append(world)
    found: dict[str, Changes] = {}
    for changes, tiers in zip(tried, decide_tiers(worlds, RULES, AS_OF, trace=False), strict=True):
        for tier in (tiers.service_tier, tiers.fallback_tier):
            found.setdefault(tier, changes)
    return found


def assert_smallest(facts: TitleFacts, most: int) -> None:
    for size in range(1, most + 1):
        reached = reached_by_brute_force(facts, size)
        for tier in TIERS:
            found = assert_flips(facts, tier)
            if tier in reached:
                assert found is not None, (tier, reached[tier])
                assert found <= size, (tier, found, reached[tier])
            else:
                assert found != size, tier


PICKED = ("Case Manager", "Sales Associate - attorney", "Family Law Attorney - Los Angeles")


@pytest.mark.parametrize("title", PICKED)
def test_no_single_change_gives_a_tier_for_which_two_are_told(title: str, desk: Desk) -> None:
    assert_smallest(next(iter(golden_facts(desk, [title]).values())), 1)


@pytest.mark.campaign
def test_no_smaller_set_of_one_or_two_changes_on_golden_titles(desk: Desk) -> None:
    titles = GOLDEN if sized(0, 1) else GOLDEN[::40]
    for facts in golden_facts(desk, [*PICKED, "Registered Nurse", "Marketing Manager", *titles]).values():
        if facts.state == "title":
            assert_smallest(facts, 2)


@pytest.mark.campaign
@settings(max_examples=sized(5, 100), deadline=None)
@given(possible_facts())
def test_no_smaller_set_of_one_or_two_changes_whatever_the_facts_are(facts: TitleFacts) -> None:
    assert_smallest(facts, 2)
