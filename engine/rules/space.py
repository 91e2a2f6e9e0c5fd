"""All inputs of a table at once: whether some input meets a row and none of the rows before it, and which.

Exact. Each column is cut into regions, a row is a box of regions, and boxes are taken away column by column; what is
carried from column to column is only which rows can still hold, and of two such sets only the smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from engine.rules.decide import parameters_of
from engine.rules.pack import Pack, Table
from engine.rules.regions import Cut, Undecided, cut
from engine.rules.unary import Fixed, Unary, parse
from engine.rules.values import ParameterValue, Value

T = TypeVar("T")
MOST_STATES = 200_000
Box = Mapping[str, frozenset[int]]


class Space:
    """The inputs of a table under the parameters of one day. `further` are tests beside the table's own, by column.

    Raises Undecided where a column has too many regions.
    """

    def __init__(self, pack: Pack, table: Table, parameters: Mapping[str, ParameterValue], further: Mapping[str, Iterable[Unary]] | None = None) -> None:
        columns = {column.name: column for _, _, column in pack.all_columns()}
        self.rows: list[dict[str, Unary]] = [{name: parse(raw) for name, raw in rule.when} for rule in table.rules]
        tests: dict[str, list[Unary]] = {name: [row[name] for row in self.rows if name in row] + list((further or {}).get(name, ())) for name in table.uses}
        self.cuts: dict[str, Cut] = {name: cut(columns[name], found, parameters) for name, found in tests.items() if any(t != Fixed("any") for t in found)}
        self._whole: dict[str, frozenset[int]] = {name: frozenset(range(len(c.values))) for name, c in self.cuts.items()}
        self._boxes = [self.box(row) for row in self.rows]
        self._rows_at = {name: self._by_region(name) for name in self.cuts}
        self._ranked = {name: sorted(self._whole[name], key=lambda r: (held[r].bit_count(), r)) for name, held in self._rows_at.items()}

    def box(self, cells: Mapping[str, Unary]) -> dict[str, frozenset[int]]:
        """The regions that cells leave of each column that they restrict."""
        return {name: self.cuts[name].holds[test] for name, test in cells.items() if name in self.cuts}

    def given(self) -> dict[str, frozenset[int]]:
        """Inputs of which none is missing."""
        return {name: frozenset(r for r in whole if self.cuts[name].values[r] is not None) for name, whole in self._whole.items()}

    def unmet(self, cells: Mapping[str, Unary]) -> str | None:
        """The column of a cell that holds on nothing; None where each cell can be met."""
        return next((name for name, regions in self.box(cells).items() if not regions), None)

    def meeting(self, box: Box, rows: Iterable[int]) -> list[int]:
        """Those of the rows that hold somewhere in a box."""
        reach = (1 << rows.stop) - (1 << rows.start) if isinstance(rows, range) else sum(1 << row for row in rows)
        for name, regions in box.items():
            either = 0
            for region in regions:
                either |= self._rows_at[name][region]
            reach &= either
        found = []
        while reach:
            lowest = reach & -reach
            found.append(lowest.bit_length() - 1)
            reach ^= lowest
        return found

    def outside(self, box: Box, rows: Sequence[int]) -> dict[str, Value | None] | None:
        """An input in a box on which none of the rows holds, None where there is none. Raises Undecided."""
        rows = self.meeting(box, rows)
        avoided = sum(1 << row for row in rows)
        at_once = self._at_once(box, avoided)
        if at_once is not None:
            return self._values(at_once)
        names = [name for name in self.cuts if name in box or any(name in self._boxes[row] for row in rows)]
        last = {row: next((name for name in reversed(names) if name in self._boxes[row]), "") for row in rows}
        if "" in last.values():
            return None  # a row without conditions holds on everything
        states: dict[int, tuple[tuple[str, int], ...]] = {avoided: ()}
        for name in names:
            masks: dict[int, int] = {}
            for region in sorted(box.get(name, self._whole[name])):
                masks.setdefault(self._rows_at[name][region] & avoided, region)
            steps = _least(masks)
            # a row all of whose cells have held can no longer be escaped
            settled = sum(1 << row for row in rows if last[row] == name)
            reached: dict[int, tuple[tuple[str, int], ...]] = {}
            for state, trail in states.items():
                for mask, region in steps.items():
                    after = state & mask
                    if not after & settled:
                        reached.setdefault(after, (*trail, (name, region)))
            states = _least(reached) if len(reached) <= 1_500 else reached
            if len(states) > MOST_STATES:
                raise Undecided(f"more than {MOST_STATES:,} combinations of rows at column `{name}`")
        return self._values(states[0]) if 0 in states else None

    def _at_once(self, box: Box, avoided: int) -> tuple[tuple[str, int], ...] | None:
        """The regions of a box where the fewest rows hold, where they already escape all rows."""
        trail = []
        for name, ranked in self._ranked.items():
            regions = box.get(name)
            region = ranked[0] if regions is None else next((r for r in ranked if r in regions), None)
            if region is None:
                return None
            avoided &= self._rows_at[name][region]
            trail.append((name, region))
        return None if avoided else tuple(trail)

    def _values(self, trail: tuple[tuple[str, int], ...]) -> dict[str, Value | None]:
        return {name: self.cuts[name].values[region] for name, region in trail}

    def width(self) -> int:
        """Regions of the column that has the most."""
        return max((len(found.values) for found in self.cuts.values()), default=1)

    def _by_region(self, name: str) -> list[int]:
        """For each region of a column the rows (as bits) that it does not rule out."""
        free = sum(1 << row for row, box in enumerate(self._boxes) if name not in box)
        masks = [free] * len(self.cuts[name].values)
        for row, box in enumerate(self._boxes):
            for region in box.get(name, ()):
                masks[region] |= 1 << row
        return masks


def days_of(pack: Pack, table: Table) -> list[date]:
    """The days on which the parameters of a table change, from the first on which all have a value; never empty."""
    cited = [pack.parameters[name] for name in parameters_of(table)]
    start = max((p.values[0].since for p in cited), default=date.min)
    return sorted({start, *(v.since for p in cited for v in p.values if v.since >= start)})


def _least(masks: Mapping[int, T]) -> dict[int, T]:
    """Those masks that hold no other of them."""
    kept: dict[int, T] = {}
    for mask in sorted(masks, key=lambda m: (m.bit_count(), m)):
        if not any(other & mask == other for other in kept):
            kept[mask] = masks[mask]
    return kept
