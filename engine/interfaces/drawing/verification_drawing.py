"""A verification: what was compared, what holds, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.interfaces.drawing.resolution_drawing import wrapped

if TYPE_CHECKING:
    from engine.verify import Verification


def verification_document(verdict: Verification) -> dict[str, Any]:
    """Verdict with every comparison."""
    return {"holds": verdict.holds, "subject": verdict.subject, "compared": verdict.compared, "changed": verdict.changed}


def verification_text(verdict: Verification) -> str:
    """One line a comparison, then what changed."""
    out = [f"{verdict.subject}: {'holds' if verdict.holds else 'DOES NOT HOLD'}"]
    out += [f"  {'same' if c.given == c.recomputed else 'DIFFERS'}  {c.what:<9}  {c.recomputed.rpartition('/')[2][:32]}" for c in verdict.compared]
    out += [wrapped(f"  input    {name}", 11) for name in verdict.changed]
    return "\n".join(out)
