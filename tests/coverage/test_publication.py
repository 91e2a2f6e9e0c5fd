"""Answers, reports and receipt are put in place together: whenever a run is killed, all that stands in the folder tells of one run."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock
import pyarrow.parquet as pq
import pytest
from covered_lists import Wig, covered, invented, write_text

from engine.contracts import InputOutput
from engine.coverage import ANSWERS_FILE, RECEIPT_FILE, REPORT_FILES, Coverage, publication
from engine.graph import Snapshot

STEPS = 24  # more than publishing takes


class Killed(BaseException):
    """The run ends here, as if the machine had."""


def _report(covered: Coverage, folder: Path) -> None:
    for name in REPORT_FILES:
        (folder / name).write_text(covered.receipt.digest, encoding="utf-8")


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("lists")
    return {"old": write_text(folder / "old.txt", invented(60)), "new": write_text(folder / "new.txt", [*invented(60), "Nurse", "Nurse"])}


def _told(out: Path) -> dict[str, str]:
    """Which run each file that stands in the folder tells of."""
    told = {name: (out / name).read_text(encoding="utf-8") for name in REPORT_FILES if (out / name).exists()}
    if (out / RECEIPT_FILE).exists():
        told[RECEIPT_FILE] = json.loads((out / RECEIPT_FILE).read_bytes())["receipt_digest"]
    return told


def _dying_at(step: int, patch: pytest.MonkeyPatch, die: Callable[[], Any]) -> list[int]:
    """Count what publishing does to the folder, and die before that step."""
    steps: list[int] = []

    def counted(done: Callable[..., Any]) -> Callable[..., Any]:
        def do(*given: Any, **more: Any) -> Any:
            steps.append(len(steps))
            if len(steps) == step + 1:
                die()
            return done(*given, **more)

        return do

    patch.setattr(publication.os, "replace", counted(publication.os.replace))
    patch.setattr(Path, "unlink", counted(Path.unlink))
    for name in ("sync_folder", "write_durably"):
        patch.setattr(publication, name, counted(getattr(publication, name)))
    return steps


def test_a_run_killed_while_it_publishes_leaves_files_of_one_run(snapshot: Snapshot, lists: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die() -> None:
        raise Killed

    digests, publish = {}, publication.publish
    for name, path in lists.items():
        done = covered(snapshot, path, tmp_path / name, report=_report)
        digests[done.receipt.digest] = done.gathered.titles
    old, new = digests
    killed, seen = 0, set[tuple[bool, bool, int]]()
    for step in range(STEPS):
        out = tmp_path / f"out-{step}"
        covered(snapshot, lists["old"], out, report=_report)

        def dying(*given: Any, step: int = step) -> tuple[str, ...]:
            with pytest.MonkeyPatch.context() as patch:
                _dying_at(step, patch, die)
                return publish(*given)

        with monkeypatch.context() as patch:
            patch.setattr("engine.coverage.covering.publish", dying)
            try:
                covered(snapshot, lists["new"], out, report=_report)
                assert set(_told(out).values()) == {new}
                break
            except Killed:
                killed += 1
        told = _told(out)
        assert len(set(told.values())) <= 1, f"step {step}: {told}"
        answered = pq.read_metadata(out / ANSWERS_FILE).num_rows
        assert all(digests[digest] == answered for digest in told.values()), f"step {step}: {told} beside {answered} answers"
        if RECEIPT_FILE in told:  # what is vouched for is whole
            assert set(told) == {RECEIPT_FILE, *REPORT_FILES}
        seen.add((RECEIPT_FILE in told, answered == digests[new], len(told)))
        covered(snapshot, lists["new"], out, report=_report)
        assert set(_told(out).values()) == {new}
        assert pq.read_metadata(out / ANSWERS_FILE).num_rows == digests[new]
    assert killed >= 8
    assert {(True, False, 4), (False, False, 0), (False, True, 0), (False, True, 3)} <= seen, "every state between was met"
    assert old != new


def test_reports_are_written_under_the_lock_and_before_anything_is_replaced(snapshot: Snapshot, lists: dict[str, Path], tmp_path: Path) -> None:
    first = covered(snapshot, lists["old"], tmp_path, report=_report)

    def watching(again: Coverage, folder: Path) -> None:
        with pytest.raises(filelock.Timeout):
            filelock.FileLock(tmp_path / ".lock", timeout=0).acquire()
        assert set(_told(tmp_path).values()) == {first.receipt.digest}
        assert again.answers.is_file()
        _report(again, folder)

    second = covered(snapshot, lists["new"], tmp_path, report=watching)
    assert set(_told(tmp_path).values()) == {second.receipt.digest}
    assert second.files == (ANSWERS_FILE, RECEIPT_FILE, *REPORT_FILES)


def test_reports_that_cannot_be_drawn_leave_what_was_there(snapshot: Snapshot, lists: dict[str, Path], tmp_path: Path) -> None:
    first = covered(snapshot, lists["old"], tmp_path, report=_report)

    def full(_: Coverage, folder: Path) -> None:
        _report(first, folder)
        raise OSError(28, "No space left on device")

    with pytest.raises(InputOutput) as refused:
        covered(snapshot, lists["new"], tmp_path, report=full)
    assert refused.value.diagnostics[0].code == "COV402"
    assert set(_told(tmp_path).values()) == {first.receipt.digest}
    assert pq.read_metadata(tmp_path / ANSWERS_FILE).num_rows == first.gathered.titles


def test_a_run_without_reports_takes_the_old_ones_away(snapshot: Snapshot, lists: dict[str, Path], tmp_path: Path) -> None:
    covered(snapshot, lists["old"], tmp_path, report=_report)
    covered(snapshot, lists["new"], tmp_path)
    assert set(_told(tmp_path)) == {RECEIPT_FILE}


KILLING = """
import os, signal, sys
import engine.coverage.publication as publication
from engine.interfaces.cli import main
replace, last, done = os.replace, int(sys.argv.pop(1)), []
def killing(*given):
    done.append(given)
    if len(done) == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(*given)
publication.os = type("os", (), {**vars(os), "replace": staticmethod(killing)})  # of that module alone
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no SIGKILL")
@pytest.mark.parametrize("moved", [1, 2, 3])
def test_a_command_killed_while_it_publishes_leaves_no_report_of_another_receipt(moved: int, wig: Wig, lists: dict[str, Path], tmp_path: Path) -> None:
    def reports() -> dict[str, str]:
        return {name: (tmp_path / name).read_text(encoding="utf-8") for name in REPORT_FILES if (tmp_path / name).exists()}

    command = ("coverage", str(lists["new"]), "--out", str(tmp_path), "--workers", "1")
    code, _, err = wig("coverage", str(lists["old"]), "--out", str(tmp_path), "--workers", "1")
    assert code == 0, err
    old = _told(tmp_path)[RECEIPT_FILE]
    assert all(old in text for text in reports().values())
    done = subprocess.run([sys.executable, "-P", "-c", KILLING, str(moved), *command, "--workspace", str(wig.workspace)], capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not (tmp_path / RECEIPT_FILE).exists()
    assert not any(old in text for text in reports().values())
    assert len(reports()) == max(0, moved - 2)
    code, _, err = wig(*command)
    assert code == 0, err
    assert "going on with unfinished work" in err
    new = _told(tmp_path)[RECEIPT_FILE]
    assert new != old
    assert [new in text for text in reports().values()] == [True, True]
