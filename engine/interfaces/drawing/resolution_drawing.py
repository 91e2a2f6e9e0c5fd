"""A resolution as text and as the JSON object that scripts rely on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.contracts import Decision
from engine.interfaces.drawing.row_drawing import width

if TYPE_CHECKING:
    from engine.licensing import Attribution

SHOWN = 5
TIER_WORDS = {
    "serve_now": "served in full",
    "serve_with_fallback": "served with caveats",
    "multi_llm_adjudication_required": "held for review",
    "exclude_or_not_icp": "not served",
}


def resolution_document(decision: Decision, attributions: Sequence[Attribution]) -> dict[str, Any]:
    """One object for one title, with the citations that it owes."""
    outcome = decision.outcome
    names = "title normalized fallback_tier service_tier runtime_action role occupation occupations groups family function seniority ground confidence review_tags caveats stripped steps"
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
        "attributions": list(attributions),
    }


def resolution_text(decision: Decision) -> str:
    """Verdict first, then why, then what else it could have been."""
    o = decision.outcome
    lines = [wrapped(str(o["title"]), 2), *reading_lines(o), *verdict_lines(o)]
    lines += [wrapped(f"because  {r.sentence}") for r in decision.reasons]
    lines += [wrapped(f"caveat   {c}") for c in o["caveats"]]
    if o["review_tags"]:
        lines.append(wrapped(f"review   {', '.join(o['review_tags'])}"))
    candidates = o["occupations"] if o["occupation"] is None else []
    for found in candidates[:SHOWN]:
        told = "so publishers file the title" if o["role"] else percent(found["share"])
        lines.append(wrapped(f"could be {found['code']} {found['title']} ({told})"))
    if len(candidates) > SHOWN:
        lines.append(f"         and {len(candidates) - SHOWN} more with --json")
    lines += group_lines(o)
    lines.append(f"decision {decision.decision_id.removeprefix('decision/')}")
    return "\n".join(lines)


def reading_lines(o: Mapping[str, Any]) -> list[str]:
    """What the title was read as, where something was taken off it."""
    taken = "; ".join(f"{s['text']} ({s['kind'].replace('_', ' ')})" for s in o["stripped"])
    return [wrapped(f"read as  {o['normalized']}, without {taken}")] if taken else []


def verdict_lines(o: Mapping[str, Any]) -> list[str]:
    """Tier, action, what it was taken for, and how sure that is."""
    lines = [wrapped(f"tier     {o['fallback_tier']}; {TIER_WORDS[o['service_tier']]} ({o['service_tier']}, {o['runtime_action']})")]
    if o["ground"]:
        lines.append(f"ground   {o['ground']}")
    if o["occupation"]:
        lines.append(wrapped(f"taken as {o['occupation']['code']} {o['occupation']['title']}"))
    if o["runtime_action"] == "block_unknown_title":
        if o["occupations"]:  # no record claims the title, so nothing is said to be sure
            lines.append(f"like     the first occupation at {percent(o['confidence'])}, if the title names work at all")
    elif o["role"] or not o["occupations"]:
        lines.append(f"sure     {percent(o['confidence'])} that the title is read rightly")
    else:
        lines.append(f"sure     {percent(o['confidence'])} that the first occupation is right")
    return lines


def group_lines(o: Mapping[str, Any]) -> list[str]:
    """Wider groups that are likelier right than whatever is narrower: what to fall back on where the occupation is unsure."""
    lines = []
    known = max([g["chance"] for g in o["groups"] if g["level"] == "detailed"], default=0)
    for group in o["groups"]:
        if group["chance"] > known:
            lines.append(wrapped(f"within   {group['code']} {group['title']} ({group['level']} group): {percent(group['chance'])} likely"))
            known = group["chance"]
    return lines


def cited_lines(attributions: Iterable[Attribution]) -> list[str]:
    """The citations that an answer owes, each once, under a heading; nothing where none is owed."""
    owed = sorted(set(attributions))
    return ["", "to be cited", *(wrapped(f"  {a.citation} [{a.licence}]", 4) for a in owed)] if owed else []


def percent(share: Any) -> str:
    """Share 0 to 1 as whole percent."""
    return f"{round(float(share) * 100)} %"


def wrapped(text: str, indent: int = 9) -> str:
    """Text wrapped to the terminal, later lines indented."""
    return textwrap.fill(text, width(), subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
