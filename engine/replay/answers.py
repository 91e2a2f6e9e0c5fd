"""The answer held against the steps below it and against the decision that was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.replay.values import Broken, same

Nodes = Mapping[str, Mapping[str, Any]]
_OUTCOME = ("fallback_tier", "service_tier", "runtime_action", "role", "ground", "function", "family", "confidence", "caveats", "review_tags")


def check_answer(nodes: Nodes, body: Mapping[str, Any]) -> None:
    """Raises Broken where the last step is no answer, does not follow from its inputs, or is not the decision's outcome."""
    root = list(nodes.values())[-1]
    same("kind", root["kind"], "answer")
    same("name", root["name"], body["kind"])
    given = {u["name"]: u["value"] for u in root["uses"]}
    tier, served = given["fallback_tier"], given["outcome"] == "served"
    replayed = {name: given[name] for name in ("fallback_tier", "service_tier", "runtime_action", "confidence", "occupation", "groups", "group_chances")}
    by_role = tier in ("exact", "alias")
    replayed |= {"caveats": given["caveat"], "review_tags": given["review_tag"], "ground": given["ground"] if served else None}
    replayed |= {"role": given["role"] if by_role else None, "function": given["function"] if by_role or tier == "function" else None}
    replayed["family"] = given["family"] if by_role else None
    if "path" in body["outcome"]:
        replayed["modules"] = given["modules"]
        replayed |= {name: given[name] for part, name in (("law", "demands"), ("occupation_work", "tasks")) if body["outcome"][part] is not None}
        _check_path(nodes, body["outcome"]["path"])
    for name, value in replayed.items():
        same(name, root["gives"].get(name), value)
    same("results", sorted(root["gives"]), sorted(replayed))
    same("sentence", root["says"], f"{given['service_tier']}, {given['runtime_action']}")
    outcome = body["outcome"]
    for name in _OUTCOME:
        same(f"outcome, {name}", outcome[name], root["gives"][name])
    same("outcome, occupation", outcome["occupation"] and outcome["occupation"]["code"], root["gives"]["occupation"])
    same("outcome, normalized", outcome["normalized"], given["normalized"])
    same("confidence", body["confidence"], outcome["confidence"])
    votes = nodes["arithmetic/votes"]
    same("outcome, occupations", [o["code"] for o in outcome["occupations"]], votes["gives"]["occupation_codes"])
    same("outcome, shares of occupations", [o["share"] for o in outcome["occupations"]], votes["gives"]["occupation_shares"])
    same("outcome, groups", [g["code"] for g in outcome["groups"]], root["gives"]["groups"])
    same("outcome, chances of groups", [g["chance"] for g in outcome["groups"]], root["gives"]["group_chances"])
    same("groups of what the title is like", *(any(u["name"].startswith("likened_") for u in nodes[f"arithmetic/{name}"]["uses"]) for name in ("groups", "votes")))
    _check_counted(nodes, votes)
    _check_confidence(nodes, body)
    _check_reasons(nodes, body)
    _check_evidence(nodes, body, votes)


def _check_path(nodes: Nodes, path: Mapping[str, Any]) -> None:
    counted = nodes["arithmetic/path"]["gives"]
    same("path, modules", [step["module"] for step in path["steps"]], counted["modules"])
    same("path, hours", path["hours"], counted["hours"])
    for step in path["steps"]:
        judged = nodes[f"fact/gates.module_rubric/{step['module']}"]["gives"]["module_rubric"]
        same(f"path, rubric of {step['module']}", step["rubric"], judged)
        opened = next(u["node"] for u in nodes[f"table/gates.module/{step['module']}"]["uses"] if u["name"] == "rubric_open")
        same(f"path, gate of the rubric of {step['module']}", opened, f"table/gates.rubric/{judged}")
        scored = nodes[f"arithmetic/score/{step['module']}"]["gives"]
        same(f"path, score of {step['module']}", step["score"], scored["score"])
        same(f"path, terms of {step['module']}", [{name: t[name] for name in ("factor", "value", "weight", "points")} for t in step["terms"]], scored["terms"])


def _check_counted(nodes: Nodes, votes: Mapping[str, Any]) -> None:
    """No record that was found is kept from the count."""
    asked = sorted(n["id"] for n in nodes.values() if n["kind"] == "table" and n["name"] == "title_evidence.title_evidence")
    same("records counted", sorted(u["node"] for u in votes["uses"] if u["name"].endswith(".claim")), asked)


def _check_confidence(nodes: Nodes, body: Mapping[str, Any]) -> None:
    sure = nodes["arithmetic/sureness"]
    given = {u["name"]: u["value"] for u in sure["uses"]}
    same("confidence in words", sure["says"], " ".join(body["confidence_arithmetic"]))
    if given["chance"] is not None:
        same("confidence as a chance", body["confidence_arithmetic"][-1].rpartition(": ")[2], sure["gives"]["confidence"])
    elif given["best_claim"] is not None:
        factors = [given["strength"], sure["gives"]["support"], given["record_confidence"], given["$base_trust"]]
        same("confidence as a product", body["confidence_arithmetic"][-1], f"{' x '.join(factors)} = {sure['gives']['confidence']}")


def _check_reasons(nodes: Nodes, body: Mapping[str, Any]) -> None:
    """Every reason is a row that fired in some step, with the values met there; every row that fired for the answer is a reason."""
    tables = [n for n in nodes.values() if n["kind"] == "table"]
    refused = nodes["measure/title"]["gives"]["refused"]
    for number, reason in enumerate(body["reasons"]):
        if set(reason["bindings"]) == {"refused"}:
            same(f"reason {number}", reason["bindings"]["refused"], refused)
            continue
        fits = [n for n in tables if n["name"] == f"{reason['pack']}.{reason['table']}" and reason["rule"] in n["asked"]["fired"] and _bound(n, reason)]
        if not fits:
            raise Broken(f"reason {number}", f"{reason['pack']} / {reason['table']} / {reason['rule']}", "no step in which that row fired with these values")
        same(f"reason {number}, version", reason["version"], fits[0]["asked"]["version"])
        if reason["sentence"] not in fits[0]["says"]:
            raise Broken(f"reason {number}, sentence", reason["sentence"], fits[0]["says"])
    answered = [n for n in tables if n["asked"]["pack"] in ("fallback", "service")]
    wanted = sum(len(n["asked"]["fired"]) for n in answered)
    same("reasons of the tiers", sum(r["pack"] in ("fallback", "service") and set(r["bindings"]) != {"refused"} for r in body["reasons"]), wanted)


def _bound(node: Mapping[str, Any], reason: Mapping[str, Any]) -> bool:
    met = {u["name"]: u["value"] for u in node["uses"]}
    return all(name in met and met[name] == value for name, value in reason["bindings"].items())


def _check_evidence(nodes: Nodes, body: Mapping[str, Any], votes: Mapping[str, Any]) -> None:
    """Every record that votes is cited, with the source and row that its leaf has."""
    leaves = [(n["subject"], n["provenance"]) for n in nodes.values() if n["kind"] == "record" and "title" in n["gives"]]
    for key in votes["gives"]["accepted"]:
        cited = [e for e in body["evidence"] if e["record"] == key and e["used_for"].startswith("`")]
        fits = [e for e in cited for subject, p in leaves if subject == key and all(e[name] == p[name] for name in ("source", "source_ref", "release", "licence", "confidence"))]
        if not fits:
            raise Broken("evidence", key, "cited with the source of its leaf")


