"""A gate as a value, and how a table of the pack `gates` becomes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from engine.contracts import BadInput
from engine.rules import Rulebook


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its kind (a table of the pack `gates`), what it stands before, whether it is open, and everything that closes it.

    `rules` are the rows that close it, `reasons` their sentences in the same order; both are empty where it is open.
    """

    gate: str
    subject: str
    open: bool
    rules: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateReport:
    """Gates of one snapshot on a day: kinds in the order of the pack, subjects in key order."""

    as_of: str
    gates: tuple[Gate, ...]

    @property
    def closed(self) -> tuple[Gate, ...]:
        """The closed ones, in the same order."""
        return tuple(g for g in self.gates if not g.open)

    def summary(self) -> dict[str, Any]:
        """Day, counts by kind and the closed gates, for what a build found."""
        counts = {kind: {"open": opened, "closed": closed} for kind, (opened, closed) in self.counts().items()}
        return {"as_of": self.as_of, "counts": counts, "closed": [asdict(g) for g in self.closed]}

    def counts(self) -> dict[str, tuple[int, int]]:
        """For each kind how many gates are open and how many closed."""
        kinds = dict.fromkeys(g.gate for g in self.gates)
        return {kind: (sum(g.gate == kind and g.open for g in self.gates), sum(g.gate == kind and not g.open for g in self.gates)) for kind in kinds}


def decide_gates(rulebook: Rulebook, kind: str, subjects: Sequence[str], columns: Mapping[str, Sequence[Any]], as_of: date) -> tuple[Gate, ...]:
    """The gates of one kind before some subjects, all at once. Raises BadInput RUL172 for rules that know no gates."""
    require_gates(rulebook)
    table = rulebook.pack("gates").tables[kind]
    (output,) = table.outputs
    closing = {rule.id for rule in table.rules if dict(rule.then)[output.name] == 0}
    found = rulebook.decide("gates", kind, columns, as_of, size=len(subjects), trace=False)
    result = []
    for n, subject in enumerate(subjects):
        against = tuple(r for r in found.reasons(n) if r.rule in closing)
        result.append(Gate(kind, subject, found.outputs[output.name][n] == 1, tuple(r.rule for r in against), tuple(r.sentence for r in against)))
    return tuple(result)


def require_gates(rulebook: Rulebook) -> None:
    """Refuse rules from before there were gates. Raises BadInput RUL172."""
    if "gates" not in rulebook.packs:
        raise BadInput.at("RUL172", "the rules of this snapshot know no gates", why="a snapshot carries the rules it was published with", fix="build anew with `wig build --anew`")
