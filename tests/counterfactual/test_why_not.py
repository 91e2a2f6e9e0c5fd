"""What why-not answers on the embedded graph: failed cells with where their values come from, changes in words, promises, exit codes, drawings."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from wig_command import Wig

from engine.ask import Desk
from engine.contracts import BadInput
from engine.counterfactual import Question, Setting, WhyNot, changed, choices_for, smallest_changes, stands, why_not
from engine.interfaces.drawing import why_not_text


def cells(answer: WhyNot, rule: str) -> dict[str, tuple[object, str | None]]:
    """Failed cells of a row: what each met, and the record it concerns."""
    return {c.input: (c.met, c.record) for row in answer.blocked if row.rule == rule for c in row.failed}


def test_every_failed_cell_of_the_row_is_told_not_only_the_first(desk: Desk) -> None:
    answer = why_not(desk, "Case Manager", "serve_now")
    assert (answer.verdict, answer.fallback_tier, answer.service_tier) == ("changes", "function", "serve_with_fallback")
    failed = cells(answer, "authored_and_deep")
    assert failed["fallback_tier"][0] == "function"
    assert set(failed) == {"fallback_tier", "match"}
    assert cells(answer, "role_by_alias") == {"best_claim": ("ground", "function/client-and-case-service"), "roles": (0, "function/client-and-case-service")}


def test_depth_cells_name_the_graph_fact_and_its_record(desk: Desk) -> None:
    answer = why_not(desk, "Marketing Manager", "multi_llm_adjudication_required")
    rows = {row.rule: row for row in answer.blocked}
    assert rows["question_for_reviewers"].failed == ()
    assert rows["question_for_reviewers"].fired == "authored_and_deep"
    first = answer.sets[0].changes
    assert [(c.fact, c.now, c.maker, c.record) for c in first] == [("depth.role.status", "approved", "author", "role/marketing-manager")]
    lacking = next(c for s in answer.sets for c in s.changes if c.fact == "depth.role.workflows")
    assert (lacking.now, lacking.then) == (6, 1)


def test_a_title_that_ends_in_the_name_of_a_role_could_be_filed_among_its_names(desk: Desk) -> None:
    best = why_not(desk, "Insurance Sales Associate", "serve_now").sets[0]
    assert [(c.fact, c.then, c.record, c.maker) for c in best.changes] == [("best_claim", "alias", "role/retail-sales-associate", "author")]
    assert ("roles", 0, 1) in [(f.fact, f.now, f.then) for f in best.follows]
    assert (best.fallback_tier, best.service_tier) == ("alias", "serve_now")


def test_without_an_authored_role_all_that_a_role_needs_is_lacking_and_the_promise_is_told(desk: Desk) -> None:
    answer = why_not(desk, "Case Manager", "serve_now")
    assert {c.fact for c in answer.sets[0].changes} == {"best_claim", "depth.role.status", "depth.role.workflows", "depth.role.approvals"}
    assert all(c.record is None for c in answer.sets[0].changes)
    assert any("without an authored role is never `exact`" in p for p in answer.promises)
    assert any("approves nothing" in p for p in answer.promises)
    assert not any("editors decide" in p for p in answer.promises)


def test_a_role_for_work_outside_the_audience_is_a_decision_and_no_fact(desk: Desk) -> None:
    answer = why_not(desk, "Registered Nurse", "serve_now")
    assert any("outside the audience" in p and "editors decide" in p for p in answer.promises)


def test_no_record_makes_a_title_of_a_text_without_letters(desk: Desk) -> None:
    answer = why_not(desk, "123", "exact")
    assert (answer.verdict, answer.sets) == ("promise", ())
    assert "only another text" in answer.promises[0]


def test_a_tier_that_the_title_has_needs_no_change(desk: Desk) -> None:
    for tier in ("exact", "serve_now"):
        answer = why_not(desk, "Marketing Manager", tier)
        assert (answer.verdict, answer.sets, answer.blocked) == ("has_it", (), ())


def test_words_of_the_title_are_no_authors_to_change(desk: Desk) -> None:
    answer = why_not(desk, "Sales Associate - attorney", "serve_now")
    assert [(c.fact, c.maker) for c in answer.sets[0].changes] == [("second_job", "title"), ("field_words", "title")]


def test_what_one_audience_gains_the_others_lose(desk: Desk) -> None:
    facts = desk.title_facts("Registered Nurse")
    rules, day = desk.rulebook, desk.day(None)
    greatest = max(v for v in choices_for(facts, rules, day).reading["votes_inside"] if v is not None)
    world = changed(facts, {"votes_inside": greatest}, Setting.of(rules, day))
    assert world.votes["votes_inside"] == 1
    assert world.votes["votes_outside"] == 0


def test_the_answer_is_the_same_each_time_and_carries_the_decision_it_is_about(desk: Desk) -> None:
    first, second = (why_not(desk, "Case Manager", "llm") for _ in range(2))
    assert first == second
    assert first.decision_id == desk.resolve("Case Manager").decision_id


def test_an_unknown_tier_is_refused_with_the_nearest(desk: Desk) -> None:
    with pytest.raises(BadInput, match="serv_now") as refused:
        why_not(desk, "Case Manager", "serv_now")
    assert [(d.code, d.fix) for d in refused.value.diagnostics] == [("WHN101", "did you mean `serve_now`?")]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["Case Manager", "--tier", "archetype"], 0, "at most 54.9999 % of the votes would have to be for one function (now 100 %)"),
        (["Marketing Manager", "--tier", "serve_now"], 1, "It has it: the title is serve_now already."),
        (["123", "--tier", "serve_now"], 1, "no change of records gives it"),
        (["Case Manager", "--tier", "serve_now", "--format", "mermaid"], 0, "flowchart LR"),
    ],
    ids=["changes", "has it", "promise", "mermaid"],
)
def test_the_command_says(arguments: list[str], code: int, said: str, wig: Wig) -> None:
    done = wig("why-not", *arguments)
    assert done.code == code, done.err
    assert said in done.out


def test_the_command_refuses_and_answers_json(wig: Wig) -> None:
    refused = wig("why-not", "Case Manager", "--tier", "best", "--json")
    assert refused.code == 2
    assert json.loads(refused.out)["diagnostics"][0]["code"] == "WHN101"
    assert wig("why-not", " ", "--tier", "none").code == 2
    assert wig("why-not", "Case Manager", "--tier", "none", "--format", "svg").code == 2
    document = json.loads(wig("why-not", "Insurance Sales Associate", "--tier", "serve_now", "--json").out)
    assert document["verdict"] == "changes"
    assert document["sets"][0]["changes"][0]["record"] == "role/retail-sales-associate"
    assert {"title", "wanted", "blocked", "promises", "decision_id", "digests"} <= set(document)
    assert wig("why", document["decision_id"]).code == 0


def test_where_the_bound_is_reached_the_answer_says_so(desk: Desk) -> None:
    facts, day = desk.title_facts("Sales Associate - attorney"), desk.day(None)
    question = Question(facts, "serve_now", True, desk.rulebook, day, Setting.of(desk.rulebook, day))
    choices = choices_for(facts, desk.rulebook, day)
    assert smallest_changes(question, choices, most_reading=1).sets == ()
    assert len(smallest_changes(question, choices, most_reading=2).sets) == 1
    bounded = replace(why_not(desk, "Sales Associate - attorney", "serve_now"), verdict="not_found", sets=())
    assert "no set of up to 4 changes to how the title is read" in why_not_text(bounded)


def test_changes_that_contradict_each_other_do_not_stand(desk: Desk) -> None:
    facts, day = desk.title_facts("Registered Nurse"), desk.day(None)
    setting = Setting.of(desk.rulebook, day)
    most = Decimal("0.7")
    changes = {"votes_inside": most, "votes_outside": most}
    assert not stands(changed(facts, changes, setting), changes)
    assert stands(changed(facts, {"votes_inside": most}, setting), {"votes_inside": most})
