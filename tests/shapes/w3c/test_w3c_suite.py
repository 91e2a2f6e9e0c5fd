"""The W3C SHACL test suite: every core test exactly, without pySHACL; every SPARQL test exactly or refused by name.

The suite is published elsewhere and stands beside the publishers' files. Where it is absent these tests are skipped, and
nothing else takes their place: the proof runs only where the files are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
EXPECTATIONS: dict[str, Any] = yaml.safe_load((HERE / "expectations.yaml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.published


@pytest.fixture(scope="module")
def suite(published_data: Path) -> Path:
    """Folder of the suite."""
    folder = published_data / "shacl_w3c" / "tests"
    if not (folder / "manifest.ttl").is_file():
        pytest.skip("publishers' files are not here: no shacl_w3c/tests beside onet_30_1")
    return folder


def _run(suite: Path, engine: str, seconds: int = 280) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-P", str(HERE / "w3c_program.py"), str(suite), engine], env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def compiled(suite: Path) -> dict[str, Any]:
    """What the compiler makes of every test, in a process in which pySHACL cannot be imported."""
    return _run(suite, "compiled")


def test_the_expectations_name_every_test_of_the_suite(compiled: dict[str, Any]) -> None:
    assert set(compiled["tests"]) == set(EXPECTATIONS)
    assert Counter(name.partition("/")[0] for name in EXPECTATIONS) == {"core": 98, "sparql": 23}


def test_pyshacl_was_never_loaded(compiled: dict[str, Any]) -> None:
    assert compiled["pyshacl_loaded"] is False
    assert {by for told in compiled["tests"].values() for by in told.get("judged_by", ())} == {"compiled"}


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_the_compiler_answers_as_the_suite_expects(name: str, compiled: dict[str, Any]) -> None:
    told, expected = compiled["tests"][name], EXPECTATIONS[name]
    if expected == "passes":
        assert (told["told"], told["outcome"]) == ([], "passes")
    elif "failure" in expected:
        assert (told["outcome"], told["codes"], told["failure"]) == ("refused", [expected["failure"]], True)
    else:
        assert (told["outcome"], told["codes"], told["failure"]) == ("refused", [expected["refused"]], False)
        assert len(expected["reason"]) > 20


def test_every_core_test_is_expected_to_pass() -> None:
    assert {name: told for name, told in EXPECTATIONS.items() if name.startswith("core/") and told != "passes"} == {}


@pytest.mark.campaign
@pytest.mark.timeout(2_000)
def test_the_engine_of_last_resort_knows_the_suite_as_well(suite: Path) -> None:
    told = _run(suite, "pyshacl", 1_900)["tests"]
    outcomes = Counter((name.partition("/")[0], t["outcome"], t.get("failure", False)) for name, t in told.items())
    # refused against the suite: two that import other shapes, and $shapesGraph
    assert outcomes == {("core", "passes", False): 98, ("sparql", "passes", False): 13, ("sparql", "refused", True): 7, ("sparql", "refused", False): 3}
