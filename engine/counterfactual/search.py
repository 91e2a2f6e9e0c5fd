"""The smallest sets of changes that give a title another tier: breadth first by size, each level decided at once.

In: the facts of a title, the tier that is wanted, choices. Out: sets of changes, of which none can be left out. Refuses to know what a change means.

A set has two parts: how the title is read, and what its ground holds. The ground is asked only through the reading's outcome (its tier, audience and
match), so what it must hold is searched once for each outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

from engine.counterfactual.choices import Choices
from engine.counterfactual.ground_bound import least_ground
from engine.counterfactual.nearest import direction, nearest
from engine.counterfactual.question import Question
from engine.counterfactual.worlds import Changes, changed, depth_fact, may_change, stands
from engine.resolver import GROUNDS, Tiers, TitleFacts
from engine.rules import Value

MOST_READING = 4  # changes to how a title is read; the ground may add all of its columns
MOST_SETS = 12  # of one size, before the nearest values are sought

Outcome = tuple[object, ...]


@dataclass
class _Search:
    question: Question
    choices: Choices
    asked: int = 0
    grounds: dict[Outcome, tuple[Changes, ...]] = field(default_factory=dict)  # what the ground must hold, smallest sets, by outcome of the reading


@dataclass(frozen=True, slots=True)
class Found:
    """Smallest sets of changes, and how many worlds were decided for them."""

    sets: tuple[Changes, ...]
    worlds: int


def smallest_changes(question: Question, choices: Choices, most_reading: int = MOST_READING) -> Found:
    """All smallest sets, one for each choice of facts and direction, with the values nearest to the present ones; empty where none was found."""
    search = _Search(question, choices)
    best: int | None = None
    sets: list[Changes] = []
    for size in range(most_reading + 1):
        if best is not None and (size > best or (size > 1 and size + least_ground(question, choices) > best)):
            break
        for reading, grounds in _level(search, size):
            for ground in grounds:
                total = size + len(ground)
                if best is None or total < best:
                    best, sets = total, []
                if total == best:
                    sets.append({**reading, **ground})
    kept: dict[tuple[object, ...], Changes] = {}
    for changes in sets:
        kept.setdefault(tuple(direction(question.facts, fact, value) for fact, value in changes.items()), changes)
    return Found(nearest(question.facts, question.flips, list(kept.values())[:MOST_SETS]), search.asked)


def _level(search: _Search, size: int) -> Iterator[tuple[Changes, tuple[Changes, ...]]]:
    """Readings with so many changes, each with the smallest sets of changes to the ground that then give the tier (the empty set where none is needed)."""
    question = search.question
    readings, worlds = [], []
    for changes in _readings(question.facts, search.choices.reading, size):
        world = changed(question.facts, changes, question.setting)
        if stands(world, changes):
            readings.append(changes)
            worlds.append(world)
    decided = question.tiers(worlds)
    search.asked += len(worlds)
    outcomes = [_outcome(world, tiers) for world, tiers in zip(worlds, decided, strict=True)]
    met = {outcome for outcome, tiers in zip(outcomes, decided, strict=True) if question.met(tiers)}
    search.grounds |= dict.fromkeys(met, ({},))
    new: dict[Outcome, tuple[Changes, str]] = {}
    for changes, outcome, tiers in zip(readings, outcomes, decided, strict=True):
        kind = GROUNDS.get(tiers.fallback_tier)
        if outcome not in search.grounds and question.served and kind:
            new.setdefault(outcome, (changes, kind))
    _deepen(search, new)
    for changes, outcome in zip(readings, outcomes, strict=True):
        if search.grounds.get(outcome):
            yield changes, search.grounds[outcome]


def _readings(facts: TitleFacts, choices: Mapping[str, tuple[Value | None, ...]], size: int) -> Iterator[Changes]:
    for names in combinations(choices, size):
        for values in product(*(choices[name] for name in names)):
            changes = dict(zip(names, values, strict=True))
            claim = changes.get("best_claim", facts.votes["best_claim"])
            if all(may_change(facts, claim, name) for name in names):
                yield changes


def _outcome(world: TitleFacts, tiers: Tiers) -> Outcome:
    """All that the ground's part of the decision can see of a reading."""
    kind = GROUNDS.get(tiers.fallback_tier)
    return tiers.fallback_tier, tiers.said("audience", "title_audience"), tiers.match, tuple(sorted(world.depth.get(kind, {}).items())) if kind else ()


def _deepen(search: _Search, new: Mapping[Outcome, tuple[Changes, str]]) -> None:
    """Find for outcomes what their ground must hold, smallest first."""
    question = search.question
    for size in range(1, max((len(c) for c in search.choices.depth.values()), default=0) + 1):
        tried: list[tuple[Outcome, Changes]] = []
        worlds: list[TitleFacts] = []
        for outcome, (reading, kind) in new.items():
            if search.grounds.get(outcome):
                continue
            columns = search.choices.depth[kind]
            for names in combinations(columns, size):
                for values in product(*(columns[name] for name in names)):
                    ground: Changes = {depth_fact(kind, name): value for name, value in zip(names, values, strict=True)}
                    world = changed(question.facts, {**reading, **ground}, question.setting)
                    tried.append((outcome, ground))
                    worlds.append(world)
        search.asked += len(worlds)
        for (outcome, ground), tiers in zip(tried, question.tiers(worlds), strict=True):
            if question.met(tiers):
                search.grounds[outcome] = (*search.grounds.get(outcome, ()), ground)
    for outcome in new:
        search.grounds.setdefault(outcome, ())

