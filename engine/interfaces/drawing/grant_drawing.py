"""What AI may do in a publisher's task, as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.interfaces.drawing.resolution_drawing import wrapped

_GRANTS = {
    "none": "nothing: no help was seen", "unknown": "nothing yet: nobody has looked", "withheld": "nothing yet: a person must look first",
    "assist": "find, explain and suggest; the person does the work", "draft": "write a first version", "transform": "turn given material into another form",
}  # fmt: skip


def grant_lines(grant: Mapping[str, Any]) -> list[str]:
    """Lines under a task: grant, blocks, check, reasons, and the signals with measured and judged apart."""
    lines = [wrapped(f"  AI may ({grant['grant']}): {_GRANTS[grant['grant']]}; risk {grant['risk_level']}, because {grant['risk_because']}", 4)]
    lines += [wrapped(f"  AI must not: {block}", 4) for block in grant["blocks"]]
    lines.append(wrapped(f"  a human checks: {grant['check']}", 4))
    lines.append(wrapped(f"  because {grant['because']}", 4))
    signals = ("measured use", grant["measured_use"], " percent of conversations"), ("judged by the model", grant["judged_exposure_model"], ""), ("judged by people", grant["judged_exposure_human"], "")
    lines.append(wrapped(f"  signals: {', '.join(f'{name} {_figure(value, unit)}' for name, value, unit in signals)}", 4))
    return lines + [wrapped(f"  note: {flag}", 4) for flag in grant["flags"]]


def _figure(value: Decimal | None, unit: str) -> str:
    """The figure with its unit; a missing one is said to be missing, never zero."""
    return "not known" if value is None else f"{value.normalize():f}{unit}"
