"""A damaged file of any publisher gives a clear error or a counted drop, or changes nothing: 100 in every run, 1,000 in a campaign.

Damage that leaves a well-formed table behind (a letter changed inside a cell, a file cut exactly at the end of a line) cannot be seen in
the file itself; what holds there is that no more rows than the damaged ones change, and that the ledger's pin refuses the file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MEGABYTES = 500  # of the two gigabytes that all sources together may take
PER_PROCESS = 250
LOUD = ("refused", "dropped")
QUIET = {"harmless", "stated", "told by the pin alone", "kept: the table has no key", "never loaded"}
ALWAYS_REFUSED = {
    "noise", "latin_1", "misspelt", "twice_named", "million_characters", "page", "zipped_text", "gz_bomb", "empty", "broken_json", "lying_footer", "formula",
    "linked", "entities", "book_bomb", "far_cell", "other_file",
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """One damaged file: what was done to it and what came of it."""

    number: int
    kind: str
    file: str
    outcome: str


def judged(first: int, end: int) -> tuple[list[Judged], set[str]]:
    """Outcomes, judged in a process of its own whose memory is measured, and every file of every publisher under each of its names."""
    program = Path(__file__).with_name("judged_mutations.py")
    ended = subprocess.run([sys.executable, str(program), str(first), str(end)], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=280, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    answer = json.loads(ended.stdout.splitlines()[-1])
    assert max(answer["kilobytes"]) < MEGABYTES * 1024, answer["kilobytes"]
    return [Judged(int(number), *said) for number, said in answer["outcomes"].items()], set(answer["files"])


def assert_well_met(met: list[Judged]) -> None:
    """No outcome but the declared ones, and kinds of damage that every reader must see refused each time (but for files that are never loaded)."""
    assert [m for m in met if not m.outcome.startswith(LOUD) and m.outcome not in QUIET] == []
    assert [m for m in met if m.kind in ALWAYS_REFUSED and not m.outcome.startswith("refused") and m.outcome != "never loaded"] == []


def test_a_hundred_damaged_files() -> None:
    met, files = judged(0, 100)
    assert_well_met(met)
    assert len(met) == 100
    assert {f.split("/")[0] for f in files} == {m.file.split("/")[0] for m in met}, "a publisher of whom nothing was damaged"
    assert len(files - {m.file for m in met}) <= 3
    assert sum(m.outcome.startswith(LOUD) for m in met) > 75


@pytest.mark.campaign
def test_a_thousand_damaged_files() -> None:
    met: list[Judged] = []
    for first in range(0, 1000, PER_PROCESS):
        some, files = judged(first, first + PER_PROCESS)
        met += some
    assert_well_met(met)
    assert len(met) == 1000
    assert files == {m.file for m in met}
    told = Counter(m.outcome.split()[0] for m in met)
    assert told["refused"] > 750, told
    assert told["dropped"] > 30, told
