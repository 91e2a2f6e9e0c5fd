"""Authored content becomes rows with their places; every fault of every file is shown at once, at its place, with the nearest valid name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.contracts import BadInput, InputOutput, uuid_of
from engine.sources import Wedge, load_ledger, read_wedge, title_key

LANTERNS = "families/lanterns.yaml"


def read(folder: Path) -> Wedge:
    return read_wedge(load_ledger(), folder)


def edit(folder: Path, old: str, new: str, file: str = LANTERNS) -> int:
    """Replace the first occurrence; answers its line."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def rows(wedge: Wedge, target: str) -> list[Mapping[str, object]]:
    return [dict(r) for r in wedge.rows.rows[target]]


def test_content_becomes_records_and_links(authored_folder: Path) -> None:
    wedge = read(authored_folder)
    links = {
        (target, r["from"], r["to"])
        for target in wedge.rows.rows if "." in target for r in wedge.rows.rows[target]
    }  # fmt: skip
    role, workflow = "role/lantern-manager", "workflow/plan-route"
    assert links == {
        ("BROADER.Occupation.OccupationGroup", "occupation/11-2021.91", "soc/11-2021"),
        ("IN_FAMILY.Role.RoleFamily", role, "family/lanterns"), ("IN_FUNCTION.Role.Function", role, "function/illumination"),
        ("FALLS_BACK_TO.Role.Function", role, "function/illumination"), ("AT_SENIORITY.Role.Seniority", role, "seniority/manager"),
        ("SUPPORTED_BY.Role.Evidence", role, "evidence/lantern-review"), ("MAPS_TO.Role.Occupation", role, "occupation/11-2021.91"),
        ("NAMES.Title.Role", title_key("Lantern Manager"), role), ("NAMES.Title.Role", title_key("Head of Lanterns"), role),
        ("NAMES.Title.Role", title_key("light walker"), role), ("HAS_WORKFLOW.Role.Workflow", role, workflow),
        ("PERFORMS.Role.Task", role, "task/draft-route"), ("PERFORMS.Role.Task", role, "task/walk-route"),
        ("PRODUCES.Workflow.Deliverable", workflow, "deliverable/route-map"), ("COVERS.Workflow.Task", workflow, "task/draft-route"),
        ("COVERS.Workflow.Task", workflow, "task/walk-route"), ("ALIGNS_WITH.Task.Task", "task/draft-route", "task/101"),
        ("ALIGNS_WITH.Task.Task", "task/draft-route", "task/77777"), ("AFFORDED_BY.Task.Affordance", "task/draft-route", "affordance/draft-route"),
        ("REQUIRES_CAPABILITY.Affordance.Capability", "affordance/draft-route", "capability/brief-it"),
        ("SUPPORTED_BY.Affordance.Evidence", "affordance/draft-route", "evidence/lantern-exposure"),
        ("SUPPORTED_BY.Module.Evidence", "module/lantern-briefing", "evidence/lantern-review"),
        ("SUPPORTED_BY.Rubric.Evidence", "rubric/lantern-briefing", "evidence/lantern-review"),
        ("TEACHES.Module.Capability", "module/lantern-briefing", "capability/brief-it"),
        ("PRACTISED_BY.Module.Exercise", "module/lantern-briefing", "exercise/lantern-briefing"),
        ("GRADED_BY.Exercise.Rubric", "exercise/lantern-briefing", "rubric/lantern-briefing"),
        ("HAS_CRITERION.Rubric.Criterion", "rubric/lantern-briefing", "criterion/lantern-briefing.c01"),
        ("HAS_CRITERION.Rubric.Criterion", "rubric/lantern-briefing", "criterion/lantern-briefing.c02"),
        ("FALLS_BACK_TO.Function.Archetype", "function/illumination", "archetype/keeper"),
        ("IN_FUNCTION.OccupationGroup.Function", "soc/11-2021", "function/illumination"),
        ("SUPPORTED_BY.Function.Evidence", "function/illumination", "evidence/lantern-review"),
        ("HAS_WORKFLOW.Function.Workflow", "function/illumination", workflow), ("FALLS_BACK_TO.OccupationGroup.Archetype", "soc/15-0000", "archetype/keeper"),
        ("SUPPORTED_BY.Archetype.Evidence", "archetype/keeper", "evidence/lantern-review"),
        ("NAMES.Title.OccupationGroup", title_key("lantern boss"), "soc/11-2021"), ("CONSTRAINS.Policy.Workflow", "policy/dark-sky", workflow),
    }  # fmt: skip


def test_values_keep_their_meaning(authored_folder: Path) -> None:
    wedge = read(authored_folder)
    (module,) = rows(wedge, "Module")
    assert (module["effort_hours"], module["ladder_level"], module["modified"], module["language"]) == ("3", "2", "2026-11-20", "en")
    assert module["identifier"] == uuid_of("module/lantern-briefing")
    assert module["creator"] == load_ledger().entry("wedge").owner
    (deliverable,) = rows(wedge, "Deliverable")
    assert deliverable["acceptance"] == ("every street is lit", "no: street twice")
    assert [(c["position"], c["gate"], c["trap"], c["weight"]) for c in rows(wedge, "Criterion")] == [("1", "true", "false", "0.6"), ("2", "false", "true", "0.4")]
    (archetype,) = rows(wedge, "Archetype")
    assert archetype["terms"] is None, "an empty list is a missing value"
    assert {r["importance"] for r in rows(wedge, "PERFORMS.Role.Task")} == {"0.9"}
    assert {r["naming_kind"] for r in rows(wedge, "NAMES.Title.Role")} == {"canonical", "alias"}


def test_every_record_says_where_it_was_written(authored_folder: Path) -> None:
    wedge = read(authored_folder)
    line = edit(authored_folder, "  - id: plan-route\n    label", "  - id: plan-route\n    label")
    assert str(wedge.place_of("workflow/plan-route")) == f"{LANTERNS}:{line}:5"
    assert wedge.place_of("occupation/99-9999.99") is None
    for target, found in wedge.rows.rows.items():
        for row in found:
            assert {"source", "source_ref", "release", "licence", "confidence", "derived_by"} <= set(row), target
            assert str(row["source_ref"]).split(":")[0] in (LANTERNS, "ground/ground.yaml")
    assert [f.name for f in wedge.fingerprints] == ["wedge@1.0.0/families/lanterns.yaml", "wedge@1.0.0/ground/ground.yaml"]


FAULTS = [
    ("an unknown key is met with the nearest", "accountable:", "acountable:", "WED101", "did you mean `accountable`?"),
    ("a missing key is named", "    trigger: Dusk is near.\n", "", "WED102", "add `trigger:`"),
    ("a quoted number is no number", "importance: 0.9", 'importance: "0.9"', "WED103", ""),
    ("a number is no text", "aliases: [head of lanterns", "aliases: [7", "WED103", ""),
    ("a share stays between zero and one", "hours_share: 0.25", "hours_share: 25", "WED103", ""),
    ("a word outside the closed list is refused", "risk: moderate", "risk: modest", "WED103", ""),
    ("yes is no boolean", "gate: true", "gate: yes", "WED103", ""),
    ("one value is no list", "acceptance: [every street is lit, ", "acceptance: every street is lit #", "WED103", ""),
    ("an id is lower case", "- id: draft-route", "- id: Draft_Route", "WED103", ""),
    ("an impossible day is refused", "    dated: 2026-11-20", "    dated: 2026-13-20", "WED103", ""),
    ("a duplicate id names the first place", "- id: walk-route", "- id: draft-route", "WED104", "another id"),
    ("a workflow listed twice is refused", "      - {id: plan-route, importance: 0.9, hours_share: 0.25}", "      - {id: plan-route, importance: 0.9, hours_share: 0.2}\n      - {id: plan-route, importance: 0.1, hours_share: 0.1}", "WED104", "remove one"),
    ("a dangling capability is met with the nearest", "requires: [brief-it]", "requires: [brief-itt]", "WED105", "did you mean `brief-it`?"),
    ("a dangling approval is refused", "approval: lantern-review", "approval: lantern-revue", "WED105", "did you mean `lantern-review`?"),
    ("an occupation that no file cites is refused", "      - {code: 11-2021.91", "      - {code: 11-2021.92", "WED105", "did you mean `11-2021.91`?"),
    ("roles need a family", "family:\n  id: lanterns\n  label: Lanterns\n  description: Roles around lanterns.\n", "", "WED106", "add `family:`"),
    ("one code has one name", "  - {code: 11-2021.91, name: Lantern Planners}", "  - {code: 11-2021.91, name: Lantern Planners}\n  - {code: 11-2021.91, name: Kite Testers}", "WED107", "publisher's name"),
    ("a duplicate key is refused by the reader", "    trigger: Dusk", "    trigger: Dawn\n    trigger: Dusk", "DOC106", "keep one"),
]  # fmt: skip


@pytest.mark.parametrize(("_sentence", "old", "new", "code", "fix"), FAULTS, ids=[f[0] for f in FAULTS])
def test_faults_of_authored_content(authored_folder: Path, _sentence: str, old: str, new: str, code: str, fix: str) -> None:
    line = edit(authored_folder, old, new)
    with pytest.raises(BadInput) as met:
        read(authored_folder)
    found = [d for d in met.value.diagnostics if d.code == code]
    assert found, str(met.value)
    assert found[0].place.file == LANTERNS
    assert fix in found[0].fix
    if code not in ("WED102", "WED106"):
        assert abs(found[0].place.line - line) <= 1
        assert found[0].place.column >= 1


def test_a_group_that_soc_does_not_have_is_met_with_the_nearest(authored_folder: Path) -> None:
    line = edit(authored_folder, "groups: [11-2021]", "groups: [11-2029]", "ground/ground.yaml")
    with pytest.raises(BadInput) as met:
        read(authored_folder)
    assert [(d.code, d.place.line) for d in met.value.diagnostics] == [("WED105", line)]
    assert "did you mean `11-20" in met.value.diagnostics[0].fix


def test_faults_of_several_files_are_shown_at_once(authored_folder: Path) -> None:
    edit(authored_folder, "risk: moderate", "risk: modest")
    edit(authored_folder, "rank: 5", "rank: first", "ground/ground.yaml")
    (authored_folder / "families" / "torn.yaml").write_text("roles: [", encoding="utf-8")
    with pytest.raises(BadInput) as met:
        read(authored_folder)
    assert [(d.place.file, d.code) for d in met.value.diagnostics] == [("families/lanterns.yaml", "WED103"), ("families/torn.yaml", "DOC103"), ("ground/ground.yaml", "WED103")]


def test_a_list_where_keys_are_due_is_refused(authored_folder: Path) -> None:
    (authored_folder / "families" / "list.yaml").write_text("- a\n- b\n", encoding="utf-8")
    with pytest.raises(BadInput, match="WED103"):
        read(authored_folder)


def test_a_file_that_cannot_be_read_is_an_input_output_fault(authored_folder: Path) -> None:
    (authored_folder / "families" / "gone.yaml").mkdir()
    with pytest.raises(InputOutput, match="DOC002"):
        read(authored_folder)


def test_a_file_that_lost_its_content_is_refused(authored_folder: Path) -> None:
    (authored_folder / "families" / Path(LANTERNS).name).write_text("# nothing left\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"WED103  the file is empty"):
        read(authored_folder)


def test_no_content_is_a_stated_gap(tmp_path: Path) -> None:
    wedge = read(tmp_path)
    assert dict(wedge.rows.rows) == {}
    assert len(wedge.gaps) == 1


def test_the_content_of_this_installation_has_no_fault() -> None:
    wedge = read_wedge(load_ledger())
    assert len(wedge.rows.rows["RoleFamily"]) >= 3
    assert wedge.gaps == ()


def test_an_authored_file_that_is_no_regular_file_is_refused_at_once(authored_folder: Path) -> None:
    os.mkfifo(authored_folder / "families" / "pipe.yaml")
    with pytest.raises(InputOutput, match=r"families/pipe\.yaml  SRC201  not a regular file: a FIFO"):
        read(authored_folder)
