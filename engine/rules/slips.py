"""What is demanded of the cases of a pack, and the slips in what a row says that a case has to notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from engine.rules.pack import Table
from engine.rules.values import Column, value_text

DemandKind = Literal["row", "holds", "fails", "bound", "value", "output", "weight", "transform", "order"]


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing a case has to pin down: of a table (or scoring), a row (or factor), a column or output (empty: the whole row).

    `kind`: row, holds, fails, bound, value, output; of a scoring weight, transform, order. `needs` says what a case must show.
    """

    table: str
    rule: str
    column: str
    kind: DemandKind
    needs: str


def output_slips(table: Table, number: int) -> Iterator[tuple[Demand, Column]]:
    """For each output that a row states, its column; `another` gives what the row could have said instead."""
    rule = table.rules[number]
    outputs = {output.name: output for output in table.outputs}
    for name, value in rule.then:
        yield Demand(table.name, rule.id, name, "output", f"a case of the row that expects `{name}: {value_text(value)}`"), outputs[name]


def another(output: Column, value: Any) -> Any:
    """An output that is not the one given: the next allowed, the opposite, one more, or another text."""
    if output.values:
        options = [v for v in output.values if v != value]
        return options[0] if options else None
    if output.type == "flag":
        return not value
    if output.numeric:
        return 1 if value is None else value - 1 if output.type == "share" and value >= 1 else value + 1 if output.type != "share" else 1
    return f"{value} (other)"
