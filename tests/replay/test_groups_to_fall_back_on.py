"""Groups to fall back on that a forger changed from the step that makes them up to the outcome, every digest made anew, are noticed by their meaning."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from proof_documents import Proved
from proof_forgeries import carried_on, first, sealed_anew

from engine.replay import Checker
from engine.replay.titles import likeness
from engine.replay.values import Broken


@pytest.fixture(scope="module")
def document(proved: Proved) -> dict[str, Any]:
    found = proved("Marketing Manager")
    assert [g["level"] for g in found["outcome"]["groups"]] == ["detailed", "minor", "major"]
    return found


@pytest.mark.parametrize(
    ("groups", "chances", "place"),
    [
        (["11-2021", "11-2000", "11-0000"], ["0.82", "0.9", "0.9"], "chances"),
        (["11-2021", "11-3000", "11-0000"], ["0.82", "0.82", "0.82"], "groups"),
        (["11-2021", "11-2000", "13-0000"], ["0.82", "0.82", "0.82"], "groups"),
        (["11-2022", "11-2000", "11-0000"], ["0.82", "0.82", "0.82"], "groups"),
        (["11-2021", "11-2000"], ["0.82", "0.82"], "groups"),
    ],
)
def test_forged_groups_do_not_hold(document: dict[str, Any], checker: Checker, groups: list[str], chances: list[str], place: str) -> None:
    assert checker.check(document).holds
    forged = copy.deepcopy(document)
    step, answer = first(forged, "arithmetic", "groups"), forged["proof"]["nodes"][-1]
    step["gives"] = {"groups": groups, "chances": chances}
    for name in step["gives"]:
        carried_on(forged, step, name)
    answer["gives"] |= {"groups": groups, "group_chances": chances}
    kept = {g["code"]: g for g in forged["outcome"]["groups"]}
    forged["outcome"]["groups"] = [{**kept.get(code, {"level": "minor", "title": ""}), "code": code, "chance": chance} for code, chance in zip(groups, chances, strict=True)]
    found = checker.check(sealed_anew(forged))
    assert not found.holds
    assert found.fault is not None
    assert (found.fault.node, found.fault.place) == ("arithmetic/groups", place)


def test_an_outcome_with_other_groups_than_its_proof_does_not_hold(document: dict[str, Any], checker: Checker) -> None:
    for name, value in (("code", "11-9000"), ("chance", "0.99")):
        forged = copy.deepcopy(document)
        forged["outcome"]["groups"][1][name] = value
        found = checker.check(sealed_anew(forged))
        assert found.fault is not None
        assert "groups" in found.fault.place


@pytest.mark.parametrize("chances", [["0.4", "0.3", "0.5"], ["0.5", "0.6", "0.7"], ["0.4", "0.5", "1.01"], ["0.4", "0.5"]])
def test_chances_of_a_likened_title_begin_with_the_occupations_and_never_fall(chances: list[str]) -> None:
    gives = {"likened_codes": ["occupation/15-1211.00"], "likened_shares": ["0.4"], "likened_groups": ["15-1211", "15-1200", "15-0000"], "likened_chances": ["0.4", "0.5", "0.5"]}
    says = "like 1 occupations, with chances taken as the ranking gives them"
    likeness({"gives": gives, "says": says})
    with pytest.raises(Broken):
        likeness({"gives": gives | {"likened_chances": chances}, "says": says})
