"""What the tests of the checker share: how a proof is asked for, and how a command is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.ask import Desk
from engine.contracts.canonical import plain

Proved = Callable[..., dict[str, Any]]


def document_of(desk: Desk, kind: str, question: dict[str, Any]) -> dict[str, Any]:
    """The proof of an answer as the JSON document that the checker reads."""
    document: dict[str, Any] = json.loads(json.dumps(plain(desk.prove(kind, question, desk.receipt.release_date).document())))
    return document


@dataclass(frozen=True)
class Said:
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def wig(workspace: Path, *arguments: str, **environment: str) -> Said:
    """Run `wig` in a fresh process against a workspace."""
    return python(workspace, "from engine.interfaces.cli import main; main()", *arguments, **environment)


def python(workspace: Path, code: str, *arguments: str, **environment: str) -> Said:
    """Run code in a fresh process against a workspace."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"WIG_WORKSPACE": str(workspace), "COLUMNS": "110"} | environment
    done = subprocess.run([sys.executable, "-P", "-c", code, *arguments], capture_output=True, text=True, timeout=120, env=env, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)
