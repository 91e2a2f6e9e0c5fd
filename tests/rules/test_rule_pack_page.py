"""The how-to page on rule packs is run: its files are written, its commands answer what the page shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from shown_commands import shown_commands
from typer.testing import CliRunner

from engine.interfaces.cli.application import app

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write_a_rule_pack.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pack, cases = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "my_rules" / "reply").mkdir(parents=True)
    for name, text in (("pack.yaml", pack), ("cases.yaml", cases), ("README.md", "# Reply\n")):
        (tmp_path / "my_rules" / "reply" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("command", "shown"), shown_commands(PAGE), ids=[c for c, _ in shown_commands(PAGE)])
@pytest.mark.usefixtures("folder")
def test_a_command_prints_what_the_page_shows(command: str, shown: list[str]) -> None:
    said = CliRunner().invoke(app, shlex.split(command), env={"COLUMNS": "80"})
    assert said.exit_code == 0, said.output
    printed = iter(said.stdout.splitlines())
    assert [line for line in shown if line.strip() != "..." and line not in printed] == [], said.stdout


def test_without_its_last_case_the_page_has_four_open_demands(folder: Path) -> None:
    cases = folder / "my_rules" / "reply" / "cases.yaml"
    cases.write_text("".join(cases.read_text(encoding="utf-8").partition("- case: A letter")[0]), encoding="utf-8")
    said = CliRunner().invoke(app, ["rules", "coverage", "my_rules"])
    assert said.exit_code == 1
    assert said.stdout.splitlines()[-1].endswith(", 4 open")
