"""Gates and law at the doors where users meet them."""

from __future__ import annotations

from pathlib import Path

import pytest
from wig_command import CopiedWig, Wig

SERVED = "Marketing Manager"


def test_a_build_states_its_gates(wedge: Wig) -> None:
    findings = wedge("sources", "status", "--json").json["findings"]
    assert findings["gates"]["counts"]["build"] == {"open": 1, "closed": 0}
    assert findings["gates"]["closed"] == []
    assert "gates      build 1 open, rubric" in wedge("build", "--only", "wedge", "--anew").out


def test_the_gates_of_a_snapshot_are_told(wedge: Wig) -> None:
    told = wedge("snapshots", "gates", "--json")
    assert told.code == 0
    assert {g["gate"] for g in told.json["gates"]} == {"build", "rubric", "title", "module"}
    assert all(g["open"] for g in told.json["gates"])
    assert "rubric" in wedge("snapshots", "gates").out


def test_a_release_opens_by_a_humans_approval_of_its_receipt(wedge: Wig, tmp_path: Path) -> None:
    unapproved = wedge("snapshots", "gates", "--release", "--json")
    assert unapproved.code == 1
    (gate,) = [g for g in unapproved.json["gates"] if g["gate"] == "release"]
    assert gate["rules"] == ["nobody_approved"]
    approval = tmp_path / "approval.yaml"
    receipt = wedge("sources", "status", "--json").json["receipt_id"]
    approval.write_text(f"receipt: {receipt}\napproved_by: Release editor\ndated: 2026-11-20\nstatement: Read and released.\n", encoding="utf-8")
    assert wedge("snapshots", "gates", "--release", "--approval", str(approval)).code == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("receipt: receipt/another\napproved_by: Release editor\ndated: 2026-11-20\nstatement: x\n", "RUL171"),
        ("receipt: {receipt}\napproved_by: Release editor\ndated: 2027-01-01\nstatement: x\n", "RUL171"),
        ("receipt: {receipt}\napproved_by: Release bot\ndated: 2026-11-20\nstatement: x\n", "RUL173"),
        ("receipt: {receipt}\napproved_by: Release editor\n", "RUL173"),
        ("- approved\n", "RUL173"),
    ],
)
def test_an_approval_that_does_not_fit_is_refused(wedge: Wig, tmp_path: Path, text: str, code: str) -> None:
    approval = tmp_path / "approval.yaml"
    approval.write_text(text.replace("{receipt}", wedge("sources", "status", "--json").json["receipt_id"]), encoding="utf-8")
    answer = wedge("snapshots", "gates", "--release", "--approval", str(approval))
    assert (answer.code, code in answer.err) == (2, True)
    assert wedge("snapshots", "gates", "--approval", str(approval)).code == 2


def test_a_closed_rubric_is_named_in_the_plan_and_its_module_is_not_offered(copied: CopiedWig) -> None:
    copied.edit("rules/gates/pack.yaml", "from: 2026-11-20, value: 5", "from: 2026-11-20, value: 15")  # rubrics of fifteen criteria stay open
    assert copied("build", "--only", "wedge").code == 0
    answer = copied("plan", SERVED, "--json")
    path = answer.json["path"]
    closed = {g["subject"]: g for g in path["closed_gates"]}
    rubrics = [key for key in closed if key.startswith("rubric/")]
    assert rubrics
    assert all("fewer than 15" in closed[key]["reasons"][0] for key in rubrics)
    modules = [key for key in closed if key.startswith("module/")]
    assert modules
    assert {left["module"] for left in path["left_out"] if "its gate is closed" in left["reason"]} == set(modules)
    assert not set(modules) & {step["module"] for step in path["steps"]}
    assert "Behind closed gates" in copied("plan", SERVED).out


def test_a_plan_states_what_the_law_asks_and_what_is_not_covered(wedge: Wig) -> None:
    answer = wedge("plan", SERVED, "--jurisdiction", "DE", "--jurisdiction", "CH", "--jurisdiction", "US", "--sector", "finance", "--json")
    assert answer.code == 0
    law = answer.json["law"]
    assert [(c["asked"], c["coverage"]) for c in law["coverage"]] == [("DE", "wider_law_only"), ("CH", "not_covered"), ("US", "in_part")]
    demands = {d["policy"]: d for d in law["demands"]}
    assert demands["eu_ai_act_transparency"]["status"] == "unverified"
    assert demands["us_ftc_fake_reviews"]["effect"] == "block"
    assert demands["us_adviser_marketing"]["citation"] == "Advisers Act Rule 206(4)-1"
    text = " ".join(wedge("plan", SERVED, "--jurisdiction", "CH").out.split())
    assert "CH is not covered: rules may well apply" in text
    assert "no rules apply" not in text


def test_the_law_is_part_of_the_decision_and_of_the_day(wedge: Wig) -> None:
    plain, asked = (wedge("plan", SERVED, *more, "--json").json for more in ((), ("--jurisdiction", "US-CO")))
    assert plain["law"] is None
    assert plain["decision_id"] != asked["decision_id"]
    assert wedge("why", asked["decision_id"], "--json").code == 0
    leader = ("plan", "Customer Support Team Lead", "--jurisdiction", "US-CO", "--json", "--as-of")
    statuses = [{d["policy"]: d["status"] for d in wedge(*leader, day).json["law"]["demands"]} for day in ("2026-12-31", "2027-01-01")]
    assert [s["colorado_consequential_decisions"] for s in statuses] == ["adopted_not_yet_applying", "in_force"]


def test_a_profile_names_them_and_the_command_line_stands_in(wedge: Wig, tmp_path: Path) -> None:
    profile = tmp_path / "learner.yaml"
    profile.write_text(f"title: {SERVED}\njurisdictions: [EU, UK]\nsector: finance\n", encoding="utf-8")
    from_file = wedge("plan", "--profile", str(profile), "--json").json["law"]
    assert ([c["name"] for c in from_file["coverage"]], from_file["sector"]) == (["EU", "UK"], "finance")
    over = wedge("plan", "--profile", str(profile), "--jurisdiction", "US", "--json").json["law"]
    assert ([c["name"] for c in over["coverage"]], over["sector"]) == (["US"], "finance")


@pytest.mark.parametrize("options", [("--sector", "finanse"), ("--sector", ""), ("--jurisdiction", ""), ("--jurisdiction", "x" * 61)])
def test_what_is_not_understood_is_refused(wedge: Wig, options: tuple[str, str]) -> None:
    answer = wedge("plan", SERVED, *options)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err
