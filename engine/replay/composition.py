"""Which step an input must come from: the output of one table is the input of the next, a fact is of the thing decided about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.replay.plan_origins import ABOUT_ONE, ANSWERED, FACTS, FIXED, OTHERWISE, about_in_plan, origin_in_plan
from engine.replay.values import Broken

_VOTES, _TITLE, _SURE = ("arithmetic", "votes"), ("measure", "title"), ("arithmetic", "sureness")
_AUDIENCE, _FALLBACK, _SERVICE = ("table", "fallback.title_audience"), ("table", "fallback.fallback_tier"), ("table", "service.service_tier")
_RECORD, _MATCH, _MEANING, _GROUND = ("record", ""), ("measure", "match"), ("arithmetic", "meaning"), ("arithmetic", "ground")
_LIKENESS, _GROUPS = ("measure", "likeness"), ("arithmetic", "groups")
_DEPTH, _QUESTION, _LEVEL = ("fact", "service.ground_depth"), ("measure", "question"), ("arithmetic", "level")
_REACH, _OPENED, _TOTAL = ("fact", "ranking.module_reach"), ("fact", "ranking.module_affordances"), ("fact", "ranking.ground_affordances")
_CLASS, _GROUND_OF, _ARCHETYPE = ("fact", "audience.class_of_work"), ("fact", "fallback.nearest_ground"), ("fact", "fallback.function_archetype")
_STANDING, _CLAIM, _WEIGHT = ("fact", "fallback.role_standing"), ("table", "title_evidence.title_evidence"), ("arithmetic", "weight")
_WHOSE, _PART, _SECOND = ("table", "audience.audience"), ("measure", "part"), ("arithmetic", "second_job")
_RUBRIC_OF, _STATE, _CRITERIA = ("fact", "gates.module_rubric"), ("fact", "gates.editorial_state"), ("fact", "gates.rubric_criteria")
_RUBRIC_GATE, _MODULE_GATE = ("table", "gates.rubric"), ("table", "gates.module")
_PATH, _SCORE, _FACTORS = ("arithmetic", "path"), ("arithmetic", "score"), ("arithmetic", "factors")

Origin = tuple[tuple[str, str], str]
_SERVICE_INPUTS: dict[str, Origin] = {
    "title_state": (_TITLE, "title_state"), "fallback_tier": (_FALLBACK, "fallback_tier"), "audience": (_AUDIENCE, "title_audience"),
    "match": (_SURE, "match"), "confidence": (_SURE, "confidence"), "service_tier": (_SERVICE, "service_tier"),
    **{name: (_VOTES, name) for name in ("domains", "occupations", "occupation_known", "management_dropped", "corrected")},
    **{name: (_DEPTH, name) for name in ("status", "workflows", "approvals")},
}  # fmt: skip
_FALLBACK_INPUTS: dict[str, Origin] = {
    "title_audience": (_AUDIENCE, "title_audience"), "second_job": (_SECOND, "second_job"), "second_job_words": (_SECOND, "second_job_words"), "field_words": (_TITLE, "field_words"),
}  # fmt: skip
_OPENED_COLUMNS = ("affordances", "applicability_sum", "confidence_sum", "low", "moderate", "high", "critical")
_FACTOR_INPUTS: dict[str, Origin] = {
    **{name: (_REACH, name) for name in ("importance_sum", "workflows")}, **{name: (_OPENED, name) for name in _OPENED_COLUMNS}, "total": (_TOTAL, "total"),
    **{name: (_RECORD, name) for name in ("ladder_level", "effort_hours")}, "module_confidence": (_RECORD, "confidence"), "level": (_LEVEL, "level"),
    "hours_budget": (_QUESTION, "hours_budget"), "title_confidence": (_SURE, "confidence"),
}  # fmt: skip
_FACTS: dict[str, tuple[tuple[tuple[str, str], str], ...]] = {
    "service.ground_depth": ((_GROUND, "ground"),), "ranking.ground_affordances": ((_GROUND, "ground"),),
    **FACTS, "fallback.nearest_ground": ((_RECORD, "target"),), "fallback.role_standing": ((_RECORD, "target"),),
    "fallback.function_archetype": ((_RECORD, "target"), (_GROUND_OF, "ground")), "ranking.module_reach": ((_RECORD, "id"),), "ranking.module_affordances": ((_RECORD, "id"),),
    "gates.module_rubric": ((_RECORD, "id"),), "gates.editorial_state": ((_RECORD, "id"), (_RUBRIC_OF, "module_rubric")), "gates.rubric_criteria": ((_RUBRIC_OF, "module_rubric"),),
}  # fmt: skip
_MEANT: dict[str, dict[str, Origin]] = {
    "occupation": {"audience": (_WHOSE, "audience"), "domain": (_WHOSE, "domain"), "ground": (_GROUND_OF, "ground"), "archetype": (_ARCHETYPE, "function_archetype")},
    "role": {"function": (_STANDING, "role_function"), "archetype": (_STANDING, "role_archetype"), "family": (_STANDING, "family"), "occupation": (_STANDING, "role_occupation")},
    "function": {"archetype": (_ARCHETYPE, "function_archetype")},
    "archetype": {},
}
_MEANT["soc"] = _MEANT["occupation"]
_OF_A_VOTER: dict[str, tuple[str, str]] = {
    "claim": _CLAIM, **dict.fromkeys(("target", "road", "dropped", "dropped_rank"), _MATCH), **dict.fromkeys(("strength", "vote"), _WEIGHT),
    **dict.fromkeys(("title", "confidence"), _RECORD), **dict.fromkeys(("audience", "domain", "ground", "function", "archetype", "family", "occupation"), _MEANING),
}  # fmt: skip
_ANSWER: dict[str, Origin] = {
    "fallback_tier": (_FALLBACK, "fallback_tier"), **{name: (_SERVICE, name) for name in ("service_tier", "runtime_action", "outcome")}, "ground": (_GROUND, "ground"),
    **{name: (_VOTES, name) for name in ("role", "function", "family", "occupation")}, "confidence": (_SURE, "confidence"), "review_tag": (("table", "service.review_tags"), "review_tag"),
    "caveat": (("table", "service.caveats"), "caveat"), **ANSWERED, "refused": (_TITLE, "refused"), "normalized": (_TITLE, "normalized"), "modules": (_PATH, "modules"),
    "groups": (_GROUPS, "groups"), "group_chances": (_GROUPS, "chances"),
}  # fmt: skip
_FIXED: dict[tuple[str, str], dict[str, Origin]] = {
    _AUDIENCE: _FALLBACK_INPUTS, _FALLBACK: _FALLBACK_INPUTS, _SERVICE: _SERVICE_INPUTS, ("table", "service.review_tags"): _SERVICE_INPUTS, ("table", "service.caveats"): _SERVICE_INPUTS,
    _CLAIM: {"audience": (_MEANING, "audience")}, _SURE: {"title_audience": (_AUDIENCE, "title_audience"), "fallback_tier": (_FALLBACK, "fallback_tier")},
    _GROUPS: {"confidence": (_SURE, "confidence"), **{name: (_LIKENESS, name) for name in ("likened_groups", "likened_chances")}},
    _GROUND: {"fallback_tier": (_FALLBACK, "fallback_tier")}, _SECOND: {"parts": (_TITLE, "parts")}, _FACTORS: _FACTOR_INPUTS, _LEVEL: {"shown": (_QUESTION, "shown")},
    _RUBRIC_GATE: {name: (_STATE, name) for name in ("status", "approvals")}, _MODULE_GATE: {**{name: (_STATE, name) for name in ("status", "approvals")}, "rubric_open": (_RUBRIC_GATE, "rubric_gate")},
    _PATH: {"hours_budget": (_QUESTION, "hours_budget"), "shown": (_QUESTION, "shown")}, **FIXED,
}  # fmt: skip
_OTHERWISE = {**OTHERWISE, _AUDIENCE: _VOTES, _FALLBACK: _VOTES, _SURE: _VOTES, _GROUND: _VOTES, _GROUPS: _VOTES, _CLAIM: _MATCH, _WEIGHT: _MATCH, _WHOSE: _CLASS, _SCORE: _FACTORS, _MATCH: _RECORD, _PART: _RECORD, _RUBRIC_GATE: _CRITERIA}


def check_origins(node: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises Broken where an input of a step comes from a step that may not give it."""
    for use in node["uses"]:
        given_by = nodes[use["node"]]
        wanted = _origins(node, use["name"])
        met = ((given_by["kind"], given_by["name"] if given_by["kind"] != "record" else ""), use["gives"])
        if met not in wanted:
            raise Broken(f"origin of {use['name']}", f"{use['gives']} of {use['node']}", " or ".join(f"{gives} of {kind} {name}".rstrip() for (kind, name), gives in wanted) or "nothing")
        _same_subject(node, given_by, use)


def premises(nodes: Mapping[str, Mapping[str, Any]], node: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The steps that a step rests on, by the names of its inputs."""
    return {use["name"]: nodes[use["node"]] for use in node["uses"]}


def _origins(node: Mapping[str, Any], name: str) -> tuple[Origin, ...]:
    kind = (node["kind"], node["name"])
    if name.startswith("$"):
        packs = [node["asked"]["pack"]] if node["kind"] == "table" else ["fallback", "title_evidence", "ranking", "policy"]
        return tuple((("parameter", f"{pack}.{name[1:]}"), "value") for pack in packs)
    if node["kind"] == "fact":
        return ((_GROUND, "ground"),) if name == "context" else _FACTS[node["name"]]
    if node["kind"] == "answer":
        return (_ANSWER[name],)
    if kind == _MEANING:
        return ((_RECORD, "target"),) if name == "target" else (_MEANT[node["subject"].partition("/")[0]][name],)
    tail = name.partition(".")[2]
    if kind == _VOTES and not tail:
        return ((_LIKENESS, name),)
    if kind == _VOTES:
        return ((_OF_A_VOTER[tail], tail),)
    if kind == _SECOND and tail:
        return ((_MEANING if tail == "audience" else _PART, tail),)
    if kind == _PATH and "." in name:
        return ({"score": (_SCORE, "score"), "hours": (_RECORD, "effort_hours"), "gate": (_MODULE_GATE, "module_gate")}[name.rpartition(".")[2]],)
    if kind == _FACTORS and name.startswith("hours_share "):
        return ((_RECORD, "hours_share"), (_QUESTION, f"time_share {name.removeprefix('hours_share ')}"))
    found = origin_in_plan(kind, node["subject"], name) or _FIXED.get(kind, {}).get(name)
    return (found,) if found else ((_OTHERWISE[kind], name),)


def _same_subject(node: Mapping[str, Any], given_by: Mapping[str, Any], use: Mapping[str, Any]) -> None:
    """What is said of one record is not taken over for another: neither its number among those found nor what it names differs."""
    for wanted, met in zip(_about_input(node, use["name"]), _about(given_by), strict=True):
        if wanted and met and wanted != met:
            raise Broken(f"origin of {use['name']}", f"a step about {met}", f"one about {wanted}")


def _about(node: Mapping[str, Any]) -> tuple[str, str]:
    """Number and key of what a step is about; empty where it is not about one record."""
    kind, named = (node["kind"], node["name"]), str(node["subject"])
    if kind in (_CLAIM, _MATCH, _WEIGHT):
        number, _, key = node["id"].removeprefix(f"{node['kind']}/{node['name']}/").partition("/")
        return number, key
    about_one = kind in (_MEANING, _WHOSE, _FACTORS, _SCORE, _CLASS, _GROUND_OF, _STANDING, _STATE, _CRITERIA, _RUBRIC_GATE, _MODULE_GATE, *ABOUT_ONE) or (node["kind"] == "record" and " " not in named)
    return "", named if about_one else ""


def _about_input(node: Mapping[str, Any], name: str) -> tuple[str, str]:
    """The same of an input of a step: a count has inputs about many records."""
    kind, values = (node["kind"], node["name"]), {u["name"]: u["value"] for u in node["uses"]}
    number = name.partition(".")[0]
    if kind == _VOTES and "." in name:
        return number, values.get(f"{number}.target") or ""
    if kind == _SECOND and "." in name:
        return "", values[f"{number}.target"]
    if kind == _PATH and "." in name:
        return "", name.rpartition(".")[0]
    if kind == _MODULE_GATE and name == "rubric_open":
        return "", ""  # the rubric is another thing than the module; that it is its own is asked where the path is checked
    keyed = about_in_plan(kind, name, values)
    return _about(node) if keyed is None else ("", keyed)
