"""The checker: walks a proof from its leaves to its answer and makes every step again from its inputs alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any

from engine.replay import law, plans, task_grants, titles
from engine.replay.answers import check_answer
from engine.replay.composition import check_origins
from engine.replay.leaves import Records, check_fact, check_record
from engine.replay.rules_text import Rules
from engine.replay.tables import replay_table
from engine.replay.values import Broken, same, sha256, shown

FORMAT = "wig-proof-1"
BODY = ("kind", "as_of", "question", "outcome", "confidence", "confidence_arithmetic", "reasons", "evidence", "alternatives", "trace", "digests")
_ARITHMETIC: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "weight": titles.weight, "meaning": titles.meaning, "votes": titles.votes, "second_job": titles.second_job, "sureness": titles.sureness, "ground": titles.ground,
    "factors": plans.factors, "names": law.names, "held": law.held, "law": law.law, "performer": task_grants.performer,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a proof does not hold: the step, what in it, what it states and what the replay gives."""

    node: str
    place: str
    stated: str
    replayed: str


@dataclass(frozen=True, slots=True)
class CheckedProof:
    """What the checker says of a proof. `steps` were made again without a difference, by kind; `integrity` tells that a digest differs."""

    holds: bool
    steps: Mapping[str, int]
    fault: Fault | None
    integrity: bool


class Checker:
    """Checks proofs against the files of one snapshot: `rulebook.json`, `facts.sqlite`, `records/`."""

    def __init__(self, folder: Path) -> None:
        self._records = Records(folder)
        self._rules_text = (folder / "rulebook.json").read_text(encoding="utf-8")
        self._rules: Rules | None = None

    def close(self) -> None:
        """Let go of the files."""
        self._records.close()

    def check(self, document: Mapping[str, Any]) -> CheckedProof:
        """Check a proof as `wig why --format json` writes it. Never raises for what a document holds; it then does not hold."""
        done: dict[str, int] = {}
        at = [""]
        try:
            self._check(document, done, at)
        except Broken as broken:
            return CheckedProof(False, done, Fault(at[0], broken.place, shown(broken.stated), shown(broken.replayed)), broken.integrity)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, DecimalException, RecursionError) as error:
            return CheckedProof(False, done, Fault(at[0], "form", f"{type(error).__name__}: {error}", "a step that can be read"), False)
        return CheckedProof(True, done, None, False)

    def _check(self, document: Mapping[str, Any], done: dict[str, int], at: list[str]) -> None:
        rules = self._rules = self._rules or Rules(self._rules_text)
        proof, body = document["proof"], {name: document[name] for name in BODY}
        same("format", proof["format"], FORMAT)
        nodes: dict[str, Mapping[str, Any]] = {}
        digests: dict[str, str] = {}
        for node in proof["nodes"]:
            at[0] = str(node["id"])
            if node["id"] in nodes:
                raise Broken("id", node["id"], "a step that stands once")
            _check_inputs(node, nodes)
            self._replay(node, rules, str(body["as_of"]), body)
            _check_digest(node, digests)
            nodes[node["id"]] = node
            done[node["kind"]] = done.get(node["kind"], 0) + 1
        at[0] = str(proof["root"])
        same("root", proof["root"], proof["nodes"][-1]["id"])
        check_answer(nodes, body)
        if "path" in body["outcome"]:
            law.check_law(nodes, body, rules)
            task_grants.check_grants(nodes, body, self._records)
        _check_reached(nodes)
        _digest("digest of the rules", body["digests"]["rules"], rules.digest)
        _digest("digest of the question", body["digests"]["question"], sha256(body["question"]))
        _digest("decision id", document["decision_id"], f"decision/{sha256(body)[:32]}")

    def _replay(self, node: Mapping[str, Any], rules: Rules, day: str, body: Mapping[str, Any]) -> None:
        kind, name = node["kind"], node["name"]
        given = {u["name"]: u["value"] for u in node["uses"]}
        if kind == "table":
            replay_table(node, rules, day)
        elif kind == "parameter":
            pack, _, parameter = name.partition(".")
            stated = rules.named(pack, "parameters", parameter)
            same("value", node["gives"], {"value": rules.parameter(pack, parameter, day)})
            same("unit", node["subject"], stated["unit"])
            same("reason", node["says"], stated["reason"])
        elif kind == "record":
            check_record(node, self._records)
        elif kind == "fact":
            pack, _, fact = name.partition(".")
            check_fact(node, given, self._records, rules.named(pack, "facts", fact)["description"])
        elif kind == "measure":
            _measured(node, given, body)
        elif kind == "arithmetic":
            self._count(node, given, rules, day)
        elif kind != "answer":
            raise Broken("kind", kind, "a kind of step")

    def _count(self, node: Mapping[str, Any], given: Mapping[str, Any], rules: Rules, day: str) -> None:
        name = node["name"]
        if name == "score":
            plans.score(node, given, rules, day)
        elif name == "level":
            same("result", node["gives"], plans.level(given, self._records.pairs("TEACHES.Module.Capability"), self._records.ladder))
        elif name == "path":
            plans.path(node, given, self._records.pairs("PREREQUISITE.Module.Module"), self._records.pairs("TEACHES.Module.Capability"))
        elif name == "groups":
            titles.groups(node, given)
        elif name == "factors":
            results = plans.factors(given)
            for factor, value in results.items():
                same(f"factor {factor}", node["gives"].get(factor), value)
            same("factors", sorted(node["gives"]), sorted(results))
        else:
            results = self._results(node, given)
            for result, value in results.items():
                same(result, node["gives"].get(result), value)
            same("results", sorted(node["gives"]), sorted(results))

    def _results(self, node: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        name = node["name"]
        if name in ("occupation", "demand"):
            return {"occupation": law.occupation, "demand": law.demand}[name](node, given)
        if name in ("work", "tasks"):
            return {"work": law.work, "tasks": task_grants.tasks}[name](given, self._records)
        return _ARITHMETIC[name](given)


def _measured(node: Mapping[str, Any], given: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    """What was read of the question and of the title's words. Only what can be told without the matcher is told again."""
    gives, name = node["gives"], node["name"]
    if name == "match":
        titles.match(node, given)
    elif name == "likeness":
        titles.likeness(node)
    elif name == "part":
        same("part", gives["part"], node["subject"])
        same("target", gives["target"], given["target"])
    elif name == "title":
        same("title", gives["title"], body["question"]["title"])
        same("normalized", gives["normalized"], body["outcome"]["normalized"])
        same("title_state", gives["title_state"], "not_a_title" if gives["refused"] else "title")
        same("sentence", node["says"], gives["refused"] or f"read as `{gives['normalized']}`")
    elif name == "place_of_work":
        same("jurisdictions and sector", gives, {"jurisdictions": body["question"].get("jurisdictions", []), "sector": body["question"].get("sector")})
    elif name == "question":
        question = body["question"]
        same("shown", gives["shown"], sorted({s["capability"] for s in question.get("shown", []) if s["dated"] <= body["as_of"]}))
        weekly, weeks = question.get("hours_per_week"), question.get("weeks")
        same("hours_budget", gives["hours_budget"], None if weekly is None or weeks is None else Decimal(weekly) * weeks)
        shares = {f"time_share {key}": Decimal(value) for key, value in question.get("time_shares", {}).items()}
        same("time_shares", {k: v for k, v in gives.items() if k.startswith("time_share ")}, shares)
        same("sentence", node["says"], f"{len(gives['shown'])} capabilities shown with evidence that counts")
    else:
        raise Broken("name", name, "a measure")


def _check_inputs(node: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> None:
    """Every input is what an earlier step gives, and comes from a step that may give it."""
    names = [use["name"] for use in node["uses"]]
    if len(set(names)) != len(names):
        raise Broken("inputs", sorted(names), "every input once")
    for use in node["uses"]:
        if use["node"] not in nodes:
            raise Broken(f"input {use['name']}", use["node"], "an earlier step")
        same(f"input {use['name']}", use["value"], nodes[use["node"]]["gives"][use["gives"]])
    check_origins(node, nodes)


def _check_digest(node: Mapping[str, Any], digests: dict[str, str]) -> None:
    stated = {name: value for name, value in node.items() if name != "digest"}
    premises = list(dict.fromkeys(use["node"] for use in node["uses"]))
    digests[node["id"]] = sha256([stated, [digests[p] for p in premises]])
    _digest("digest", node["digest"], digests[node["id"]])


def _check_reached(nodes: Mapping[str, Mapping[str, Any]]) -> None:
    """Every step is rested on, and every record that was found was counted."""
    used = {use["node"] for node in nodes.values() for use in node["uses"]}
    idle = sorted(node_id for node_id, node in nodes.items() if node_id not in used and node["kind"] != "answer")
    if idle:
        raise Broken("steps that nothing rests on", idle, [])


def _digest(place: str, stated: Any, replayed: str) -> None:
    if stated != replayed:
        raise Broken(place, stated, replayed, integrity=True)

