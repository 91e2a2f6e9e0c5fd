"""What two releases of a source differ in, as values; nothing here knows how the differences were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

KINDS = ("added", "removed", "reworded", "moved", "figure_changed", "value_changed")
_MIRROR = {"added": "removed", "removed": "added"}


@dataclass(frozen=True, slots=True, order=True)
class Successor:
    """Where the work of a former code stands today, by a published crosswalk: the row `source_ref` of `source`."""

    code: str
    classification: str
    key: str
    label: str
    source: str
    source_ref: str


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One difference. `target` is the record table, `kind` one of KINDS, `start` the record's key (of a link: its start), `end` a link's end.

    `naming_kind` tells namings of one pair apart. `column` is what differs, of a move the relation (`NAMES`). `before` and
    `after` are texts or figures ('' where there is none), of a move the other ends before and after (`label (key)`), in order. `before_ref` and `after_ref`
    are the publisher's file and row; of a move those of the links that went and came. `successors`: where the work of a code
    that only one release has went, by the published crosswalks; of a move, the same for such codes among the ends that came or went.
    """

    target: str
    kind: str
    start: str
    end: str
    naming_kind: str
    column: str
    label: str
    before: str
    after: str
    before_ref: str
    after_ref: str
    successors: tuple[Successor, ...] = ()

    @property
    def key(self) -> str:
        """Key of the record, of a link both ends: `title/x -> occupation/y (alternate)`."""
        ends = f"{self.start} -> {self.end}" if self.end else self.start
        return f"{ends} ({self.naming_kind})" if self.naming_kind else ends

    def mirrored(self) -> Change:
        """The same difference seen from the other release."""
        return replace(self, kind=_MIRROR.get(self.kind, self.kind), before=self.after, after=self.before, before_ref=self.after_ref, after_ref=self.before_ref)


@dataclass(frozen=True, slots=True, order=True)
class NotComparable:
    """What one release does not state and therefore cannot have changed: a file, or a `column` of a record table; records of the other release left out."""

    what: str
    column: str
    absent_in: str
    records: int

    @property
    def sentence(self) -> str:
        """`not comparable: Skills.txt is absent in onet@29.1, so 31,290 records of the other release are left out`."""
        if self.column:
            return f"not comparable: {self.column} of {self.what} is stated nowhere in {self.absent_in} ({self.records:,} times in the other release)"
        left = f", so {self.records:,} {'record' if self.records == 1 else 'records'} of the other release {'is' if self.records == 1 else 'are'} left out" if self.records else ""
        return f"not comparable: {self.what} is absent in {self.absent_in}{left}"


@dataclass(frozen=True, slots=True)
class ReleaseDifference:
    """Two releases (`onet@29.1`) of one source. `rows`: records by record table, before and after; changes and the rest in order."""

    before: str
    after: str
    rows: Mapping[str, tuple[int, int]]
    changes: tuple[Change, ...]
    not_comparable: tuple[NotComparable, ...]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Changes by record table and kind, in name order, kinds in the order of KINDS."""
        found: dict[str, dict[str, int]] = {}
        for change in self.changes:
            kinds = found.setdefault(change.target, dict.fromkeys(KINDS, 0))
            kinds[change.kind] += 1
        return {target: {k: n for k, n in kinds.items() if n} for target, kinds in sorted(found.items())}

    def mirrored(self) -> ReleaseDifference:
        """The comparison the other way round."""
        changes = tuple(sorted(change.mirrored() for change in self.changes))
        return ReleaseDifference(self.after, self.before, {t: (b, a) for t, (a, b) in self.rows.items()}, changes, self.not_comparable)
