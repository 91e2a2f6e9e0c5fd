"""`wig` on a built workspace, as a user has it: a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

COMMAND = [sys.executable, "-P", "-c", "from engine.interfaces.cli import main; main()"]


@dataclass(frozen=True)
class Wig:
    """Runs `wig` against one workspace."""

    workspace: Path

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"WIG_WORKSPACE": str(self.workspace), "COLUMNS": "120"}
        done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, env=env, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done
