"""Gates as people and programs read them: what is open, and everything that keeps the rest closed."""

from __future__ import annotations

from typing import Any

from engine.gates import Gate, GateReport
from engine.interfaces.drawing.resolution_drawing import wrapped


def gates_document(report: GateReport, snapshot: str) -> dict[str, Any]:
    """Day, counts by kind, and every gate with its reasons."""
    counts = {kind: {"open": opened, "closed": closed} for kind, (opened, closed) in report.counts().items()}
    return {"snapshot": snapshot, "as_of": report.as_of, "counts": counts, "gates": report.gates}


def gates_text(report: GateReport, snapshot: str) -> str:
    """A line for each kind, then the closed gates with their reasons."""
    out = [f"gates of {snapshot} as of {report.as_of}", ""]
    out += [f"  {kind:<10} {opened:>4} open {closed:>4} closed" for kind, (opened, closed) in report.counts().items()]
    if report.closed:
        out += ["", "closed"]
    for gate in report.closed:
        out += [f"  {_named(gate)}", *(wrapped(f"    - {reason}", 6) for reason in gate.reasons)]
    return "\n".join(out)


def gates_line(counts: dict[str, Any]) -> str:
    """One line on the gates of a build, from its findings."""
    return ", ".join(f"{kind} {c['open']} open" + (f" {c['closed']} closed" if c["closed"] else "") for kind, c in counts.items())


def _named(gate: Gate) -> str:
    return gate.gate if gate.subject == "snapshot" else f"{gate.gate} {gate.subject}"
