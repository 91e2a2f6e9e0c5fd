"""The law of a plan and what AI may do in a publisher's tasks are steps of the proof, and no part of them is forged unnoticed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proof_documents import Proved, document_of
from proof_forgeries import at, carried_on, changed, first, put, sealed_anew, stated_values

from engine.ask import Desk
from engine.build import BuildRequest, build_snapshot
from engine.contracts.learner import LearnerProfile
from engine.graph import Workspace
from engine.replay import Checker

INVENTED = Path(__file__).resolve().parent.parent / "sources/data/onet_9_9"
LAWS: list[dict[str, Any]] = [
    {"title": "Marketing Manager", "jurisdictions": ["EU"], "sector": "finance"},
    {"title": "Marketing Manager", "jurisdictions": ["DE", "CH", "new  york city", "NYC", "us-ca"]},
    {"title": "Customer Support Team Lead", "sector": "education"},
    {"title": "Training and Development Specialist", "jurisdictions": ["UK"], "sector": "health"},
]
FALLBACK: dict[str, Any] = {"title": "Kite Tester", "jurisdictions": ["US", "EU"]}
MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True)
Document = dict[str, Any]


@dataclass(frozen=True)
class Fallback:
    """A graph with an invented publisher's occupations, and the plan of a title that falls back on one of them."""

    desk: Desk
    checker: Checker
    document: Document


@pytest.fixture(scope="module")
def fallback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fallback]:
    snapshot = build_snapshot(Workspace(tmp_path_factory.mktemp("invented")), BuildRequest(source_dir=INVENTED)).snapshot
    desk, checker = Desk(snapshot), Checker(snapshot.folder)
    yield Fallback(desk, checker, document_of(desk, "plan", FALLBACK))
    checker.close()


@pytest.fixture(scope="module")
def lawful(proved: Proved) -> Document:
    return proved(kind="plan", **LAWS[0])


@pytest.mark.parametrize("profile", LAWS, ids=str)
def test_the_law_of_a_plan_is_proved(profile: dict[str, Any], proved: Proved, checker: Checker) -> None:
    document = proved(kind="plan", **profile)
    checked = checker.check(document)
    assert checked.holds, checked.fault
    weighed = [n["subject"] for n in document["proof"]["nodes"] if n["name"] == "policy.weight"]
    assert weighed == [d["policy"] for d in document["outcome"]["law"]["demands"]]


def test_the_grants_of_a_fallback_plan_are_proved(fallback: Fallback) -> None:
    checked = fallback.checker.check(fallback.document)
    assert checked.holds, checked.fault
    shown = [task["key"] for task in fallback.document["outcome"]["occupation_work"]["tasks"]]
    assert len(shown) > 1
    for table in ("signals.standing", *(f"affordance.{name}" for name in ("work_kind", "support", "risk", "grant", "blocks", "checkpoint", "flags"))):
        assert [n["subject"] for n in fallback.document["proof"]["nodes"] if n["name"] == table] == shown


def test_a_plan_that_asks_no_law_has_no_steps_of_it(proved: Proved) -> None:
    document = proved("Marketing Manager", kind="plan")
    assert not [n["id"] for n in document["proof"]["nodes"] if n["name"].startswith(("policy.", "affordance."))]


def test_the_proof_never_changes_the_decision(desk: Desk, proved: Proved, fallback: Fallback) -> None:
    for profile in LAWS:
        assert desk.plan(LearnerProfile.model_validate(profile)).decision_id == proved(kind="plan", **profile)["decision_id"]
    assert fallback.desk.plan(LearnerProfile.model_validate(FALLBACK)).decision_id == fallback.document["decision_id"]


def told(document: Document, checker: Checker) -> str:
    """Where the checker finds the fault of a forged document whose digests were all made to match."""
    checked = checker.check(sealed_anew(document))
    assert not checked.holds
    assert checked.fault is not None
    return f"{checked.fault.node}: {checked.fault.place}"


def a_demand_of_other_words(document: Document) -> None:
    document["outcome"]["law"]["demands"][0]["demand"] = "Nothing at all."


def a_demand_left_out(document: Document) -> None:
    document["outcome"]["law"]["demands"].pop(0)


def a_demand_left_out_of_its_table(document: Document) -> None:
    node = first(document, "table", "policy.demands")
    node["gives"]["policy"].pop(0)
    carried_on(document, node, "policy")


def another_verification(document: Document) -> None:
    document["outcome"]["law"]["demands"][0]["verification"] = "primary_text"


def another_verification_in_its_table(document: Document) -> None:
    node = first(document, "table", "policy.demands")
    node["gives"]["verification"][0] = "primary_text"
    carried_on(document, node, "verification")


def another_verification_before_its_weight(document: Document) -> None:
    node = first(document, "arithmetic", "demand")
    node["gives"]["verification"] = "primary_text"
    carried_on(document, node, "verification")


def a_weight_of_its_own(document: Document) -> None:
    document["outcome"]["law"]["demands"][0]["weight"] = "binding"


def another_status(document: Document) -> None:
    node = next(n for n in document["proof"]["nodes"] if n["kind"] == "parameter" and n["name"] == "policy.eu_ai_act_transparency")
    node["gives"]["value"] = "proposed"
    carried_on(document, node, "value")


def another_source(document: Document) -> None:
    document["outcome"]["law"]["demands"][0]["checked"] = "read in the Official Journal"


def a_jurisdiction_that_is_covered(document: Document) -> None:
    document["outcome"]["law"]["coverage"][0]["because"] = "all law of EU is kept"


def no_limit_said(document: Document) -> None:
    document["outcome"]["law"]["not_asked"] = []


def no_law_at_all(document: Document) -> None:
    document["outcome"]["law"] = None


def another_sector(document: Document) -> None:
    node = first(document, "measure", "place_of_work")
    node["gives"]["sector"] = "retail"
    carried_on(document, node, "sector")


def less_work(document: Document) -> None:
    node = first(document, "arithmetic", "work")
    node["gives"]["work"] = node["gives"]["work"][1:]
    carried_on(document, node, "work")


def a_weight_of_another_demand(document: Document) -> None:
    first_weight, second_weight = (n for n in document["proof"]["nodes"] if n["name"] == "policy.weight")
    uses = first(document, "arithmetic", "law")["uses"]
    next(u for u in uses if u["node"] == first_weight["id"])["node"] = second_weight["id"]
    next(u for u in uses if u["name"] == f"weight {first_weight['subject']}")["value"] = second_weight["gives"]["weight"]


OF_LAW: tuple[tuple[Callable[[Document], None], str], ...] = (
    (a_demand_of_other_words, "answer: law, demand of"), (a_demand_left_out, "answer: law, demands"), (a_demand_left_out_of_its_table, "table/policy.demands/role/marketing-manager: output policy"),
    (another_verification, "answer: law, verification of"), (another_verification_in_its_table, "table/policy.demands/role/marketing-manager: output verification"),
    (another_verification_before_its_weight, "arithmetic/demand/eu_ai_act_transparency: verification"), (a_weight_of_its_own, "answer: law, weight of"),
    (another_status, "parameter/policy.eu_ai_act_transparency: value"), (another_source, "answer: law, checked of"), (a_jurisdiction_that_is_covered, "answer: law, coverage"),
    (no_limit_said, "answer: law, what was not asked"), (no_law_at_all, "answer: "), (another_sector, "measure/place_of_work: jurisdictions and sector"), (less_work, "arithmetic/work: work"),
    (a_weight_of_another_demand, "arithmetic/law: "),
)  # fmt: skip


@pytest.mark.parametrize(("forge", "place"), OF_LAW, ids=[f.__name__ for f, _ in OF_LAW])
def test_forged_law_is_told_by_its_place(forge: Callable[[Document], None], place: str, lawful: Document, checker: Checker) -> None:
    document = copy.deepcopy(lawful)
    forge(document)
    assert told(document, checker).startswith(place)


def granted(document: Document) -> dict[str, Any]:
    grant: dict[str, Any] = document["outcome"]["occupation_work"]["tasks"][0]["grant"]
    return grant


def another_grant(document: Document) -> None:
    granted(document)["grant"] = "transform"


def another_grant_in_its_table(document: Document) -> None:
    node = first(document, "table", "affordance.grant")
    node["gives"]["grant"] = "transform"
    carried_on(document, node, "grant")


def a_block_left_out(document: Document) -> None:
    granted(document)["blocks"].pop()


def use_that_nobody_measured(document: Document) -> None:
    node = first(document, "fact", "signals.task_use")
    node["gives"]["measured_use"] = "0.5"
    carried_on(document, node, "measured_use")


def a_task_left_out(document: Document) -> None:
    document["outcome"]["occupation_work"]["tasks"].pop()


def a_task_of_other_words(document: Document) -> None:
    document["outcome"]["occupation_work"]["tasks"][0]["statement"] = "Let AI fly every kite."


def another_importance(document: Document) -> None:
    document["outcome"]["occupation_work"]["tasks"][0]["importance"] = "1"


def the_grant_of_another_task(document: Document) -> None:
    one, other = [n for n in document["proof"]["nodes"] if n["name"] == "affordance.support"][:2]
    use = next(u for u in first(document, "table", "affordance.grant")["uses"] if u["name"] == "support")
    assert use["node"] == one["id"]
    use.update(node=other["id"], value=other["gives"]["support"])


def no_work_at_all(document: Document) -> None:
    document["outcome"]["occupation_work"] = None


OF_GRANTS: tuple[tuple[Callable[[Document], None], str], ...] = (
    (another_grant, "answer: grant of task/"), (another_grant_in_its_table, "table/affordance.grant/task/"), (a_block_left_out, "answer: blocks of task/"),
    (use_that_nobody_measured, "fact/signals.task_use/task/"), (a_task_left_out, "answer: tasks"), (a_task_of_other_words, "answer: statement of task/"),
    (another_importance, "answer: importance of task/"), (the_grant_of_another_task, "table/affordance.grant/task/"), (no_work_at_all, "answer: "),
)  # fmt: skip


@pytest.mark.parametrize(("forge", "place"), OF_GRANTS, ids=[f.__name__ for f, _ in OF_GRANTS])
def test_a_forged_grant_is_told_by_its_place(forge: Callable[[Document], None], place: str, fallback: Fallback) -> None:
    document = copy.deepcopy(fallback.document)
    forge(document)
    assert told(document, fallback.checker).startswith(place)


def forged_unnoticed(document: Document, path: tuple[Any, ...], carried: bool, checker: Checker) -> bool:
    forged = copy.deepcopy(document)
    put(forged, path, changed(at(forged, path)))
    if carried and path[3] == "gives":
        carried_on(forged, at(forged, path[:3]), path[4])
    return checker.check(sealed_anew(forged)).holds


@MANY
@given(data=st.data())
def test_a_changed_value_is_noticed_though_every_digest_matches(data: st.DataObject, lawful: Document, checker: Checker, fallback: Fallback) -> None:
    document, by = data.draw(st.sampled_from([(lawful, checker), (fallback.document, fallback.checker)]))
    path = data.draw(st.sampled_from(stated_values(document)))
    assert not forged_unnoticed(document, path, data.draw(st.booleans()), by), path
