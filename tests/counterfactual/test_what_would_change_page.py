"""The how-to page is run: every command answers what the page shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from shown_commands import shown_commands
from wig_command import Wig

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/how-to/what_would_change_an_answer.md"
SHOWN = [shown for shown in shown_commands(PAGE.read_text(encoding="utf-8")) if shown[0].startswith("why-not ")]


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[c for c, _ in SHOWN])
def test_a_command_prints_what_the_page_shows(command: str, shown: list[str], wig: Wig) -> None:
    printed = " ".join(wig(*shlex.split(command)).out.split())
    pattern = ".*".join(re.escape(part.strip()) for line in shown for part in line.split("...") if part.strip())
    assert re.search(pattern, printed), printed
