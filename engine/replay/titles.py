"""The arithmetic between the tables of a title, made again: trust in a match, its vote, the count, the sureness, the ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Decimal
from operator import itemgetter
from typing import Any

from engine.replay.leaves import list_of
from engine.replay.values import MILLION, Broken, micros, same, share_of

Given = Mapping[str, Any]
_CLAIMS = ("exact", "alias", "class_of_work", "ground")
_STANDS_ON = {"exact": "role", "alias": "role", "function": "function", "archetype": "archetype"}
_CANDIDATE = ("target", "road", "dropped", "dropped_rank", "strength", "vote", "title", "confidence", "audience", "domain", "function", "archetype", "family", "occupation")


def weight(given: Given) -> dict[str, Any]:
    """Trust in a match: the road, the list and what was set aside, then how much of the words it covers; divided among its rivals."""
    declared = given["road"] in ("head", "start") and given["rest_declared"]
    trust = micros(given["$road_strength"]["declared" if declared else given["road"]])
    for kind in given["dropped"]:
        trust = trust * micros(given["$kept_share"][kind]) // MILLION
    trust = trust * micros(given["$naming_strength"][given["naming"]]) // MILLION
    coverage, familiarity, back, likeness = (micros(given[name]) for name in ("coverage", "familiarity", "back", "likeness"))
    if given["road"] == "head" and not declared:
        trust = trust * (MILLION + max(coverage, familiarity)) // (2 * MILLION)
    elif given["road"] == "term":
        trust = trust * (MILLION + coverage) // (2 * MILLION) * back // MILLION
    elif given["road"] == "similar":
        trust = trust * coverage // MILLION * likeness // MILLION
    return {"strength": share_of(trust), "vote": share_of(trust // given["rivals"])}


def meaning(given: Given) -> dict[str, Any]:
    """What a thing stands for, by its class."""
    found: dict[str, Any] = dict.fromkeys(("audience", "domain", "ground", "function", "archetype", "family", "occupation"))
    target, kind = given["target"], given["target"].partition("/")[0]
    if kind in ("occupation", "soc"):
        ground = given["ground"]
        by_function = str(ground or "").startswith("function/")
        found |= {"audience": given["audience"], "domain": given["domain"], "ground": ground, "function": ground if by_function else None}
        found["archetype"] = given["archetype"] if by_function else ground
        return found
    found |= {"audience": "inside", "ground": target}
    if kind == "role":
        return found | {name: given[name] for name in ("function", "archetype", "family", "occupation")}
    if kind == "function":
        return found | {"function": target, "archetype": given["archetype"]}
    return found | {"archetype": target}


def votes(given: Given) -> dict[str, Any]:
    """The count of the votes."""
    numbers = range(sum(1 for name in given if name.endswith(".claim")))
    claiming = [{"claim": given[f"{n}.claim"], **{name: given[f"{n}.{name}"] for name in _CANDIDATE}} for n in numbers if given[f"{n}.claim"] is not None]
    best = min((c["claim"] for c in claiming), key=_CLAIMS.index, default=None)
    if best in ("exact", "alias"):
        claiming = [c for c in claiming if c["claim"] == best]
    if any(_by_term(c) and c["target"].startswith("function/") for c in claiming):
        claiming = [c for c in claiming if not _by_term(c) or c["target"].startswith("function/")]
    kept: dict[str, dict[str, Any]] = {}
    for c in sorted(claiming, key=lambda c: (-micros(c["vote"]), -micros(c["strength"]), c["target"], c["title"])):
        kept.setdefault(c["target"], c)
    voters = list(kept.values())
    roles = sorted(c["target"] for c in voters if c["claim"] in ("exact", "alias"))
    audience, function, archetype = (_tally(voters, itemgetter(name)) for name in ("audience", "function", "archetype"))
    if len(roles) == 1:
        occupations = {voters[0]["occupation"]: MILLION} if voters[0]["occupation"] else {}
    else:
        occupations = _tally([c for c in voters if c["target"].startswith("occupation/")], lambda c: c["target"])
    listed = list(occupations.items())[: int(given["$occupations_shown"])]
    least = int(Decimal(given["$occupation_share"]) * MILLION)
    leading = next((key for key, votes_for in listed if votes_for >= least), None)
    ranked = [*function.values(), 0, 0]
    return {
        "best_claim": best, "roles": len(roles), "strength": share_of(max((micros(c["strength"]) for c in voters), default=0)),
        **{f"votes_{a}": share_of(audience.get(a, 0)) for a in ("inside", "held", "outside")},
        "votes_function": share_of(ranked[0]), "rival_function": share_of(ranked[1]), "votes_archetype": share_of(next(iter(archetype.values()), 0)),
        "role": roles[0] if roles else None, "function": next(iter(function), None), "archetype": next(iter(archetype), None),
        "domains": sorted({c["domain"] for c in voters if c["domain"]}), "occupations": len(listed), "occupation_known": leading is not None,
        "management_dropped": any(c["dropped_rank"] >= given["$management_rank"] for c in voters), "corrected": any("spelling" in c["dropped"] for c in voters),
        "record_confidence": Decimal(voters[0]["confidence"]) if voters else Decimal(0), "accepted": [c["target"] for c in voters],
        "family": voters[0]["family"] if voters else None, "occupation_codes": [key.partition("/")[2] for key, _ in listed],
        "occupation_shares": [share_of(votes_for) for _, votes_for in listed], "occupation": leading and leading.partition("/")[2],
    }  # fmt: skip


def second_job(given: Given) -> dict[str, Any]:
    """The gravest audience of a part that has one only, and how many words that part has."""
    numbers = range(sum(1 for name in given if name.endswith(".part")))
    audiences: dict[str, set[Any]] = {part: set() for part in given["parts"]}
    for n in numbers:
        audiences[given[f"{n}.part"]].add(given[f"{n}.audience"])
    # of several parts with the same audience the last one's words count
    words = {found: len(part.split()) for part, several in audiences.items() if len(several) == 1 for found in several}
    gravest = next((a for a in ("held", "outside", "inside") if a in words), None)
    return {"second_job": gravest, "second_job_words": words[gravest] if gravest else 0}


def sureness(given: Given) -> dict[str, Any]:
    """The share of the votes behind the answer, the match, the confidence."""
    if given["best_claim"] is None:
        return dict.fromkeys(("support", "match", "confidence"), Decimal(0))
    kind = _STANDS_ON.get(given["fallback_tier"])
    if kind == "role":
        support = MILLION
    elif kind:
        support = micros(given[f"votes_{kind}"])
    else:
        shares = {a: micros(given[f"votes_{a}"]) for a in ("inside", "held", "outside")}
        support = shares.get(given["title_audience"]) or max(shares.values())
    strength = micros(given["strength"])
    product = share_of(strength) * share_of(support) * Decimal(given["record_confidence"]) * Decimal(given["$base_trust"])
    return {"support": share_of(support), "match": share_of(strength * support // MILLION), "confidence": product.quantize(Decimal("0.000001"), ROUND_DOWN)}


def ground(given: Given) -> dict[str, Any]:
    """What the tier stands on."""
    kind = _STANDS_ON.get(given["fallback_tier"])
    return {"ground": given[kind] if kind else None}


def match(node: Mapping[str, Any], given: Given) -> None:
    """What can be said again of a match: its record, its list, what it left untouched. The measured shares are taken as measured."""
    gives = node["gives"]
    kind = given["target"].partition("/")[0]
    same("target", gives["target"], given["target"])
    same("target_class", gives["target_class"], kind)
    same("untouched", gives["untouched"], all(dropped == "requisition" for dropped in gives["dropped"]))
    same("naming", gives["naming"], list_of(kind, given["kind"]))
    same("origin", gives["origin"], given["source"] if given["kind"].endswith("code") else None)
    for name in ("coverage", "familiarity", "back", "likeness"):
        if not 0 <= micros(gives[name]) <= MILLION:
            raise Broken(name, gives[name], "a share")
    if gives["road"] in ("exact", "same_words"):  # a whole title was found: nothing about a part of it can be stated
        whole = {"coverage": "1", "familiarity": "1", "back": "1", "likeness": "1", "head_agrees": True, "head_titles": 0, "shared_words": 0, "head_general": False, "strangers": 0}
        for name, value in {**whole, "rest_declared": False, "rest_unknown": False}.items():
            same(name, gives[name], value)
    aside = ", ".join(dropped.replace("_", " ") for dropped in gives["dropped"]) or "nothing"
    same("sentence", node["says"], f"`{given['title']}` found by {gives['road']} in the list {gives['naming']}, after setting aside: {aside}")


def _by_term(candidate: Mapping[str, Any]) -> bool:
    return bool(candidate["road"] == "term")


def _tally(voters: list[dict[str, Any]], name_of: Callable[[dict[str, Any]], Any]) -> dict[str, int]:
    total = sum(micros(c["vote"]) for c in voters) or 1
    sums: dict[str, int] = {}
    for c in voters:
        if name_of(c) is not None:
            sums[name_of(c)] = sums.get(name_of(c), 0) + micros(c["vote"])
    return {name: sums[name] * MILLION // total for name in sorted(sums, key=lambda n: (-sums[n], n))}
