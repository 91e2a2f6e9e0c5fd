"""The how-to page is run: every command answers what the page shows."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from invented_world import World
from shown_commands import not_printed, shown_commands

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/how-to/trace_a_fact.md"


@pytest.mark.parametrize(("command", "shown"), shown_commands(PAGE.read_text(encoding="utf-8")), ids=[c[:60] for c, _ in shown_commands(PAGE.read_text(encoding="utf-8"))])
def test_a_command_prints_what_the_page_shows(world: World, command: str, shown: list[str]) -> None:
    said = world.wig(*shlex.split(command))
    assert said.code == 0, said.err
    assert not_printed(shown, said.out) == [], said.out
