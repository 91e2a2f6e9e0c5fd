"""The outcomes by which nonsense is counted are those of the rules."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from wig_command import ROOT

from engine.ask import Desk
from engine.contracts import BadInput
from engine.evaluation import LabelledList, LabelledTitle, evaluate_titles, refuse_unknown_outcomes
from engine.graph import Workspace
from engine.rules import Rulebook, load_rulebook


def renamed(folder: Path, outcome: str) -> Rulebook:
    """The rules with another name for an outcome."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    pack = folder / "rules" / "service" / "pack.yaml"
    text = pack.read_text(encoding="utf-8")
    listed = "[served, held, outside, unmapped, not_a_title]"
    pack.write_text(text.replace(f"outcome: {outcome}}}", "outcome: renamed}").replace(listed, listed.replace(outcome, "renamed")), encoding="utf-8")
    return load_rulebook(folder / "rules")


def test_the_rules_have_every_outcome_that_is_counted() -> None:
    refuse_unknown_outcomes(load_rulebook())


@pytest.mark.parametrize("outcome", ["unmapped", "not_a_title", "served"])
def test_a_renamed_outcome_is_told(outcome: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="EVL115") as met:
        refuse_unknown_outcomes(renamed(tmp_path, outcome))
    assert f"`{outcome}`" in met.value.diagnostics[0].what


def test_nothing_is_asked_of_rules_with_other_outcomes(embedded: Path, tmp_path: Path) -> None:
    desk = Desk(Workspace(embedded).required())
    desk.__dict__["rulebook"] = renamed(tmp_path, "unmapped")
    with pytest.raises(BadInput, match="EVL115"):
        evaluate_titles(desk, LabelledList("list.csv", (LabelledTitle("Marketing Manager", ("11-2021.00",), 2),), 0, 0))
