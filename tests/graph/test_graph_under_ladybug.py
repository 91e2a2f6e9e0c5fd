"""The same tests hold under the other engine, in a process of its own: the two cannot be imported in one."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ENGINE_TESTS = [str(HERE / f"test_graph_{subject}.py") for subject in ("store", "load", "query", "neighbourhood")]
VALID_QUERIES = f"{HERE / 'test_graph_guard.py'}::test_a_reading_statement_comes_through_and_the_engine_takes_it"


@pytest.mark.skipif(os.environ.get("WIG_TEST_ENGINE") is not None, reason="this is already the child of that test")
@pytest.mark.campaign
def test_the_room_works_under_ladybug() -> None:
    if importlib.util.find_spec("ladybug") is None:
        pytest.skip("the extra `ladybug` is not installed: pip install 'work-intelligence-graph[ladybug]'")
    search = os.pathsep.join(filter(None, [str(HERE.parent.parent), os.environ.get("PYTHONPATH")]))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *ENGINE_TESTS, VALID_QUERIES],
        cwd=HERE.parent.parent, env={**os.environ, "WIG_TEST_ENGINE": "ladybug", "PYTHONPATH": search}, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
    assert " skipped" not in run.stdout
