"""Leaves of a proof: records and facts with where they come from, parameters with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from engine.graph import GraphStore
from engine.planner import share
from engine.proof.tree import Node, Provenance, Steps, Use
from engine.resolver import Candidate, Naming
from engine.rules import FactStore, Rulebook, Value

CLASS_OF = {"role": "Role", "occupation": "Occupation", "soc": "OccupationGroup", "function": "Function", "archetype": "Archetype", "module": "Module", "rubric": "Rubric", "task": "Task"}
_STAMP = "n.source, n.source_ref, n.release, n.licence, n.confidence"


@dataclass(frozen=True)
class Leaves:
    """Adds leaves to a proof. Reads the snapshot's facts, rules and graph; nothing is read that no step asks for."""

    steps: Steps
    rulebook: Rulebook
    facts: FactStore
    graph: GraphStore
    as_of: date

    def parameter(self, pack: str, name: str) -> Node:
        """A parameter in force on the day, with unit and reason."""
        stated = self.rulebook.packs[pack].parameters[name]
        value = self.rulebook.parameter(pack, name, self.as_of)
        return self.steps.add(Node(f"parameter/{pack}.{name}", "parameter", f"{pack}.{name}", stated.unit, stated.reason, (), {"value": value}))

    def naming(self, named: Naming) -> Node:
        """The record that a title names something: a naming of the publisher, a word that a function or archetype declares, the record of a code, or
        what a crosswalk puts in place of a former one (for a class of work, also in place of its occupations)."""
        former = named.kind in ("former_code", "split_code")
        record = _replacing(named) if former else named.target
        kind = CLASS_OF[record.partition("/")[0]]
        table = f"REPLACED_BY.FormerCode.{kind}" if former else kind if named.kind in ("term", "code") else f"NAMES.Title.{kind}"
        found = Provenance(record, table, named.source, named.source_ref, named.release, named.licence, Decimal(named.confidence))
        gives: dict[str, Any] = {"title": named.title, "target": named.target, "target_class": named.target_class, "kind": named.kind, "confidence": Decimal(named.confidence)}
        gives["source"] = named.source
        says = f"`{named.title}` names {named.label} ({named.target})"
        return self.steps.add(Node(f"record/{table}/{named.target}/{named.kind}/{named.title}", "record", table, named.target, says, (), gives, provenance=found))

    def fact(self, name: str, subject: Use, context: Use | None = None) -> Node:
        """Columns of a fact, by the step that names its subject (and context); all missing where nothing is named or known."""
        pack, _, fact = name.partition(".")
        stated = self.rulebook.packs[pack].facts[fact]
        uses = tuple(replace(u, name=role) for role, u in (("subject", subject), ("context", context)) if u is not None)
        key = subject.value
        columns: Mapping[str, Value | None] = {c.name: None for c in stated.columns}
        if key is not None:
            found = self.facts.columns(name, [key], None if context is None else [context.value])
            columns = {column: values[0] for column, values in found.items()}
        about = f"{key or 'nothing'}{f'/{context.value}' if context else ''}"
        return self.steps.add(Node(f"fact/{name}/{about}", "fact", name, about, stated.description, uses, columns, provenance=self.provenance(key)))

    def record(self, key: str, gives: Mapping[str, Any]) -> Node:
        """A record by its key, with the values of it that are used."""
        found = self.provenance(key)
        assert found is not None, key
        return self.steps.add(Node(f"record/{found.table}/{key}", "record", found.table, key, key, (), gives, provenance=found))

    def provenance(self, key: str | None) -> Provenance | None:
        """Where a record comes from; None for a key that the graph does not hold."""
        if key is None:
            return None
        kind = CLASS_OF[key.partition("/")[0]]
        rows = self.graph.execute(f"MATCH (n:{kind} {{id: $key}}) RETURN {_STAMP}", {"key": key}).rows
        if not rows:
            return None
        source, source_ref, release, licence, confidence = rows[0]
        return Provenance(key, kind, source, source_ref, release, licence, share(confidence))


def _replacing(named: Naming) -> str:
    """What the crosswalk itself puts in place of a code: for an occupation by way of a SOC code, the class of work that it belongs to."""
    code = named.target.partition("/")[2]
    return named.target if len(named.title) == len(code) else f"soc/{code[: len(named.title)]}"


def matched(candidate: Candidate) -> str:
    """How a record was found, in words."""
    aside = ", ".join(kind.replace("_", " ") for kind in candidate.dropped) or "nothing"
    return f"found by {candidate.road} in the list {candidate.naming}, after setting aside: {aside}"
