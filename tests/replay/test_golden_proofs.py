"""Every decision of the golden set has a proof, and the checker makes every step of it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from proof_documents import Proved, document_of

from engine.ask import Desk
from engine.build import BuildRequest, build_snapshot
from engine.graph import Workspace
from engine.replay import Checker

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
TITLES = sorted({str(c["title"]) for f in ("titles.yaml", "unseen_titles.yaml") for c in yaml.load((GOLDEN / f).read_text(encoding="utf-8"), yaml.CSafeLoader)["cases"]})
EVERY = 25
# one title for each way an answer can come about: role, alias, function, archetype, second job, field words, misspelt, a code, held, outside, unknown, no title
WAYS = (
    "Marketing Manager", "Sr. Sales Associate - Brooklyn, NY", "Client Services Coordinator", "Policy Analyst", "Sales manager - paralegal", "Nursing support associate",
    "Marketting Managr", "15-1252", "Attorney", "registered nurse - 1755724", "xqzzy", "!!!", "",
)  # fmt: skip


def broken(titles: list[str], proved: Proved, checker: Checker) -> list[str]:
    """Titles whose proof does not hold, with the first fault."""
    found = []
    for title in titles:
        checked = checker.check(proved(title))
        if not checked.holds:
            found.append(f"{title!r}: {checked.fault}")
    return found


@pytest.mark.parametrize("title", WAYS)
def test_every_way_to_an_answer_has_a_proof_that_holds(title: str, proved: Proved, checker: Checker) -> None:
    checked = checker.check(proved(title))
    assert checked.holds, checked.fault
    assert checked.steps["table"] >= 5
    assert checked.steps["answer"] == 1


def test_proofs_of_a_sample_of_the_golden_set_hold(proved: Proved, checker: Checker) -> None:
    assert broken(TITLES[::EVERY], proved, checker) == []


@pytest.mark.campaign
@pytest.mark.timeout(900)
def test_proofs_of_the_whole_golden_set_hold(proved: Proved, checker: Checker) -> None:
    assert broken(TITLES, proved, checker) == []


@pytest.mark.published
@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_proofs_of_the_whole_golden_set_hold_with_the_publishers_files(published_data: Path, tmp_path: Path) -> None:
    built = Desk(build_snapshot(Workspace(tmp_path), BuildRequest(source_dir=published_data)).snapshot)
    with_onet = Checker(built.snapshot.folder)
    asked: list[tuple[str, str]] = [("plan", "Software Developer"), ("plan", "Marketing Manager"), *(("resolution", title) for title in TITLES)]
    found = [(title, with_onet.check(document_of(built, kind, {"title": title}))) for kind, title in asked]
    with_onet.close()
    assert [(title, checked.fault) for title, checked in found if not checked.holds] == []


PLANS: list[dict[str, Any]] = [
    {"title": "Marketing Manager"},
    {"title": "Marketing Manager", "hours_per_week": "3", "weeks": 2},
    {"title": "Support Associate", "time_shares": {}},
    {"title": "Client Services Coordinator"},
    {"title": "registered nurse"},
]


@pytest.mark.parametrize("profile", PLANS, ids=str)
def test_proofs_of_plans_hold(profile: dict[str, Any], proved: Proved, checker: Checker) -> None:
    checked = checker.check(proved(kind="plan", **profile))
    assert checked.holds, checked.fault


def test_a_plan_for_a_learner_with_evidence_and_own_hours_is_proved(desk: Desk, proved: Proved, checker: Checker) -> None:
    first = desk.prove("plan", {"title": "Marketing Manager"}, desk.receipt.release_date).decision.outcome
    workflow, step = first["packet"]["workflows"][0]["key"], first["path"]["steps"][0]
    shown = [{"capability": c, "evidence": "portfolio, page 3", "assessed_by": "a reviewer", "dated": "2026-01-05"} for c in step["teaches"]]
    document = proved("Marketing Manager", kind="plan", hours_per_week="3", weeks=10, time_shares={workflow: "0.5"}, shown=shown)
    assert step["module"] not in [s["module"] for s in document["outcome"]["path"]["steps"]]
    checked = checker.check(document)
    assert checked.holds, checked.fault


def test_every_leaf_of_a_proof_has_its_source(proved: Proved) -> None:
    for node in proved("Marketing Manager")["proof"]["nodes"]:
        if node["kind"] in ("record", "fact"):
            assert {"record", "source", "source_ref", "release", "licence", "confidence"} <= set(node["provenance"])


def test_the_score_of_every_step_is_the_sum_of_its_terms(proved: Proved) -> None:
    document = proved("Marketing Manager", kind="plan")
    scored = [n for n in document["proof"]["nodes"] if n["name"] == "score"]
    assert len(scored) == len(document["outcome"]["path"]["steps"]) > 3
    assert all(len(n["gives"]["terms"]) == 8 for n in scored)
