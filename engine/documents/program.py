"""How a module of the engine is started as a process of its own: with this interpreter and this copy of the engine."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def program(module: str) -> tuple[list[str], dict[str, str]]:
    """Command and environment for `module`; the working folder of the user can never shadow it."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    known = os.environ.get("PYTHONPATH", "")
    return [sys.executable, "-P", "-m", module], {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in (root, known) if p)}
