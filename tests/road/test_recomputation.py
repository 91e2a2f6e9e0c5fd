"""Equal sources give equal digests and decisions, whatever the engine, hash seed or order of files; a changed byte is named."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from campaign_size import sized
from wig_command import CopiedWig, Wig

QUESTIONS = ("Marketing Manager", "senior support associate", "head of analytics", "lawyer", "zzzz")
CHILD = """
import json, os, random, sys
from pathlib import Path
seed = int(sys.argv[2])
shuffled = os.listdir
if seed:
    rng = random.Random(seed)
    os.listdir = lambda *a: rng.sample(found := shuffled(*a), len(found))
    scan = Path.glob
    Path.glob = lambda self, *a, **k: iter(rng.sample(found := list(scan(self, *a, **k)), len(found)))
    inner = Path.iterdir
    Path.iterdir = lambda self: iter(rng.sample(found := list(inner(self)), len(found)))
from engine.ask import Desk
from engine.build import BuildRequest, build_snapshot
from engine.contracts.learner import LearnerProfile
from engine.graph import Workspace
built = build_snapshot(Workspace(Path(sys.argv[1])), BuildRequest(engine=sys.argv[3]))
desk = Desk(built.snapshot)
answers = [desk.resolve(t).decision_id for t in sys.argv[4:]] + [desk.plan(LearnerProfile(title=t)).decision_id for t in sys.argv[4:]]
print(json.dumps({"records": built.receipt.record_digest, "receipt": built.receipt.receipt_id, "answers": answers, "engine": built.snapshot.engine}))
"""


def outcome(folder: Path, seed: int, engine: str = "kuzu") -> dict[str, object]:
    """Build the embedded graph in a process of its own, files listed in an order of the seed's, and ask."""
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run([sys.executable, "-P", "-c", CHILD, str(folder), str(seed), engine, *QUESTIONS], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


def shuffled_rounds(folder: Path, rounds: int) -> None:
    first = outcome(folder / "first", 0)

    def again(seed: int) -> tuple[int, dict[str, object]]:
        found = outcome(folder / str(seed), seed)
        shutil.rmtree(folder / str(seed))
        return seed, found

    with ThreadPoolExecutor(2) as pool:
        for seed, found in pool.map(again, random.Random(rounds).sample(range(1, 4_000_000_000), rounds)):
            assert found == first, f"seed {seed}"


def test_shuffles_of_files_and_hash_seeds_give_one_digest(tmp_path: Path) -> None:
    shuffled_rounds(tmp_path, 2)


@pytest.mark.campaign
@pytest.mark.timeout(3000)
def test_many_shuffles_give_one_digest(tmp_path: Path) -> None:
    shuffled_rounds(tmp_path, sized(8, 100))


@pytest.mark.campaign
def test_both_engines_give_the_same_records_and_decisions(tmp_path: Path) -> None:
    if find_spec("ladybug") is None:
        pytest.skip("the extra `ladybug` is not installed")
    under_kuzu, under_ladybug = outcome(tmp_path / "kuzu", 0, "kuzu"), outcome(tmp_path / "ladybug", 0, "ladybug")
    assert under_ladybug.pop("engine") == "ladybug"
    assert under_kuzu.pop("engine") == "kuzu"
    assert under_kuzu == under_ladybug


@pytest.mark.campaign
def test_verify_holds_and_names_each_input_that_changed(copied: CopiedWig) -> None:
    assert copied("build", "--only", "wedge").code == 0
    given = copied("plan", "Marketing Manager", "--json").json["decision_id"]
    assert copied("verify").code == 0
    decided = copied("verify", given, "--json")
    assert decided.code == 0
    assert {c["what"] for c in decided.json["compared"]} >= {"records", "rules", "shapes", "ontology", "receipt", "decision"}
    for name in ("graph_data/families/marketing_growth.yaml", "rules/ranking/pack.yaml", "shapes/roles.ttl"):
        path = copied.home / name
        path.write_text(path.read_text(encoding="utf-8") + "# one line more\n", encoding="utf-8")
    verdict = copied("verify", "--json")
    assert verdict.code == 3
    changed = " ".join(verdict.json["changed"])
    for name in ("marketing_growth.yaml", "rules/ranking/pack.yaml", "shapes/roles.ttl"):
        assert name in changed


def test_a_flipped_byte_in_the_snapshot_is_an_integrity_fault(fresh: Wig) -> None:
    assert fresh("build", "--only", "wedge").code == 0
    (snapshot,) = (fresh.workspace / "snapshots").iterdir()
    graph = snapshot / "graph.kuzu"
    raw = bytearray(graph.read_bytes())
    raw[len(raw) // 2] ^= 1
    graph.write_bytes(bytes(raw))
    answer = fresh("plan", "Marketing Manager")
    assert answer.code == 3
    assert "graph.kuzu" in answer.err
