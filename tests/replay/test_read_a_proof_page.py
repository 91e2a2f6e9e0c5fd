"""The how-to page is run: every command answers what the page shows."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from shown_commands import not_printed, shown_commands
from wig_command import Wig

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/how-to/read_a_proof.md"


@pytest.mark.parametrize(("command", "shown"), shown_commands(PAGE.read_text(encoding="utf-8")), ids=[c for c, _ in shown_commands(PAGE.read_text(encoding="utf-8"))])
def test_a_command_prints_what_the_page_shows(workspace: Path, command: str, shown: list[str]) -> None:
    given = json.loads(Wig(workspace)("resolve", "Holiday Sales Associate", "--json").out)[0]["decision_id"]
    said = Wig(workspace, columns=110)(*[given if word == "DECISION" else word for word in shlex.split(command)])
    assert said.code == 0, said.err
    assert not_printed(shown, said.out) == [], said.out
