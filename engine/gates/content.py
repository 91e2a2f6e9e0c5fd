"""Gates before what the graph holds: rubrics, titles, modules, scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.gates.gate import Gate, decide_gates, require_gates
from engine.rules import FactStore, Rulebook

STATE = "gates.editorial_state"


def content_gates(facts: FactStore, rulebook: Rulebook, as_of: date) -> tuple[Gate, ...]:
    """Gates of every rubric, title (role, function, archetype), module and scenario of a graph; kinds in this order, subjects in key order.

    Raises BadInput RUL172 for rules that know no gates.
    """
    require_gates(rulebook)
    state = facts.all(STATE)

    def known(*kinds: str) -> list[str]:
        return [s for s in state.subjects if s.partition("/")[0] in kinds]

    def states(subjects: Sequence[str]) -> dict[str, Any]:
        return dict(facts.columns(STATE, subjects))

    rubrics, titles, modules = known("rubric"), known("role", "function", "archetype"), known("module")
    rubric_gates = decide_gates(rulebook, "rubric", rubrics, {**states(rubrics), **facts.columns("gates.rubric_criteria", rubrics)}, as_of)
    opened = {g.subject: int(g.open) for g in rubric_gates}
    title_gates = decide_gates(rulebook, "title", titles, {**states(titles), **facts.columns("gates.approved_workflows", titles)}, as_of)
    judged_by = facts.columns("gates.module_rubric", modules)["module_rubric"]
    module_gates = decide_gates(rulebook, "module", modules, {**states(modules), "rubric_open": [opened.get(r) for r in judged_by]}, as_of)
    return (*rubric_gates, *title_gates, *module_gates, *_practice(facts, rulebook, opened, as_of))


def gates_by_subject(gates: Sequence[Gate], *kinds: str) -> Mapping[str, Gate]:
    """The gates of some kinds by what they stand before."""
    return {g.subject: g for g in gates if g.gate in kinds}


def _practice(facts: FactStore, rulebook: Rulebook, opened: Mapping[str, int], as_of: date) -> tuple[Gate, ...]:
    scenarios = facts.all("gates.scenario_state")
    columns = {name: list(values) for name, values in scenarios.values.items()}
    # the ontology ties no approval record to a scenario yet: `scenario_approvals` is not told, and so keeps the gate closed
    columns["rubric_open"] = [opened.get(str(r)) for r in columns.pop("scenario_rubric")]
    return decide_gates(rulebook, "practice", scenarios.subjects, columns, as_of)
