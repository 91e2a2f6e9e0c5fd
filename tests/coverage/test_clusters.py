"""The same list on every engine, really run with two workers: one receipt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from covered_lists import ODD, Told, Wig, answers, covered, invented, write_text

from engine.contracts import BadInput, Corrupt
from engine.coverage import ENGINES, RoutingSnapshot
from engine.coverage.engines import Engine, engine_named
from engine.coverage.local_engine import LocalEngine
from engine.graph import Snapshot

CLUSTERS = [pytest.param(name, marks=() if name == "local" else pytest.mark.cluster) for name in ENGINES]
TITLES = [*invented(1_000), *(t for t in ODD if "\n" not in t)]


@pytest.fixture(scope="module")
def whole(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    covered(snapshot, write_text(folder / "list.txt", TITLES), folder / "out")
    return folder / "out"


def _digest(out: Path) -> str:
    return str(json.loads((out / "receipt.json").read_bytes())["receipt_digest"])


@pytest.mark.parametrize("engine", CLUSTERS)
def test_every_engine_gives_the_same_receipt(engine: str, wig: Wig, whole: Path, tmp_path: Path) -> None:
    titles = write_text(tmp_path / "list.txt", list(reversed(TITLES)))
    code, _, err = wig("coverage", str(titles), "--out", str(tmp_path / "out"), "--as-of", "2026-11-21", "--engine", engine, "--workers", "2", "--batch", "9")
    assert code == 0, err
    assert _digest(tmp_path / "out") == _digest(whole)
    assert answers(tmp_path / "out") == answers(whole)


@pytest.mark.parametrize("engine", CLUSTERS)
def test_work_begun_on_one_engine_is_finished_on_another(engine: str, snapshot: Snapshot, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Exception):
        pass

    def stopping(self: LocalEngine, *given: Any) -> Iterator[Any]:
        for number, done in enumerate(route(self, *given)):
            if number == 3:
                raise Stopped
            yield done

    titles, route = write_text(tmp_path / "list.txt", TITLES), LocalEngine.route
    with monkeypatch.context() as patch:
        patch.setattr(LocalEngine, "route", stopping)
        with pytest.raises(Stopped):
            covered(snapshot, titles, tmp_path / "out", batch=5)
    told = Told()
    covered(snapshot, titles, tmp_path / "out", told=told, engine=engine, workers=2)
    assert told.routed_from() == 15
    assert _digest(tmp_path / "out") == _digest(whole)


@pytest.mark.parametrize("engine", CLUSTERS)
def test_a_worker_refuses_another_snapshot_than_it_was_told(engine: str, snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.coverage import covering

    def wrong(name: str, routing: RoutingSnapshot, workers: int, batch: int) -> Engine:
        return engine_named(name, RoutingSnapshot(routing.folder, routing.memory, "0" * 64, routing.as_of), workers, batch)

    monkeypatch.setattr(covering, "engine_named", wrong)
    with pytest.raises(Corrupt) as refused:
        covered(snapshot, write_text(tmp_path / "list.txt", TITLES), tmp_path / "out", engine=engine, workers=2)
    (met,) = refused.value.diagnostics
    assert met.code == "COV301"
    assert met.why.startswith("its seal is ")
    assert met.fix == "start anew with --anew"


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "local"])
def test_an_engine_whose_extra_is_absent_is_told(engine: str, snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(BadInput) as refused:
        covered(snapshot, write_text(tmp_path / "list.txt", TITLES), tmp_path / "out", engine=engine)
    (met,) = refused.value.diagnostics
    assert met.code == "COV121"
    assert f"[{engine}]" in met.fix


@pytest.mark.cluster
def test_spark_without_java_is_told(wig: Wig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "no-java"))
    code, _, err = wig("coverage", str(write_text(tmp_path / "list.txt", TITLES)), "--out", str(tmp_path / "out"), "--engine", "spark")
    assert code == 4, err
    assert "COV405" in err
