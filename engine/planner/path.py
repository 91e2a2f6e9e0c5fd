"""Ranks the modules of a packet and orders them so that prerequisites come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import decimal_text, from_micro, to_micro
from engine.contracts.learner import ClosedGate, CurriculumPacket, FactorTerm, LearningPath, LeftOut, PathStep
from engine.gates import Gate, content_gates, gates_by_subject
from engine.graph import GraphStore
from engine.planner.learner import Learner
from engine.planner.packet import share
from engine.rules import FactStore, Rulebook, ScoreLine

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Module:
    key: str
    label: str
    level: int
    hours: Decimal
    teaches: tuple[str, ...]
    prerequisites: tuple[str, ...]
    exercise: str
    rubric: str
    confidence: Decimal


def plan_path(
    store: GraphStore, facts: FactStore, rulebook: Rulebook, packet: CurriculumPacket, title_confidence: Decimal, learner: Learner, as_of: date
) -> LearningPath:
    """Path for a packet.

    Order: the best score first among the modules whose prerequisites are met, ties by fewer hours, then by key. Modules
    behind closed gates, already shown, or beyond a stated time budget are left out with the reason.
    """
    modules = _modules(store)
    reach = {r["subject"]: r for r in facts.contexts("ranking.module_reach", packet.ground)}
    open_to = {r["subject"]: r for r in facts.contexts("ranking.module_affordances", packet.ground)}
    needed = _with_prerequisites(sorted(reach), modules)
    budget = learner.hours_budget if learner.hours_budget is not None else Decimal(str(rulebook.parameter("ranking", "hours_budget", as_of)))
    gates = content_gates(facts, rulebook, as_of)
    closed = {k: gate for k, gate in gates_by_subject(gates, "module").items() if not gate.open}
    left_out = [LeftOut(k, modules[k].label, f"its gate is closed: {'; '.join(closed[k].reasons)}") for k in needed if k in closed]
    shown = {k for k in needed if k not in closed and set(modules[k].teaches) <= learner.shown}
    left_out += [LeftOut(k, modules[k].label, "already shown: the profile cites assessed evidence for all that it teaches") for k in sorted(shown)]
    candidates = [k for k in needed if k not in closed and k not in shown]
    factors = _Factors(facts, rulebook, packet, title_confidence, learner, budget, as_of)
    columns = factors.columns([modules[k] for k in candidates], modules, reach, open_to)
    lines = rulebook.score("ranking", "module_score", columns, as_of, candidates).lines
    ordered, blocked = _respecting_prerequisites(lines, modules, shown)
    left_out += [LeftOut(k, modules[k].label, f"comes after {', '.join(missing)}, which is not on offer") for k, missing in blocked]
    steps: list[PathStep] = []
    spent = Decimal(0)
    for line in ordered:
        module = modules[line.subject]
        if learner.hours_budget is not None and spent + module.hours > learner.hours_budget:
            left_out.append(LeftOut(module.key, module.label, f"needs {decimal_text(module.hours)} h; {decimal_text(learner.hours_budget - spent)} h of the stated time are left"))
            continue
        if any(p in {x.module for x in left_out} - shown for p in module.prerequisites):
            left_out.append(LeftOut(module.key, module.label, "comes after a module that does not fit"))
            continue
        spent += module.hours
        steps.append(_step(len(steps) + 1, line, module, reach.get(line.subject), packet))
    return LearningPath(tuple(steps), spent, tuple(sorted(left_out, key=lambda x: x.module)), _closed_gates(store, gates, packet, [modules[k] for k in needed]))


def _closed_gates(store: GraphStore, gates: Sequence[Gate], packet: CurriculumPacket, needed: Sequence[_Module]) -> tuple[ClosedGate, ...]:
    """Closed gates before the modules a plan needs, the rubrics that judge them, and the scenarios of its workflows; in the order of the gates."""
    played = store.execute("MATCH (s:Scenario)-[:SIMULATES]->(w:Workflow) WHERE list_contains($keys, w.id) RETURN DISTINCT s.id", {"keys": [w.key for w in packet.workflows]}).rows
    reached = {m.key for m in needed} | {m.rubric for m in needed} | {r[0] for r in played}
    return tuple(ClosedGate(g.gate, g.subject, g.reasons) for g in gates if not g.open and g.subject in reached)


def _step(position: int, line: ScoreLine, module: _Module, reached: Mapping[str, Any] | None, packet: CurriculumPacket) -> PathStep:
    labels = {w.key: w.label for w in packet.workflows}
    reaches = tuple(reached["workflows"]) if reached else ()
    terms = tuple(FactorTerm(t.factor, t.value, t.weight, Decimal(t.points).scaleb(-9), t.meaning) for t in line.terms)
    best = max(terms, key=lambda t: t.points)
    if reaches:
        why = f"serves {', '.join(labels.get(w, w) for w in reaches[:3])}{' and more' if len(reaches) > 3 else ''}; strongest in {best.factor} ({best.meaning})"
    else:
        why = "comes first because later modules build on it"
    return PathStep(
        position, module.key, module.label, module.level, module.hours, Decimal(line.score).scaleb(-9), terms,
        module.teaches, reaches, module.prerequisites, module.exercise, module.rubric, why,
    )  # fmt: skip


@dataclass(frozen=True)
class _Factors:
    """The eight factors of the pack `ranking`, one column each; every number that is a matter of opinion comes from the pack."""

    facts: FactStore
    rulebook: Rulebook
    packet: CurriculumPacket
    title_confidence: Decimal
    learner: Learner
    budget: Decimal
    as_of: date

    def columns(
        self, chosen: Sequence[_Module], modules: Mapping[str, _Module], reach: Mapping[str, Mapping[str, Any]], open_to: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, list[Any]]:
        risk_weight = self.rulebook.parameter("ranking", "risk_weight", self.as_of)
        start, top = (int(self.rulebook.parameter("ranking", n, self.as_of)) for n in ("starting_level", "highest_level"))
        total = self.facts.columns("ranking.ground_affordances", [self.packet.ground])["total"][0] or 0
        level = max([start, *(m.level for m in modules.values() if m.teaches and set(m.teaches) <= self.learner.shown)])
        hours_of = {w.key: w.hours_share for w in self.packet.workflows}
        names = ["match", "importance", "applicability", "value", "affordability", "ease", "confidence", "risk", "hours"]
        table: dict[str, list[Any]] = {name: [] for name in names}
        for module in chosen:
            reached, opened = reach.get(module.key), open_to.get(module.key)
            count = opened["affordances"] if opened else 0
            table["match"].append(_ratio(count, total))
            table["importance"].append(_ratio(reached["importance_sum"], len(reached["workflows"])) if reached else Decimal(0))
            table["applicability"].append(_ratio(opened["applicability_sum"], count) if opened else Decimal(0))
            table["value"].append(min(ONE, sum((hours_of[w] for w in reached["workflows"]), Decimal(0))) if reached else Decimal(0))
            table["affordability"].append(max(Decimal(0), ONE - _ratio(module.hours, self.budget)))
            table["ease"].append(ONE - _ratio(max(0, module.level - level), top - 1))
            mean = _ratio(opened["confidence_sum"], count) if opened else module.confidence
            table["confidence"].append(from_micro(to_micro(mean * self.title_confidence)))
            weighed = sum((Decimal(str(risk_weight[name])) * opened[name] for name in risk_weight), Decimal(0)) if opened else Decimal(0)
            table["risk"].append(_ratio(weighed, count))
            table["hours"].append(module.hours)
        return table


def _ratio(part: Decimal | int, whole: Decimal | int) -> Decimal:
    """Share of a whole to six places; 0 of nothing is 0."""
    return from_micro(to_micro(Decimal(part) / Decimal(whole))) if whole else Decimal(0)


def _modules(store: GraphStore) -> dict[str, _Module]:
    teaches: dict[str, list[str]] = {}
    for module, capability in store.execute("MATCH (m:Module)-[:TEACHES]->(c:Capability) RETURN m.id, c.id ORDER BY m.id, c.id").rows:
        teaches.setdefault(module, []).append(capability)
    before: dict[str, list[str]] = {}
    for module, earlier in store.execute("MATCH (m:Module)-[:PREREQUISITE]->(p:Module) RETURN m.id, p.id ORDER BY m.id, p.id").rows:
        before.setdefault(module, []).append(earlier)
    rows = store.execute(
        "MATCH (m:Module)-[:PRACTISED_BY]->(x:Exercise)-[:GRADED_BY]->(r:Rubric) RETURN m.id, m.label, m.ladder_level, m.effort_hours, m.confidence, x.id, r.id ORDER BY m.id"
    ).rows
    return {
        r[0]: _Module(
            r[0], r[1], int(r[2]), share(r[3]), tuple(teaches.get(r[0], ())), tuple(before.get(r[0], ())), r[5], r[6], share(r[4]),
        )
        for r in rows
    }  # fmt: skip


def _with_prerequisites(keys: Sequence[str], modules: Mapping[str, _Module]) -> list[str]:
    """The modules and everything that must come before them, in key order."""
    found, queue = set[str](), list(keys)
    while queue:
        key = queue.pop()
        if key not in found and key in modules:
            found.add(key)
            queue.extend(modules[key].prerequisites)
    return sorted(found)


def _respecting_prerequisites(
    lines: Sequence[ScoreLine], modules: Mapping[str, _Module], shown: set[str]
) -> tuple[list[ScoreLine], list[tuple[str, list[str]]]]:
    """Best line first among those whose prerequisites are placed or shown; the rest with what they wait for."""
    placed, waiting, ordered = set(shown), list(lines), list[ScoreLine]()
    while True:
        ready = next((line for line in waiting if set(modules[line.subject].prerequisites) <= placed), None)
        if ready is None:
            return ordered, [(line.subject, sorted(set(modules[line.subject].prerequisites) - placed)) for line in waiting]
        ordered.append(ready)
        placed.add(ready.subject)
        waiting.remove(ready)
