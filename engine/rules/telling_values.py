"""Stretches of a column on which no test of some tables changes its verdict, each told by the values at its edges.

A question about all values of a column becomes one about these few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from engine.rules.decide import parameters_of
from engine.rules.regions import cut
from engine.rules.rulebook import Rulebook
from engine.rules.unary import Unary, bind, operand_values, operands, parse
from engine.rules.values import INTEGERS, Column, ParameterValue, Value

_MICRO = Decimal("0.000001")


def telling_values(rulebook: Rulebook, pack: str, tables: Iterable[str], as_of: date) -> Mapping[str, tuple[tuple[Value, ...], ...]]:
    """For each column that the tables of a pack test, its stretches: of a number the least and the greatest value of each (shares to six places; of a
    stretch without end a value beyond the last bound), of anything else a value for each way in which the tests can come out. Missing is left out.

    Ascending for numbers, else in the order in which the column or its tests name them. Raises BadInput RUL201, RUL202.
    """
    owner = rulebook.pack(pack)
    columns = {column.name: column for _, _, column in owner.all_columns()}
    parameters: dict[str, ParameterValue] = {}
    tests: dict[str, list[Unary]] = {}
    for table in (owner.tables[name] for name in tables):
        parameters |= owner.parameters_at(as_of, parameters_of(table))
        for rule in table.rules:
            for name, raw in rule.when:
                tests.setdefault(name, []).append(parse(raw))
    return {name: _values(columns[name], found, parameters) for name, found in tests.items()}


def _values(column: Column, tests: list[Unary], parameters: Mapping[str, ParameterValue]) -> tuple[tuple[Value, ...], ...]:
    if column.numeric:
        return _stretches(column, tests, parameters)
    return tuple((v,) for v in cut(column, tests, parameters).values if v is not None)


def _stretches(column: Column, tests: list[Unary], parameters: Mapping[str, ParameterValue]) -> tuple[tuple[Value, ...], ...]:
    step: Any = 1 if column.type in INTEGERS else _MICRO
    named: list[Any] = [v for test in tests for o in operands(test) for v in operand_values(o, column, parameters)]
    points = {near for value in named for near in (value - step, value, value + step)} | {0, 1}
    valid = sorted(value for value in (_typed(column, point) for point in points) if value is not None)
    verdicts = [bind(test, column, parameters) for test in dict.fromkeys(tests)]
    runs = [list(stretch) for _, stretch in groupby(valid, key=lambda value: [verdict(value) for verdict in verdicts])]
    return tuple(tuple(dict.fromkeys((run[0], run[-1]))) for run in runs)


def _typed(column: Column, point: Any) -> Any:
    """The point in the column's type, None where it is below the least or above the greatest that the type allows."""
    try:
        return column.typed(int(point) if column.type in INTEGERS else Decimal(point))
    except ValueError:
        return None
