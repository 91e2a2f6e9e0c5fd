"""What a whole list comes to: titles and rows by tier, action and reason, with the titles that most rows have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

UNKNOWN = "unmapped"
GROUPED = ("service_tier", "fallback_tier", "runtime_action", "outcome", "decided_by", "work")
_EXAMPLES = 12
_MOST_ENDINGS = 100_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many distinct titles, and how many rows of the list have them."""

    titles: int
    rows: int


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Titles that share their tiers, the table rows that gave them, and the kind of work (a key of the graph, '' where nothing is known)."""

    service_tier: str
    fallback_tier: str
    runtime_action: str
    outcome: str
    decided_by: str
    work: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A group, its size, and the titles of most rows in it with their rows, most first, then by title."""

    group: Group
    count: Count
    examples: tuple[tuple[str, int], ...]


class Tally:
    """Takes answers in batches; holds one entry for each group and not for each title."""

    def __init__(self) -> None:
        self._titles: Counter[tuple[str, ...]] = Counter()
        self._rows: Counter[tuple[str, ...]] = Counter()
        self._examples: dict[tuple[str, ...], list[tuple[int, str]]] = {}
        self._reasons: Counter[str] = Counter()
        self._reason_rows: Counter[str] = Counter()
        self._endings: Counter[str] = Counter()

    def add(self, batch: Any) -> None:
        """Take the next answers. Whole columns at a time: a list of many millions passes through here in one process."""
        rows = batch.column("rows").to_numpy()
        kinds, of_row = _kinds(batch)
        order = np.lexsort((-rows, of_row))  # by group, most rows first; of equal rows the earlier title
        starts = np.searchsorted(of_row[order], np.arange(len(kinds) + 1))
        added, titles = np.add.reduceat(rows[order], starts[:-1]) if len(kinds) else (), batch.column("title")
        for key, start, end, sum_of in zip(kinds, starts[:-1], starts[1:], added, strict=True):
            self._titles[key] += int(end - start)
            self._rows[key] += int(sum_of)
            best = [(int(rows[i]), titles[int(i)].as_py()) for i in order[start : min(end, start + _EXAMPLES)]]
            self._examples[key] = sorted([*self._examples.get(key, ()), *best], key=lambda e: (-e[0], e[1]))[:_EXAMPLES]
        self._add_reasons(batch.column("reasons"), rows)
        unknown = np.flatnonzero(pc.equal(batch.column("outcome"), UNKNOWN).to_numpy(zero_copy_only=False))
        for text, count in zip(batch.column("normalized").take(pa.array(unknown)).to_pylist(), rows[unknown].tolist(), strict=True):
            self._endings[text.rpartition(" ")[2]] += count
            if len(self._endings) > _MOST_ENDINGS:  # the rare ones are let go after the title that was one too many: titles come in one order, batches do not
                self._endings = Counter(dict(sorted(self._endings.items(), key=lambda e: (-e[1], e[0]))[: _MOST_ENDINGS // 2]))

    def _add_reasons(self, reasons: Any, rows: Any) -> None:
        """Each row of a table once for a title, however often it fired."""
        words = reasons.flatten().dictionary_encode()
        names = pc.list_element(pc.split_pattern(words.dictionary, ":", max_splits=1), 0).dictionary_encode()
        if not len(names):
            return
        pairs = np.unique(pc.list_parent_indices(reasons).to_numpy() * len(names.dictionary) + names.indices.to_numpy()[words.indices.to_numpy()])
        titles, codes = np.divmod(pairs, len(names.dictionary))
        for code, name in enumerate(names.dictionary.to_pylist()):
            some = titles[codes == code]
            self._reasons[name] += len(some)
            self._reason_rows[name] += int(rows[some].sum())

    def endings(self, most: int) -> tuple[tuple[str, int], ...]:
        """Last words of titles of which nothing is known, with the rows that end so, most first, then by word; in a list of very many words about so many."""
        return tuple(sorted(self._endings.items(), key=lambda e: (-e[1], e[0]))[:most])

    def counted(self) -> tuple[Counted, ...]:
        """Every group, that of most rows first, then by name."""
        found = []
        for key, titles in self._titles.items():
            found.append(Counted(Group(*key), Count(titles, self._rows[key]), tuple((text, rows) for rows, text in self._examples[key])))
        return tuple(sorted(found, key=lambda c: (-c.count.rows, c.group)))

    def reasons(self) -> dict[str, Count]:
        """By `pack.table.row`: titles and rows for which that row of a table fired, in name order."""
        return {name: Count(self._reasons[name], self._reason_rows[name]) for name in sorted(self._reasons)}


def _kinds(batch: Any) -> tuple[list[tuple[str, ...]], Any]:
    """The groups of a batch as the values of GROUPED, and for each row the position of its group."""
    code, known = np.zeros(batch.num_rows, np.int64), []
    for name in GROUPED:
        column = pc.fill_null(batch.column(name), "").dictionary_encode()
        known.append(column.dictionary.to_pylist())
        code = code * len(known[-1]) + column.indices.to_numpy()
    codes, of_row = np.unique(code, return_inverse=True)
    kinds = []
    for number in codes.tolist():
        values = []
        for values_of in reversed(known):
            number, at = divmod(number, len(values_of))
            values.append(values_of[at])
        kinds.append(tuple(reversed(values)))
    return kinds, of_row


def counts_by(groups: Iterable[Counted], field: str) -> dict[str, Count]:
    """Titles and rows by one field of the groups, in name order."""
    titles, rows = Counter[str](), Counter[str]()
    for counted in groups:
        value = getattr(counted.group, field)
        titles[value] += counted.count.titles
        rows[value] += counted.count.rows
    return {name: Count(titles[name], rows[name]) for name in sorted(titles)}


def stated(counts: Mapping[str, Count]) -> dict[str, dict[str, int]]:
    """Counts as they stand in a receipt."""
    return {name: {"titles": c.titles, "rows": c.rows} for name, c in counts.items()}
