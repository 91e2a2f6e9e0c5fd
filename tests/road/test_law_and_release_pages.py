"""The how-to pages on law and release are run: every command prints what the page shows, in order."""

from __future__ import annotations

import re
import shlex

import pytest
from shown_commands import shown_commands
from wig_command import ROOT, Wig

PAGES = ("plan_for_a_learner.md", "judge_a_release.md")


COMMANDS = [(page, command, lines) for page in PAGES for command, lines in shown_commands((ROOT / "docs/how-to" / page).read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("command", "lines"), [c[1:] for c in COMMANDS], ids=[f"{p} {c[:30]}" for p, c, _ in COMMANDS])
def test_a_page_shows_what_the_command_prints(wedge: Wig, command: str, lines: list[str]) -> None:
    printed = wedge(*shlex.split(command)).out
    pattern = ".*".join(re.escape(" ".join(part.split())) for part in re.split(r"\.\.\.", " ".join(lines)))
    assert re.search(pattern, " ".join(printed.split())), printed


def test_the_pages_show_commands() -> None:
    assert {page for page, _, _ in COMMANDS} == set(PAGES)
