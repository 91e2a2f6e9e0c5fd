"""The command as a user has it: a fresh process, a workspace of its own; or, where many short questions are asked, the same entry point within this process."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

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


def wig_here(workspace: Path, folder: Path, *arguments: str) -> Answer:
    """What `wig` says within this process, standing in a folder of the user's; never a traceback."""
    from engine.interfaces.cli import main

    env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"WIG_WORKSPACE": str(workspace), "COLUMNS": "100"}
    out, err, status = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict(os.environ, env, clear=True), mock.patch.object(sys, "argv", ["wig", *arguments]), contextlib.chdir(folder),
        contextlib.redirect_stdout(out), contextlib.redirect_stderr(err),
    ):  # fmt: skip
        try:
            main()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    assert "Traceback" not in err.getvalue(), err.getvalue()
    return Answer(status, out.getvalue(), err.getvalue())


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
