"""A run that was stopped goes on where it stopped, counts nothing twice, and begins anew where anything under it has changed."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import filelock
import pytest
from covered_lists import Told, Wig, answers, covered, invented, write_text

from engine.contracts import Corrupt, InputOutput, Locked
from engine.coverage import covering
from engine.coverage.local_engine import LocalEngine
from engine.graph import Snapshot

BATCH = 3


class Stopped(Exception):
    """The run ends here, as if the machine had."""


@pytest.fixture(scope="module")
def titles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_text(tmp_path_factory.mktemp("list") / "list.txt", invented(700))


@pytest.fixture(scope="module")
def whole(snapshot: Snapshot, titles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole")
    covered(snapshot, titles, out)
    return out


def _stop_after(monkeypatch: pytest.MonkeyPatch, portions: int) -> None:
    route = LocalEngine.route

    def stopping(self: LocalEngine, *given: Any) -> Iterator[Any]:
        for number, done in enumerate(route(self, *given)):
            if number == portions:
                raise Stopped
            yield done

    monkeypatch.setattr(LocalEngine, "route", stopping)


def _stopped(snapshot: Snapshot, titles: Path, out: Path, after: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _stop_after(patch, after)
        with pytest.raises(Stopped):
            covered(snapshot, titles, out, batch=BATCH)


def _same(out: Path, whole: Path) -> None:
    assert answers(out) == answers(whole)
    assert json.loads((out / "receipt.json").read_bytes())["receipt_digest"] == json.loads((whole / "receipt.json").read_bytes())["receipt_digest"]
    assert sorted(p.name for p in out.iterdir()) == [".lock", "coverage.parquet", "receipt.json"]


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_stopped_run_goes_on(after: int, snapshot: Snapshot, titles: Path, whole: Path, tmp_path: Path) -> None:
    _stopped(snapshot, titles, tmp_path, after)
    told = Told()
    covered(snapshot, titles, tmp_path, told=told, batch=BATCH)
    assert told.routed_from() == after * BATCH
    assert any("going on" in s for s in told.sentences)
    _same(tmp_path, whole)


def test_it_goes_on_with_other_workers_and_batches(snapshot: Snapshot, titles: Path, whole: Path, tmp_path: Path) -> None:
    _stopped(snapshot, titles, tmp_path, 2)
    told = Told()
    covered(snapshot, titles, tmp_path, told=told, batch=1000, workers=2)
    assert told.routed_from() == 2 * BATCH
    _same(tmp_path, whole)


def test_anew_begins_anew(snapshot: Snapshot, titles: Path, whole: Path, tmp_path: Path) -> None:
    _stopped(snapshot, titles, tmp_path, 2)
    told = Told()
    covered(snapshot, titles, tmp_path, told=told, anew=True)
    assert told.routed_from() == 0
    _same(tmp_path, whole)


def test_another_list_or_day_begins_anew_and_says_so(snapshot: Snapshot, titles: Path, tmp_path: Path) -> None:
    copied = tmp_path / "list.txt"
    shutil.copy(titles, copied)
    _stopped(snapshot, copied, tmp_path / "out", 2)
    with copied.open("ab") as more:
        more.write(b"Nurse\n")
    told = Told()
    covered(snapshot, copied, tmp_path / "out", told=told)
    assert told.routed_from() == 0
    assert any("changed: list" in s for s in told.sentences)
    _stopped(snapshot, titles, tmp_path / "out", 2)
    told = Told()
    covered(snapshot, titles, tmp_path / "out", told=told, day=covering.date(2027, 1, 1))
    assert any("changed: as_of" in s for s in told.sentences)
    assert told.routed_from() == 0


def test_finished_work_that_was_damaged_is_done_again(snapshot: Snapshot, titles: Path, whole: Path, tmp_path: Path) -> None:
    _stopped(snapshot, titles, tmp_path, 4)
    routed = sorted((tmp_path / "unfinished" / "routed").iterdir())
    file = next(routed[1].glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-10])
    (routed[2] / "receipt.json").write_bytes(b"{")
    told = Told()
    covered(snapshot, titles, tmp_path, told=told)
    assert told.routed_from() == 2 * BATCH
    _same(tmp_path, whole)


@pytest.fixture(scope="module")
def stopped(snapshot: Snapshot, titles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run leaves that was stopped after three portions; nobody may change it."""
    out = tmp_path_factory.mktemp("stopped")
    _stopped(snapshot, titles, out, 3)
    return out


GARBLED = [b"", b"{", b"{}", b"[]", b"null", b"3", b'"text"', b"\xff", b"[" * 50_000]


@pytest.mark.parametrize("raw", GARBLED)
@pytest.mark.parametrize("name", ["request.json", "titles.json"])
def test_unfinished_work_that_cannot_be_told_is_refused_and_begun_anew_when_asked(name: str, raw: bytes, snapshot: Snapshot, titles: Path, whole: Path, stopped: Path, tmp_path: Path) -> None:
    shutil.copytree(stopped, tmp_path, dirs_exist_ok=True)
    (tmp_path / "unfinished" / name).write_bytes(raw)
    with pytest.raises(Corrupt) as refused:
        covered(snapshot, titles, tmp_path)
    (met,) = refused.value.diagnostics
    assert (met.code, met.place.file) == ("COV307", f"unfinished/{name}")
    assert met.why
    assert "--anew" in met.fix
    assert len(list((tmp_path / "unfinished" / "routed").iterdir())) == 3  # nothing is thrown away unasked
    covered(snapshot, titles, tmp_path, anew=True)
    _same(tmp_path, whole)


def _changed(document: Any, *path: Any, to: Any) -> Any:
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    if to is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = to
    return document


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("parts",), None), (("parts",), []), (("parts",), {"number": 0}), (("parts", 0), 3), (("parts", 0, "name"), None), (("parts", 0, "name"), "../../list.txt"), (("parts", 1, "titles"), "3"),
        (("parts", 1, "sha256"), None), (("counts",), None), (("counts",), []), (("counts", "rows"), None), (("counts", "rows"), "3"), (("counts", "rows"), -1), (("counts", "merit"), 1),
    ],
)  # fmt: skip
def test_parts_that_are_misstated_are_refused(path: tuple[Any, ...], to: Any, snapshot: Snapshot, titles: Path, stopped: Path, tmp_path: Path) -> None:
    shutil.copytree(stopped, tmp_path, dirs_exist_ok=True)
    kept = tmp_path / "unfinished" / "titles.json"
    kept.write_text(json.dumps(_changed(json.loads(kept.read_bytes()), *path, to=to)), encoding="utf-8")
    with pytest.raises(Corrupt) as refused:
        covered(snapshot, titles, tmp_path)
    assert [d.code for d in refused.value.diagnostics] == ["COV307"]


@pytest.mark.parametrize("raw", [*GARBLED, b'{"files": {}}', b'{"files": [], "parts": [1]}', b'{"files": {}, "parts": ["a"], "titles": 3}', b'{"files": {"../x": ""}, "parts": [1], "titles": 3}'])
def test_a_portion_that_cannot_be_told_is_done_again(raw: bytes, snapshot: Snapshot, titles: Path, whole: Path, stopped: Path, tmp_path: Path) -> None:
    shutil.copytree(stopped, tmp_path, dirs_exist_ok=True)
    damaged = sorted((tmp_path / "unfinished" / "routed").iterdir())[1]
    (damaged / "receipt.json").write_bytes(raw)
    told = Told()
    covered(snapshot, titles, tmp_path, told=told)
    assert told.routed_from() == 2 * BATCH
    assert any("damaged and done again" in s and damaged.name in s for s in told.sentences)
    _same(tmp_path, whole)


def test_parts_that_were_damaged_are_read_again(snapshot: Snapshot, titles: Path, whole: Path, tmp_path: Path) -> None:
    _stopped(snapshot, titles, tmp_path, 2)
    part = sorted((tmp_path / "unfinished" / "titles").iterdir())[-1]
    part.write_bytes(b"x")
    told = Told()
    covered(snapshot, titles, tmp_path, told=told)
    assert told.routed_from() == 0
    _same(tmp_path, whole)


def test_a_finished_run_can_be_repeated_in_its_folder(snapshot: Snapshot, titles: Path, whole: Path, tmp_path: Path) -> None:
    covered(snapshot, titles, tmp_path)
    covered(snapshot, titles, tmp_path)
    _same(tmp_path, whole)


def test_a_folder_in_use_is_locked(snapshot: Snapshot, wig: Wig, titles: Path, tmp_path: Path) -> None:
    with filelock.FileLock(tmp_path / ".lock"):
        with pytest.raises(Locked) as refused:
            covered(snapshot, titles, tmp_path)
        assert refused.value.diagnostics[0].code == "COV501"
        code, _, err = wig("coverage", str(titles), "--out", str(tmp_path))
    assert code == 5
    assert "COV501" in err


@pytest.mark.skipif(os.name == "nt", reason="this system has no limit on the size of a file")
def test_a_full_disk_is_told_and_what_was_finished_is_kept(wig: Wig, snapshot: Snapshot, tmp_path: Path) -> None:
    titles, out = write_text(tmp_path / "list.txt", invented(2_000, 400)), tmp_path / "out"
    covered(snapshot, titles, tmp_path / "whole", batch=20)
    limit = (tmp_path / "whole" / "coverage.parquet").stat().st_size - 1_000  # answers of a part fit, all answers together do not

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code, _, err = wig("coverage", str(titles), "--out", str(out), "--batch", "20", "--as-of", "2026-11-21", "--workers", "1", preexec_fn=full)
    assert code == 4, err
    assert "COV402" in err
    assert not (out / "coverage.parquet").exists()
    assert not (out / "receipt.json").exists()
    code, _, err = wig("coverage", str(titles), "--out", str(out), "--as-of", "2026-11-21", "--workers", "1")
    assert code == 0, err
    assert "going on with unfinished work: 400 of 400 titles are answered" in err
    assert answers(out) == answers(tmp_path / "whole")


def _children(parent: int) -> Sequence[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text()
            except OSError:
                continue
            if int(status.rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system does not show its processes")
def test_workers_do_not_outlive_a_killed_run(wig: Wig, tmp_path: Path) -> None:
    titles = write_text(tmp_path / "list.txt", invented(20_000, 20_000))
    run = wig.start("coverage", str(titles), "--out", str(tmp_path / "out"), "--workers", "2", "--batch", "500")
    routed = tmp_path / "out" / "unfinished" / "routed"
    _until(lambda: routed.is_dir() and any(routed.iterdir()))
    family = list(_children(run.pid))
    family += [grandchild for child in family for grandchild in _children(child)]
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=60)
    assert len(family) >= 2
    _until(lambda: not any(_alive(pid) for pid in family))


def _alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def _until(holds: Any, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.01)


def test_a_worker_that_is_ended_from_outside_ends_the_run_and_keeps_the_work(snapshot: Snapshot, titles: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    route = LocalEngine.route

    def killing(self: LocalEngine, *given: Any) -> Iterator[Any]:
        for number, done in enumerate(route(self, *given)):
            yield done
            if number == 1:
                assert self._pool is not None
                for process in list(self._pool._processes.values()):
                    process.kill()

    with monkeypatch.context() as patch:
        patch.setattr(LocalEngine, "route", killing)
        with pytest.raises(InputOutput) as refused:
            covered(snapshot, titles, tmp_path, batch=1, workers=2)
    assert refused.value.diagnostics[0].code == "COV404"
    told = Told()
    covered(snapshot, titles, tmp_path, told=told)
    assert told.routed_from() >= 2
    _same(tmp_path, whole)


@pytest.mark.campaign
def test_kills_at_any_moment_lose_and_repeat_nothing(wig: Wig, snapshot: Snapshot, tmp_path: Path) -> None:
    titles = write_text(tmp_path / "list.txt", invented(24_000, 2_000))
    covered(snapshot, titles, tmp_path / "whole")
    command = ("coverage", str(titles), "--out", str(tmp_path / "out"), "--as-of", "2026-11-21", "--batch", "40", "--packets")
    started, kills = time.monotonic(), 0
    for wait in (0.4, 0.8, 1.2, 1.6, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0):
        run = wig.start(*command, start_new_session=True)
        try:
            run.wait(wait)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            kills += 1
        run.communicate()
        if (tmp_path / "out" / "receipt.json").exists():
            (tmp_path / "out" / "receipt.json").unlink()
        assert time.monotonic() - started < 250
    assert kills >= 5
    code, _, err = wig(*command)
    assert code == 0, err
    assert answers(tmp_path / "out") == answers(tmp_path / "whole")
