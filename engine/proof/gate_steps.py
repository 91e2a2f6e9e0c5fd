"""The gates before a planned module: its rubric's and its own, decided again from the same facts by the same rules."""

from __future__ import annotations

from engine.proof.asked_table import table_step
from engine.proof.leaves import Leaves
from engine.proof.tree import Node, Steps, use


def gate_step(steps: Steps, leaves: Leaves, module: Node) -> Node:
    """The step of a module's gate, on that of the rubric by which it is judged. The planner keeps only whether a gate is open, so both are asked once more."""
    judged = leaves.fact("gates.module_rubric", use("subject", module, "id"))
    rubric = use("subject", judged, "module_rubric")
    rubric_gate = _gate(steps, leaves, "rubric", str(rubric.value), leaves.fact("gates.editorial_state", rubric), leaves.fact("gates.rubric_criteria", rubric))
    return _gate(steps, leaves, "module", module.subject, leaves.fact("gates.editorial_state", use("subject", module, "id")), rubric_gate)


def _gate(steps: Steps, leaves: Leaves, table: str, subject: str, *premises: Node) -> Node:
    origins = {name: (node, name) for node in premises for name in node.gives}
    if "rubric_gate" in origins:
        origins["rubric_open"] = origins.pop("rubric_gate")
    result = leaves.rulebook.decide("gates", table, {column: [node.gives[name]] for column, (node, name) in origins.items()}, leaves.as_of)
    return table_step(steps, leaves, result, 0, subject, origins)
