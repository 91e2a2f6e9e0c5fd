"""The audit of served packets: it holds on what the engine answers, and finds every kind of answer that should not have been given."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from covered_lists import DAY, Wig, answers, covered, invented, write_text
from wig_command import COMMAND

import engine
from engine.ask import Desk
from engine.coverage import ANSWERS, audit_packets, failing_titles
from engine.graph import Snapshot

SERVED = ("family", "depth", "evidence", "accountability", "caveats")


@pytest.fixture(scope="module")
def out(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited")
    covered(snapshot, write_text(folder / "list.txt", invented(2_000, 150)), folder / "out", packets=True)
    return folder / "out"


def test_what_the_engine_answers_passes(snapshot: Snapshot, out: Path) -> None:
    audit, rows = audit_packets(out / "coverage.parquet", Desk(snapshot), DAY), answers(out)
    served = [r for r in rows if r["outcome"] == "served"]
    assert audit.holds
    assert served
    assert {r["service_tier"] for r in served} == {"serve_now", "serve_with_fallback"}
    for check in audit.checks:
        some = served if check.name in SERVED else rows
        assert (check.passed.titles, check.passed.rows) == (len(some), sum(r["rows"] for r in some)), check.name
        assert (check.failed.titles, check.failed.rows) == (0, 0)
    assert set(audit.grounds) == {r["ground"] for r in served}
    assert json.loads((out / "receipt.json").read_bytes())["covers"]["audit"]["checks"]["family"]["passed"]["titles"] == len(served)


def _one(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    return next(r for r in rows if all(r[k] == v for k, v in wanted.items()))


def _told(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda row: row.update(values)


FAULTS: dict[str, tuple[dict[str, Any], Callable[[dict[str, Any]], None], str, str]] = {
    "the packet of another role": ({"service_tier": "serve_now", "role_id": "role/store-manager"}, _told(ground="role/content-marketer"), "family", "other_ground"),
    "the packet of a function for a role": ({"service_tier": "serve_now"}, _told(ground="function/growth-and-revenue"), "family", "no_role"),
    "the packet of a role for a function": ({"fallback_tier": "function", "outcome": "served"}, _told(ground="role/store-manager"), "family", "no_function"),
    "another function than the answer names": ({"fallback_tier": "function", "outcome": "served"}, _told(function="function/nothing"), "family", "other_ground"),
    "a function that the role is not in": ({"role_id": "role/store-manager"}, _told(function="function/data-and-technology"), "family", "other_function"),
    "an occupation that the role is not mapped to": ({"role_id": "role/store-manager"}, _told(occupation_code="29-1141.00"), "family", "other_occupation"),
    "no ground": ({"service_tier": "serve_now"}, _told(ground=None), "family", "no_ground"),
    "a ground that the graph does not hold": ({"service_tier": "serve_now"}, _told(ground="role/no-such", role_id="role/no-such"), "depth", "unread"),
    "no caveat on a function": ({"fallback_tier": "function", "outcome": "served"}, lambda r: r.update(reasons=[x for x in r["reasons"] if "caveats" not in x]), "caveats", "function_unsaid"),
    "a held title with ground": ({"outcome": "held"}, _told(ground="role/store-manager"), "silence", "ground_open"),
    "a blocked title that would be planned": ({"outcome": "unmapped"}, _told(runtime_action="plan_local_synthetic"), "silence", "planned"),
    "a served title that would be withheld": ({"outcome": "served"}, _told(runtime_action="hold_for_review"), "silence", "withheld"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_with_its_title(fault: str, snapshot: Snapshot, out: Path, tmp_path: Path) -> None:
    where, plant, check, rule = FAULTS[fault]
    rows = answers(out)
    row = _one(rows, **where)
    plant(row)
    pq.write_table(pa.Table.from_pylist(rows, ANSWERS), tmp_path / "coverage.parquet")
    audit = audit_packets(tmp_path / "coverage.parquet", Desk(snapshot), DAY)
    assert not audit.holds
    assert (check, rule) in {(f.check, f.rule) for f in audit.failures}
    assert {title for title, _, _ in failing_titles(tmp_path / "coverage.parquet", audit)} == {row["title"]}
    assert all(f.sentence and f.titles == (row["title"],) for f in audit.failures)


def test_a_failed_audit_ends_with_exit_status_1_and_lists_every_title(tmp_path: Path) -> None:
    """With a demand that no packet meets, in a copy of the product."""
    home = tmp_path / "product"
    shutil.copytree(Path(engine.__file__).parent, home / "engine", ignore=shutil.ignore_patterns("__pycache__", "data"))
    root = Path(__file__).resolve().parents[2]
    for name in ("ontology", "shapes", "rules", "graph_data"):
        shutil.copytree(root / name, home / name)
    pack = home / "rules" / "audit" / "pack.yaml"
    text = pack.read_text(encoding="utf-8")
    assert "value: 3}" in text
    pack.write_text(text.replace("value: 3}", "value: 300}", 1), encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith("WIG_")} | {"PYTHONPATH": str(home), "WIG_WORKSPACE": str(tmp_path / "workspace")}

    def wig(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=env, timeout=120, check=False)

    assert wig("build", "--only", "wedge").returncode == 0
    titles = write_text(tmp_path / "list.txt", ["Marketing Manager", "Store Manager", "Store Manager", "Nurse"])
    done = wig("coverage", str(titles), "--out", str(tmp_path / "out"), "--packets", "--json", "--workers", "1")
    assert done.returncode == 1, done.stderr
    checks = json.loads(done.stdout)["covers"]["audit"]["checks"]
    assert checks["depth"]["failed"] == {"titles": 2, "rows": 3}
    assert checks["family"]["failed"] == {"titles": 0, "rows": 0}
    with (tmp_path / "out" / "failing_titles.csv").open(encoding="utf-8", newline="") as file:
        assert [(r["title"], r["rows"], r["check"], r["rule"]) for r in csv.DictReader(file)] == [("Marketing Manager", "1", "depth", "not_full"), ("Store Manager", "2", "depth", "not_full")]
    assert wig("coverage", str(titles), "--out", str(tmp_path / "out"), "--workers", "1").returncode == 0


def test_packets_are_audited_in_one_command(wig: Wig, tmp_path: Path) -> None:
    code, out, err = wig("coverage", str(write_text(tmp_path / "list.txt", invented(60))), "--out", str(tmp_path / "out"), "--packets", "--workers", "1")
    assert code == 0, err
    assert "holds: every title passes every check" in out
    assert not (tmp_path / "out" / "failing_titles.csv").exists()
