"""Kills and a full disk: whatever happens to a build, the graph that was current stays current and answers."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from campaign_size import sized
from wig_command import COMMAND, Wig

KILLS = sized(24, 200)


def build_and_kill(wig: Wig, after: float) -> bool:
    """Start a build, kill its whole group after some seconds; true where it was still running."""
    environment = {**os.environ, "WIG_WORKSPACE": str(wig.workspace)}
    child = subprocess.Popen([*COMMAND, "build", "--anew", "--only", "wedge"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        child.wait(timeout=after)
        return False
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return True


def build_seconds(wig: Wig) -> float:
    started = time.perf_counter()
    assert wig("build", "--anew", "--only", "wedge").code == 0
    return time.perf_counter() - started


def survives(wig: Wig, rounds: int, seed: int, whole: float) -> int:
    """Kill builds at random moments; after each the current graph answers as before. Answers how many were hit while running."""
    chance, expected, hit = random.Random(seed), wig("resolve", "Marketing Manager", "--json").json[0]["decision_id"], 0
    current = (wig.workspace / "current").read_text(encoding="utf-8")
    for _ in range(rounds):
        hit += build_and_kill(wig, chance.uniform(0.05, whole))
        assert (wig.workspace / "current").read_text(encoding="utf-8") == current
        assert wig("resolve", "Marketing Manager", "--json").json[0]["decision_id"] == expected
    assert wig("build", "--anew", "--only", "wedge").code == 0
    assert list((wig.workspace / "building").iterdir()) == []
    return hit


def test_a_kill_leaves_the_current_graph_current(fresh: Wig) -> None:
    whole = build_seconds(fresh)
    assert survives(fresh, 1, 1, whole * 0.8) == 1


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_many_kills_leave_the_current_graph_current(tmp_path: Path) -> None:
    wigs = [Wig(tmp_path / name) for name in ("one", "two")]
    whole = max(build_seconds(w) for w in wigs)
    with ThreadPoolExecutor(2) as pool:
        hits = list(pool.map(lambda pair: survives(pair[1], KILLS // 2, KILLS + pair[0], whole), enumerate(wigs)))
    assert sum(hits) >= KILLS * 3 // 4


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="a small file system can be mounted by root only")
@pytest.mark.campaign
def test_a_full_disk_leaves_the_current_graph_current(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=240m", "tmpfs", str(small)], check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow mounting a small file system")
    try:
        wig = Wig(small / "workspace")
        assert wig("build", "--anew", "--only", "wedge").code == 0
        before = wig("resolve", "Marketing Manager", "--json").json[0]["decision_id"]
        free = shutil.disk_usage(small).free
        (small / "filler").write_bytes(b"x" * max(0, free - 400_000))
        answer = wig("build", "--anew", "--only", "wedge")
        assert answer.code == 4
        assert "fix" in answer.err
        (small / "filler").unlink()
        assert wig("resolve", "Marketing Manager", "--json").json[0]["decision_id"] == before
        assert wig("build", "--anew", "--only", "wedge").code == 0
    finally:
        subprocess.run(["umount", str(small)], check=False)
