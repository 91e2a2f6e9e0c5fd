"""What would move most titles up a tier: the largest groups of a covered list, with the nearest change for the title of most rows in each.

Which tier a title would move up to, and how many groups are told, stands in the rule pack `audit`; the order of the tiers in the pack `service`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.contracts import EngineError
from engine.coverage import MOVES_SHOWN, PACK, UPWARD, Count, Counted

if TYPE_CHECKING:
    from engine.ask import Desk
    from engine.counterfactual import ToldChange

_STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Move:
    """A group of titles below full service: what stopped its largest title, in words, and the changes that together would move that title to `upward`.

    `changes` is empty where no change of records would; then `promise` says why.
    """

    counted: Counted
    work: str
    stopped: tuple[str, ...]
    upward: str
    changes: tuple[ToldChange, ...]
    promise: str


@dataclass(frozen=True, slots=True)
class WorkNeed:
    """A kind of work with its titles by service tier, best tier first, and how many of them a change of records could move up."""

    work: str
    by_tier: Mapping[str, Count]
    upward: Count


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a report tells beside the counts: what would move most titles up, kinds of work by need, and why titles have their tiers (by `decided_by`, of one of them)."""

    moves: tuple[Move, ...]
    needs: tuple[WorkNeed, ...]
    whys: Mapping[str, tuple[str, ...]]


def outlook(desk: Desk, as_of: str | None, groups: Sequence[Counted]) -> Outlook:
    """Of groups in the order of their rows, most first."""
    whys: dict[str, tuple[str, ...]] = {}
    for counted in groups:
        if counted.group.decided_by not in whys:
            whys[counted.group.decided_by] = _sentences(desk, as_of, counted)
    return Outlook(moves_of(desk, as_of, groups), work_needs(desk, as_of, groups), whys)


def moves_of(desk: Desk, as_of: str | None, groups: Sequence[Counted]) -> tuple[Move, ...]:
    """The largest groups that a change of records could move up, by rows."""
    names, shown = work_names(desk), int(desk.rulebook.parameter(PACK, MOVES_SHOWN, desk.day(as_of)))
    below = [(g, upward) for g, upward in zip(groups, upward_tiers(desk, as_of, groups), strict=True) if upward is not None]
    return tuple(_move(counted, upward, desk, as_of, names) for counted, upward in below[:shown])


def _move(counted: Counted, upward: str, desk: Desk, as_of: str | None, names: dict[str, str]) -> Move:
    from engine.counterfactual import why_not

    title = counted.examples[0][0]
    work = names.get(counted.group.work, counted.group.work)
    stopped = _sentences(desk, as_of, counted)
    try:
        answer = why_not(desk, title, upward, as_of)
    except EngineError as error:
        return Move(counted, work, stopped, upward, (), error.diagnostics[0].what)
    changes = answer.sets[0].changes if answer.sets else ()
    return Move(counted, work, stopped, upward, changes, "" if changes else " ".join(answer.promises) or "no small set of changes gives it")


def _sentences(desk: Desk, as_of: str | None, counted: Counted) -> tuple[str, ...]:
    """Why the group's title of most rows has its tiers: the sentences of the table rows that gave them."""
    rules = set(counted.group.decided_by.split("/"))
    reasons = desk.resolve(counted.examples[0][0], as_of).reasons
    return tuple(dict.fromkeys(r.sentence for r in reasons if r.rule in rules and r.table in ("fallback_tier", "service_tier")))


def work_needs(desk: Desk, as_of: str | None, groups: Sequence[Counted]) -> tuple[WorkNeed, ...]:
    """Kinds of work by how many rows a change of records could move up; titles of which nothing is known stand under ''."""
    names, tiers = work_names(desk), service_tiers(desk)
    found: dict[str, dict[str, list[int]]] = {}
    for counted, upward in zip(groups, upward_tiers(desk, as_of, groups), strict=True):
        tally = found.setdefault(counted.group.work, {k: [0, 0] for k in (*tiers, UPWARD)})
        for size in (tally[counted.group.service_tier], *[tally[UPWARD]] * (upward is not None)):
            size[0] += counted.count.titles
            size[1] += counted.count.rows
    needs = [WorkNeed(names.get(work, work), {t: Count(*tally[t]) for t in tiers}, Count(*tally[UPWARD])) for work, tally in found.items()]
    return tuple(sorted(needs, key=lambda n: (-n.upward.rows, -sum(c.rows for c in n.by_tier.values()), n.work)))


def upward_tiers(desk: Desk, as_of: str | None, groups: Sequence[Counted]) -> tuple[str | None, ...]:
    """For each group the tier that its titles would move up to, by the table `audit.upward`; None where nothing is told of it."""
    columns = {"service_tier": [g.group.service_tier for g in groups], "outcome": [g.group.outcome for g in groups]}
    found = desk.rulebook.decide(PACK, UPWARD, columns, desk.day(as_of), size=len(groups), trace=False).outputs[UPWARD]
    return tuple(None if tier in (None, _STAYS) else str(tier) for tier in found)


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
