"""Decision tables over columns: every cell is tested on the distinct values of its column, and rows are met as sets.

One title and a million titles take this road; only the intersection of row sets is done by numpy where thousands are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from engine.contracts import BadInput
from engine.rules.columns import BULK, Encoded
from engine.rules.pack import PLACEHOLDER, Pack, Rule, Table
from engine.rules.row_sets import WORD_OF_ROWS, Extent, RowSets, extent, intersected, rows_in
from engine.rules.table_result import Evaluation, Sentences, Stops, TableResult, listed_codes
from engine.rules.unary import ParameterRef, Unary, Verdict, bind, operands, parse, test_text
from engine.rules.values import Column, ParameterValue, Value, share_text, value_text

Filled = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A bound cell: its column, the test, its text with the parameters in force, and the values on which it holds, where it states them."""

    column: str
    holds: Verdict
    text: str
    extent: Extent


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A row with its parameters filled in. `cited` are the parameters it leans on, `sentence` text, and column names with how their value is written."""

    id: str
    cells: tuple[Cell, ...]
    outputs: tuple[Value | None, ...]
    cited: Mapping[str, ParameterValue]
    sentence: tuple[tuple[str, Filled | None], ...]


@dataclass(frozen=True, slots=True)
class BoundTable:
    """A table with the parameters of one day filled in; `row_sets` are its cells by column, in the order of `uses`."""

    pack: str
    version: str
    table: Table
    rules: tuple[BoundRule, ...]
    row_sets: Mapping[str, RowSets] = field(compare=False, repr=False)


def bind_table(pack: Pack, table: Table, columns: Mapping[str, Column], parameters: Mapping[str, ParameterValue]) -> BoundTable:
    """Fill the parameters of one day into a table whose meaning has been checked."""
    bound: dict[tuple[str, Unary], Cell] = {}
    rules = tuple(_bind_rule(table, rule, columns, parameters, bound) for rule in table.rules)
    by_column: dict[str, list[tuple[int, Verdict, Extent]]] = {name: [] for name in table.uses}
    for number, rule in enumerate(rules):
        for cell in rule.cells:
            by_column[cell.column].append((number, cell.holds, cell.extent))
    row_sets = {name: RowSets(cells, len(rules)) for name, cells in by_column.items() if cells}
    return BoundTable(pack.name, pack.version, table, rules, row_sets)


def parameters_of(table: Table) -> tuple[str, ...]:
    """Names of the parameters that a table cites, in name order."""
    return tuple(sorted({name for rule in table.rules for name in _cited(rule)}))


def _cited(rule: Rule) -> list[str]:
    in_cells = [o.value.name for _, raw in rule.when for o in operands(parse(raw)) if isinstance(o.value, ParameterRef)]
    in_outputs = [raw[1:] for _, raw in rule.then if isinstance(raw, str) and raw.startswith("$")]
    return sorted({*in_cells, *in_outputs, *(name[1:] for name in rule.placeholders if name.startswith("$"))})


def _bind_cell(name: str, raw: Any, columns: Mapping[str, Column], parameters: Mapping[str, ParameterValue], bound: dict[tuple[str, Unary], Cell]) -> Cell:
    test = parse(raw)
    same = bound.get((name, test))  # a test that many rows share is tried once for all of them
    holds = same.holds if same else bind(test, columns[name], parameters)
    cell = Cell(name, holds, test_text(raw, parameters), same.extent if same else extent(test, columns[name], parameters))
    bound.setdefault((name, test), cell)
    return cell


def _bind_rule(
    table: Table, rule: Rule, columns: Mapping[str, Column], parameters: Mapping[str, ParameterValue], bound: dict[tuple[str, Unary], Cell]
) -> BoundRule:
    cells = tuple(_bind_cell(name, raw, columns, parameters, bound) for name, raw in rule.when)
    stated = dict(rule.then)
    outputs = []
    for output in table.outputs:
        raw = stated.get(output.name)
        if isinstance(raw, str) and raw.startswith("$"):
            raw = parameters[raw[1:]]
        outputs.append(None if raw is None else output.typed(raw))
    fixed: dict[str, ParameterValue | None] = {f"${name}": value for name, value in parameters.items()}
    fixed.update((output.name, value) for output, value in zip(table.outputs, outputs, strict=True))
    parts: list[tuple[str, Filled | None]] = []
    position = 0
    for found in PLACEHOLDER.finditer(rule.because):
        parts.append((rule.because[position : found.start()], None))
        name, filled = found[1], share_text if found[2] else value_text
        parts.append((filled(fixed[name]), None) if name in fixed else (name, filled))
        position = found.end()
    parts.append((rule.because[position:], None))
    return BoundRule(rule.id, cells, tuple(outputs), {name: parameters[name] for name in _cited(rule)}, tuple(p for p in parts if p[0]))


def evaluate(bound: BoundTable, columns: Mapping[str, Encoded], size: int, trace: bool, upstream: Mapping[str, TableResult]) -> TableResult:
    """Decide all subjects. Raises BadInput RUL206 where two rows of a `unique` table hold for one subject."""
    row_sets = {name: sets.over(columns[name].distinct) for name, sets in bound.row_sets.items()}
    held, pattern_of = _intersected(bound, [(sets, columns[name].codes) for name, sets in row_sets.items()], size)
    patterns = [rows_in(rows) for rows in held]
    if bound.table.hit_policy == "unique":
        _refuse_double(bound, patterns, pattern_of)
    said = {output.name: _by_pattern(bound, position, patterns) for position, output in enumerate(bound.table.outputs)}
    evaluation = Evaluation(bound, columns, row_sets, patterns, said, pattern_of)
    ids = [tuple(bound.rules[n].id for n in rows) for rows in patterns]
    listed = listed_codes(pattern_of)
    return TableResult(
        size, {name: tuple(map(values.__getitem__, listed)) for name, values in said.items()},
        tuple(map([found[0] if found else None for found in ids].__getitem__, listed)), tuple(map(ids.__getitem__, listed)),
        Sentences(evaluation, size), upstream, Stops(evaluation, size, trace), evaluation,
    )  # fmt: skip


def rows_left(bound: BoundTable, values: Mapping[str, Value | None]) -> int:
    """The rows that some values alone do not stop, as bits."""
    held = (1 << len(bound.rules)) - 1
    for name, value in values.items():
        if name in bound.row_sets:
            held &= bound.row_sets[name].over((value,))[0]
    return held


def _intersected(bound: BoundTable, columns: list[tuple[list[int], Sequence[int]]], size: int) -> tuple[list[int], Sequence[int]]:
    rows, first = len(bound.rules), bound.table.hit_policy == "first"
    every = (1 << rows) - 1
    if size >= BULK and rows <= WORD_OF_ROWS:
        from engine.rules import arrays

        return cast("tuple[list[int], Sequence[int]]", arrays.intersected(every, columns, size, first))
    return intersected(every, columns, size, first)


def _refuse_double(bound: BoundTable, patterns: Sequence[tuple[int, ...]], pattern_of: Sequence[int]) -> None:
    if all(len(found) < 2 for found in patterns):
        return
    subject, found = next((i, patterns[p]) for i, p in enumerate(pattern_of) if len(patterns[p]) > 1)
    names = " and ".join(f"`{bound.rules[n].id}`" for n in found)
    raise BadInput.at(
        "RUL206", f"{bound.pack}.{bound.table.name}, position {subject}: rows {names} both hold", why="hit policy `unique` allows one",
        fix="make their cells exclude each other, or choose another hit policy",
    )  # fmt: skip


def _by_pattern(bound: BoundTable, position: int, patterns: Sequence[tuple[int, ...]]) -> tuple[Value | None, ...]:
    """What an output says for each set of rows that hold."""
    stated = [rule.outputs[position] for rule in bound.rules]
    if bound.table.hit_policy == "collect":
        return tuple(gathered(bound.table.aggregate, [stated[n] for n in found]) for found in patterns)
    return tuple(stated[found[0]] if found else None for found in patterns)


def gathered(aggregate: str | None, values: list[Any]) -> Value | None:
    """One value of the values of all rows that hold, as the table's aggregate says."""
    if aggregate == "count":
        return len(values)
    if aggregate == "list":
        return tuple(values)
    if not values:
        return None
    total: Value = sum(values) if aggregate == "sum" else min(values) if aggregate == "min" else max(values)
    return total
