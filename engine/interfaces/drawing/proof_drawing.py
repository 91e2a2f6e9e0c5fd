"""Why a decision came out as it did: text, JSON and Mermaid of the same value."""

from __future__ import annotations

from typing import Any

from engine.contracts import Decision
from engine.interfaces.drawing.resolution_drawing import wrapped


def proof_document(decision: Decision, given_id: str) -> dict[str, Any]:
    """The whole decision, with the id it was given under and whether the recomputed one is the same."""
    return {"decision_id": decision.decision_id, "given_id": given_id, "same": decision.decision_id == given_id} | decision.body()


def proof_text(decision: Decision) -> str:
    """Rows that fired with what they met, rows that were stopped and by which cell, arithmetic, evidence, digests."""
    out = [f"{decision.decision_id} ({decision.kind}, as of {decision.as_of})"]
    out += [f"asked     {k}: {v}" for k, v in decision.question.items()]
    out += [f"answer    {k}: {_shown(decision.outcome[k])}" for k in ("fallback_tier", "service_tier", "runtime_action", "ground")]
    for r in decision.reasons:
        out += ["", wrapped(f"fired     {r.pack} {r.version} / {r.table} / {r.rule}: {r.sentence}", 10)]
        out += [wrapped(f"          {name} = {_shown(value)}", 12) for name, value in sorted(r.bindings.items()) if value is not None]
    stopped = [(t, stop) for t in decision.trace for stop in t["stops"]]
    if stopped:
        out += ["", "rows before it that did not hold"]
        out += [wrapped(f"  {t['table']} of {t['subject']}: {x['rule']} needs {x['input']} {x['test']}, met {_shown(x['met'])}", 4) for t, x in stopped]
    out += ["", "confidence"]
    out += [wrapped(f"  {line}", 4) for line in decision.confidence_arithmetic]
    if decision.alternatives:
        out += ["", "what lost"]
        out += [wrapped(f"  {a.label} ({a.record}): {a.why}{'' if a.margin is None else f', by {a.margin}'}", 4) for a in decision.alternatives]
    out += ["", "evidence"]
    out += [wrapped(f"  {e.record}: {e.label} [{e.source}, {e.source_ref}, {e.licence}, confidence {e.confidence}] {e.used_for}", 4) for e in decision.evidence]
    out += ["", *(f"{name:<9} {digest}" for name, digest in sorted(decision.digests.items()))]
    return "\n".join(out)


def proof_mermaid(decision: Decision) -> str:
    """The proof as a flow chart: evidence to rows that fired to the outcome."""
    o = decision.outcome
    lines = ["flowchart BT", f'  outcome["{_quoted(str(o["title"]))}<br/>{o["service_tier"]}<br/>{o["runtime_action"]}"]']
    for i, r in enumerate(decision.reasons):
        lines += [f'  r{i}["{_quoted(r.pack)} / {_quoted(r.table)}<br/>{_quoted(r.rule)}"]', f"  r{i} --> {f'r{i + 1}' if i + 1 < len(decision.reasons) else 'outcome'}"]
    for i, e in enumerate(decision.evidence[:20]):
        lines += [f'  e{i}(["{_quoted(e.record)}<br/>{_quoted(e.source)}"])', f"  e{i} --> {'r0' if decision.reasons else 'outcome'}"]
    if len(decision.evidence) > 20:
        lines.append(f'  more["{len(decision.evidence) - 20} more records"]')
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    return ", ".join(str(v) for v in value) if isinstance(value, (list, tuple)) else str(value)


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;").replace("<", "#lt;")
