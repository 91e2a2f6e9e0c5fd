"""What AI may do in the publishers' tasks, on a graph built from their files."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from wig_command import Wig

from engine.ask import Desk
from engine.graph import Workspace
from engine.planner import task_grants

pytestmark = pytest.mark.published
DAY = date(2026, 11, 20)
RISKS = ["low", "moderate", "high", "critical"]


@pytest.fixture(scope="module")
def desk(onet: Wig) -> Desk:
    return Desk(Workspace(onet.workspace).required())


def test_every_task_has_a_grant_and_only_two_judges_make_a_no(desk: Desk) -> None:
    tasks = desk.facts.all("affordance.task_occupation").subjects
    grants = {g.task: g for g in task_grants(desk.facts, desk.rulebook, tasks, DAY)}
    assert len(grants) == len(tasks) > 19_000
    # asked of the graph itself, not of the facts
    judged = desk.graph.execute(
        "MATCH (t:Task)-[l:HAS_EVIDENCE]->(e:Evidence) WHERE e.evidence_kind = 'judged_exposure' AND l.join_method = 'same_task_id' RETURN t.id, e.measure, e.category"
    ).rows
    labels: dict[str, dict[str, str]] = {}
    for task, judge, label in judged:
        labels.setdefault(task, {})[judge] = label
    both_none = {task for task, by in labels.items() if len(by) == 2 and set(by.values()) == {"E0"}}
    assert {t for t, g in grants.items() if g.grant == "none" or g.support == "suspicious"} == both_none
    assert all(g.grant != "none" for t, g in grants.items() if t not in labels)
    assert all(g.flags and g.grant == "withheld" for g in grants.values() if g.support == "suspicious")
    assert Counter(g.grant for g in grants.values()).keys() == {"none", "unknown", "withheld", "assist", "draft", "transform"}


def test_the_use_that_the_authors_held_for_misfiled_is_suspicious_here_too(desk: Desk) -> None:
    (found,) = task_grants(desk.facts, desk.rulebook, ["task/9722"], DAY)  # named in the evidence of customer support as measured on the wrong task
    assert (found.support, found.grant) == ("suspicious", "withheld")


def test_where_authors_wrote_about_the_same_work_the_pack_is_seldom_bolder(desk: Desk) -> None:
    """Authored tasks keep what their authors wrote; over the aligned publishers' tasks the two are set side by side."""
    rows = desk.graph.execute("MATCH (a:Affordance)<-[:AFFORDED_BY]-(:Task)-[:ALIGNS_WITH]->(t:Task) RETURN t.id, a.risk_level ORDER BY t.id, a.risk_level").rows
    grants = task_grants(desk.facts, desk.rulebook, [r[0] for r in rows], DAY)
    steps = Counter(RISKS.index(g.risk_level) - RISKS.index(r[1]) for r, g in zip(rows, grants, strict=True))
    assert len(rows) > 200
    assert sum(n for step, n in steps.items() if abs(step) <= 1) / len(rows) >= 0.85, steps
    assert sum(n for step, n in steps.items() if step <= -2) / len(rows) <= 0.1, steps
    # an author wrote that AI helps where the judges saw none: the disagreement is shown, not hidden
    assert sum(g.grant == "none" for g in grants) / len(rows) <= 0.1


def test_a_fallback_plan_shows_the_grant_of_each_task_and_cites_its_signals(onet: Wig) -> None:
    plan = onet("plan", "Software Developer", "--json").json
    for task in plan["occupation_work"]["tasks"]:
        grant = task["grant"]
        assert grant["task"] == task["key"]
        assert all(grant[name] for name in ("grant", "risk_level", "checkpoint", "check", "because", "risk_because"))
    assert any("signal" in e["used_for"] for e in plan["evidence"])
    assert {"source/gpts-are-gpts@2023-03", "source/economic-index@2025-02-10"} <= {s["key"] for s in plan["sources"]}
    assert "a human checks" in onet("plan", "Software Developer").out
    assert "what AI may do in it, by the rules" in onet("explore", "task/9722").out
    assert onet("explore", "task/9722", "--json").json["grant"]["grant"] == "withheld"
