"""Curriculum packet of one ground: its workflows, tasks, affordances, evidence and policies, by traversal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import from_micro, to_micro
from engine.contracts.learner import (
    CurriculumPacket,
    OccupationTask,
    OccupationWork,
    PacketEvidence,
    PacketPolicy,
    PacketTask,
    PacketWorkflow,
)
from engine.graph import GraphStore
from engine.planner.task_grants import DecidedGrants, decide_grants
from engine.rules import FactStore, Rulebook

HOLDER = "(g:Role:Function:Archetype {id: $ground})-[s:HAS_WORKFLOW]->(w:Workflow {status: 'approved'})"


@dataclass(frozen=True, slots=True)
class DecidedWork:
    """The tasks of an occupation with what AI may do in them, and the results that the grants were read from, task for task."""

    work: OccupationWork
    decided: DecidedGrants


def read_packet(store: GraphStore, ground: str, time_shares: Mapping[str, Decimal]) -> CurriculumPacket:
    """Packet of `ground`; workflows by importance times share of working time, highest first, then by key.

    `time_shares` (workflow key to share of the learner's working time) stands in for the typical shares where given.
    """
    about = store.execute("MATCH (g:Role:Function:Archetype {id: $ground}) RETURN g.label, g.description", {"ground": ground}).rows
    label, description = about[0]
    tasks, policies = _tasks(store, ground), _policies(store, ground)
    rows = store.execute(
        f"MATCH {HOLDER}-[:PRODUCES]->(d:Deliverable) RETURN w.id, w.label, w.description, w.trigger, w.accountable, d.label, s.importance, s.hours_share ORDER BY w.id",
        {"ground": ground},
    ).rows
    workflows = [
        PacketWorkflow(
            key=r[0], label=r[1], description=r[2], trigger=r[3], accountable=r[4], deliverable=r[5],
            importance=share(r[6]), hours_share=time_shares.get(r[0], share(r[7])),
            tasks=tuple(tasks.get(r[0], ())), policies=tuple(policies.get(r[0], ())),
        )
        for r in rows
    ]  # fmt: skip
    workflows.sort(key=lambda w: (-(w.importance * w.hours_share), -w.importance, w.key))
    return CurriculumPacket(ground, label, description, tuple(workflows))


def read_occupation(store: GraphStore, facts: FactStore, rulebook: Rulebook, occupation: str, as_of: date) -> DecidedWork | None:
    """The most important tasks of an occupation with what AI may do in each; highest first, unrated ones last, then by key; None where none are known."""
    shown = int(rulebook.parameter("ranking", "occupation_tasks_shown", as_of))
    rows = store.execute(
        "MATCH (o:Occupation {id: $key})-[p:PERFORMS]->(t:Task) RETURN o.label, t.id, t.statement, p.importance, t.source, t.source_ref ORDER BY t.id",
        {"key": occupation},
    ).rows
    if not rows:
        return None
    rated = [(r, None if r[3] is None else share(r[3])) for r in rows]
    rated.sort(key=lambda found: (found[1] is None, -(found[1] or 0), found[0][1]))
    decided = decide_grants(facts, rulebook, [r[1] for r, _ in rated[:shown]], as_of)
    tasks = tuple(OccupationTask(r[1], r[2], importance, r[4], r[5], grant) for (r, importance), grant in zip(rated[:shown], decided.grants, strict=True))
    return DecidedWork(OccupationWork(occupation, rows[0][0], tasks, len(rows)), decided)


def share(value: Any) -> Decimal:
    """A stored number as an exact decimal of six places."""
    return from_micro(to_micro(value))


def _tasks(store: GraphStore, ground: str) -> dict[str, list[PacketTask]]:
    evidence: dict[str, list[PacketEvidence]] = {}
    for affordance, *e in store.execute(
        f"MATCH {HOLDER}-[:COVERS]->(:Task)-[:AFFORDED_BY]->(a:Affordance)-[:SUPPORTED_BY]->(e:Evidence) "
        "RETURN DISTINCT a.id, e.id, e.label, e.evidence_kind, e.value, e.value_unit, e.cited_work ORDER BY a.id, e.id",
        {"ground": ground},
    ).rows:
        value = "" if e[3] is None else format(share(e[3]).normalize(), "f")
        evidence.setdefault(affordance, []).append(PacketEvidence(e[0], e[1], e[2], value, e[4] or "", e[5] or ""))
    result: dict[str, list[PacketTask]] = {}
    for workflow, *r in store.execute(
        f"MATCH {HOLDER}-[:COVERS]->(t:Task)-[:AFFORDED_BY]->(a:Affordance) "
        "RETURN w.id, t.id, t.statement, a.id, a.label, a.applicability, a.confidence, a.risk_level, a.grants, a.blocks, a.checkpoints, a.failure_modes "
        "ORDER BY w.id, a.applicability DESC, t.id",
        {"ground": ground},
    ).rows:
        lists = [_texts(x) for x in r[7:11]]
        result.setdefault(workflow, []).append(
            PacketTask(r[0], r[1], r[2], r[3], share(r[4]), share(r[5]), r[6], lists[0], lists[1], lists[2], lists[3], tuple(evidence.get(r[2], ())))
        )
    return result


def _policies(store: GraphStore, ground: str) -> dict[str, list[PacketPolicy]]:
    result: dict[str, list[PacketPolicy]] = {}
    for workflow, *r in store.execute(
        f"MATCH {HOLDER}<-[:CONSTRAINS]-(p:Policy) "
        "RETURN w.id, p.id, p.label, p.jurisdiction, p.legal_citation, p.effect, p.effective_from, p.verification ORDER BY w.id, p.id",
        {"ground": ground},
    ).rows:
        effective = "" if r[5] is None else str(r[5])[:10]
        result.setdefault(workflow, []).append(PacketPolicy(r[0], r[1], r[2], r[3], r[4], effective, r[6]))
    return result


def _texts(values: Sequence[Any] | None) -> tuple[str, ...]:
    return tuple(str(v) for v in values or ())
