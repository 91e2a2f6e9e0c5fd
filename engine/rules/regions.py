"""A column cut into finitely many regions on which a set of tests cannot tell two values apart.

Every bound and value that a test names is a cut, and missing is a region of its own, so what holds on one value of a
region holds on all of it: a question about all inputs becomes a question about a few values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor

from engine.rules.unary import AnyOf, Contains, Equal, Not, Unary, bind, operand_values, operands
from engine.rules.values import INTEGERS, Column, ParameterValue, Value, value_text

MOST_TESTS = 2_000_000  # verdicts of one column; beyond it a table is said to be undecided


class Undecided(Exception):
    """A question about all inputs that would take too long; never an answer."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A column in regions: a value of each (None is missing, always the last), and for each test the regions where it holds."""

    column: Column
    values: tuple[Value | None, ...]
    holds: Mapping[Unary, frozenset[int]]

    def shown(self, region: int) -> str:
        """`coverage: 0.2`"""
        return f"{self.column.name}: {value_text(self.values[region])}"


def cut(column: Column, tests: Iterable[Unary], parameters: Mapping[str, ParameterValue]) -> Cut:
    """The regions of a column under tests that fit it. Raises Undecided where there are too many."""
    distinct = list(dict.fromkeys(tests))
    found = list(_candidates(column, distinct, parameters))
    number = {value: position for position, value in enumerate(found)}
    slow = sum(not _plain(test, column) for test in distinct)
    if slow * len(found) > MOST_TESTS:
        raise Undecided(f"`{column.name}` has {len(found):,} regions under {slow:,} tests")
    at: list[list[int]] = [[] for _ in (*found, None)]
    for position, test in enumerate(distinct):
        verdict = bind(test, column, parameters)
        if _plain(test, column):
            known = (number[v] for v in dict.fromkeys(operand_values(next(operands(test)), column, parameters)) if v in number)
            for region in known:
                at[region].append(position)
        else:
            for region, value in enumerate((*found, None)):
                if verdict(value) is True:
                    at[region].append(position)
    return _merged(column, distinct, found, at)


def _plain(test: Unary, column: Column) -> bool:
    return isinstance(test, Equal) and column.type != "list"


def _merged(column: Column, tests: Sequence[Unary], found: Sequence[Value], at: Sequence[list[int]]) -> Cut:
    """Values that no test tells apart are one region; missing stays apart, because it is asked for apart."""
    regions: dict[tuple[int, ...], int] = {}
    values: list[Value | None] = []
    for value, held in zip(found, at, strict=False):
        if tuple(held) not in regions:
            regions[tuple(held)] = len(values)
            values.append(value)
    holding: list[set[int]] = [set() for _ in tests]
    for key, region in [*regions.items(), (tuple(at[-1]), len(values))]:
        for position in key:
            holding[position].add(region)
    return Cut(column, (*values, None), {test: frozenset(h) for test, h in zip(tests, holding, strict=True)})


def _candidates(column: Column, tests: Sequence[Unary], parameters: Mapping[str, ParameterValue]) -> Iterator[Value]:
    """Values of which at least one lies in each region, missing left out; in a fixed order, without repeats."""
    if column.type == "list":
        return _lists(column, tests, parameters)
    if column.type == "flag":
        return iter((True, False))
    if column.values:
        return iter(dict.fromkeys(column.typed(v) for v in column.values))
    named = dict.fromkeys(v for test in tests for o in operands(test) for v in operand_values(o, column, parameters))
    if not column.numeric:
        return iter((*named, _another("something/else" if column.type == "key" else "something else", named)))
    return _numbers(column, [Decimal(str(v)) for v in named])


def _numbers(column: Column, named: Sequence[Decimal]) -> Iterator[Value]:
    if column.type in INTEGERS:
        near = {n + step for v in named or [Decimal(0)] for n in (floor(v), ceil(v)) for step in (-1, 0, 1)}
        found: list[Value] = sorted(near)
    else:
        ends = {"share": [Decimal(0), Decimal(1)], "hours": [Decimal(0)]}.get(column.type, [])
        points = sorted({*named, *ends} or {Decimal(0)})
        between = [(a + b) / 2 for a, b in pairwise(points)]
        found = sorted({*points, *between, points[0] - 1, points[-1] + 1})
    for value in found:
        try:
            yield column.typed(value)
        except ValueError:
            continue  # below the least or above the greatest that the type allows


def _lists(column: Column, tests: Sequence[Unary], parameters: Mapping[str, ParameterValue]) -> Iterator[Value]:
    """One list for each way in which the `contains` tests can come out: unions of items that differ to some test."""
    atoms = list(dict.fromkeys(atom for test in tests for atom in _contains(test)))
    wanted = [{v for o in atom.items for v in operand_values(o, column, parameters)} for atom in atoms]
    named = [str(v) for v in column.values] or sorted({str(v) for items in wanted for v in items})
    if not column.values:
        named.append(str(_another("something else", named)))
    kinds: dict[tuple[bool, ...], str] = {}
    for item in named:
        kinds.setdefault(tuple(item in items for items in wanted), item)
    met: dict[tuple[bool, ...], tuple[str, ...]] = {(False,) * len(atoms): ()}
    for kind, item in kinds.items():
        for other, items in list(met.items()):
            met.setdefault(tuple(a or b for a, b in zip(kind, other, strict=True)), (*items, item))
        if len(met) > MOST_TESTS // max(1, len(atoms)) // 8:
            raise Undecided(f"`{column.name}` has more than {len(met):,} kinds of lists")
    return iter(met.values())


def _contains(test: Unary) -> Iterator[Contains]:
    if isinstance(test, Contains):
        yield test
    elif isinstance(test, Not):
        yield from _contains(test.test)
    elif isinstance(test, AnyOf):
        for inner in test.tests:
            yield from _contains(inner)


def _another(word: str, taken: Iterable[object]) -> Value:
    """A text that nobody names."""
    known = set(taken)
    while word in known:
        word += "!"
    return word
