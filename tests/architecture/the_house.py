"""The checkout as the architecture tests see it: its modules and the files that belong to it."""

from __future__ import annotations

from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENGINE = ROOT / "engine"


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the engine, in name order."""
    return tuple(sorted(p for p in ENGINE.rglob("*.py") if "__pycache__" not in p.parts))


@cache
def own_files() -> tuple[Path, ...]:
    """Every file of the checkout that .gitignore does not leave out, in name order."""
    ignored = [line.strip().rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line.strip()]
    left_out = (".git", *ignored)

    def belongs(path: Path) -> bool:
        return not any(fnmatch(part, pattern) for part in path.relative_to(ROOT).parts for pattern in left_out)

    return tuple(sorted(p for p in ROOT.rglob("*") if p.is_file() and belongs(p)))


def shown(path: Path) -> str:
    """A path as people write it, from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()
