"""The kernel of decision tables: the rows that a value lets through, as one whole number whose bit n is row n.

A subject's rows are the intersection over its columns, whether it comes alone (`&` of a few numbers) or with a million others
(`engine.rules.arrays` does the same in machine words). Cells that name values or bounds are found by the value and not tried one by one, so a table of
ten thousand rows costs little more than one of ten.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from operator import and_, xor
from typing import Any, NamedTuple

from engine.rules.unary import AnyOf, Compare, Equal, Range, Unary, Verdict, operand_values
from engine.rules.values import Column, ParameterValue, Value

WORD_OF_ROWS = 62  # rows that one signed machine word holds, its sign left free; longer tables are met in whole numbers of any length


class Span(NamedTuple):
    """The numbers between two ends on which a test holds; an end that is None is open for ever, and is left out unless it is `in`."""

    low: Any
    low_in: bool
    high: Any
    high_in: bool


Extent = frozenset[Value] | Span | None


def extent(test: Unary, column: Column, parameters: Mapping[str, ParameterValue]) -> Extent:
    """The values on which a test holds, where it names them all or says between which; None for a test that has to be tried."""
    if isinstance(test, Equal):
        return frozenset(operand_values(test.operand, column, parameters))
    if isinstance(test, AnyOf):
        parts = [extent(t, column, parameters) for t in test.tests]
        named = [part for part in parts if isinstance(part, frozenset)]
        return frozenset(v for part in named for v in part) if len(named) == len(parts) else None
    if isinstance(test, Compare):
        bound = operand_values(test.bound, column, parameters)[0]
        return Span(bound, test.sign == ">=", None, False) if test.sign[0] == ">" else Span(None, False, bound, test.sign == "<=")
    if isinstance(test, Range):
        low, high = (operand_values(end, column, parameters)[0] for end in (test.low, test.high))
        return Span(low, test.low_in, high, test.high_in)
    return None


class RowSets:
    """One column of a table: which rows a value lets through. A row without a cell in the column lets every value through."""

    def __init__(self, cells: Iterable[tuple[int, Verdict, Extent]], rows: int) -> None:
        self._free = (1 << rows) - 1
        self._named: dict[Value | None, int] = {}
        self._tried: dict[Verdict, int] = {}
        spans: dict[Span, int] = {}
        for row, holds, met in cells:
            bit = 1 << row
            self._free &= ~bit
            if met is None:
                self._tried[holds] = self._tried.get(holds, 0) | bit
            elif isinstance(met, Span):
                spans[met] = spans.get(met, 0) | bit
            else:
                for value in met:
                    self._named[value] = self._named.get(value, 0) | bit
        self._ends = sorted({end for span in spans for end in (span.low, span.high) if end is not None})
        self._between = _between(spans, self._ends)

    def over(self, values: Sequence[Value | None]) -> list[int]:
        """For each value (None is missing) the rows whose cell in this column holds on it."""
        free, named, ends, between = self._free, self._named, self._ends, self._between
        sets = [free | named.get(value, 0) for value in values] if named else [free] * len(values)
        if ends:
            for n, value in enumerate(values):
                if value is not None:
                    at = bisect_left(ends, value)
                    sets[n] |= between[2 * at + (at < len(ends) and ends[at] == value)]
        for holds, bits in self._tried.items():
            sets = [rows | bits if holds(value) is True else rows for rows, value in zip(sets, values, strict=True)]
        return sets


def _between(spans: Mapping[Span, int], ends: Sequence[Any]) -> list[int]:
    """Row sets along the line of numbers, which the ends cut up: below the first end, on it, between it and the second, and so on."""
    place = {end: n for n, end in enumerate(ends)}
    turns = [0] * (2 * len(ends) + 2)
    for span, rows in spans.items():
        start = 0 if span.low is None else 2 * place[span.low] + (1 if span.low_in else 2)
        stop = 2 * len(ends) + 1 if span.high is None else 2 * place[span.high] + (2 if span.high_in else 1)
        if start < stop:  # nothing lies between two equal ends that are both left out
            turns[start] ^= rows
            turns[stop] ^= rows
    return list(accumulate(turns, xor))


def intersected(every: int, columns: Sequence[tuple[Sequence[int], Sequence[int]]], size: int, first: bool) -> tuple[list[int], list[int]]:
    """The distinct sets of rows that hold, and for each subject the number of its set.

    `every` are the rows that exist; each column gives row sets by code, and the subjects' codes. With `first` only the
    lowest row of a set is kept.
    """
    number: dict[int, int] = {}
    pattern_of = []
    met = [map(sets.__getitem__, codes) for sets, codes in columns]
    for row_sets in zip(*met, strict=True) if met else [()] * size:
        held = reduce(and_, row_sets, every)
        pattern_of.append(number.setdefault(held & -held if first else held, len(number)))
    return list(number), pattern_of


def rows_in(held: int) -> tuple[int, ...]:
    """The numbers of the rows in a set, ascending."""
    rows = []
    while held:
        low = held & -held
        rows.append(low.bit_length() - 1)
        held ^= low
    return tuple(rows)
