"""Whatever a learner brings, the path respects prerequisites and time, its arithmetic is exact, and nothing disappears without a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.ask import Desk
from engine.contracts import BadInput
from engine.contracts.learner import LearnerProfile, ShownCapability
from engine.graph import Workspace

TITLES = ("Marketing Manager", "support associate", "sales associate", "head of analytics")


@pytest.fixture(scope="module")
def desk(embedded_workspace: Callable[[str], Path]) -> Desk:
    return Desk(Workspace(embedded_workspace("planner")).required())


@pytest.fixture(scope="module")
def taught(desk: Desk) -> Mapping[str, frozenset[str]]:
    """Capabilities that each module teaches."""
    found: dict[str, set[str]] = {}
    for module, capability in desk.graph.execute("MATCH (m:Module)-[:TEACHES]->(c:Capability) RETURN m.id, c.id").rows:
        found.setdefault(module, set()).add(capability)
    return {m: frozenset(c) for m, c in found.items()}


def plan(desk: Desk, title: str, shown: frozenset[str], hours: Decimal | None) -> Mapping[str, Any]:
    evidence = tuple(ShownCapability(capability=c, evidence="portfolio", assessed_by="lead", dated=date(2026, 11, 1)) for c in sorted(shown))
    return desk.plan(LearnerProfile(title=title, shown=evidence, hours_per_week=hours, weeks=None if hours is None else 1)).outcome


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_path_keeps_its_promises(desk: Desk, taught: Mapping[str, frozenset[str]], data: st.DataObject) -> None:
    title = data.draw(st.sampled_from(TITLES))
    modules = data.draw(st.sets(st.sampled_from(sorted(taught))))
    shown = frozenset(c for m in modules for c in taught[m])
    hours = data.draw(st.none() | st.integers(1, 40).map(Decimal))
    path = plan(desk, title, shown, hours)["path"]
    already = {m for m, capabilities in taught.items() if capabilities <= shown}
    placed = set(already)
    for position, step in enumerate(path["steps"], start=1):
        assert step["position"] == position
        assert set(step["prerequisites"]) <= placed, "a prerequisite is neither placed nor shown"
        assert step["module"] not in already
        assert sum((t["points"] for t in step["terms"]), Decimal(0)) == step["score"]
        placed.add(step["module"])
    assert path["hours"] == sum((s["hours"] for s in path["steps"]), Decimal(0))
    assert hours is None or path["hours"] <= hours
    everything = {s["module"] for s in plan(desk, title, frozenset(), None)["path"]["steps"]}
    assert everything == {s["module"] for s in path["steps"]} | {x["module"] for x in path["left_out"]}
    assert all(x["reason"] for x in path["left_out"])


def test_of_modules_that_are_ready_the_best_score_comes_first(desk: Desk) -> None:
    steps = plan(desk, "Marketing Manager", frozenset(), None)["path"]["steps"]
    for i, step in enumerate(steps):
        placed = {s["module"] for s in steps[:i]}
        ready = [s for s in steps[i:] if set(s["prerequisites"]) <= placed]
        assert step["score"] == max(s["score"] for s in ready)


def test_a_learners_own_shares_of_time_move_the_value_factor(desk: Desk) -> None:
    usual = desk.plan(LearnerProfile(title="Marketing Manager")).outcome
    workflow = usual["packet"]["workflows"][-1]["key"]
    moved = desk.plan(LearnerProfile(title="Marketing Manager", time_shares={workflow: Decimal("0.9")})).outcome
    before, after = ({s["module"]: next(t["value"] for t in s["terms"] if t["factor"] == "value") for s in p["path"]["steps"]} for p in (usual, moved))
    reached = {s["module"] for s in usual["path"]["steps"] if workflow in s["reaches"]}
    assert reached
    assert all(after[m] > before[m] for m in reached if before[m] < 1)
    assert all(after[m] == before[m] for m in before.keys() - reached)


def test_claims_without_evidence_change_nothing_but_are_named(desk: Desk, taught: Mapping[str, frozenset[str]]) -> None:
    claim = sorted(taught["module/mkt-brief-the-assistant"])[0]
    with_claim = desk.plan(LearnerProfile(title="Marketing Manager", claimed=(claim,)))
    assert with_claim.outcome["path"] == desk.plan(LearnerProfile(title="Marketing Manager")).outcome["path"]
    assert [x["capability"] for x in with_claim.outcome["not_counted"]] == [claim]


def test_evidence_from_the_future_is_not_counted(desk: Desk, taught: Mapping[str, frozenset[str]]) -> None:
    capability = sorted(taught["module/mkt-brief-the-assistant"])[0]
    late = ShownCapability(capability=capability, evidence="portfolio", assessed_by="lead", dated=date(2099, 1, 1))
    outcome = desk.plan(LearnerProfile(title="Marketing Manager", shown=(late,))).outcome
    assert outcome["path"] == desk.plan(LearnerProfile(title="Marketing Manager")).outcome["path"]
    assert "2099-01-01" in outcome["not_counted"][0]["reason"]


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ({"time_shares": {"workflow/nope": "0.5"}}, "PRF102"),
        ({"claimed": ["capability/nope"]}, "PRF102"),
        ({"time_shares": {"workflow/mkt-launch-copy": "0.6", "workflow/mkt-customer-insight": "0.6"}}, "PRF103"),
    ],
    ids=["unknown workflow", "unknown capability", "more than the working time"],
)
def test_what_a_profile_cannot_mean_is_refused(desk: Desk, profile: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput, match=code):
        desk.plan(LearnerProfile.model_validate({"title": "Marketing Manager", **profile}))
