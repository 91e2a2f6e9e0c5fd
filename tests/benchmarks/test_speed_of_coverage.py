"""What a covered list costs beside the routing of its titles: reading, counting, Arrow, Parquet, digests and tallies, over bare `Resolver.route`."""

from __future__ import annotations

import random
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from measuring import Tell, seconds_of

from engine.ask import Desk
from engine.coverage import CoverageRequest, RoutingSnapshot, cover, open_routing

BEFORE = ("", "Senior ", "Jr. ", "Lead ", "Regional ")
NAMES = ("Marketing Manager", "Store Manager", "Software Engineer", "customer support asociate", "Nurse", "qwerty uiop", "Growth Hacker", "Accountant", "Attorney", "Data Entry Clerk")
BEHIND = ("", " - remote", " (Leeds)", " II", " / night shift")


def test_the_cost_of_covering_beside_routing(benchmark: Any, tell: Tell, embedded_desk: Desk, tmp_path: Path) -> None:
    draw = random.Random(6)
    rows = [f"{draw.choice(BEFORE)}{draw.choice(NAMES)}{draw.choice(BEHIND)} {draw.randrange(40)}" for _ in range(4_000)]
    (tmp_path / "list.txt").write_text("\n".join(rows), encoding="utf-8")
    day, distinct = date(2026, 11, 21), sorted(set(rows))
    resolver = open_routing(RoutingSnapshot.of(embedded_desk.snapshot, day))

    def covered() -> int:
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        met = cover(embedded_desk.snapshot, CoverageRequest(tmp_path / "list.txt", None, tmp_path / "out", day, workers=1), lambda _: None, lambda *_: None)
        return met.gathered.titles

    assert benchmark(covered) == len(distinct)
    if benchmark.stats is None:
        return
    tell("a list of 4,000 rows covered, one process", seconds_of(covered, 3), "its distinct titles routed alone", seconds_of(lambda: resolver.route(distinct), 3))
