"""The command as a user has it: a fresh process, a workspace of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MAIN = "from engine.interfaces.cli import main; main()"
COMMAND = [sys.executable, "-P", "-c", MAIN]


@dataclass(frozen=True)
class Answer:
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run_wig(*arguments: str, code: str = MAIN, timeout: float = 280, folder: Path | None = None, **environment: str) -> Answer:
    """What `wig` (or other code) says in a fresh process, standing in a folder; nothing of the caller's settings reaches it."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"COLUMNS": "80"} | environment
    done = subprocess.run([sys.executable, "-P", "-c", code, *arguments], capture_output=True, text=True, timeout=timeout, env=env, check=False, cwd=folder)
    assert "Traceback" not in done.stderr, done.stderr
    return Answer(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Wig:
    """Runs `wig` against one workspace, on a screen of so many columns."""

    workspace: Path
    columns: int = field(default=80, kw_only=True)

    def __call__(self, *arguments: str, timeout: float = 280, **environment: str) -> Answer:
        return run_wig(*arguments, timeout=timeout, **{"WIG_WORKSPACE": str(self.workspace), "COLUMNS": str(self.columns)} | environment)


@dataclass(frozen=True)
class CopiedWig(Wig):
    """The command with a copy of the product, whose data folders a test may edit."""

    home: Path

    def __call__(self, *arguments: str, timeout: float = 280, **environment: str) -> Answer:
        return Wig.__call__(self, *arguments, timeout=timeout, PYTHONPATH=str(self.home), **environment)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first occurrence in a file of the copy."""
        path = self.home / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
