"""How a module of the engine is started as a process of its own: with this interpreter and this copy of the engine."""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from pathlib import Path


def program(module: str) -> tuple[list[str], dict[str, str]]:
    """Command and environment for `module`; the working folder of the user can never shadow it."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    known = os.environ.get("PYTHONPATH", "")
    return [sys.executable, "-P", "-m", module], {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in (root, known) if p)}


@cache
def program_digest() -> str:
    """SHA-256 over the engine's own source files, in name order: another program may read the same files differently."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py"), key=lambda p: p.relative_to(root).as_posix()):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
