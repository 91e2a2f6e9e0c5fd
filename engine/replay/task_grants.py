"""What AI may do in a publisher's tasks, made again between its tables: which tasks are shown, who performs them; and the answer held against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.replay.composition import premises
from engine.replay.leaves import Records, share_text
from engine.replay.values import micros, same

Given = Mapping[str, Any]
Nodes = Mapping[str, Mapping[str, Any]]
PERFORMS = "PERFORMS.Occupation.Task"


def performer(given: Given) -> dict[str, Any]:
    """The class of work and the consequence of error of the occupation that performs a task."""
    return {name: given[name] for name in ("audience", "domain", "error_consequence")}


def tasks(given: Given, records: Records) -> dict[str, Any]:
    """The most important tasks of the leading occupation, unrated ones last, then by key; each with all that was decided about it."""
    same("occupation", given["occupation"], f"occupation/{given['leading']}")
    rated = [(row["to"], row["importance"] if row["importance"] is None else micros(repr(row["importance"]))) for row in records.rows(PERFORMS, "from", given["occupation"])]
    rated.sort(key=lambda found: (found[1] is None, -(found[1] or 0), found[0]))
    shown = [key for key, _ in rated[: int(given["$occupation_tasks_shown"])]]
    wanted = [f"{name} {key}" for key in shown for name in ("grant", "block", "checkpoint", "flag")]
    same("tasks decided about", sorted(name for name in given if " " in name), sorted(wanted))
    return {"tasks": shown}


def check_grants(nodes: Nodes, body: Mapping[str, Any], records: Records) -> None:
    """Raises Broken where the publisher's tasks in a plan, or what is granted in them, are not what the steps below give."""
    outcome = body["outcome"]
    stated, leading = outcome["occupation_work"], outcome["occupation"]
    key = None if outcome["role"] is not None or leading is None else f"occupation/{leading['code']}"
    performed = records.rows(PERFORMS, "from", key) if key else []
    same("tasks of the occupation shown", stated is not None, bool(performed))
    if stated is None:
        return
    below = premises(nodes, premises(nodes, list(nodes.values())[-1])["tasks"])
    same("tasks, occupation", stated["key"], key)
    same("tasks, label", stated["label"], records.rows("Occupation", "id", str(key))[0]["label"])
    same("tasks in all", stated["tasks_in_all"], len(performed))
    same("tasks", [task["key"] for task in stated["tasks"]], list(nodes.values())[-1]["gives"]["tasks"])
    importance = {row["to"]: row["importance"] for row in performed}
    for task in stated["tasks"]:
        row = records.rows("Task", "id", task["key"])[0]
        rated = importance[task["key"]]
        written = {"statement": row["statement"], "source": row["source"], "source_ref": row["source_ref"], "importance": rated if rated is None else share_text(rated)}
        for name, value in written.items():
            same(f"{name} of {task['key']}", task[name], value)
        granted = _granted(nodes, below, task["key"])
        for name, value in granted.items():
            same(f"{name} of {task['key']}", task["grant"].get(name), value)
        same(f"columns of {task['key']}", sorted(task["grant"]), sorted(granted))


def _granted(nodes: Nodes, below: Mapping[str, Mapping[str, Any]], task: str) -> dict[str, Any]:
    """The grant in a task as the steps of its tables give it."""
    grant, checked = below[f"grant {task}"], below[f"checkpoint {task}"]
    decided, risk = premises(nodes, grant), premises(nodes, checked)["risk_level"]
    support = decided["support"]
    judged = {u["name"]: u["value"] for u in support["uses"]}
    claimed = {u["name"]: u["value"] for u in premises(nodes, support)["standing"]["uses"]}
    said: dict[str, Any] = {name: node["gives"][name] or "" for name, node in (("support", support), ("work_kind", decided["work_kind"]), ("risk_level", risk), ("grant", grant))}
    said |= {name: checked["gives"][name] or "" for name in ("checkpoint", "check")}
    said |= {"blocks": below[f"block {task}"]["gives"]["block"], "flags": below[f"flag {task}"]["gives"]["flag"], "because": f"{support['says']}; {grant['says']}", "risk_because": risk["says"]}
    said |= {name: judged[name] for name in ("judged_exposure_model", "judged_exposure_human")}
    return {**said, "task": task, "measured_use": claimed["measured_use"]}
