"""The law of a plan, made again between its tables: jurisdictions, the work, the demands; and the answer held against them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.replay.composition import premises
from engine.replay.leaves import CLASSES, Records
from engine.replay.rules_text import Rules
from engine.replay.values import Broken, same

Given = Mapping[str, Any]
Nodes = Mapping[str, Mapping[str, Any]]
_TAKEN = ("policy", "jurisdiction", "citation", "effect", "status", "verification", "demand")


def names(given: Given) -> dict[str, Any]:
    """Every jurisdiction once, as asked and under its name in the rules."""
    asked = list(dict.fromkeys(" ".join(text.split()) for text in given["jurisdictions"]))
    other = given["$other_names"]
    return {"asked": asked, **{f"name {text}": other.get(text.upper(), text.upper()) for text in asked}}


def held(given: Given) -> dict[str, Any]:
    """The names asked for and the wider ones whose law holds there too."""
    found = {given[f"{role} {text}"] for text in given["asked"] for role in ("name", "also")}
    return {"jurisdictions": sorted(name for name in found if name)}


def work(given: Given, records: Records) -> dict[str, Any]:
    """Keys of the ground and its approved workflows, of what the title is about, and the domains of its occupations."""
    tier, ground = given["fallback_tier"], given["ground"]
    by_role = tier in ("exact", "alias")
    relation = f"HAS_WORKFLOW.{CLASSES[ground.partition('/')[0]]}.Workflow"
    workflows = [row["to"] for row in records.rows(relation, "from", ground) if records.rows("Workflow", "id", row["to"])[0]["status"] == "approved"]
    about = [given["role"] if by_role else None, given["family"] if by_role else None, given["function"] if by_role or tier == "function" else None]
    occupations = [f"occupation/{code}" for code in given["occupation_codes"]]
    same("occupations", [given[f"occupation {key}"] for key in occupations], occupations)
    domains = [given[f"domain {key}"] for key in occupations]
    return {"work": sorted({ground, *workflows, *(key for key in about if key), *(f"domain/{name}" for name in domains if name is not None)})}


def occupation(node: Mapping[str, Any], given: Given) -> dict[str, Any]:
    """One of the occupations that the votes name."""
    keys = [f"occupation/{code}" for code in given["occupation_codes"]]
    if node["subject"] not in keys:
        raise Broken("occupation", node["subject"], keys)
    return {"occupation": node["subject"]}


def demand(node: Mapping[str, Any], given: Given) -> dict[str, Any]:
    """One of the demands that were collected, column by column."""
    if node["subject"] not in given["policy"]:
        raise Broken("demand", node["subject"], given["policy"])
    position = given["policy"].index(node["subject"])
    return {name: given[name][position] for name in _TAKEN}


def law(given: Given) -> dict[str, Any]:
    """Every demand that was collected, each weighed."""
    same("demands weighed", sorted(name.removeprefix("weight ") for name in given if name.startswith("weight ")), sorted(given["policy"]))
    return {"demands": given["policy"]}


def check_law(nodes: Nodes, body: Mapping[str, Any], rules: Rules) -> None:
    """Raises Broken where the law in a plan is not what the steps below it give."""
    stated, question = body["outcome"]["law"], body["question"]
    asked, sector = question.get("jurisdictions", []), question.get("sector")
    same("law asked for", stated is not None, bool(asked) or sector is not None)
    if stated is None:
        return
    below = premises(nodes, premises(nodes, list(nodes.values())[-1])["demands"])
    named = premises(nodes, premises(nodes, below["policy"])["jurisdictions"])["asked"]["gives"]
    kept = {text: below[f"coverage {text}"] for text in named["asked"]}
    coverage = [{"asked": text, "name": named[f"name {text}"], **node["gives"], "because": node["says"]} for text, node in kept.items()]
    same("law, coverage", stated["coverage"], coverage)
    same("law, sector", stated["sector"], sector)
    same("law, uses", stated["uses"], list(dict.fromkeys(below["uses"]["gives"]["uses"])))
    same("law, demands", [d["policy"] for d in stated["demands"]], below["policy"]["gives"]["policy"])
    for met in stated["demands"]:
        weighed = below[f"weight {met['policy']}"]
        dated = rules.named("policy", "parameters", met["policy"])
        row = {**premises(nodes, weighed)["one_status"]["gives"], **weighed["gives"], "weight_because": weighed["says"], "timing": dated["reason"], "checked": dated["source"]}
        for name, value in row.items():
            same(f"law, {name} of {met['policy']}", met.get(name), value)
        same(f"law, columns of {met['policy']}", sorted(met), sorted(row))
    same("law, what was not asked", stated["not_asked"], _not_asked(coverage, sector))


def _not_asked(coverage: list[dict[str, Any]], sector: str | None) -> list[str]:
    """What an answer must say of its limits: a jurisdiction or a sector that nobody named, and that the list is never complete."""
    said = [] if coverage else ["no jurisdiction was named, so no rule of law was asked for; that does not mean that none applies"]
    if sector is None:
        said.append("no sector was named: rules of finance, health care and education were not asked for")
    kept = sorted({c["name"] for c in coverage if c["coverage"] == "in_part"} | {c["also"] for c in coverage if c["also"]})
    rules = f"the rules kept ({', '.join(kept) or 'none of the jurisdictions named'}) are some of those that exist"
    return [*said, f"{rules}; this is no legal advice, and nothing here says that a demand is met"] if coverage else said
