"""What would move most titles up a tier: the largest groups of a covered list, with the nearest change for the title of most rows in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.contracts import EngineError
from engine.coverage import Count, Counted

if TYPE_CHECKING:
    from engine.ask import Desk

_MOVES = 15
_PLACES = ("now", "fallback", "held", "blocked")  # of titles by the place of their service tier in the rules, where the best stands first


@dataclass(frozen=True, slots=True)
class Move:
    """A group of titles below full service: what stopped its largest title, in words, and the changes that together would move that title to `upward`.

    `changes` is empty where no change of records would; then `promise` says why.
    """

    counted: Counted
    work: str
    stopped: tuple[str, ...]
    upward: str
    changes: tuple[str, ...]
    promise: str


@dataclass(frozen=True, slots=True)
class WorkNeed:
    """A kind of work with its titles by what becomes of them today; in order of the rows that are not served in full."""

    work: str
    now: Count
    fallback: Count
    held: Count
    blocked: Count


def moves_of(desk: Desk, as_of: str | None, groups: Sequence[Counted]) -> tuple[Move, ...]:
    """The largest groups that are not served in full and whose work is not outside the audience, by rows."""
    tiers, names = service_tiers(desk), work_names(desk)
    below = [g for g in groups if g.group.service_tier != tiers[0] and g.group.outcome not in ("outside", "not_a_title")]
    return tuple(_move(counted, tiers[min(tiers.index(counted.group.service_tier) - 1, 1)], desk, as_of, names) for counted in below[:_MOVES])


def _move(counted: Counted, upward: str, desk: Desk, as_of: str | None, names: dict[str, str]) -> Move:
    from engine.counterfactual import why_not

    title = counted.examples[0][0]
    work = names.get(counted.group.work, counted.group.work)
    rules = set(counted.group.decided_by.split("/"))
    stopped = tuple(dict.fromkeys(r.sentence for r in desk.resolve(title, as_of).reasons if r.rule in rules and r.table in ("fallback_tier", "service_tier")))
    try:
        answer = why_not(desk, title, upward, as_of)
    except EngineError as error:
        return Move(counted, work, stopped, upward, (), error.diagnostics[0].what)
    changes = tuple(c.sentence for c in answer.sets[0].changes) if answer.sets else ()
    return Move(counted, work, stopped, upward, changes, "" if changes else " ".join(answer.promises) or "no small set of changes gives it")


def work_needs(groups: Sequence[Counted], desk: Desk) -> tuple[WorkNeed, ...]:
    """Kinds of work by how many rows are not served in full; titles of which nothing is known stand under ''."""
    names, tiers = work_names(desk), service_tiers(desk)
    found: dict[str, dict[str, list[int]]] = {}
    for counted in groups:
        tally = found.setdefault(counted.group.work, {k: [0, 0] for k in _PLACES})
        size = tally[_PLACES[tiers.index(counted.group.service_tier)]]
        size[0] += counted.count.titles
        size[1] += counted.count.rows
    needs = [WorkNeed(names.get(work, work), *(Count(*tally[k]) for k in _PLACES)) for work, tally in found.items()]
    return tuple(sorted(needs, key=lambda n: (-(n.fallback.rows + n.held.rows), -n.blocked.rows, n.work)))


def service_tiers(desk: Desk) -> tuple[str, ...]:
    """The service tiers as the rules of the snapshot name them, the best first."""
    outputs = desk.rulebook.pack("service").tables["service_tier"].outputs
    return tuple(str(v) for c in outputs if c.name == "service_tier" for v in c.values)


def work_names(desk: Desk) -> dict[str, str]:
    """Labels of functions and of major groups of occupations, by key."""
    return dict(_labels(desk))


def _labels(desk: Desk) -> Iterator[tuple[str, str]]:
    for table in ("Function", "OccupationGroup"):
        for key, label in desk.graph.execute(f"MATCH (n:{table}) RETURN n.id, n.label").rows:
            yield str(key), str(label)
