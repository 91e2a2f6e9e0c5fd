"""Versions of the rules made by editing the text of packs, and titles decided from scratch: every fact evaluated, every title walked, every path planned."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from engine.compare import RuleRevision
from engine.graph import GraphStore, Snapshot
from engine.planner import Learner, plan_path, read_packet
from engine.resolver import Resolver, TitleIndex
from engine.rules import FactStore, Rulebook, evaluate_facts, load_rulebook, write_facts

RULES = Path(__file__).resolve().parent.parent.parent / "rules"
Edit = tuple[str, str, str]  # pack, text, what stands in its place

TITLES = (
    "sales associate", "seasonal sales associate", "sales associate, footwear", "Sales Associate - Brooklyn, NY", "part time sales associate | Macy's", "support associate - soma", "Marketing Manager",
    "digital marketing manager", "senior growth marketing lead", "software engineer", "data analyst", "senior finance analyst", "paralegal", "registered nurse", "warehouse associate",
    "customer success manager", "retail store manager", "HR generalist", "operations coordinator", "qwertz", "recruiter", "content strategist marketing", "sale associat", "payroll specialist", "IT support",
)  # fmt: skip
FEW = (
    "sales associate", "Sales Associate - Brooklyn, NY", "support associate - soma", "Marketing Manager", "senior growth marketing lead", "data analyst", "registered nurse", "sale associat", "payroll specialist",
)  # fmt: skip


def edited(folder: Path, edits: Sequence[Edit]) -> Path:
    """The product's packs with texts replaced, in a new folder; every text must stand in its pack once."""
    shutil.copytree(RULES, folder)
    for pack, old, new in edits:
        file = folder / pack / "pack.yaml"
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {pack}"
        file.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def revision(folder: Path, edits: Sequence[Edit]) -> RuleRevision:
    """The same as a version to compare; as a snapshot carries it, without cases."""
    return RuleRevision(folder.name, f"folder {folder.name}", "", Rulebook.from_json(load_rulebook(edited(folder, edits)).to_json()))


@cache
def answered(graph: GraphStore, cypher: str) -> tuple[Any, ...]:
    """Columns and rows of one statement."""
    return astuple(graph.execute(cypher))


def from_scratch(snapshot: Snapshot, graph: GraphStore, rulebook: Rulebook, titles: Sequence[str], day: date, scratch: Path) -> Mapping[str, Mapping[str, Any]]:
    """Every compared aspect of every title, by the doors that a question takes and with nothing shared but what the graph answers to one statement."""
    scratch.mkdir()
    write_facts(scratch / "facts.sqlite", evaluate_facts(rulebook, lambda cypher: answered(graph, cypher)))
    facts = FactStore(scratch / "facts.sqlite")
    resolver = Resolver(TitleIndex(snapshot.verified_path("titles.sqlite")), facts, rulebook, day)
    found = {}
    for title in titles:
        r = resolver.resolve(title)
        path: tuple[Any, ...] = ()
        if r.ground is not None:
            plan = plan_path(graph, facts, rulebook, read_packet(graph, r.ground, {}), r.confidence, Learner(), day)
            path = tuple((s.module, s.score) for s in plan.steps)
        found[title] = {
            "fallback_tier": r.fallback_tier, "service_tier": r.service_tier, "runtime_action": r.runtime_action, "outcome": r.outcome, "role": r.role or "", "ground": r.ground or "",
            "occupation": r.occupation.code if r.occupation else "", "confidence": r.confidence, "caveats": r.caveats, "review_tags": r.review_tags, "path": path,
        }  # fmt: skip
    return found


def moved(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Titles that differ, with the aspects that do, in the order of the aspects."""
    pairs = {title: tuple(a for a in before[title] if before[title][a] != after[title][a]) for title in before}
    return {title: aspects for title, aspects in pairs.items() if aspects}
