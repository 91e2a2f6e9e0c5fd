"""What every row of a table needs of one subject, cell by cell: also the cells behind the first that fails, and rows behind the one that fired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.rules.decide import parameters_of
from engine.rules.rulebook import Rulebook
from engine.rules.unary import bind, parse, test_text
from engine.rules.values import Value


@dataclass(frozen=True, slots=True)
class Need:
    """A cell: its input, its test with the parameters in force, the value met (None is missing) and whether it holds there."""

    input: str
    test: str
    met: Value | None
    holds: bool


@dataclass(frozen=True, slots=True)
class RowNeeds:
    """A row: what it would say, and its cells in the order in which they are tested."""

    rule: str
    says: Mapping[str, object]
    because: str
    needs: tuple[Need, ...]

    @property
    def holds(self) -> bool:
        """Whether all its cells hold; under hit policy `first` it fires only where no earlier row holds too."""
        return all(need.holds for need in self.needs)


def row_needs(rulebook: Rulebook, pack: str, table: str, values: Mapping[str, Value | None], as_of: date) -> tuple[RowNeeds, ...]:
    """Every row of a table, in its order, met with the values of one subject; a column that is not given is missing. Raises BadInput RUL201, RUL202."""
    owner = rulebook.pack(pack)
    asked = owner.tables[table]
    parameters = owner.parameters_at(as_of, parameters_of(asked))
    columns = {column.name: column for _, _, column in owner.all_columns()}
    found = []
    for rule in asked.rules:
        needs = []
        for name, raw in rule.when:
            met = values.get(name)
            needs.append(Need(name, test_text(raw, parameters), met, bind(parse(raw), columns[name], parameters)(met) is True))
        found.append(RowNeeds(rule.id, dict(rule.then), rule.because, tuple(needs)))
    return tuple(found)
