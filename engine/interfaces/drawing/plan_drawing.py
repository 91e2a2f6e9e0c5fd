"""A plan as people read it: who, how sure, which work, what AI may do and who answers, what to learn and why in that order."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.contracts import Decision
from engine.interfaces.drawing.grant_drawing import grant_lines
from engine.interfaces.drawing.law_drawing import law_lines
from engine.interfaces.drawing.resolution_drawing import percent, resolution_document, verdict_lines, wrapped
from engine.interfaces.drawing.row_drawing import width

if TYPE_CHECKING:
    from engine.licensing import Attribution

BAR = 24


def plan_document(decision: Decision, attributions: Sequence[Attribution]) -> dict[str, Any]:
    """The resolution's fields, then packet, path and sources; without the last three where there is no plan."""
    document = resolution_document(decision, attributions)
    extra = {k: decision.outcome[k] for k in ("packet", "path", "workflows_shown", "occupation_work", "law", "not_counted", "sources") if k in decision.outcome}
    return document | extra


def plan_text(decision: Decision, *, full: bool = False) -> str:
    """The plan for a terminal; without packet and path it is the verdict and its reasons."""
    o = decision.outcome
    out = [heading(str(o["title"])), *verdict_lines(o)]
    out += [wrapped(f"because  {r.sentence}") for r in decision.reasons]
    out += [wrapped(f"caveat   {c}") for c in o["caveats"]]
    if o["review_tags"]:
        out.append(wrapped(f"review   {', '.join(o['review_tags'])}"))
    if "path" not in o:
        out += ["", wrapped("No plan: nothing is planned for a title that is held, excluded or unknown.", 0)]
        return "\n".join([*out, "", _foot(decision)])
    packet, path = o["packet"], o["path"]
    shown = packet["workflows"] if full else packet["workflows"][: o["workflows_shown"]]
    out += ["", heading(f"The work: {packet['ground_label']}"), wrapped(packet["description"], 0)]
    for workflow in shown:
        out += ["", *_workflow(workflow, full)]
    rest = len(packet["workflows"]) - len(shown)
    if rest:
        out += ["", f"{count(rest, 'more workflow')}: run again with --full"]
    if o["occupation_work"]:
        out += ["", *_occupation(o["occupation_work"])]
    if o["law"]:
        out += ["", heading("What the law asks where you work"), *law_lines(o["law"])]
    out += ["", heading(f"What to learn, in this order ({hours(path['hours'])})")]
    labels = {step["module"]: step["label"] for step in path["steps"]}
    for step in path["steps"]:
        out += ["", *_step(step, labels)]
    if not path["steps"]:
        out += ["nothing: every module is left out, with the reason below"]
    out += ["", heading("Left out")]
    if not path["left_out"]:
        out.append("nothing")
    else:
        out += [wrapped(f"- {left['label']}: {left['reason']}", 2) for left in path["left_out"]]
    if path["closed_gates"]:
        out += ["", heading("Behind closed gates")]
        out += [wrapped(f"- {g['gate']} {g['subject']}: {'; '.join(g['reasons'])}", 2) for g in path["closed_gates"]]
    if o["not_counted"]:
        out += ["", heading("Stated and not counted")]
        out += [wrapped(f"- {x['capability']}: {x['reason']}", 2) for x in o["not_counted"]]
    out += ["", heading("Sources")]
    out += [wrapped(f"- {s['label']} ({s['owner']}; {s['licence']}). Cite as: {s['citation']}", 2) for s in o["sources"]]
    return "\n".join([*out, "", _foot(decision)])


def _occupation(work: Mapping[str, Any]) -> list[str]:
    lines = [heading(f"What the publisher says of {work['label']}")]
    for t in work["tasks"]:
        rated = "not rated" if t["importance"] is None else f"importance {percent(t['importance'])}"
        lines.append(wrapped(f"- {t['statement']} ({rated})", 2))
        lines += grant_lines(t["grant"])
    rest = work["tasks_in_all"] - len(work["tasks"])
    lines.append(wrapped(f"{count(rest, 'more task')}: wig explore {work['key']} --type Task. Nobody has written yet what AI may do in these tasks: the rules say it from what was measured and judged. Hold the plan against them.", 0))
    return lines


def _workflow(w: Mapping[str, Any], full: bool) -> list[str]:
    lines = [wrapped(f"* {w['label']} (importance {percent(w['importance'])}, about {percent(w['hours_share'])} of working time)", 2)]
    lines.append(wrapped(f"  answers for it: {w['accountable']}; hands over: {w['deliverable']}", 4))
    tasks = w["tasks"] if full else w["tasks"][:2]
    for t in tasks:
        lines.append(wrapped(f"  - {t['statement']}", 4))
        lines.append(f"    AI applies to {percent(t['applicability'])} of the effort; risk {t['risk_level']}")
        for word, key in (("AI may", "grants"), ("AI must not", "blocks"), ("a human checks", "checkpoints")):
            lines += [wrapped(f"    {word}: {text}", 6) for text in (t[key] if full else t[key][:1])]
        if full:
            lines += [wrapped(f"    goes wrong: {text}", 6) for text in t["failure_modes"]]
            lines += [wrapped(f"    evidence: {_evidence(e)}", 6) for e in t["evidence"]]
    if len(w["tasks"]) > len(tasks):
        lines.append(f"  {count(len(w['tasks']) - len(tasks), 'more task')} with --full")
    lines += [wrapped(f"  rule: {p['label']} ({p['jurisdiction']}, {p['effect']}; wording {p['verification'].replace('_', ' ')})", 4) for p in w["policies"]]
    return lines


def _evidence(e: Mapping[str, Any]) -> str:
    figure = f" {e['value']} {e['unit']}" if e["value"] else ""
    cited = f" [{e['cited']}]" if e["cited"] else ""
    return f"{e['kind'].replace('_', ' ')}: {e['label']}{figure}{cited}"


def _step(s: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    lines = [wrapped(f"{s['position']}. {s['label']} (level {s['ladder_level']}, {hours(s['hours'])}, score {points(s['score'])})", 3)]
    lines.append(wrapped(f"   {s['why']}", 3))
    if s["prerequisites"]:
        lines.append(wrapped(f"   after {', '.join(labels.get(p, p) for p in s['prerequisites'])}", 3))
    total = Decimal(0)
    for term in s["terms"]:
        total += term["points"]
        shown = "missing" if term["value"] is None else points(term["value"])
        lines.append(f"   {term['factor'].replace('_', ' '):<14} {shown:>8} x {term['weight']:>5} ‰ = {points(term['points']):>10}  {bar(term['points'])}")
    lines.append(f"   {'sum':<14} {'':>8}   {'':>5}     {points(total):>10}")
    return lines


def count(number: int, noun: str) -> str:
    """Number with its noun: `1 more task`, `2 more tasks`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def bar(share: Decimal) -> str:
    """A bar whose full length stands for 0.25 points; negative points are drawn with another mark."""
    length = min(BAR, round(abs(float(share)) * BAR * 4))
    return ("-" if share < 0 else "#") * length


def points(value: Decimal) -> str:
    """An exact figure without trailing zeros; nothing is rounded away."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def hours(value: Decimal) -> str:
    """Hours as people write them."""
    return f"{points(Decimal(value))} h"


def heading(text: str) -> str:
    """A line of its own with a rule under it."""
    shown = textwrap.shorten(text, width(), placeholder="…")
    return f"{shown}\n{'=' * len(shown)}"


def _foot(decision: Decision) -> str:
    promise = "AI helps with parts of this work; people stay accountable for it. " if "path" in decision.outcome else ""
    short = decision.decision_id.removeprefix("decision/")
    return wrapped(f"As of {decision.as_of}. {promise}Proof: wig why {short}", 0)
