"""Which decisions a patch would move, by which of its changes, and through which facts, rows, parameters and terms of a score.

The patch is laid over the snapshot as a temporary one, and each title is asked of both for one day. Changes of rule parameters are laid over
the records' own overlay, so that leaving one of them out asks for no new graph.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.ask import Desk
from engine.compare.asked_titles import AskedTitle, ask_titles
from engine.compare.movers import Mover, movers_between
from engine.compare.title_effects import ASPECTS, TitleAnswer
from engine.graph import Snapshot
from engine.patches import Overlay, Patch, overlay_of

Say = Callable[[str], None]
COMPARED = (*ASPECTS, "path")
AUTHORED_TITLES = "MATCH (t:Title)-[:NAMES]->(r:Role) RETURN DISTINCT t.label AS title ORDER BY title"


@dataclass(frozen=True, slots=True)
class DecisionMove:
    """A title whose decision moves: what of it, both answers and paths, the numbers of the changes that it would not move without, and the movers.

    `moved_by` is empty where no single change is needed: each of several would move it alone.
    """

    title: str
    moved: tuple[str, ...]
    before: TitleAnswer
    after: TitleAnswer
    path_before: tuple[tuple[str, str], ...]
    path_after: tuple[tuple[str, str], ...]
    moved_by: tuple[int, ...]
    movers: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """A change of the patch: its number and sentence, its place, and how many decisions would not move so without it."""

    number: int
    sentence: str
    place: str
    moves: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A patch tried on a snapshot for a day: titles asked, those served before and after, changes, moves by title, and what was written anew.

    `rewritten` names record tables, `went_along` relationships that went with a retired record; `record_digest` is that of the overlay.
    """

    patch: Patch
    snapshot: str
    as_of: str
    asked: int
    served: tuple[int, int]
    changes: tuple[ChangeEffect, ...]
    moves: tuple[DecisionMove, ...]
    rewritten: tuple[str, ...]
    went_along: tuple[str, ...]
    notes: tuple[str, ...]
    record_digest: str
    rules_digest: str

    def count(self, aspect: str) -> int:
        """How many decisions move in an aspect."""
        return sum(aspect in move.moved for move in self.moves)


def what_if(snapshot: Snapshot, patch: Patch, titles: Sequence[str] | None = None, journal: Sequence[str] = (), as_of: str | None = None, say: Say = lambda _: None) -> WhatIf:
    """Lay the patch, ask titles of both, compare.

    `titles` default to those that name an authored role before or after the patch, and those of the `journal`.
    Raises BadInput as `overlay_of` does for a patch that does not fit or breaks a contract; the rules' own refusals for a day they do not answer.
    """
    with _laid(snapshot, patch, patch.changes, say, judge=True) as (records, overlay):
        before, after = Desk(snapshot), Desk(overlay.snapshot)
        day = before.day(as_of)
        asked = tuple(titles) if titles is not None else _titles(before, after, journal)
        say(f"ask {len(asked):,} titles of both")
        first, second = ask_titles(before, asked, day), ask_titles(after, asked, day)
        moved = [t for t in asked if first[t].signature != second[t].signature]
        needed = _needed(snapshot, patch, records.snapshot, moved, second, day, say)
        moves = tuple(_move(before, after, first[t], second[t], needed[t], day) for t in moved)
        effects = tuple(ChangeEffect(c.number, c.sentence, str(c.place), sum(c.number in needed[t] for t in moved)) for c in patch.changes)
        receipt = overlay.snapshot.receipt()
        return WhatIf(
            patch, snapshot.name, day.isoformat(), len(asked), (_served(first.values()), _served(second.values())), effects, moves, records.laid.targets, records.laid.went_along,
            tuple(_notes(patch, day)), receipt.record_digest, receipt.rules_digest,
        )  # fmt: skip


@contextlib.contextmanager
def _laid(snapshot: Snapshot, patch: Patch, changes: Sequence[object], say: Say, *, judge: bool) -> Iterator[tuple[Overlay, Overlay]]:
    """The overlay of the changed records, and that of the changed rules over it; the same one where no rule is changed."""
    records = [c for c in patch.record_changes if c in changes]
    rules = [c for c in patch.parameter_changes if c in changes]
    if not records:
        with overlay_of(snapshot, rules, say) as only:
            yield replace(only, snapshot=snapshot), only
        return
    with overlay_of(snapshot, records, say, confidence=patch.confidence, judge=judge) as first:
        if not rules:
            yield first, first
            return
        with overlay_of(first.snapshot, rules, say) as second:
            yield first, second


def _needed(snapshot: Snapshot, patch: Patch, records: Snapshot, moved: Sequence[str], full: dict[str, AskedTitle], day: date, say: Say) -> dict[str, tuple[int, ...]]:
    """For each moved title the changes without which its decision would be another: each is left out once, with what cannot stand without it."""
    needed: dict[str, list[int]] = {title: [] for title in moved}
    if len(patch.changes) == 1:
        return dict.fromkeys(moved, (1,))
    known: dict[tuple[int, ...], dict[str, AskedTitle]] = {}
    for change in patch.changes if moved else ():
        rest = patch.without(change.number)
        numbers = tuple(c.number for c in rest)
        if numbers not in known:
            say(f"leave out change {change.number} of {len(patch.changes)}")
            same_records = {c.number for c in patch.record_changes} <= set(numbers)
            with contextlib.ExitStack() as stack:
                if same_records:
                    laid = stack.enter_context(overlay_of(records, [c for c in patch.parameter_changes if c.number in numbers]))
                else:
                    _, laid = stack.enter_context(_laid(snapshot, patch, rest, lambda _: None, judge=False))
                known[numbers] = ask_titles(Desk(laid.snapshot), moved, day)
        for title in moved:
            if known[numbers][title].signature != full[title].signature:
                needed[title].append(change.number)
    return {title: tuple(numbers) for title, numbers in needed.items()}


def _move(before: Desk, after: Desk, first: AskedTitle, second: AskedTitle, needed: tuple[int, ...], day: date) -> DecisionMove:
    aspects = tuple(a for a in ASPECTS if getattr(first.answer, a) != getattr(second.answer, a))
    moved = (*aspects, "path") if first.path != second.path else aspects
    return DecisionMove(first.title, moved, first.answer, second.answer, first.path, second.path, needed, movers_between(before, after, first, second, day))


def _titles(before: Desk, after: Desk, journal: Sequence[str]) -> tuple[str, ...]:
    authored = {str(row[0]) for desk in (before, after) for row in desk.graph.execute(AUTHORED_TITLES).rows}
    return tuple(sorted(authored | set(journal)))


def _served(asked: Iterable[AskedTitle]) -> int:
    return sum(a.answer.ground != "" for a in asked)


def _notes(patch: Patch, day: date) -> Iterator[str]:
    for change in patch.parameter_changes:
        if change.since > day:
            yield f"change {change.number} is in force from {change.since.isoformat()}; the titles were asked for {day.isoformat()} (--as-of asks for another day)"
