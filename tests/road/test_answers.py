"""The planner's road on the embedded graph: every answer as a user would get it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from wig_command import Wig

SERVED = "Marketing Manager"
FACTORS = {"match", "importance", "applicability", "value", "affordability", "ease", "confidence", "risk_penalty"}


def test_a_plan_on_a_fresh_machine_builds_the_embedded_graph_once(fresh: Wig) -> None:
    first = fresh("plan", SERVED)
    assert first.code == 0
    assert "no graph yet" in first.err
    assert "What to learn, in this order" in first.out
    second = fresh("plan", SERVED)
    assert "no graph yet" not in second.err
    assert second.out == first.out


def test_a_plan_names_work_grants_blocks_and_who_answers(wedge: Wig) -> None:
    plan = wedge("plan", SERVED, "--json").json
    assert (plan["service_tier"], plan["fallback_tier"]) == ("serve_now", "exact")
    assert plan["occupation"]["code"] == "11-2021.00"
    for workflow in plan["packet"]["workflows"]:
        assert workflow["accountable"]
        for task in workflow["tasks"]:
            assert task["grants"] or task["blocks"]
            assert task["evidence"]
            assert task["risk_level"] == "low" or task["checkpoints"]


def test_the_waterfall_of_every_step_sums_exactly_to_its_score(wedge: Wig) -> None:
    steps = wedge("plan", SERVED, "--json").json["path"]["steps"]
    assert len(steps) >= 4
    for step in steps:
        assert {t["factor"] for t in step["terms"]} == FACTORS
        assert sum(Decimal(t["points"]) for t in step["terms"]) == Decimal(step["score"])
        for term in step["terms"]:
            assert Decimal(term["points"]) == Decimal(term["value"]) * term["weight"] / 1000


def test_no_step_comes_before_its_prerequisite(wedge: Wig) -> None:
    for title in (SERVED, "support associate", "sales associate"):
        steps = wedge("plan", title, "--json").json["path"]["steps"]
        placed: set[str] = set()
        for step in steps:
            assert set(step["prerequisites"]) <= placed
            placed.add(step["module"])


def test_a_plan_fits_a_terminal_of_80_columns(wedge: Wig) -> None:
    text = wedge("plan", SERVED, "--full").out
    assert max(len(line) for line in text.splitlines()) <= 80


def test_every_source_of_a_plan_stands_in_it_with_its_licence(wedge: Wig) -> None:
    plan = wedge("plan", SERVED, "--json").json
    assert {e["source"] for e in plan["evidence"]} == {s["key"] for s in plan["sources"]}
    assert all(s["licence"] for s in plan["sources"])


@pytest.mark.parametrize("title", ["surgeon", "lawyer", "blorptastic quux"])
def test_held_excluded_and_unknown_titles_get_no_plan(wedge: Wig, title: str) -> None:
    answer = wedge("plan", title, "--json")
    assert answer.code == 1
    assert "path" not in answer.json
    assert answer.json["ground"] is None
    assert answer.json["reasons"]


def test_a_profile_changes_the_plan_and_says_what_it_left_out(wedge: Wig, tmp_path) -> None:  # type: ignore[no-untyped-def]
    plain = wedge("plan", SERVED, "--json").json
    first = plain["path"]["steps"][0]
    profile = tmp_path / "learner.yaml"
    shown = "\n".join(
        f"  - capability: {c}\n    evidence: portfolio/one.pdf\n    assessed_by: team lead\n    dated: 2026-10-12" for c in first["teaches"]
    )
    profile.write_text(f"title: {SERVED}\nhours_per_week: 2\nweeks: 3\nshown:\n{shown}\nclaimed: [{plain['path']['steps'][1]['teaches'][0]}]\n")
    plan = wedge("plan", "--profile", str(profile), "--json").json
    reasons = {x["module"]: x["reason"] for x in plan["path"]["left_out"]}
    assert "already shown" in reasons[first["module"]]
    assert any("of the stated time" in r or "does not fit" in r for r in reasons.values())
    assert Decimal(plan["path"]["hours"]) <= 6
    assert plan["not_counted"][0]["reason"]
    assert plan["decision_id"] != plain["decision_id"]


def test_every_fault_of_a_profile_is_told_with_its_line(wedge: Wig, tmp_path) -> None:  # type: ignore[no-untyped-def]
    profile = tmp_path / "learner.yaml"
    profile.write_text("title: Marketing Manager\nhours_per_wek: 2\nweeks: 0\n")
    answer = wedge("plan", "--profile", str(profile))
    assert answer.code == 2
    assert "learner.yaml:2" in answer.err
    assert "learner.yaml:3" in answer.err
    assert "did you mean `hours_per_week`" in answer.err


def test_resolve_answers_a_list_with_every_field_scripts_rely_on(wedge: Wig) -> None:
    answers = wedge("resolve", "marketing manager", "zzzz", "--json").json
    assert len(answers) == 2
    for answer in answers:
        for name in ["title", "normalized", "fallback_tier", "service_tier", "runtime_action", "role", "occupation", "confidence", "reasons", "review_tags", "evidence", "as_of", "decision_id", "trace_id", "run_id"]:
            assert name in answer
        assert answer["trace_id"]
        assert answer["run_id"]
    assert answers[0]["trace_id"] != answers[1]["trace_id"]


def test_why_recomputes_the_decision_it_explains(wedge: Wig) -> None:
    given = wedge("plan", SERVED, "--json").json["decision_id"]
    proof = wedge("why", given, "--json").json
    assert proof["same"] is True
    assert proof["reasons"]
    text = wedge("why", given.removeprefix("decision/")[:12]).out
    assert "fired" in text
    assert "evidence" in text
    assert wedge("why", given, "--format", "mermaid").out.startswith("flowchart")


def test_decisions_are_equal_in_another_process_under_another_hash_seed(wedge: Wig) -> None:
    ids = {wedge("plan", SERVED, "--json", PYTHONHASHSEED=seed).json["decision_id"] for seed in ("0", "1", "4242")}
    assert len(ids) == 1


@pytest.mark.parametrize("format_", ["text", "json", "mermaid", "dot", "graphml"])
def test_explore_draws_a_neighbourhood(wedge: Wig, format_: str) -> None:
    answer = wedge("explore", "role/marketing-manager", "--hops", "2", "--format", format_)
    assert answer.code == 0
    assert "marketing-manager" in answer.out


def test_explore_finds_a_path_and_names_near_keys_for_a_wrong_one(wedge: Wig) -> None:
    module = wedge("plan", SERVED, "--json").json["path"]["steps"][0]["module"]
    path = wedge("explore", "role/marketing-manager", "--path-to", module, "--json").json
    assert path["nodes"][0]["key"] == "role/marketing-manager"
    assert path["nodes"][-1]["key"] == module
    wrong = wedge("explore", "role/marketing-manger")
    assert wrong.code == 2
    assert "role/marketing-manager" in wrong.err


def test_query_reads_and_never_writes(wedge: Wig) -> None:
    assert wedge("query", "MATCH (r:Role) RETURN count(r) AS roles", "--json").json["rows"][0][0] >= 12
    assert wedge("query", "MATCH (r:Role) WHERE r.id = $id RETURN r.label AS label", "--param", "id=role/marketing-manager", "--json").json["rows"] == [[SERVED]]
    for refused in ("CREATE (r:Role {id: 'role/x'})", "match (n) detach delete n", "LOAD FROM '/etc/passwd' RETURN *", "MATCH (r:Role) RETURN r; MATCH (m) RETURN m", "MATCH (r:Role {id: $id}) RETURN r"):
        answer = wedge("query", refused)
        assert (answer.code, answer.out) == (2, "")


def test_a_query_without_end_is_stopped(wedge: Wig) -> None:
    answer = wedge("query", "UNWIND range(1,200000000) AS x RETURN count(x)", "--seconds", "3", "--memory", "512", timeout=60)
    assert answer.code in (2, 4)
    assert answer.err


def test_status_and_ledger_state_counts_gaps_and_licences(wedge: Wig) -> None:
    status = wedge("sources", "status", "--json").json
    assert status["receipt"]["counts"]["OccupationGroup"] > 1400
    assert status["receipt"]["gaps"]
    ledger = wedge("sources", "list", "--json").json
    assert {e["name"] for e in ledger} >= {"onet", "soc", "wedge"}
    assert all(e["licence"] for e in ledger)


def test_snapshots_are_listed_used_and_pruned(wedge: Wig) -> None:
    (current,) = [s for s in wedge("snapshots", "list", "--json").json if s["current"]]
    assert wedge("snapshots", "use", current["name"], "--json").json == {"current": current["name"]}
    assert wedge("snapshots", "use", "no-such").code == 2
    assert wedge("snapshots", "prune", "--keep", "1", "--json").json == {"removed": []}


def test_authored_content_conforms_and_packs_are_sound(wedge: Wig) -> None:
    assert wedge("validate").code == 0
    assert wedge("rules", "check").code == 0
    tested = wedge("rules", "test", "--json")
    assert tested.code == 0
    assert tested.json["passed"] > 30
    assert "fallback" in wedge("rules", "list").out
