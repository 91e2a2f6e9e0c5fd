"""Among changes that give the tier, the nearest: numbers moved no further than they must, nothing that could be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from engine.contracts import from_micro, to_micro
from engine.counterfactual.worlds import TITLE_WORDS, Changes, value_of
from engine.resolver import TitleFacts
from engine.rules import Value


def nearest(facts: TitleFacts, flips: Callable[[Changes], bool], sets: Sequence[Changes]) -> tuple[Changes, ...]:
    """Each set with its numbers as near to the present ones as the tier allows, one after the other; of these the smallest, in the order given, none twice."""
    found: list[Changes] = []
    for changes in sets:
        moved = dict(changes)
        for fact in changes:
            moved[fact] = _nearer(value_of(facts, fact), fact, moved, flips)
        least = next(part for part in _parts(moved) if flips(part))
        if least not in found:
            found.append(least)
    size = min((len(changes) for changes in found), default=0)
    return tuple(changes for changes in found if len(changes) == size)


def direction(facts: TitleFacts, fact: str, value: Value | None) -> tuple[object, ...]:
    """A fact and the way it moves: up or down for numbers, to a value for anything else; other words of a title are one way."""
    now: Any = value_of(facts, fact)
    if fact in TITLE_WORDS:
        return (fact,)
    if _number(now) and _number(value):
        return fact, value > now
    return fact, "some" if _number(value) else value


def _number(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _nearer(now: Any, fact: str, changes: Changes, flips: Callable[[Changes], bool]) -> Any:
    """The value of a fact nearest to the present one up to which the changes give the tier (by halving; what is missing counts from zero)."""
    then: Any = changes[fact]
    if not _number(then) or not (_number(now) or now is None):
        return then
    whole = isinstance(then, int)
    near, far = (int(now or 0), then) if whole else (to_micro(Decimal(now or 0)), to_micro(then))
    while abs(far - near) > 1:
        middle = (near + far) // 2
        if flips({**changes, fact: middle if whole else from_micro(middle)}):
            far = middle
        else:
            near = middle
    return far if whole else from_micro(far)


def _parts(changes: Changes) -> Iterator[Changes]:
    """All parts of a set, smallest first; the set itself last."""
    items: Iterable[tuple[str, Value | None]] = changes.items()
    for size in range(1, len(changes) + 1):
        yield from (dict(part) for part in combinations(items, size))
