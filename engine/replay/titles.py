"""The arithmetic between the tables of a title, made again: trust in a match, its vote, the count, the sureness, the ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Decimal
from operator import itemgetter
from typing import Any

from engine.replay.leaves import list_of
from engine.replay.values import MILLION, Broken, micros, same, share_of

Given = Mapping[str, Any]
_CLAIMS = ("exact", "alias", "settled_class", "class_of_work", "ground")
_STANDS_ON = {"exact": "role", "alias": "role", "function": "function", "archetype": "archetype"}
_CANDIDATE = ("target", "road", "dropped", "dropped_rank", "strength", "vote", "title", "confidence", "audience", "domain", "function", "archetype", "family", "occupation")


def weight(given: Given) -> dict[str, Any]:
    """Trust in a match: the road, the list and what was set aside, then how much of the words it covers; divided among its rivals."""
    declared = given["road"] in ("head", "start") and given["rest_declared"]
    trust = micros(given["$road_strength"]["declared" if declared else given["road"]])
    for kind in given["dropped"]:
        trust = trust * micros(given["$kept_share"][kind]) // MILLION
    trust = trust * micros(given["$naming_strength"][given["naming"]]) // MILLION
    coverage, familiarity, back = (micros(given[name]) for name in ("coverage", "familiarity", "back"))
    if given["road"] == "head" and not declared:
        trust = trust * (MILLION + max(coverage, familiarity)) // (2 * MILLION)
    elif given["road"] == "term":
        trust = trust * (MILLION + coverage) // (2 * MILLION) * back // MILLION
    elif given["road"] == "shared_words":
        trust = trust * coverage // MILLION
    elif given["road"] in ("near_spelling", "likeness"):
        trust = trust * micros(given["likelihood"]) // MILLION
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
    settled = any(c["claim"] == "settled_class" for c in claiming)
    named = _one_each([c for c in claiming if c["target"].startswith("occupation/") and (c["claim"] == "settled_class" or not settled)])
    if best in ("exact", "alias", "settled_class"):
        claiming = [c for c in claiming if c["claim"] == best]
    if any(_by_term(c) and c["target"].startswith("function/") for c in claiming):
        claiming = [c for c in claiming if not _by_term(c) or c["target"].startswith("function/")]
    voters = _one_each(claiming)
    roles = sorted(c["target"] for c in voters if c["claim"] in ("exact", "alias"))
    audience, function, archetype = (_tally(voters, itemgetter(name)) for name in ("audience", "function", "archetype"))
    occupations = _tally(named, lambda c: c["target"])
    mapped = voters[0]["occupation"] if len(roles) == 1 else None
    if mapped:
        occupations = {mapped: MILLION}
    listed = list(occupations.items())[: int(given["$occupations_shown"])]
    least = int(Decimal(given["$occupation_share"]) * MILLION)
    leading = next((key for key, votes_for in listed if votes_for >= least and (mapped or not roles)), None)
    chance: int | None = None
    if "likened_codes" in given and best not in ("exact", "alias", "settled_class"):
        listed = list(zip(given["likened_codes"], map(micros, given["likened_shares"]), strict=True))
        first = listed[0][0].partition("/")[2]
        named = [c["target"].partition("/") for c in voters]
        around = any(key == first if kind == "occupation" else kind == "soc" and first.startswith(key.rstrip("0")) for kind, _, key in named)
        leads = around and listed[0][1] >= int(Decimal(given["$occupation_chance"]) * MILLION)
        leading = listed[0][0] if leads else None
        chance = listed[0][1]
    elif listed and not roles and all(c["road"] == "exact" for c in voters):
        six = len("occupation/00-0000")
        chance = int(Decimal(given["$filed_chance"]) * MILLION) * sum(votes_for for key, votes_for in listed if key[:six] == listed[0][0][:six]) // MILLION
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
        "chance": None if chance is None else share_of(chance),
    }  # fmt: skip


def _one_each(claiming: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each target the record with the most votes, best first."""
    kept: dict[str, dict[str, Any]] = {}
    for c in sorted(claiming, key=lambda c: (-micros(c["vote"]), -micros(c["strength"]), c["target"], c["title"])):
        kept.setdefault(c["target"], c)
    return list(kept.values())


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
        return {"support": Decimal(0), "match": Decimal(0), "confidence": Decimal(given["chance"] or 0)}
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
    confidence = Decimal(given["chance"]) if given["chance"] is not None else product.quantize(Decimal("0.000001"), ROUND_DOWN)
    return {"support": share_of(support), "match": share_of(strength * support // MILLION), "confidence": confidence}


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
    for name in ("coverage", "familiarity", "back"):
        if not 0 <= micros(gives[name]) <= MILLION:
            raise Broken(name, gives[name], "a share")
    likened = gives["road"] in ("near_spelling", "likeness")
    if likened != (gives["likelihood"] is not None) or (likened and not 0 <= micros(gives["likelihood"]) <= MILLION):
        raise Broken("likelihood", gives["likelihood"], "a share where a title was likened")
    if gives["road"] in ("exact", "same_words"):  # a whole title was found: nothing about a part of it can be stated
        whole = {"coverage": "1", "familiarity": "1", "back": "1", "head_titles": 0, "shared_words": 0, "head_general": False, "strangers": 0}
        for name, value in {**whole, "rest_declared": False, "rest_unknown": False, "unlike_titles": False}.items():
            same(name, gives[name], value)
    aside = ", ".join(dropped.replace("_", " ") for dropped in gives["dropped"]) or "nothing"
    same("sentence", node["says"], f"`{given['title']}` found by {gives['road']} in the list {gives['naming']}, after setting aside: {aside}")


def groups(node: Mapping[str, Any], given: Given) -> None:
    """Six digits of the first occupation, then the minor and the major group with the greatest share; as the ranking gives them where the title was likened."""
    gives = node["gives"]
    if "likened_groups" in given:
        same("groups", gives["groups"], given["likened_groups"])
        same("chances", gives["chances"], given["likened_chances"])
        return
    shares = list(zip(given["occupation_codes"], map(micros, given["occupation_shares"]), strict=True))
    trust = micros(given["confidence"] if given["chance"] is None else given["$filed_chance"])
    wanted: list[tuple[str, str, int]] = []
    for length, zeros in ((7, ""), (4, "00"), (2, "-0000")) if shares else ():
        sums: dict[str, int] = {}
        for code, share in shares:
            sums[code[:length]] = sums.get(code[:length], 0) + share
        begins = max(sums, key=lambda name: sums[name]) if zeros else shares[0][0][:length]
        if not begins.endswith("-0"):  # no minor group has the number 0
            wanted.append((begins, zeros, sums[begins] * trust // MILLION // 10_000 * 10_000))
    same("groups", len(gives["groups"]), len(wanted))
    for group, (begins, zeros, _) in zip(gives["groups"], wanted, strict=True):
        if not (group.startswith(begins) and group.endswith(zeros) and len(group) == len("00-0000")):
            raise Broken("groups", group, f"a group that begins with {begins}")
    same("chances", gives["chances"], [share_of(chance) for _, _, chance in wanted])


def likeness(node: Mapping[str, Any]) -> None:
    """The list of occupations that a title is like: each once. The chances themselves are taken as given; they are the ranking's."""
    gives = node["gives"]
    codes, shares = gives["likened_codes"], [micros(share) for share in gives["likened_shares"]]
    same("occupations", len(set(codes)), len(codes))
    same("chances", len(shares), len(codes))
    if not all(0 <= share <= MILLION for share in shares):
        raise Broken("chances", gives["likened_shares"], "shares")
    wider = [micros(chance) for chance in gives["likened_chances"]]
    same("groups", len(gives["likened_groups"]), len(wider))
    if wider and (wider[0] != shares[0] or wider != sorted(wider) or wider[-1] > MILLION or not codes[0].endswith(gives["likened_groups"][0] + codes[0][-3:])):
        raise Broken("groups", gives["likened_chances"], "chances that begin with that of the first occupation and do not fall")
    same("sentence", node["says"], f"like {len(codes)} occupations, with chances taken as the ranking gives them")


def _by_term(candidate: Mapping[str, Any]) -> bool:
    return bool(candidate["road"] == "term")


def _tally(voters: list[dict[str, Any]], name_of: Callable[[dict[str, Any]], Any]) -> dict[str, int]:
    total = sum(micros(c["vote"]) for c in voters) or 1
    sums: dict[str, int] = {}
    for c in voters:
        if name_of(c) is not None:
            sums[name_of(c)] = sums.get(name_of(c), 0) + micros(c["vote"])
    return {name: sums[name] * MILLION // total for name in sorted(sums, key=lambda n: (-sums[n], n))}
