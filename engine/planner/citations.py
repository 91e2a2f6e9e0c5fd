"""Provenance of every record that a plan shows, and the publishers under it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.contracts import EvidenceRef
from engine.contracts.learner import CurriculumPacket, LearningPath, OccupationWork
from engine.graph import GraphStore
from engine.planner.packet import share

_MEASURES = ("share_of_conversations", "gpt4_exposure_beta", "human_exposure_beta", "share_of_activity_user", "completion_user")


def cite(store: GraphStore, packet: CurriculumPacket, path: LearningPath, work: OccupationWork | None) -> tuple[EvidenceRef, ...]:
    """One reference for each record shown, by class and key, with what it was used for."""
    tasks = [t for w in packet.workflows for t in w.tasks]
    uses = (
        ("Workflow", {w.key for w in packet.workflows}, "work that the ground does"),
        ("Task", {t.key for t in work.tasks} if work else set[str](), "what the publisher says the occupation does"),
        ("Evidence", _signals(store, work), "signal under what AI may do in a publisher's task"),
        ("Affordance", {t.affordance for t in tasks}, "what AI may and may not do"),
        ("Evidence", {e.key for t in tasks for e in t.evidence}, "reason under an affordance"),
        ("Policy", {p.key for w in packet.workflows for p in w.policies}, "rule that bears on the work"),
        ("Module", {s.module for s in path.steps}, "ranked module"),
        ("Rubric", {s.rubric for s in path.steps}, "rubric of a ranked module"),
    )
    found: list[EvidenceRef] = []
    for name, keys, use in uses:
        if keys:
            said = "statement" if name == "Task" else "label"
            rows = store.execute(
                f"MATCH (n:{name}) WHERE list_contains($keys, n.id) RETURN n.id, n.{said}, n.source, n.source_ref, n.release, n.licence, n.confidence ORDER BY n.id",
                {"keys": sorted(keys)},
            ).rows
            found += [EvidenceRef(r[0], r[1], r[2], r[3], r[4], r[5], share(r[6]), use) for r in rows]
    return tuple(found)


def _signals(store: GraphStore, work: OccupationWork | None) -> set[str]:
    """Evidence that the rules read for the tasks shown: of the task itself, and of the activities above it."""
    keys = sorted(t.key for t in work.tasks) if work else []
    found = set[str]()
    for steps in ("-[:HAS_EVIDENCE]->", "-[:HAS_ACTIVITY]->(:WorkActivity)-[:BROADER]->(:WorkActivity)-[:HAS_EVIDENCE]->"):
        rows = store.execute(f"MATCH (t:Task){steps}(e:Evidence) WHERE list_contains($keys, t.id) AND list_contains($measures, e.measure) RETURN DISTINCT e.id", {"keys": keys, "measures": list(_MEASURES)}).rows if keys else ()
        found |= {r[0] for r in rows}
    return found


def cited_sources(store: GraphStore, evidence: Sequence[EvidenceRef]) -> list[dict[str, str]]:
    """The publishers under some evidence, by key: label, owner, release, licence, citation."""
    keys = sorted({e.source for e in evidence})
    rows = store.execute("MATCH (s:Source) WHERE list_contains($keys, s.id) RETURN s.id, s.label, s.owner, s.release, s.licence, s.citation ORDER BY s.id", {"keys": keys}).rows
    return [dict(zip(("key", "label", "owner", "release", "licence", "citation"), r, strict=True)) for r in rows]
