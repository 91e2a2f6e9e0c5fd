"""A pack as frozen values: parameters, facts, inputs, tables and scorings as their author stated them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.contracts import BadInput, Fingerprint, Place
from engine.rules.values import Column, ParameterValue

if TYPE_CHECKING:  # the YAML reader loads only where packs are read from files
    from engine.documents import Document

HitPolicy = Literal["first", "unique", "collect"]
Aggregate = Literal["list", "count", "sum", "min", "max"]
PLACEHOLDER = re.compile(r"\{(\$?[a-z][a-z0-9_]*)( %)?\}")  # `{share %}` reads as whole percent


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value and the first day on which it is in force."""

    since: date
    value: ParameterValue


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, text, list or mapping that people will argue about, with its unit, reason and dates (oldest first)."""

    name: str
    unit: str
    reason: str
    source: str
    values: tuple[DatedValue, ...]

    def at(self, as_of: date) -> ParameterValue:
        """The value in force on a day. Raises BadInput RUL202 where none is."""
        for dated in reversed(self.values):
            if dated.since <= as_of:
                return dated.value
        raise BadInput.at(
            "RUL202", f"parameter `{self.name}` has no value in force on {as_of}", why=f"its first value holds from {self.values[0].since}",
            fix="ask for a later day, or add an earlier value to the pack",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A read-only traversal over a whole class; rows are keyed by `subject` and, where stated, by `context`."""

    name: str
    subject: str
    context: str
    description: str
    cypher: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: cells in the order of the table's columns, stated outputs in the order of its outputs, and its sentence."""

    id: str
    when: tuple[tuple[str, Any], ...]
    then: tuple[tuple[str, Any], ...]
    because: str

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names in braces in the sentence, in order of appearance."""
        return tuple(found[1] for found in PLACEHOLDER.finditer(self.because))


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table: the columns it uses, its outputs, its rows and what happens when several hold.

    `gaps` says why no row may hold on some inputs; it is read where packs are checked and moves no decision.
    """

    name: str
    description: str
    hit_policy: HitPolicy
    aggregate: Aggregate | None
    uses: tuple[str, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    gaps: str = field(default="", compare=False)

    def result_column(self, output: Column) -> Column:
        """The column that an output is once the hits of a subject are gathered."""
        if self.hit_policy != "collect" or self.aggregate in ("min", "max"):
            return output
        if self.aggregate == "count":
            return Column(output.name, "count", output.description)
        if self.aggregate == "sum":
            return Column(output.name, "number" if output.type == "share" else output.type, output.description)
        return Column(output.name, "list", output.description, output.values)


@dataclass(frozen=True, slots=True)
class Factor:
    """A term of a score: the column it reads, its weight (per mille, or a parameter), unit, range and transform."""

    name: str
    uses: str
    weight: int | str
    unit: str
    low: Decimal
    high: Decimal
    transform: Literal["identity", "complement"]
    description: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """A weighted sum over factors and the order of what it ranks, ties included: (name, descending)."""

    name: str
    subject: str
    description: str
    factors: tuple[Factor, ...]
    order: tuple[tuple[str, bool], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that are read, for factors first, then for the order; without repeats."""
        ties = [name for name, _ in self.order if name not in ("score", "subject")]
        return tuple(dict.fromkeys([*(f.uses for f in self.factors), *ties]))


@dataclass(frozen=True, slots=True)
class Pack:
    """One folder of rules. `document`, `folder` and `fingerprint` are known only where it was read from files."""

    name: str
    version: str
    owner: str
    description: str
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, Fact]
    inputs: Mapping[str, Column]
    tables: Mapping[str, Table]
    scorings: Mapping[str, Scoring]
    fingerprint: Fingerprint | None = field(default=None, compare=False)
    document: Document | None = field(default=None, compare=False, repr=False)
    folder: Path | None = field(default=None, compare=False, repr=False)

    def place(self, *path: str | int) -> Place:
        """Place of a value of `pack.yaml`; the pack's name alone where it was not read from a file."""
        return self.document.place(path) if self.document else Place(f"rules/{self.name}/pack.yaml")

    def columns_named(self, name: str) -> tuple[tuple[str, str, Column], ...]:
        """Every column of that name as (kind, owner, column): kind is input, fact or table."""
        return tuple(found for found in self.all_columns() if found[2].name == name)

    def all_columns(self) -> Iterator[tuple[str, str, Column]]:
        """Every column a table or scoring may use: inputs, fact columns, outputs of tables."""
        yield from (("input", "", column) for column in self.inputs.values())
        yield from (("fact", fact.name, column) for fact in self.facts.values() for column in fact.columns)
        yield from (("table", table.name, table.result_column(output)) for table in self.tables.values() for output in table.outputs)

    def parameters_at(self, as_of: date, names: tuple[str, ...]) -> dict[str, ParameterValue]:
        """The named parameters in force on a day; raises BadInput RUL202."""
        return {name: self.parameters[name].at(as_of) for name in names}
