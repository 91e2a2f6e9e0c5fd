"""What the checker says of a proof: text and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine.interfaces.drawing.resolution_drawing import wrapped
from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:  # the checker reads record files, which few commands need
    from engine.replay import CheckedProof


def checked_proof_document(found: CheckedProof, decision_id: str) -> dict[str, Any]:
    """The verdict with the steps made again by kind, and the first fault."""
    return {"decision_id": decision_id, "holds": found.holds, "steps": dict(sorted(found.steps.items())), "fault": found.fault and asdict(found.fault)}


def checked_proof_text(found: CheckedProof, decision_id: str) -> str:
    """The verdict, then what was made again or where it broke."""
    by_kind = ", ".join(f"{number} {kind}" for kind, number in sorted(found.steps.items()))
    made = f"{counted(sum(found.steps.values()), 'step')} made again without the evaluator ({by_kind or 'none'})"
    if found.fault is None:
        return f"the proof of {decision_id} holds\n{wrapped(made, 2)}"
    lines = [f"the proof of {decision_id} does not hold", wrapped(f"at       {found.fault.node}: {found.fault.place}", 9)]
    lines += [wrapped(f"states   {found.fault.stated}", 9), wrapped(f"replayed {found.fault.replayed}", 9), wrapped(f"before   {made}", 9)]
    return "\n".join(lines)
