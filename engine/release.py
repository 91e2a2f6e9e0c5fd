"""Judging a release: every gate of a snapshot, with the snapshot recomputed, its rules tested, and a human's approval of its receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from engine.build import read_findings
from engine.contracts import BadInput, Receipt
from engine.gates import GateReport, ReleaseState, release_gate, snapshot_gates
from engine.graph import Snapshot, Workspace
from engine.rules import FactStore, Rulebook, load_rulebook, run_cases
from engine.verify import verify

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ReleaseApproval:
    """A human's approval of one receipt: who, when, in which words."""

    receipt: str
    approved_by: str
    dated: date
    statement: str


def judge_gates(snapshot: Snapshot, as_of: date | None = None) -> GateReport:
    """The gates of a snapshot by the rules it carries. Raises BadInput RUL172 where those know no gates."""
    _, _, _, report = _gates(snapshot, as_of)
    return report


def judge_release(workspace: Workspace, snapshot: Snapshot, approval: ReleaseApproval | None, source_dir: Path | None, as_of: date | None, say: Say = lambda _: None) -> GateReport:
    """The gates of a snapshot and that of its release. Rebuilds the snapshot from its sources; no stored verdict is read.

    Raises BadInput RUL171 where the approval names another receipt or is dated after the day; EngineError as `verify` raises it.
    """
    facts, rulebook, receipt, report = _gates(snapshot, as_of)
    if approval is not None:
        _require_fitting(approval, receipt, date.fromisoformat(report.as_of))
    state = ReleaseState(
        rules_sound=_sound(rulebook), recomputed=verify(workspace, snapshot.name, source_dir, say).holds,
        learner_data="none",  # the ontology has no class for learners' data, so no snapshot can hold any
        approved_by=approval.approved_by if approval else None,
    )  # fmt: skip
    return replace(report, gates=(*report.gates, release_gate(facts, rulebook, report, receipt, state)))


def _gates(snapshot: Snapshot, as_of: date | None) -> tuple[FactStore, Rulebook, Receipt, GateReport]:
    rulebook = Rulebook.from_json(snapshot.verified_path("rulebook.json").read_text(encoding="utf-8"))
    facts, receipt, told = FactStore(snapshot.verified_path("facts.sqlite")), snapshot.receipt(), read_findings(snapshot)
    return facts, rulebook, receipt, snapshot_gates(facts, rulebook, receipt, len(told["judged"]), told.get("violations"), as_of)


def _sound(rulebook: Rulebook) -> bool:
    """Whether the rules are those of this program and every case beside them passes."""
    ours = load_rulebook()
    return ours.digest == rulebook.digest and run_cases(ours).passed


def _require_fitting(approval: ReleaseApproval, receipt: Receipt, day: date) -> None:
    if approval.receipt != receipt.receipt_id:
        raise BadInput.at("RUL171", f"the approval names {approval.receipt}, this snapshot has {receipt.receipt_id}", why="an approval is of one receipt and of no other", fix="let the approver look at this receipt and name it")
    if approval.dated > day:
        raise BadInput.at("RUL171", f"the approval is dated {approval.dated.isoformat()}, after {day.isoformat()}", why="on the day asked for nobody had approved", fix="name a later day with --as-of")
