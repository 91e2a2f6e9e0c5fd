"""The golden titles asked of graphs as `wig build` makes them: the embedded one, and the one with O*NET where its files are at hand."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from wig_command import ROOT, Wig

from engine.ask import Desk
from engine.graph import Workspace

FILES = ("titles.yaml", "unseen_titles.yaml")
CASES: list[dict[str, Any]] = [c for f in FILES for c in yaml.load((ROOT / "tests/golden" / f).read_text(encoding="utf-8"), yaml.CSafeLoader)["cases"]]


def astray(desk: Desk, graph: str) -> list[str]:
    """Golden titles of a graph that are not answered as they must be."""
    found = []
    for case in (c for c in CASES if c["graph"] == graph):
        outcome = desk.resolve(case["title"]).outcome
        wanted = {name: case[name] for name in ("service_tier", "runtime_action")}
        wanted |= {name: f"{name}/{case[name]}" for name in ("family", "function") if name in case}
        met = {name: outcome[name] for name in wanted}
        if met != wanted or (outcome["ground"] is not None) != (outcome["runtime_action"] == "plan_local_synthetic"):
            found.append(f"{case['title']!r}: wanted {wanted}, met {met}")
    return found


def test_golden_titles_of_the_embedded_graph(wedge: Wig) -> None:
    assert astray(Desk(Workspace(wedge.workspace).required()), "wedge") == []


@pytest.mark.published
def test_golden_titles_with_onet(onet: Wig) -> None:
    assert astray(Desk(Workspace(onet.workspace).required()), "onet") == []


@pytest.mark.published
def test_the_road_with_onet(onet: Wig) -> None:
    fallback = onet("plan", "Software Developer", "--json")
    assert fallback.code == 0
    assert fallback.json["service_tier"] == "serve_with_fallback"
    assert fallback.json["caveats"]
    assert fallback.json["occupation_work"]["tasks_in_all"] > len(fallback.json["occupation_work"]["tasks"]) > 0
    assert any(s["key"] == "source/onet@30.1" for s in fallback.json["sources"])
    assert onet("plan", "Marketing Manager", "--json").json["service_tier"] == "serve_now"
    drawn = onet("explore", "occupation/11-2021.00", "--format", "mermaid")
    assert drawn.code == 0
    assert drawn.out.startswith("flowchart")
    gaps = " ".join(onet("sources", "status", "--json").json["receipt"]["gaps"])
    for counted in ("93 of 1,016 occupations have no task", "845 of 18,796 task statements have no task type", "6,819 of 46,095 distinct alternate titles"):
        assert counted in gaps


@pytest.mark.published
def test_held_and_blocked_titles_never_carry_a_plan_with_onet(onet: Wig) -> None:
    for title in ("family law attorney", "registered nurse - 1755724", "totally unknown future job", "cardiologist", "financial advisor"):
        answer = onet("plan", title, "--json")
        assert answer.code == 1
        assert not {"packet", "path"} & set(answer.json)


@pytest.mark.published
@pytest.mark.campaign
@pytest.mark.timeout(900)
def test_a_build_with_onet_is_verified_from_the_publishers_files(onet: Wig) -> None:
    given = onet("resolve", "case manager", "--json").json[0]["decision_id"]
    verdict = onet("verify", given, "--json", timeout=800)
    assert verdict.code == 0, verdict.err
    assert all(c["given"] == c["recomputed"] for c in verdict.json["compared"])
