"""Candidates: for whom the work of each is, what of it is shown, and that exactly what is shown is cited."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from recorded_reviewers import ALPHA, ANN, BETA, GAMMA, Reviewer, answered, written
from review_world import LAW, LICENSED, TITLES, UNKNOWN, WISHED, reviewing_over

from engine.adjudication import (
    Proposal,
    Proposer,
    ReviewBundle,
    Reviewing,
    adjudicate,
    read_bundle,
    read_transcripts,
    verdict_patches,
    write_bundle,
)
from engine.ask import Desk
from engine.documents import data_folder
from engine.graph import Snapshot
from engine.licensing import Exit, licence_policy
from engine.patches import overlay_of, read_patch
from engine.rules import load_rulebook

MARKETER, MANAGER, SPECIALIST = "role/growth-marketer", "role/marketing-manager", "role/marketing-specialist"
GROWTH, DATA, KNOWLEDGE, LEADER = "function/growth-and-revenue", "function/data-and-technology", "archetype/knowledge-specialist", "archetype/team-leader"
LAWYERS = "soc/23-1011"


def under(desk: Desk, folder: Path, change: Callable[[str, dict[str, Any]], None]) -> Reviewing:
    """The snapshot under rules that were changed pack by pack."""
    shutil.copytree(data_folder("rules"), folder / "rules")
    for path in (folder / "rules").glob("*/pack.yaml"):
        pack = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(path.parent.name, pack)
        path.write_text(yaml.safe_dump(pack, sort_keys=False), encoding="utf-8")
    return Reviewing(desk.snapshot, load_rulebook(folder / "rules"), desk.facts, desk.resolve, desk.day(None))


def held(code: str) -> Callable[[str, dict[str, Any]], None]:
    """A rule change that makes a detailed occupation regulated work."""
    return lambda name, pack: pack["parameters"]["held_investment"]["values"][0]["value"].append(code) if name == "audience" else None


def shown_as(**numbers: int) -> Callable[[str, dict[str, Any]], None]:
    def change(name: str, pack: dict[str, Any]) -> None:
        for parameter, value in numbers.items() if name == "adjudication" else ():
            pack["parameters"][parameter]["values"][0]["value"] = value

    return change


KEYS = (MARKETER, MANAGER, SPECIALIST, GROWTH, DATA, KNOWLEDGE, LEADER, LAWYERS, "soc/29-1141", "occupation/11-2021.00")
INSIDE = dict.fromkeys(KEYS, "inside") | {LAWYERS: "held", "soc/29-1141": "outside"}


@pytest.mark.parametrize(
    ("code", "now_held"),
    [
        ("", ()), ("11-2021", (MANAGER, GROWTH, KNOWLEDGE, "occupation/11-2021.00")),  # the role maps to it exactly
        ("13-1161", (MARKETER, SPECIALIST, GROWTH, KNOWLEDGE)),  # two roles are close to it
        ("11-9199", ()),  # inside a group that nothing is authored for
    ],
)  # fmt: skip
def test_for_whom_a_role_function_or_archetype_is_follows_from_the_work_inside_it(desk: Desk, tmp_path: Path, code: str, now_held: tuple[str, ...]) -> None:
    reviewing = under(desk, tmp_path, held(code) if code else shown_as())
    assert reviewing.candidates.audiences(KEYS) == INSIDE | dict.fromkeys(now_held, "held")


def promoted(reviewing: Reviewing, folder: Path, answer: str, *reviewers: Reviewer) -> tuple[str, list[str]]:
    """What becomes of the unknown title when these reviewers agree, with the obstacles."""
    write_bundle(reviewing.bundle([UNKNOWN], WISHED, [Proposal(UNKNOWN, answer, Proposer("somebody"))])[0], folder / "b")
    asked = read_bundle(folder / "b")
    (question,) = asked.questions.values()
    (found,) = adjudicate(asked, read_transcripts([written(folder / "v.jsonl", *(answered(r, question, answer) for r in reviewers))], asked), reviewing).outcomes
    return found.promotion, [o.rule for o in found.obstacles]


@pytest.mark.parametrize("answer", [MANAGER, GROWTH, KNOWLEDGE])
def test_models_alone_never_name_a_title_as_what_holds_regulated_work(desk: Desk, reviewing: Reviewing, tmp_path: Path, answer: str) -> None:
    for name in ("models", "person", "before"):
        (tmp_path / name).mkdir()
    regulated = under(desk, tmp_path, held("11-2021"))
    assert promoted(regulated, tmp_path / "models", answer, ALPHA, BETA, GAMMA) == ("hold", ["regulated_answer_without_human"])
    assert promoted(regulated, tmp_path / "person", answer, ALPHA, BETA, ANN) == ("promote", [])
    assert promoted(reviewing, tmp_path / "before", answer, ALPHA, BETA, GAMMA) == ("promote", [])


def test_models_alone_never_name_a_title_as_work_that_nobody_classed(base: Snapshot, tmp_path: Path) -> None:
    document = {
        "patch": "unmapped", "author": "Somebody", "dated": "2026-11-20", "reason": "The role maps to nothing any more.", "confidence": 1.0, "evidence": [{"says": "It was said."}],
        "changes": [{"change": "retire", "link": "MAPS_TO", "from": MARKETER, "to": "occupation/13-1161.01"}],
    }  # fmt: skip
    (tmp_path / "patch.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    patch = read_patch(tmp_path / "patch.yaml")
    for name in ("models", "person"):
        (tmp_path / name).mkdir()
    with overlay_of(base, patch.changes, confidence=patch.confidence, judge=False) as overlay:
        reviewing = reviewing_over(overlay.snapshot)
        assert MARKETER not in reviewing.candidates.audiences([MARKETER])
        assert promoted(reviewing, tmp_path / "models", MARKETER, ALPHA, BETA, GAMMA) == ("hold", ["unclassed_answer_without_human"])
        assert promoted(reviewing, tmp_path / "person", MARKETER, ALPHA, BETA, ANN) == ("promote", [])


def shown_sources(made: ReviewBundle) -> set[str]:
    """The sources of everything that stands in the bundle's document as somebody's record."""
    document = made.document()
    return {source for q in document["questions"] for c in q["candidates"] for source in (c["source"], *(s["source"] for s in c["evidence"]))}


@pytest.mark.parametrize(
    ("numbers", "titles", "proposed", "sources"),
    [
        ({}, TITLES, (), {"source/soc@2018", "source/wedge@1.0.0"}),
        ({}, [LAW], (), {"source/soc@2018", "source/wedge@1.0.0"}),
        ({"evidence_shown": 0}, [LAW], (), {"source/soc@2018"}),  # the record of evidence is the editors', the candidate is not
        ({}, [LAW], (LAWYERS,), {"source/soc@2018", "source/wedge@1.0.0"}),  # evidence of a proposed candidate is shown too
        ({"candidates_shown": 0}, [LAW], (), set()),
        ({"candidates_shown": 0}, [LAW], (MARKETER,), {"source/wedge@1.0.0"}),
    ],
)  # fmt: skip
def test_exactly_what_is_shown_is_cited(desk: Desk, tmp_path: Path, numbers: Mapping[str, int], titles: list[str], proposed: tuple[str, ...], sources: set[str]) -> None:
    reviewing = under(desk, tmp_path, shown_as(**numbers))
    made, _ = reviewing.bundle(titles, WISHED, [Proposal(LAW, key, Proposer("somebody")) for key in proposed])
    assert shown_sources(made) == sources
    assert made.attributions == licence_policy(desk.snapshot).attributions(sources, Exit.EXPORT)
    assert {a.source for a in made.attributions} == sources - {"source/soc@2018"}, "in the public domain: it asks for no citation"


def test_a_patch_cites_what_was_shown_of_the_answer_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    for shown in (0, 1, 3):
        folder = tmp_path / str(shown)
        folder.mkdir()
        reviewing = under(desk, folder, shown_as(evidence_shown=shown))
        write_bundle(reviewing.bundle([LICENSED])[0], folder / "b")
        asked = read_bundle(folder / "b")
        (question,) = asked.questions.values()
        answer = question.candidates[0]
        assert len(answer.evidence) == min(shown, 1)
        read = read_transcripts([written(folder / "v.jsonl", *(answered(r, question, answer.key) for r in (ALPHA, BETA, ANN)))], asked)
        (patch,) = verdict_patches(adjudicate(asked, read, reviewing), reviewing)
        told = [e for e in patch["evidence"] if not e["reference"].startswith("v.jsonl:")]
        assert [(e["says"], e["source"], e["reference"]) for e in told] == [(s.says, s.source, s.source_ref) for s in answer.evidence]
        assert [e["reference"] for e in patch["evidence"][: -len(told) or None]] == ["v.jsonl:1", "v.jsonl:2", "v.jsonl:3"]


def test_how_much_is_shown_is_said_by_the_rules_of_the_day(desk: Desk, tmp_path: Path) -> None:
    reviewing = under(desk, tmp_path, shown_as(description_shown=40, statement_shown=20, evidence_shown=1, candidates_shown=1))
    for question in reviewing.bundle(TITLES, WISHED)[0].questions:
        assert len(question.candidates) <= 1
        for candidate in question.candidates:
            assert len(candidate.description) <= 40
            assert all(len(s.says) <= 20 for s in candidate.evidence)
            assert len(candidate.evidence) <= 1
