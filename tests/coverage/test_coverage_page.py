"""The how-to page is run: its list gives what it shows, and what it names is there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from shown_commands import not_printed, shown_commands
from wig_command import COMMAND

from engine.coverage import ANSWERS

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/cover_a_title_list.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    block = re.search(r"```csv title=titles.csv\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    (folder / "titles.csv").write_text(block[1], encoding="utf-8")
    return folder


def test_every_command_prints_what_the_page_shows(workspace: Path, desk: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"COLUMNS": "100", "WIG_WORKSPACE": str(workspace)}
    shown = shown_commands(PAGE)
    assert [command.split()[0] for command, _ in shown] == ["coverage", "coverage", "verify"]
    for (command, lines), status in zip(shown, (0, 2, 0), strict=True):
        done = subprocess.run([*COMMAND, *shlex.split(command)], capture_output=True, text=True, env=env, cwd=desk, timeout=200, check=False)
        assert done.returncode == status, done.stderr
        assert not_printed(lines, done.stdout or done.stderr) == []


def test_the_page_names_every_column() -> None:
    table = PAGE.split("| column | what it is |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `")))) == set(ANSWERS.names)


def test_the_program_for_spark_is_python() -> None:
    block = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    compile(block[1], "wig_on_spark.py", "exec")
