"""How fast questions are answered in a process that is already warm, over bare look-ups in the same files."""

from __future__ import annotations

import sqlite3
import statistics
from typing import Any

import pytest
from measuring import Tell, seconds_of

from engine.ask import Desk
from engine.contracts.learner import LearnerProfile

TITLES = {
    "embedded": {
        "exact": ["Marketing Manager", "Growth Marketer", "Content Marketer", "Customer Success Manager"],
        "dropped": ["seasonal Marketing Manager - Austin, TX", "Sr. Growth Marketer #48213", "Content Marketer II (remote)", "part-time Customer Success Manager | Oslo"],
        "similar": ["manager for marketing products", "support of customers associate", "growth markting manager", "coordinator of customer support teams"],
    },
    "published": {
        "exact": ["Software Developers", "Registered Nurses", "Marketing Managers", "Accountants and Auditors"],
        "dropped": ["Senior Software Developer - Austin, TX", "Registered Nurse #48213", "Marketing Manager II (remote)", "part-time accountant | Oslo"],
        "similar": ["developer for embedded software systems", "nurse of neonatal intensive units", "plant floor maintenance technician helper", "analyst for regional logistics cost"],
    },
}  # fmt: skip


def _measure(benchmark: Any, tell: Tell, desk: Desk, graph: str, road: str) -> None:
    titles = TITLES[graph][road]
    desk.resolve(titles[0])

    def all_of_them() -> list[Any]:
        return [desk.resolve(t) for t in titles]

    answers = benchmark(all_of_them)
    assert [a.outcome["title"] for a in answers] == titles
    if benchmark.stats is None:
        return
    times = sorted(seconds_of(lambda t=t: desk.resolve(t), 50) for t in titles)  # type: ignore[misc]
    connection = sqlite3.connect(f"{desk.snapshot.titles.as_uri()}?mode=ro&immutable=1", uri=True)
    bare = seconds_of(lambda: connection.execute("SELECT n.* FROM key k JOIN naming n ON n.key_id = k.id WHERE k.text = ?", ("marketing manager",)).fetchall())
    connection.close()
    tell(f"resolve, {road}, {graph} graph, median title", statistics.median(times), "one look-up in the title index", bare)


@pytest.mark.parametrize("road", list(TITLES["embedded"]))
def test_resolving_on_the_embedded_graph(road: str, benchmark: Any, tell: Tell, embedded_desk: Desk) -> None:
    _measure(benchmark, tell, embedded_desk, "embedded", road)


@pytest.mark.published
@pytest.mark.parametrize("road", list(TITLES["published"]))
def test_resolving_with_onet(road: str, benchmark: Any, tell: Tell, published_desk: Desk) -> None:
    _measure(benchmark, tell, published_desk, "published", road)


def _plan(benchmark: Any, tell: Tell, desk: Desk, graph: str) -> None:
    profile = LearnerProfile(title="Marketing Manager")
    desk.plan(profile)
    decision = benchmark(desk.plan, profile)
    assert decision.outcome["path"]["steps"]
    if benchmark.stats is None:
        return
    bare = seconds_of(lambda: desk.graph.execute("MATCH (r:Role {id: $id})-[:HAS_WORKFLOW]->(w:Workflow)-[:COVERS]->(t:Task) RETURN w.id, t.id ORDER BY w.id, t.id", {"id": "role/marketing-manager"}), 50)
    tell(f"one explained plan, {graph} graph", benchmark.stats.stats.median, "one traversal of two hops", bare)


def test_planning_on_the_embedded_graph(benchmark: Any, tell: Tell, embedded_desk: Desk) -> None:
    _plan(benchmark, tell, embedded_desk, "embedded")


@pytest.mark.published
def test_planning_with_onet(benchmark: Any, tell: Tell, published_desk: Desk) -> None:
    _plan(benchmark, tell, published_desk, "published")


def test_a_fact_of_one_subject(benchmark: Any, tell: Tell, embedded_desk: Desk) -> None:
    subject = ["role/marketing-manager"]
    found = benchmark(embedded_desk.facts.columns, "service.ground_depth", subject)
    assert found["status"] == ["approved"]
    if benchmark.stats is None:
        return
    connection = sqlite3.connect(f"{embedded_desk.snapshot.facts.as_uri()}?mode=ro&immutable=1", uri=True)
    bare = seconds_of(lambda: connection.execute('SELECT status, workflows, approvals FROM "service.ground_depth" WHERE subject = ?', subject).fetchall())
    connection.close()
    tell("one fact of one subject", benchmark.stats.stats.median, "the same row from SQLite", bare)
