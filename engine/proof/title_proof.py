"""From a derivation to the proof of its decision: votes, class of work, tiers, confidence, answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.contracts import Decision
from engine.graph import GraphStore
from engine.planner import DecidedWork, LawOfPlan
from engine.proof.asked_table import table_step
from engine.proof.law_steps import law_step
from engine.proof.leaves import Leaves
from engine.proof.plan_steps import path_steps
from engine.proof.title_steps import groups_step, likeness_step, second_job_step, title_step, votes_step, weighed_steps
from engine.proof.tree import Node, Proof, Steps, Use, all_of, use
from engine.proof.work_steps import work_step
from engine.resolver import Derivation
from engine.rules import FactStore, Rulebook, TableResult

_COUNTED = ("best_claim", "roles", "strength", "votes_inside", "votes_held", "votes_outside", "votes_function", "rival_function", "votes_archetype")
_ANSWERED = ("domains", "occupations", "occupation_known", "management_dropped", "corrected")
_SUPPORT = ("best_claim", "strength", "votes_inside", "votes_held", "votes_outside", "votes_function", "votes_archetype", "record_confidence", "chance")


def prove(
    decision: Decision, found: Derivation, rulebook: Rulebook, facts: FactStore, graph: GraphStore, law: LawOfPlan | None = None, work: DecidedWork | None = None
) -> Proof:
    """The proof of a decision from the very values that it was made from; only provenance is read anew. `law` and `work` are those of a plan, where it has them."""
    steps = Steps()
    leaves = Leaves(steps, rulebook, facts, graph, date.fromisoformat(decision.as_of))
    tiers = found.tiers
    title = title_step(steps, found)
    likened = likeness_step(steps, found)
    votes = votes_step(steps, leaves, found, [weighed_steps(steps, leaves, n, w) for n, w in enumerate(found.weighed)], likened)
    second = second_job_step(steps, leaves, found, title)
    known = {**{name: (votes, name) for name in _COUNTED}, **{name: (second, name) for name in ("second_job", "second_job_words")}, "field_words": (title, "field_words")}

    def ask(result: TableResult, origins: dict[str, tuple[Node, str]]) -> Node:
        return table_step(steps, leaves, result, tiers.position, found.normal.text or "nothing", origins)

    audience = ask(tiers.audience, known)
    fallback = ask(tiers.fallback, {**known, "title_audience": (audience, "title_audience")})
    sure = _sureness_step(steps, leaves, found, votes, audience, fallback)
    ground = _ground_step(steps, found, votes, fallback)
    groups = groups_step(steps, leaves, found, votes, sure, likened)
    depth = leaves.fact("service.ground_depth", use("ground", ground))
    origins: dict[str, tuple[Node, str]] = {
        "title_state": (title, "title_state"), "fallback_tier": (fallback, "fallback_tier"), "audience": (audience, "title_audience"),
        "match": (sure, "match"), "confidence": (sure, "confidence"), **{name: (votes, name) for name in _ANSWERED}, **{name: (depth, name) for name in depth.gives},
    }  # fmt: skip
    service = ask(tiers.service, origins)
    tags = ask(tiers.tags, origins)
    caveats = ask(tiers.caveats, {**origins, "service_tier": (service, "service_tier")})
    uses = [
        *all_of(service, ("service_tier", "runtime_action", "outcome")), use("fallback_tier", fallback), use("ground", ground), use("role", votes), use("function", votes), use("family", votes),
        use("confidence", sure), use("review_tag", tags), use("caveat", caveats), use("refused", title), use("normalized", title), use("occupation", votes),
        use("groups", groups), use("group_chances", groups, "chances"),
    ]  # fmt: skip
    gives: dict[str, Any] = {name: decision.outcome[name] for name in ("fallback_tier", "service_tier", "runtime_action", "role", "ground", "function", "family", "confidence", "caveats", "review_tags")}
    gives["occupation"] = decision.outcome["occupation"] and decision.outcome["occupation"]["code"]
    gives |= {"groups": tuple(g["code"] for g in decision.outcome["groups"]), "group_chances": tuple(g["chance"] for g in decision.outcome["groups"])}
    if "path" in decision.outcome:
        path = path_steps(steps, leaves, decision, sure, ground)
        uses.append(use("modules", path))
        gives["modules"] = path.gives["modules"]
    if law is not None:
        uses.append(use("demands", law_step(steps, leaves, decision, law, votes, fallback, ground)))
        gives["demands"] = uses[-1].value
    if work is not None:
        uses.append(use("tasks", work_step(steps, leaves, work, votes)))
        gives["tasks"] = uses[-1].value
    says = f"{gives['service_tier']}, {gives['runtime_action']}"
    steps.add(Node("answer", "answer", decision.kind, found.resolution.title, says, tuple(uses), gives))
    return steps.proof(decision)


def _sureness_step(steps: Steps, leaves: Leaves, found: Derivation, votes: Node, audience: Node, fallback: Node) -> Node:
    """How much of the votes stands behind the answer, and how sure that makes it."""
    tiers = found.tiers
    base = leaves.parameter("fallback", "base_trust")
    uses = (*all_of(votes, _SUPPORT), use("title_audience", audience), use("fallback_tier", fallback), use("$base_trust", base, "value"))
    gives = {"support": tiers.support, "match": tiers.match, "confidence": tiers.confidence}
    return steps.add(Node("arithmetic/sureness", "arithmetic", "sureness", found.normal.text, " ".join(found.resolution.confidence_arithmetic), uses, gives))


def _ground_step(steps: Steps, found: Derivation, votes: Node, fallback: Node) -> Node:
    """The thing whose workflows could be planned: the role, function or archetype that the tier stands on."""
    uses: tuple[Use, ...] = (use("fallback_tier", fallback), *all_of(votes, ("role", "function", "archetype")))
    says = f"the answer would stand on {found.tiers.ground}" if found.tiers.ground else "the tier stands on nothing that could be planned"
    return steps.add(Node("arithmetic/ground", "arithmetic", "ground", found.normal.text, says, uses, {"ground": found.tiers.ground}))
