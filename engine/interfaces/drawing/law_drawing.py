"""What the law asks of a plan, as people read it: what is known of each jurisdiction first, then the demands by how far they may be leaned on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.interfaces.drawing.resolution_drawing import wrapped

_WEIGHTS = (
    ("binding", "in force, read in the law itself"),
    ("binding_as_reported", "in force by what others report of it"),
    ("coming", "not yet applying"),
    ("unsettled", "not verified for this day"),
)
_EFFECTS = {"block": "blocked", "human_decision": "a human decides", "disclosure": "people are told", "audit": "evidence is kept"}


def law_lines(law: Mapping[str, Any]) -> list[str]:
    """Lines for a terminal; every demand with its citation, status and verification, and what was not asked."""
    out = [wrapped(f"{_asked(c)}: {c['because']}", 2) for c in law["coverage"]]
    for weight, meaning in _WEIGHTS:
        demands = [d for d in law["demands"] if d["weight"] == weight]
        if demands:
            out += ["", f"{meaning}:"]
        for d in demands:
            out.append(wrapped(f"- {_EFFECTS[d['effect']]} ({d['jurisdiction']}): {d['demand']}", 2))
            out.append(wrapped(f"  {d['citation']}; {d['status'].replace('_', ' ')}. {d['timing']}", 4))
            out.append(wrapped(f"  wording: {d['verification'].replace('_', ' ')} ({d['checked']})", 4))
    return [*out, "", *(wrapped(f"Note: {line}.", 6) for line in law["not_asked"])]


def _asked(coverage: Mapping[str, Any]) -> str:
    return str(coverage["asked"]) if coverage["asked"] == coverage["name"] else f"{coverage['asked']} ({coverage['name']})"
