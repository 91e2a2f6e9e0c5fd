"""`wig` on a built workspace, asked within this process: the same entry point as the console script's."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from engine.interfaces.cli import main

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command wrote, and its exit status."""

    stdout: str
    stderr: str
    returncode: int


def wig(workspace: Path, folder: Path, *arguments: str) -> Said:
    """What a command answers in a folder of the user's; never a traceback."""
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
    return Said(out.getvalue(), err.getvalue(), status)
