"""The steps of a plan: for every ranked module its facts, its eight factors, its score term by term, and the order of the path."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.contracts import Decision, decimal_text
from engine.planner import share
from engine.proof.gate_steps import gate_step
from engine.proof.leaves import Leaves
from engine.proof.tree import Node, Provenance, Steps, Use, all_of, use

_PARAMETERS = ("risk_weight", "hours_budget", "starting_level", "highest_level")


def path_steps(steps: Steps, leaves: Leaves, decision: Decision, sure: Node, ground: Node) -> Node:
    """The path of a plan: the last of its steps. Values are those of the decision; facts and provenance are looked up."""
    question = _question_step(steps, decision)
    level = _level_step(steps, leaves, question)
    shares = _working_time(steps, leaves, decision, question, ground)
    total = leaves.fact("ranking.ground_affordances", use("subject", ground, "ground"))
    uses: list[Use] = list(all_of(question, ("hours_budget", "shown")))
    for step in decision.outcome["path"]["steps"]:
        module = _module_record(leaves, step)
        values = _factors_step(steps, leaves, step, module, total, level, question, sure, ground, shares)
        scored = _score_step(steps, step, values)
        uses += [use(f"{step['module']}.score", scored, "score"), use(f"{step['module']}.hours", module, "effort_hours")]
        uses.append(use(f"{step['module']}.gate", gate_step(steps, leaves, module), "module_gate"))
    modules = tuple(step["module"] for step in decision.outcome["path"]["steps"])
    gives = {"modules": modules, "hours": decision.outcome["path"]["hours"]}
    says = "the best score first among modules whose prerequisites are met, ties by fewer hours, then by key"
    return steps.add(Node("arithmetic/path", "arithmetic", "path", str(ground.gives["ground"]), says, tuple(uses), gives))


def _question_step(steps: Steps, decision: Decision) -> Node:
    """What the learner brings, as far as the ranking asks for it."""
    asked, day = decision.question, decision.as_of
    shown = tuple(sorted({str(s["capability"]) for s in asked.get("shown", ()) if str(s["dated"]) <= day}))
    weekly, weeks = asked.get("hours_per_week"), asked.get("weeks")
    budget = None if weekly is None or weeks is None else Decimal(str(weekly)) * int(weeks)
    gives: dict[str, Any] = {"hours_budget": budget, "shown": shown}
    gives |= {f"time_share {key}": Decimal(str(value)) for key, value in sorted(asked.get("time_shares", {}).items())}
    says = f"{len(shown)} capabilities shown with evidence that counts"
    return steps.add(Node("measure/question", "measure", "question", str(asked.get("title", "")), says, (), gives))


def _level_step(steps: Steps, leaves: Leaves, question: Node) -> Node:
    """The level of the ladder that the learner has shown: the highest of the modules all of whose capabilities were shown."""
    start = leaves.parameter("ranking", "starting_level")
    shown = set(question.gives["shown"])
    teaches: dict[str, set[str]] = {}
    levels: dict[str, int] = {}
    for module, level, capability in leaves.graph.execute("MATCH (m:Module)-[:TEACHES]->(c:Capability) RETURN m.id, m.ladder_level, c.id ORDER BY m.id, c.id").rows:
        teaches.setdefault(module, set()).add(capability)
        levels[module] = int(level)
    reached = max([int(start.gives["value"]), *(levels[m] for m in teaches if teaches[m] <= shown)])
    uses = (use("shown", question), use("$starting_level", start, "value"))
    return steps.add(Node("arithmetic/level", "arithmetic", "level", question.subject, f"level {reached} of the ladder is shown", uses, {"level": reached}))


def _working_time(steps: Steps, leaves: Leaves, decision: Decision, question: Node, ground: Node) -> Mapping[str, Use]:
    """The share of working time of each workflow: the learner's own where stated, else the typical one on record."""
    found: dict[str, Use] = {}
    for workflow in decision.outcome["packet"]["workflows"]:
        key = workflow["key"]
        own = f"time_share {key}"
        name = f"hours_share {key}"
        if own in question.gives:
            found[key] = use(name, question, own)
        else:
            found[key] = use(name, _workflow_record(steps, leaves, str(ground.gives["ground"]), key), "hours_share")
    return found


def _workflow_record(steps: Steps, leaves: Leaves, ground: str, workflow: str) -> Node:
    rows = leaves.graph.execute(
        "MATCH (n:Role:Function:Archetype {id: $ground})-[s:HAS_WORKFLOW]->(w:Workflow {id: $workflow}) RETURN label(n), s.source, s.source_ref, s.release, s.licence, s.confidence, s.hours_share",
        {"ground": ground, "workflow": workflow},
    ).rows
    kind, source, source_ref, release, licence, confidence, hours = rows[0]
    table = f"HAS_WORKFLOW.{kind}.Workflow"
    record = f"HAS_WORKFLOW {ground} {workflow}"
    found = Provenance(record, table, source, source_ref, release, licence, share(confidence))
    return steps.add(Node(f"record/{record}", "record", table, record, "share of working time that the workflow typically takes", (), {"hours_share": share(hours)}, provenance=found))


def _module_record(leaves: Leaves, step: Mapping[str, Any]) -> Node:
    confidence = leaves.graph.execute("MATCH (m:Module {id: $key}) RETURN m.confidence", {"key": step["module"]}).rows[0][0]
    return leaves.record(step["module"], {"id": step["module"], "ladder_level": step["ladder_level"], "effort_hours": step["hours"], "confidence": share(confidence)})


def _factors_step(
    steps: Steps, leaves: Leaves, step: Mapping[str, Any], module: Node, total: Node, level: Node, question: Node, sure: Node, ground: Node, shares: Mapping[str, Use]
) -> Node:
    subject = use("subject", module, "id")
    context = use("context", ground, "ground")
    reach = leaves.fact("ranking.module_reach", subject, context)
    opened = leaves.fact("ranking.module_affordances", subject, context)
    uses = [
        *all_of(reach, ("importance_sum", "workflows")), *all_of(opened, ("affordances", "applicability_sum", "confidence_sum", "low", "moderate", "high", "critical")),
        use("total", total), *all_of(module, ("ladder_level", "effort_hours")), use("module_confidence", module, "confidence"), use("level", level),
        use("hours_budget", question), use("title_confidence", sure, "confidence"),
        *(use(f"${name}", leaves.parameter("ranking", name), "value") for name in _PARAMETERS),
        *(shares[workflow] for workflow in reach.gives["workflows"] or ()),
    ]  # fmt: skip
    gives = {term["factor"]: term["value"] for term in step["terms"]}
    says = step["why"]
    return steps.add(Node(f"arithmetic/factors/{step['module']}", "arithmetic", "factors", step["module"], says, tuple(uses), gives))


def _score_step(steps: Steps, step: Mapping[str, Any], values: Node) -> Node:
    gives = {"score": step["score"], "terms": tuple({name: term[name] for name in ("factor", "value", "weight", "points")} for term in step["terms"])}
    points = " + ".join(f"{decimal_text(term['points'])} {term['factor']}" for term in step["terms"])
    says = f"{step['label']}: {points} = {decimal_text(step['score'])}"
    return steps.add(Node(f"arithmetic/score/{step['module']}", "arithmetic", "score", step["module"], says, all_of(values, tuple(values.gives)), gives))
