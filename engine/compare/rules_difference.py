"""Two versions of the rules held against each other: what changed in them, which decisions about given titles move, and by what.

Both versions are asked about the same titles over one published snapshot, for one day, from scratch; only what cannot differ is shared.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from engine.compare.rule_attribution import Moved, Responsible, responsible_changes
from engine.compare.rule_changes import RuleChange, rule_changes
from engine.compare.rule_revisions import RuleRevision
from engine.compare.rule_rows import FirstCell, RowChange, rows_of_moves
from engine.compare.title_decisions import COMPARED, DecidedTitle, TitleDecisions, moved_aspects, refusal
from engine.compare.version_rise import CaseMove, PackRise, moved_cases, pack_rises
from engine.contracts import BadInput
from engine.graph import Snapshot
from engine.rules import Rulebook

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RuleMove:
    """A title whose decision moved: the aspects that did, both decisions, the changes behind it, the rows, and the first cell that differs."""

    title: str
    aspects: tuple[str, ...]
    before: DecidedTitle
    after: DecidedTitle
    because: tuple[Responsible, ...]
    rows: tuple[RowChange, ...]
    cell: FirstCell | None


@dataclass(frozen=True, slots=True)
class RulesDifference:
    """What changed, how many titles were asked and for which day, how many moved in each aspect, service tiers before and after with their number,
    every move in the order of the titles, cases that meet something else, and the rise of each pack's version."""

    before: RuleRevision
    after: RuleRevision
    snapshot: str
    as_of: str
    asked: int
    changes: tuple[RuleChange, ...]
    aspects: Mapping[str, int]
    service_tiers: tuple[tuple[str, str, int], ...]
    moves: tuple[RuleMove, ...]
    cases: tuple[CaseMove, ...]
    rises: tuple[PackRise, ...]

    @property
    def too_low(self) -> tuple[PackRise, ...]:
        """Packs whose version did not rise as much as their change demands."""
        return tuple(r for r in self.rises if not r.enough)

    def moved(self) -> tuple[Moved, ...]:
        """The moves without their reasons."""
        return tuple(Moved(m.title, m.aspects, m.before, m.after) for m in self.moves)


def rules_difference(before: RuleRevision, after: RuleRevision, snapshot: Snapshot, titles: Sequence[str], as_of: date | None = None, say: Say = lambda _: None) -> RulesDifference:
    """Compare two versions. `as_of` defaults to the snapshot's release date. A pack that one version lacks is lent to it, because this engine
    asks both. Raises BadInput CMP207 where a version cannot decide titles."""
    day = as_of or date.fromisoformat(snapshot.receipt().release_date)
    changes = rule_changes(before.rulebook, after.rulebook)
    first, second = _lent(before.rulebook, after.rulebook), _lent(after.rulebook, before.rulebook)
    with tempfile.TemporaryDirectory(prefix="wig-diff-") as scratch, TitleDecisions(snapshot, Path(scratch), day) as decisions:
        sides = []
        for revision, book in ((before, first), (after, second)):
            say(f"decide {len(titles):,} titles by {revision.name}")
            try:
                sides.append(decisions.decide(book, titles, say))
            except BadInput as error:
                raise refusal(error, f"`{revision.name}`", day) from None
        pairs = list(zip(titles, *sides, strict=True))
        moves = [Moved(t, aspects, a, b) for t, a, b in pairs if (aspects := moved_aspects(a, b))]
        deciding = sum(c.decides for c in changes)
        say(f"find which of {deciding:,} changes moved {len(moves):,} titles")
        because = responsible_changes(decisions, first, second, changes, moves, say)
        say("find the rows and cells")
        rows = rows_of_moves(decisions, first, second, moves)
        say("run the cases of both")
        cases = moved_cases(first, second, changes, lambda book, title, on: _said(decisions, book, title, on))
    found = tuple(RuleMove(m.title, m.aspects, m.before, m.after, because[m.title], *rows[m.title]) for m in moves)
    tiers = Counter((a.service_tier, b.service_tier) for _, a, b in pairs)
    return RulesDifference(
        before, after, snapshot.name, day.isoformat(), len(titles), changes, {a: sum(a in m.aspects for m in found) for a in COMPARED},
        tuple((b, a, n) for (b, a), n in sorted(tiers.items())), found, cases, pack_rises(before.rulebook, after.rulebook, changes, found, cases, day),
    )  # fmt: skip


def _lent(rulebook: Rulebook, other: Rulebook) -> Rulebook:
    missing = [p for n, p in other.packs.items() if n not in rulebook.packs]
    return Rulebook([*rulebook.packs.values(), *missing]) if missing else rulebook


def _said(decisions: TitleDecisions, rulebook: Rulebook, title: str, day: date) -> dict[str, Any]:
    resolution = decisions.derive(rulebook, title, day).resolution
    return {field.name: getattr(resolution, field.name) for field in fields(resolution)}
