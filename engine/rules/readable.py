"""Tables and scorings as a reader sees them: each cell as its author wrote it, with the parameters in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.contracts import BadInput
from engine.rules.decide import parameters_of
from engine.rules.pack import Pack
from engine.rules.rulebook import Rulebook
from engine.rules.spelling import did_you_mean
from engine.rules.unary import test_text
from engine.rules.values import ParameterValue, value_text


@dataclass(frozen=True, slots=True)
class ReadableRow:
    """A row: its conditions in the order in which they are tested, its outputs, its sentence."""

    id: str
    conditions: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, str], ...]
    because: str


@dataclass(frozen=True, slots=True)
class ReadableTable:
    """A table: what it is for, what happens when several rows hold, its columns with their kind, its rows."""

    pack: str
    version: str
    name: str
    description: str
    hit_policy: str
    gaps: str
    uses: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, str], ...]
    rows: tuple[ReadableRow, ...]


@dataclass(frozen=True, slots=True)
class ReadableScoring:
    """A scoring: its factors as (name, column, weight per mille, transform, meaning), and the order of what it ranks."""

    pack: str
    version: str
    name: str
    description: str
    factors: tuple[tuple[str, str, str, str, str], ...]
    order: tuple[str, ...]


def readable(rulebook: Rulebook, pack: str, name: str | None, as_of: date) -> tuple[ReadableTable | ReadableScoring, ...]:
    """The tables and scorings of a pack, or the one named. Raises BadInput RUL201 for an unknown name, RUL202 before the first parameters."""
    owner = rulebook.pack(pack)
    names = [*owner.tables, *owner.scorings]
    if name is not None and name not in names:
        raise BadInput.at("RUL201", f"no table or scoring `{name}` in pack `{pack}`", why="rules are asked by name", fix=did_you_mean(name, names))
    wanted = names if name is None else [name]
    return tuple(_table(owner, n, as_of) if n in owner.tables else _scoring(owner, n, as_of) for n in wanted)


def _table(pack: Pack, name: str, as_of: date) -> ReadableTable:
    table = pack.tables[name]
    parameters = pack.parameters_at(as_of, parameters_of(table))
    kinds = {column.name: f"{'output of ' + owner if kind == 'table' else 'fact ' + owner if kind == 'fact' else 'input'}, {column.type}" for kind, owner, column in pack.all_columns()}
    rows = tuple(
        ReadableRow(
            rule.id, tuple((column, test_text(raw, parameters)) for column, raw in rule.when),
            tuple((column, _output(raw, parameters)) for column, raw in rule.then), rule.because,
        )
        for rule in table.rules
    )  # fmt: skip
    policy = table.hit_policy if table.aggregate is None else f"{table.hit_policy} {table.aggregate}"
    uses = tuple((used, kinds[used]) for used in table.uses)
    return ReadableTable(pack.name, pack.version, name, table.description, policy, table.gaps, uses, tuple((o.name, o.type) for o in table.outputs), rows)


def _output(raw: object, parameters: dict[str, ParameterValue]) -> str:
    if isinstance(raw, str) and raw.startswith("$"):
        return f"{raw} ({value_text(parameters[raw[1:]])})"
    return value_text(raw)


def _scoring(pack: Pack, name: str, as_of: date) -> ReadableScoring:
    scoring = pack.scorings[name]
    factors = tuple(
        (f.name, f.uses, str(f.weight) if isinstance(f.weight, int) else f"${f.weight} ({value_text(pack.parameters[f.weight].at(as_of))})", f.transform, f.description)
        for f in scoring.factors
    )  # fmt: skip
    order = tuple(f"{column} {'greatest' if descending else 'least'} first" for column, descending in scoring.order)
    return ReadableScoring(pack.name, pack.version, name, scoring.description, factors, order)
