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
    """One line a comparison, with what was stated where it differs; then what changed."""
    wide = max((9, *(len(c.what) for c in verdict.compared)))
    out = [f"{verdict.subject}: {'holds' if verdict.holds else 'DOES NOT HOLD'}"]
    for c in verdict.compared:
        given, again = (value.rpartition("/")[2][:32] for value in (c.given, c.recomputed))
        out.append(f"  {'same' if c.given == c.recomputed else 'DIFFERS'}  {c.what:<{wide}}  {again}{'' if c.given == c.recomputed else f' (stated: {given})'}")
    out += [wrapped(f"  input    {name}", 11) for name in verdict.changed]
    return "\n".join(out)
