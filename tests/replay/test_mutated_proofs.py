"""A proof in which any single value was changed does not hold, even where every digest is made anew to match."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proof_documents import Proved
from proof_forgeries import at, carried_on, changed, first, put, scalars, sealed_anew, stated_values

from engine.replay import Checker

TITLES = ("Marketing Manager", "Sales manager - paralegal", "registered nurse - 1755724", "Client Services Coordinator", "xqzzy")
MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True)


@pytest.fixture(scope="module")
def documents(proved: Proved) -> list[dict[str, Any]]:
    return [*(proved(title) for title in TITLES), proved("Marketing Manager", kind="plan")]


def test_the_proofs_hold_as_they_are_and_sealed_anew(documents: list[dict[str, Any]], checker: Checker) -> None:
    for document in documents:
        assert checker.check(document).holds
        assert sealed_anew(copy.deepcopy(document)) == document


@MANY
@given(data=st.data())
def test_any_single_value_changed_is_noticed(data: st.DataObject, documents: list[dict[str, Any]], checker: Checker) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(documents)))
    path = data.draw(st.sampled_from([p for p in scalars(document) if p != ("proof", "format")]))
    put(document, path, changed(at(document, path)))
    found = checker.check(document)
    assert not found.holds, path
    assert found.fault is not None
    assert found.fault.place


@MANY
@given(data=st.data())
def test_a_changed_value_is_noticed_by_its_meaning_though_every_digest_matches(data: st.DataObject, documents: list[dict[str, Any]], checker: Checker) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(documents)))
    path = data.draw(st.sampled_from(stated_values(document)))
    put(document, path, changed(at(document, path)))
    node = at(document, path[:3])
    if path[3] == "gives" and data.draw(st.booleans()):
        carried_on(document, node, path[4])
    found = checker.check(sealed_anew(document))
    assert not found.holds, (node["id"], path[3:])


@pytest.mark.campaign
@pytest.mark.timeout(900)
def test_every_value_of_a_plan_and_a_resolution_changed_is_noticed_by_its_meaning(documents: list[dict[str, Any]], checker: Checker) -> None:
    unnoticed = []
    for document in (documents[1], documents[-1]):
        for path in stated_values(document):
            forged = copy.deepcopy(document)
            put(forged, path, changed(at(forged, path)))
            node = at(forged, path[:3])
            if path[3] == "gives":
                carried_on(forged, node, path[4])
            if checker.check(sealed_anew(forged)).holds:
                unnoticed.append((node["id"], path[3:]))
    assert unnoticed == []


def another_row(document: dict[str, Any]) -> None:
    first(document, "table", "service.service_tier")["asked"]["fired"] = ["authored_but_unsure"]


def another_output(document: dict[str, Any]) -> None:
    node = first(document, "table", "service.service_tier")
    node["gives"]["service_tier"] = "serve_with_fallback"
    carried_on(document, node, "service_tier")


def another_threshold(document: dict[str, Any]) -> None:
    node = first(document, "parameter", "service.serve_confidence")
    node["gives"]["value"] = "0.5"
    carried_on(document, node, "value")


def another_weight(document: dict[str, Any]) -> None:
    first(document, "arithmetic", "score")["gives"]["terms"][0]["weight"] = 201


def another_term(document: dict[str, Any]) -> None:
    first(document, "arithmetic", "score")["gives"]["terms"][2]["points"] = "0.2"


def another_fact(document: dict[str, Any]) -> None:
    node = first(document, "fact", "service.ground_depth")
    node["gives"]["workflows"] = 60
    carried_on(document, node, "workflows")


def another_source(document: dict[str, Any]) -> None:
    first(document, "record", "NAMES.Title.Role")["provenance"]["source_ref"] = "families/marketing_growth.yaml:1:1"


def another_origin(document: dict[str, Any]) -> None:
    """Of equal value, from a step that has no say in it."""
    use = next(u for u in first(document, "table", "service.service_tier")["uses"] if u["name"] == "match")
    use["node"], use["gives"] = "arithmetic/votes", "strength"


def a_row_left_out(document: dict[str, Any]) -> None:
    del first(document, "table", "service.service_tier")["asked"]["rows"][0]


def a_record_not_counted(document: dict[str, Any]) -> None:
    votes = first(document, "arithmetic", "votes")
    votes["uses"] = [u for u in votes["uses"] if not u["name"].startswith("2.")]


def a_reason_made_up(document: dict[str, Any]) -> None:
    document["reasons"][0]["rule"] = "role_name"


def another_answer(document: dict[str, Any]) -> None:
    document["outcome"]["service_tier"] = first(document, "answer", "plan")["gives"]["service_tier"] = "serve_with_fallback"


def a_closed_gate(document: dict[str, Any]) -> None:
    node = first(document, "table", "gates.module")
    node["gives"]["module_gate"] = 0
    carried_on(document, node, "module_gate")


def the_gate_of_another_rubric(document: dict[str, Any]) -> None:
    rubrics = [n for n in document["proof"]["nodes"] if n["name"] == "gates.rubric"]
    use = next(u for u in first(document, "table", "gates.module")["uses"] if u["name"] == "rubric_open")
    nodes = document["proof"]["nodes"]
    second = [n for n in nodes if n["name"] == "gates.module"][1]
    swapped = next(u for u in second["uses"] if u["name"] == "rubric_open")
    assert swapped["node"] == rubrics[1]["id"]
    swapped["node"] = use["node"]


def modules_changed_round(document: dict[str, Any]) -> None:
    modules = first(document, "arithmetic", "path")["gives"]["modules"]
    modules[0], modules[1] = modules[1], modules[0]
    carried_on(document, first(document, "arithmetic", "path"), "modules")


FORGERIES: tuple[tuple[Callable[[dict[str, Any]], None], str], ...] = (
    (another_row, "fired"), (another_output, "output service_tier"), (another_threshold, "value"), (another_weight, "term match, weight"), (another_term, "term applicability, points"),
    (another_fact, "column workflows"), (another_source, "source_ref"), (another_origin, "origin of match"), (a_row_left_out, "rows"), (a_record_not_counted, "records counted"),
    (a_reason_made_up, "reason 0"), (another_answer, "service_tier"), (modules_changed_round, "path, next module"), (a_closed_gate, "output module_gate"),
    (the_gate_of_another_rubric, "gate of the rubric"),
)  # fmt: skip


@pytest.mark.parametrize(("forge", "place"), FORGERIES, ids=[f.__name__ for f, _ in FORGERIES])
def test_a_forgery_is_told_by_its_place(forge: Callable[[dict[str, Any]], None], place: str, documents: list[dict[str, Any]], checker: Checker) -> None:
    document = copy.deepcopy(documents[-1])
    forge(document)
    found = checker.check(sealed_anew(document))
    assert not found.holds
    assert found.fault is not None
    assert place in found.fault.place, found.fault


@pytest.mark.parametrize("document", [{}, {"proof": []}, {"proof": {"format": "wig-proof-1", "nodes": [1]}}, {"proof": {"format": "wig-proof-2"}}], ids=str)
def test_what_is_no_proof_does_not_hold(document: dict[str, Any], checker: Checker) -> None:
    assert not checker.check(document).holds


def test_a_changed_digest_is_told_apart(documents: list[dict[str, Any]], checker: Checker) -> None:
    document = copy.deepcopy(documents[0])
    document["digests"]["rules"] = "0" * 64
    assert checker.check(document).integrity
