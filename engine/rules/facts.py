"""Facts evaluated once over a whole class: typed columns in subject order, refused where the graph answers otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import isfinite
from typing import Any

from engine.contracts import BadInput, Diagnostic, Place, from_micro, to_micro
from engine.rules.pack import Fact, Pack
from engine.rules.rulebook import Rulebook
from engine.rules.values import DECIMALS, Column, Value

Run = Callable[[str], tuple[Sequence[str], Sequence[Sequence[Any]]]]
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FactTable:
    """One fact as columns, rows in order of subject, then context (empty where the fact has none). None is missing.

    A `list` is kept sorted: a graph collects in no order.
    """

    name: str
    subject_class: str
    context_class: str
    columns: tuple[Column, ...]
    subjects: tuple[str, ...]
    contexts: tuple[str, ...]
    values: Mapping[str, tuple[Value | None, ...]]


@dataclass(frozen=True, slots=True)
class FactColumns:
    """Every fact of a rulebook by its name `pack.fact`, in name order."""

    tables: Mapping[str, FactTable]


def evaluate_facts(rulebook: Rulebook, run: Run) -> FactColumns:
    """Evaluate every fact. `run` answers one Cypher statement with column names and rows.

    Decimals are quantised to six places, half to even. Raises BadInput with the faults of all facts (at most 20 of each):
    RUL211 columns differ, RUL212 a value does not fit its column, RUL213 a key is missing, of another class or there twice.
    """
    from engine.ontology import load_schema

    prefixes = {name: definition.key_prefix for name, definition in load_schema().classes.items()}
    faults: list[Diagnostic] = []
    tables = {}
    for pack in rulebook.packs.values():
        for name in sorted(pack.facts):
            fact = pack.facts[name]
            table, found = _evaluated(pack, fact, run(fact.cypher), prefixes)
            faults.extend(found[:_SHOWN])
            tables[table.name] = table
    if faults:
        raise BadInput(*faults)
    return FactColumns(tables)


def _evaluated(pack: Pack, fact: Fact, answer: tuple[Sequence[str], Sequence[Sequence[Any]]], prefixes: Mapping[str, str]) -> tuple[FactTable, list[Diagnostic]]:
    names, rows = list(answer[0]), answer[1]
    full = f"{pack.name}.{fact.name}"
    where = pack.place("facts", fact.name, "cypher")
    keys = ["subject", "context"] if fact.context else ["subject"]
    wanted = [*keys, *(c.name for c in fact.columns)]
    if sorted(names) != sorted(wanted):
        fault = Diagnostic(where, "RUL211", f"`{full}` answers the columns {', '.join(names)}", "facts are kept by column name", f"return {', '.join(wanted)}")
        return FactTable(full, fact.subject, fact.context, fact.columns, (), (), {c.name: () for c in fact.columns}), [fault]
    at = [names.index(name) for name in wanted]
    faults = list(_key_faults(full, where, fact, rows, at, prefixes))
    kept = [] if faults else sorted(rows, key=lambda row: [row[n] for n in at[: len(keys)]])
    faults.extend(_double_keys(full, where, kept, at[: len(keys)]))
    subjects = tuple(row[at[0]] for row in kept)
    contexts = tuple(row[at[1]] for row in kept) if fact.context else ("",) * len(kept)
    values = {}
    for column, position in zip(fact.columns, at[len(keys) :], strict=True):
        typed: list[Value | None] = []
        for row in kept:
            try:
                typed.append(fact_value(column, row[position]))
            except ValueError as error:
                faults.append(Diagnostic(where, "RUL212", f"`{full}` of `{row[at[0]]}`: {error.args[0]}", "a fact is what its column declares", "mend the traversal or the declared type"))
                typed.append(None)
        values[column.name] = tuple(typed)
    return FactTable(full, fact.subject, fact.context, fact.columns, subjects, contexts, values), faults


def fact_value(column: Column, raw: Any) -> Value | None:
    """A value as the graph answers it, in the column's type. Raises ValueError."""
    if raw is None:
        return None
    if isinstance(raw, float) and column.type in DECIMALS:
        if not isfinite(raw):
            raise ValueError(f"{raw} is no number; a value that is not known is missing (null)")
        return column.typed(from_micro(to_micro(raw)))
    if isinstance(raw, Decimal) and column.type in DECIMALS and raw.is_finite():
        return column.typed(from_micro(to_micro(raw)))
    value = column.typed(raw)
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def _key_faults(full: str, where: Place, fact: Fact, rows: Sequence[Sequence[Any]], at: Sequence[int], prefixes: Mapping[str, str]) -> Iterator[Diagnostic]:
    for position, (key, stated) in enumerate([("subject", fact.subject), *([("context", fact.context)] if fact.context else [])]):
        valid = tuple(f"{prefixes[name.strip()]}/" for name in stated.split("|"))
        for row in rows:
            met = row[at[position]]
            if not isinstance(met, str) or not met.startswith(valid):
                shown = "nothing" if met is None else f"`{met}`"
                yield Diagnostic(where, "RUL213", f"`{full}` has {shown} as {key}", f"a {key} is the key of a record of {stated}", f"return `... .id AS {key}` of that class")


def _double_keys(full: str, where: Place, rows: Sequence[Sequence[Any]], at: Sequence[int]) -> Iterator[Diagnostic]:
    for before, row in pairwise(rows):
        if all(before[n] == row[n] for n in at):
            shown = ", ".join(f"`{row[n]}`" for n in at)
            yield Diagnostic(where, "RUL213", f"`{full}` answers {shown} twice", "a fact has one row for each key", "aggregate in the traversal, or declare a context")
