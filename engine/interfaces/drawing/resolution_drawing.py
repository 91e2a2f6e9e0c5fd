"""A resolution as text and as the JSON object that scripts rely on."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from engine.contracts import Decision
from engine.interfaces.drawing.row_drawing import width

TIER_WORDS = {
    "serve_now": "served in full",
    "serve_with_fallback": "served with caveats",
    "multi_llm_adjudication_required": "held for review",
    "exclude_or_not_icp": "not served",
}


def resolution_document(decision: Decision) -> dict[str, Any]:
    """One object for one title; see DESIGN section 8 for the fields scripts rely on."""
    outcome = decision.outcome
    names = "title normalized fallback_tier service_tier runtime_action role occupation occupations family function seniority ground confidence review_tags caveats stripped"
    document = {name: outcome[name] for name in names.split()}
    return document | {
        "confidence_arithmetic": decision.confidence_arithmetic,
        "reasons": decision.reasons,
        "alternatives": decision.alternatives,
        "evidence": decision.evidence,
        "as_of": decision.as_of,
        "digests": decision.digests,
        "decision_id": decision.decision_id,
        "trace_id": decision.trace_id,
        "run_id": decision.run_id,
    }


def resolution_text(decision: Decision) -> str:
    """Verdict first, then why, then what else it could have been."""
    o = decision.outcome
    lines = [f"{o['title']}", *verdict_lines(o)]
    lines += [wrapped(f"because  {r.sentence}") for r in decision.reasons]
    lines += [wrapped(f"caveat   {c}") for c in o["caveats"]]
    if o["review_tags"]:
        lines.append(f"review   {', '.join(o['review_tags'])}")
    for found in o["occupations"][:5] if o["occupation"] is None else ():
        lines.append(wrapped(f"could be {found['code']} {found['title']} ({percent(found['share'])} of the evidence)"))
    lines.append(f"decision {decision.decision_id.removeprefix('decision/')}")
    return "\n".join(lines)


def verdict_lines(o: Mapping[str, Any]) -> list[str]:
    """Tier, action, what it was taken for, and how sure that is."""
    lines = [wrapped(f"tier     {o['fallback_tier']}; {TIER_WORDS[o['service_tier']]} ({o['service_tier']}, {o['runtime_action']})")]
    if o["ground"]:
        lines.append(f"ground   {o['ground']}")
    if o["occupation"]:
        lines.append(wrapped(f"taken as {o['occupation']['code']} {o['occupation']['title']}"))
    lines.append(f"sure     {percent(o['confidence'])}")
    return lines


def percent(share: Any) -> str:
    """Share 0 to 1 as whole percent."""
    return f"{round(float(share) * 100)} %"


def wrapped(text: str, indent: int = 9) -> str:
    """Text wrapped to the terminal, later lines indented."""
    return textwrap.fill(text, width(), subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
