"""Gates before a whole snapshot: may it be asked, may it be released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.contracts import BadInput, Receipt
from engine.gates.content import content_gates
from engine.gates.gate import Gate, GateReport, decide_gates, require_gates
from engine.rules import FactStore, Rulebook


@dataclass(frozen=True, slots=True)
class ReleaseState:
    """What a release gate asks of the outside; None is not known and keeps the gate closed.

    `rules_sound`: the snapshot's rules are those of this program and all their cases pass. `recomputed`: it was rebuilt from its sources and
    every digest agreed. `learner_data`: none, synthetic or real. `approved_by`: the human who approved this receipt.
    """

    rules_sound: bool | None = None
    recomputed: bool | None = None
    learner_data: str | None = None
    approved_by: str | None = None


def snapshot_gates(facts: FactStore, rulebook: Rulebook, receipt: Receipt, judged: int | None, violations: int | None, as_of: date | None = None) -> GateReport:
    """The gate of a build and of everything in it, on a day (default: its release date). `judged`: classes and relations that contracts judged."""
    day = as_of or date.fromisoformat(receipt.release_date)
    require_gates(rulebook)
    stated = _terms(facts)
    columns: dict[str, list[Any]] = {
        "contracts": [judged], "violations": [violations], "records": [sum(receipt.counts.values())],
        "unstated_sources": [sum(stated.get(key) is None for key in _sources(receipt))],
    }  # fmt: skip
    return GateReport(day.isoformat(), (*decide_gates(rulebook, "build", ("snapshot",), columns, day), *content_gates(facts, rulebook, day)))


def require_open_build(report: GateReport) -> GateReport:
    """The report, where the gate of the build is open. Raises BadInput RUL170."""
    build = next(g for g in report.gates if g.gate == "build")
    if not build.open:
        raise BadInput.at("RUL170", f"the gate of the build is closed: {'; '.join(build.reasons)}", why="a build that nobody may ask is not made current", fix="mend what closes it; see rules/gates")
    return report


def release_gate(facts: FactStore, rulebook: Rulebook, report: GateReport, receipt: Receipt, state: ReleaseState) -> Gate:
    """Whether a snapshot may be released, given its other gates. Scenarios count among the modules: both are practised on."""
    stated, gates = _terms(facts), report.gates

    def closed(*kinds: str) -> int:
        return sum(g.gate in kinds and not g.open for g in gates)

    columns: dict[str, list[Any]] = {
        "build_open": [next((int(g.open) for g in gates if g.gate == "build"), None)],
        "closed_titles": [closed("title")], "closed_modules": [closed("module", "practice")], "closed_rubrics": [closed("rubric")],
        "unshippable_sources": [sum(stated.get(key) != "ship" for key in _sources(receipt))],
        "rules_sound": [state.rules_sound], "recomputed": [state.recomputed], "learner_data": [state.learner_data],
        "release_approved_by": [state.approved_by],
    }  # fmt: skip
    return decide_gates(rulebook, "release", ("snapshot",), columns, date.fromisoformat(report.as_of))[0]


def _sources(receipt: Receipt) -> list[str]:
    return [f"source/{name}@{release}" for name, release in sorted(receipt.releases.items())]


def _terms(facts: FactStore) -> dict[str, Any]:
    found = facts.all("gates.source_terms")
    return dict(zip(found.subjects, found.values["allowed_use"], strict=True))
