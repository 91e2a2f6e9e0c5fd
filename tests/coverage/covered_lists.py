"""Invented lists of titles, and how a test covers one: in this process, or as a user does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from wig_command import COMMAND

from engine.coverage import Coverage, CoverageRequest, Reporting, cover
from engine.graph import Snapshot

DAY = date(2026, 11, 21)

# names of authored roles and of occupations, bent; and things that are no titles
TITLES = (
    "Marketing Manager", "marketing manager", "Sr. Marketing Manager - remote", "Retail Sales Associate", "Head of Customer Success", "Data Entry Clerk", "Software Engineer II",
    "Nurse", "Attorney", "Growth Hacker", "Store Manager (Leeds)", "Accountant", "qwerty uiop", "12345", "Chief Fun Officer", "customer support asociate",
)  # fmt: skip
ODD = ("", "  ", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "Robert'); DROP TABLE title;--", "MATCH (n) DETACH DELETE n", "\u202eregnaM", "🦄 wrangler", "前端工程师", "a\u0000b", "x" * 5_000)


def invented(rows: int, distinct: int | None = None) -> list[str]:
    """A list of `rows` titles, each about a dozen times or as `distinct` says, in an order that is not theirs."""
    kinds = distinct or max(1, rows // 12)
    return [f"{TITLES[(i * 7 % kinds) % len(TITLES)]} {i * 7 % kinds}" for i in range(rows)]


def write_text(path: Path, titles: Sequence[str]) -> Path:
    path.write_bytes("".join(f"{t}\n" for t in titles).encode())
    return path


@dataclass
class Told:
    """Sentences and steps that a run told."""

    sentences: list[str] = field(default_factory=list)
    steps: list[tuple[str, int, int]] = field(default_factory=list)

    def step(self, name: str, done: int, total: int) -> None:
        self.steps.append((name, done, total))

    def routed_from(self) -> int:
        """How many titles were answered when routing began."""
        return next(done for name, done, _ in self.steps if name == "routing titles")


def covered(snapshot: Snapshot, titles: Path, out: Path, *, told: Told | None = None, report: Reporting | None = None, **wanted: Any) -> Coverage:
    """Cover a list in this process, with one worker unless another number is wanted."""
    told = told or Told()
    asked = {"column": None, "day": DAY, "workers": 1, **wanted}
    return cover(snapshot, CoverageRequest(list=titles, out=out, **asked), told.sentences.append, told.step, report)


def answers(out: Path) -> list[dict[str, Any]]:
    return pq.read_table(out / "coverage.parquet").to_pylist()


@dataclass(frozen=True)
class Wig:
    """Runs `wig` against one workspace."""

    workspace: Path

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"WIG_WORKSPACE": str(self.workspace), "COLUMNS": "120"}
        return subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, **more)

    def __call__(self, *arguments: str, **more: Any) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        child = self.start(*arguments, **more)
        out, err = child.communicate(timeout=250)
        assert "Traceback" not in err, err
        return child.returncode, out, err
