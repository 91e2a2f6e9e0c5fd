"""How long a build takes over what the machine needs to read the same files and load the same rows, and how long a cold shell waits."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from measuring import Tell

import engine.build
from engine.build import BuildRequest, Built, build_snapshot
from engine.documents import data_folder
from engine.graph import Workspace, create_graph
from engine.ontology import load_schema
from engine.shapes import ContractReport

ROOT = Path(__file__).resolve().parent.parent.parent
COLD_RUNS = 5


def _spent() -> float:
    """Processor seconds of this process and of its children that have ended: they hardly feel what else the machine does."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _seconds_to_read(folder: Path) -> float:
    """DuckDB reads every O*NET file as text into tables, on two threads; nothing is checked."""
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        started = time.perf_counter()
        for number, path in enumerate(sorted(folder.glob("*.txt"))):
            connection.execute(f"CREATE TABLE t{number} AS SELECT * FROM read_csv(?, delim = '\t', header = true, all_varchar = true, quote = '', escape = '')", [str(path)])
        return time.perf_counter() - started


def _seconds_to_load(records: Path, folder: Path) -> float:
    """The graph engine copies the same Parquet into an empty file; nothing is counted afterwards."""
    schema = load_schema()
    ddl = (data_folder("ontology") / "compiled" / "graph.cypher").read_text(encoding="utf-8")
    started = time.perf_counter()
    graph = create_graph(folder / "limit.kuzu")
    for statement in filter(None, ddl.splitlines()):
        graph.run(statement)
    for target in schema.targets():
        path, (table, *ends) = records / f"{target}.parquet", target.split(".")
        if path.is_file():
            graph.run(f"COPY {table} FROM '{path}'" + (f" (from='{ends[0]}', to='{ends[1]}')" if ends else ""))
    graph.close()
    return time.perf_counter() - started


@pytest.mark.published
def test_building_without_the_contracts(benchmark: Any, tell: Tell, published: Built, published_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = statistics.median(_seconds_to_read(published_data / "onet_30_1") for _ in range(3))
    before = _spent()
    load = _seconds_to_load(published.snapshot.records, tmp_path)
    _seconds_to_read(published_data / "onet_30_1")
    spent_on_limit = _spent() - before
    contracts = published.seconds["judge the contracts"]
    monkeypatch.setattr(engine.build, "judge_records", lambda *_, **__: ContractReport((), (), "nobody", 0.0))
    before = _spent()
    built = benchmark.pedantic(lambda: build_snapshot(Workspace(tmp_path / "workspace"), BuildRequest(published_data)), rounds=1)
    spent = _spent() - before
    assert built.receipt.record_digest == published.receipt.record_digest
    limit = read + load
    tell("a whole build with O*NET, contracts and all", sum(published.seconds.values()), "reading and loading bare", limit)
    tell("  of it the contracts", contracts, "reading and loading bare", limit)
    tell("a build with O*NET without the contracts (goal 3 x)", sum(built.seconds.values()), "reading and loading bare", limit)
    tell("  the same in processor seconds", spent, "processor seconds of the limit", spent_on_limit)
    for step, seconds in built.seconds.items():
        part = ("the limit's reading", read) if step in ("read the sources", "stage and project") else ("the limit's loading", load)
        tell(f"  {step}", seconds, *part)


def _cold(workspace: Path, *arguments: str) -> float:
    """Median wall seconds of a whole process, from nothing to its answer."""
    command = [sys.executable, "-P", "-c", "from engine.interfaces.cli import main; main()", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "WIG_WORKSPACE": str(workspace)}
    met = []
    for _ in range(COLD_RUNS):
        started = time.perf_counter()
        subprocess.run(command, env=env, capture_output=True, check=True)
        met.append(time.perf_counter() - started)
    return statistics.median(met)


@pytest.mark.published
@pytest.mark.parametrize(("command", "goal"), [("resolve", 0.6), ("plan", 1.0)])
def test_a_cold_shell(command: str, goal: float, benchmark: Any, tell: Tell, published: Built) -> None:
    workspace = published.snapshot.folder.parent.parent
    _cold(workspace, command, "Marketing Manager")
    seconds = benchmark.pedantic(lambda: _cold(workspace, command, "Marketing Manager"), rounds=1)
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import sqlite3, yaml, rapidfuzz, typer"], check=True)
    bare = time.perf_counter() - started
    tell(f"cold `wig {command}`, median of {COLD_RUNS} (goal {goal:g} s)", seconds, "an interpreter that imports the libraries alone", bare)
