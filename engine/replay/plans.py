"""The arithmetic of a plan, made again: the eight factors of a module, its score term by term, the order of the path."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.replay.rules_text import Rules
from engine.replay.values import Broken, micros, same, share_of

Given = Mapping[str, Any]
PACK, SCORING = "ranking", "module_score"


def factors(given: Given) -> dict[str, Any]:
    """The factors of a module, each a share."""
    count = given["affordances"] or 0
    workflows = given["workflows"] or []
    opened = given["affordances"] is not None
    risk = sum((Decimal(weight) * given[level] for level, weight in given["$risk_weight"].items()), Decimal(0)) if opened else Decimal(0)
    confidence = _ratio(given["confidence_sum"], count) if opened else Decimal(given["module_confidence"])
    budget = given["$hours_budget"] if given["hours_budget"] is None else given["hours_budget"]
    steps_up = max(0, given["ladder_level"] - given["level"])
    return {
        "match": _ratio(count, given["total"] or 0),
        "importance": _ratio(given["importance_sum"], len(workflows)) if workflows else Decimal(0),
        "applicability": _ratio(given["applicability_sum"], count) if opened else Decimal(0),
        "value": min(Decimal(1), sum((Decimal(given[f"hours_share {w}"]) for w in workflows), Decimal(0))),
        "affordability": max(Decimal(0), 1 - _ratio(given["effort_hours"], budget)),
        "ease": 1 - _ratio(steps_up, given["$highest_level"] - 1),
        "confidence": share_of(micros(confidence * Decimal(given["title_confidence"]))),
        "risk_penalty": _ratio(risk, count),
    }


def score(node: Mapping[str, Any], given: Given, rules: Rules, day: str) -> None:
    """Every term is its weight times its value, and the score is their sum."""
    total = 0
    stated = rules.named(PACK, "scoring", SCORING)["factors"]
    same("factors", [term["factor"] for term in node["gives"]["terms"]], [factor["name"] for factor in stated])
    for factor, term in zip(stated, node["gives"]["terms"], strict=True):
        place = f"term {factor['name']}"
        weight = factor["weight"] if isinstance(factor["weight"], int) else rules.parameter(PACK, factor["weight"], day)
        same(f"{place}, weight", term["weight"], weight)
        same(f"{place}, value", term["value"], given[factor["name"]])
        low, high = micros(factor["low"]), micros(factor["high"])
        value = micros(term["value"])
        if not low <= value <= high:
            raise Broken(f"{place}, value", term["value"], "a value of its range")
        same(f"{place}, points", term["points"], Decimal(weight * value).scaleb(-9))
        total += weight * value
    same("score", node["gives"]["score"], Decimal(total).scaleb(-9))


def level(given: Given, teaches: Mapping[str, set[str]], ladder: Mapping[str, int]) -> dict[str, Any]:
    """The highest level of the modules all of whose capabilities were shown; else the level at which everybody starts."""
    shown = set(given["shown"])
    return {"level": max([given["$starting_level"], *(ladder[m] for m in teaches if teaches[m] <= shown)])}


def path(node: Mapping[str, Any], given: Given, before: Mapping[str, set[str]], teaches: Mapping[str, set[str]]) -> None:
    """The best first among those whose prerequisites are placed, ties by fewer hours, then by key; hours sum up and fit what was stated."""
    modules = [name.removesuffix(".score") for name in given if name.endswith(".score")]
    for module in modules:
        same(f"path, gate of {module}", given[f"{module}.gate"], 1)
    left = set(modules)
    placed = {m for m in teaches if teaches[m] <= set(given["shown"])}
    for module in node["gives"]["modules"]:
        if module not in left:
            raise Broken(f"path, {module}", module, "a module that was scored, once")
        ready = [m for m in left if before.get(m, set()) <= placed]
        best = min(ready, key=lambda m: (-Decimal(given[f"{m}.score"]), Decimal(given[f"{m}.hours"]), m), default=None)
        same("path, next module", module, best)
        left.remove(module)
        placed.add(module)
    same("path, modules left over", sorted(left), [])
    hours = sum((Decimal(given[f"{m}.hours"]) for m in modules), Decimal(0))
    same("path, hours", node["gives"]["hours"], hours)
    if given["hours_budget"] is not None and hours > Decimal(given["hours_budget"]):
        raise Broken("path, hours", node["gives"]["hours"], "no more than the stated time")


def _ratio(part: Any, whole: Any) -> Decimal:
    part, whole = Decimal(part), Decimal(whole)
    return share_of(micros(part / whole)) if whole else Decimal(0)


