"""The law of a plan as steps: jurisdictions as asked and as covered, the work and its uses of AI, every demand with its weight."""

from __future__ import annotations

from typing import Any

from engine.contracts import Decision
from engine.planner import LawOfPlan
from engine.proof.asked_table import table_step
from engine.proof.leaves import Leaves
from engine.proof.tree import Node, Steps, Use, all_of, use
from engine.rules import TableResult

_TAKEN = ("policy", "jurisdiction", "citation", "effect", "status", "verification", "demand")
_ABOUT = ("role", "function", "family", "occupation_codes")


def law_step(steps: Steps, leaves: Leaves, decision: Decision, law: LawOfPlan, votes: Node, fallback: Node, ground: Node) -> Node:
    """The law of a plan: the last of its steps, on every table of the pack `policy` that was asked."""
    decided, subject = law.decided, str(ground.gives["ground"])
    gives: dict[str, Any] = {"jurisdictions": tuple(decision.question.get("jurisdictions", ())), "sector": decision.question.get("sector")}
    asked = steps.add(Node("measure/place_of_work", "measure", "place_of_work", subject, "jurisdictions and sector as the profile states them", (), gives))
    covered, held = _jurisdictions(steps, leaves, law, asked)
    work = _work_step(steps, leaves, law, votes, fallback, ground)
    uses = table_step(steps, leaves, decided.uses, 0, subject, {"work": (work, "work"), "sector": (asked, "sector")})
    demands = table_step(steps, leaves, decided.demands, 0, subject, {"jurisdictions": (held, "jurisdictions"), "sector": (asked, "sector"), "uses": (uses, "uses")})
    taken: list[Use] = [use("sector", asked), use("uses", uses), use("policy", demands), *covered]
    for position, policy in enumerate(demands.gives["policy"]):
        demand = _demand_step(steps, demands, position)
        weight = table_step(steps, leaves, decided.weight, position, policy, {"one_status": (demand, "status"), "one_verification": (demand, "verification")})
        taken.append(use(f"weight {policy}", weight, "weight"))
    says = f"{len(demands.gives['policy'])} rules of law bear on the work"
    return steps.add(Node("arithmetic/law", "arithmetic", "law", subject, says, tuple(taken), {"demands": tuple(demands.gives["policy"])}))


def _jurisdictions(steps: Steps, leaves: Leaves, law: LawOfPlan, asked: Node) -> tuple[list[Use], Node]:
    """What is kept of each jurisdiction, and the names under which rules are asked for: those named and the wider ones that hold in them."""
    coverage = law.decided.answer.coverage
    other = leaves.parameter("policy", "other_names")
    named: dict[str, Any] = {"asked": tuple(c.asked for c in coverage), **{f"name {c.asked}": c.name for c in coverage}}
    uses: tuple[Use, ...] = (use("jurisdictions", asked), use("$other_names", other, "value"))
    names = steps.add(Node("arithmetic/names", "arithmetic", "names", asked.subject, f"{len(coverage)} jurisdictions, each once and under its name here", uses, named))
    taken, covered = [use("asked", names)], []
    for position, c in enumerate(coverage):
        kept = table_step(steps, leaves, law.decided.coverage, position, c.asked, {"asked": (names, f"name {c.asked}")})
        taken += [use(f"name {c.asked}", names), use(f"also {c.asked}", kept, "also")]
        covered.append(use(f"coverage {c.asked}", kept, "coverage"))
    held = tuple(sorted({c.name for c in coverage} | {c.also for c in coverage if c.also}))
    return covered, steps.add(Node("arithmetic/held", "arithmetic", "held", asked.subject, f"law is asked for in {', '.join(held) or 'no jurisdiction'}", tuple(taken), {"jurisdictions": held}))


def _work_step(steps: Steps, leaves: Leaves, law: LawOfPlan, votes: Node, fallback: Node, ground: Node) -> Node:
    """Keys of what the plan touches: its ground and workflows, what the title is about, the domains of its occupations."""
    uses = [use("fallback_tier", fallback), use("ground", ground), *all_of(votes, _ABOUT)]
    for code in votes.gives["occupation_codes"]:
        occupation = occupation_step(steps, votes, code)
        judged = class_step(steps, leaves, law.classes.audience, law.classes.occupations.index(occupation.subject), use("subject", occupation, "occupation"))
        uses += [use(f"occupation {occupation.subject}", occupation, "occupation"), use(f"domain {occupation.subject}", judged, "domain")]
    gives = {"work": law.decided.work}
    return steps.add(Node("arithmetic/work", "arithmetic", "work", str(ground.gives["ground"]), f"the work is known by {len(law.decided.work)} keys", tuple(uses), gives))


def occupation_step(steps: Steps, votes: Node, code: str) -> Node:
    """One of the occupations that the votes name, by its key."""
    key = f"occupation/{code}"
    return steps.add(Node(f"arithmetic/occupation/{key}", "arithmetic", "occupation", key, f"{key} is among the occupations named", all_of(votes, ("occupation_codes",)), {"occupation": key}))


def class_step(steps: Steps, leaves: Leaves, audience: TableResult, position: int, subject: Use) -> Node:
    """For whom an occupation's work is, by the pack `audience`; what was asked of it before in the same proof is not asked twice."""
    classes = leaves.fact("audience.class_of_work", subject)
    return table_step(steps, leaves, audience, position, str(subject.value), {name: (classes, name) for name in classes.gives})


def _demand_step(steps: Steps, demands: Node, position: int) -> Node:
    gives = {name: demands.gives[name][position] for name in _TAKEN}
    says = f"{gives['citation']}: {gives['demand']}"
    return steps.add(Node(f"arithmetic/demand/{gives['policy']}", "arithmetic", "demand", gives["policy"], says, all_of(demands, _TAKEN), gives))
