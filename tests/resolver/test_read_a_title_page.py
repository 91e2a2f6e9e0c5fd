"""The how-to page is run: every command answers what the page shows, and the page names every kind of fact."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from shown_commands import not_printed, shown_commands

from engine.rules import load_rulebook

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/read_a_title.md").read_text(encoding="utf-8")
NOT_TAKEN_OFF = {"order", "head_segment", "spelling", "trailing", "specialism", "wording"}  # told of a match, not of a title


@pytest.fixture(scope="module")
def workspace(embedded_workspace: Callable[[str], Path]) -> Path:
    return embedded_workspace("read_a_title")


def wig(workspace: Path, *arguments: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"COLUMNS": "100", "WIG_WORKSPACE": str(workspace)}
    command = [sys.executable, "-c", "from engine.interfaces.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=120, check=True).stdout


def test_every_command_prints_what_the_page_shows(workspace: Path) -> None:
    shown = shown_commands(PAGE)
    assert len(shown) == 2
    for command, lines in shown:
        assert not_printed(lines, wig(workspace, *shlex.split(command))) == []


def test_facts_and_steps_stand_in_the_json(workspace: Path) -> None:
    (answer,) = json.loads(wig(workspace, "resolve", "Part-Time Sales Associate - req 4417", "--json"))
    assert [(s["kind"], s["text"], s["value"]) for s in answer["stripped"]] == [("requisition", "req 4417", ""), ("employment_form", "part time", "part_time")]
    assert [s["step"] for s in answer["steps"]] == ["requisition", "case", "employment_form"]
    assert answer["steps"][-1]["left"] == answer["normalized"] == "sales associate"


def test_a_part_that_no_published_title_knows_is_a_name(workspace: Path) -> None:
    (answer,) = json.loads(wig(workspace, "resolve", "Sales Associate - Xqzzy, Marketing", "--json"))
    assert [(s["kind"], s["text"], s["value"]) for s in answer["stripped"]] == [("segment", "Xqzzy", "name"), ("segment", "Marketing", "")]


def test_the_page_names_every_kind() -> None:
    table = PAGE.split("| kind | what it is |")[1].split("\n\n")[0]
    named = set(re.findall(r"`([a-z_]+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))))
    stated = load_rulebook().packs["title_evidence"].parameters["kept_share"].values[-1].value
    assert named == set(stated) - NOT_TAKEN_OFF
