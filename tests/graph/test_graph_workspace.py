"""A published snapshot never changes unnoticed, and the pointer names the old one or the new one, whatever happens in between."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from graph_fixtures import publish_mock

import engine.graph.snapshots as snapshots
from engine.contracts import BadInput, Corrupt, InputOutput, Locked
from engine.graph import Workspace

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "ws")


def _codes(error: pytest.ExceptionInfo[Any]) -> set[str]:
    return {d.code for d in error.value.diagnostics}


def test_reading_an_unused_workspace_writes_nothing(workspace: Workspace) -> None:
    assert workspace.current() is None
    assert workspace.snapshots() == ()
    with pytest.raises(BadInput, match="wig build"):
        workspace.required()
    assert not workspace.folder.exists()


def test_published_snapshots_are_listed_and_the_last_is_current(workspace: Workspace) -> None:
    publish_mock(workspace, "one", "1")
    second = publish_mock(workspace, "two", "2")
    assert [s.name for s in workspace.snapshots()] == ["one", "two"]
    assert workspace.required() == second
    assert second.engine == "kuzu"
    assert second.receipt().record_digest == "2"
    assert second.graph.name == "graph.kuzu"
    assert [e.name for e in second.sealed_files()] == ["facts.sqlite", "graph.kuzu", "receipt.json", "records/Role.parquet"]
    assert list((workspace.folder / "building").iterdir()) == []
    second.verify_seal(full=True)


def test_use_goes_back_and_prune_keeps_the_current_one(workspace: Workspace) -> None:
    for name in ("one", "two", "three"):
        publish_mock(workspace, name, name)
    assert workspace.use("one").name == "one"
    assert workspace.prune(1) == ("two",)
    assert [s.name for s in workspace.snapshots()] == ["one", "three"]
    assert workspace.required().name == "one"
    with pytest.raises(BadInput, match="one, three"):
        workspace.use("two")
    with pytest.raises(BadInput):
        workspace.prune(0)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "Ä", "x" * 200, "a\n"])
def test_a_name_that_leaves_the_folder_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(BadInput, match="WSP104"):
        publish_mock(workspace, name)
    assert workspace.current() is None


def test_an_incomplete_building_is_not_published(workspace: Workspace) -> None:
    for files in ({"graph.kuzu": b"KUZU"}, {"receipt.json": b"{}"}, {"graph.kuzu": b"KUZU", "graph.kuzu.wal": b"open", "receipt.json": b"{}"}):
        with workspace.begin() as building:
            for name, content in files.items():
                (building.folder / name).write_bytes(content)
            with pytest.raises(BadInput, match="WSP201"):
                building.publish("half")
    assert workspace.snapshots() == ()


def test_a_failing_build_leaves_the_old_snapshot_and_no_scratch(workspace: Workspace) -> None:
    publish_mock(workspace, "good")

    def failing_build() -> None:
        with workspace.begin() as building:
            (building.folder / "half").write_text("x")
            raise RuntimeError("the build failed")

    with pytest.raises(RuntimeError, match="the build failed"):
        failing_build()
    assert workspace.required().name == "good"
    assert list((workspace.folder / "building").iterdir()) == []
    publish_mock(workspace, "next")


def test_what_a_killed_build_left_is_removed_by_the_next(workspace: Workspace) -> None:
    publish_mock(workspace, "one")
    left = workspace.folder / "building" / "abandoned"
    (left / "records").mkdir(parents=True)
    (workspace.folder / ".current.123").write_text("torn")
    publish_mock(workspace, "two")
    assert not left.exists()
    assert not (workspace.folder / ".current.123").exists()


def test_the_same_snapshot_again_only_moves_the_pointer(workspace: Workspace) -> None:
    first = publish_mock(workspace, "one", "1")
    inode = first.graph.stat().st_ino
    publish_mock(workspace, "two", "2")
    again = publish_mock(workspace, "one", "1")
    assert again.graph.stat().st_ino == inode
    assert workspace.required().name == "one"


def test_a_broken_snapshot_of_the_same_name_is_replaced(workspace: Workspace) -> None:
    first = publish_mock(workspace, "one", "1")
    _flip(first.graph)
    again = publish_mock(workspace, "one", "1")
    again.verify_seal(full=True)
    assert workspace.required().verified_path("graph.kuzu").read_bytes()[:4] == b"KUZU"


def test_the_same_records_under_the_other_engine_stand_beside(workspace: Workspace) -> None:
    first = publish_mock(workspace, "one", "1")
    with workspace.begin() as building:
        building.graph_path("ladybug").write_bytes(b"LBUG")
        (building.folder / "receipt.json").write_bytes((first.folder / "receipt.json").read_bytes())
        second = building.publish("one")
    assert [s.name for s in workspace.snapshots()] == ["one", "one-ladybug"]
    assert workspace.required() == second
    assert second.engine == "ladybug"
    first.verify_seal(full=True)


def _flip(path: Path, at: int = 100) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def test_a_flipped_byte_is_noticed_before_the_graph_is_opened(workspace: Workspace) -> None:
    snapshot = publish_mock(workspace, "one")
    snapshot.verified_path("graph.kuzu")
    _flip(snapshot.graph)
    assert workspace.required() == snapshot
    with pytest.raises(Corrupt, match=r"graph\.kuzu") as caught:
        snapshot.open_graph()
    assert _codes(caught) == {"WSP306"}
    assert caught.value.exit_code == 3


def test_a_flipped_byte_in_any_file_is_named_by_a_full_look(workspace: Workspace) -> None:
    snapshot = publish_mock(workspace, "one")
    _flip(snapshot.folder / "records" / "Role.parquet")
    snapshot.verify_seal()
    with pytest.raises(Corrupt, match=r"records/Role\.parquet"):
        snapshot.verify_seal(full=True)
    with pytest.raises(Corrupt):
        workspace.use("one")


def test_bytes_are_hashed_once_until_the_file_changes(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = publish_mock(workspace, "one")
    hashed: list[str] = []
    true_hash = snapshots.file_sha256
    monkeypatch.setattr(snapshots, "file_sha256", lambda path: hashed.append(path.name) or true_hash(path))
    snapshot.verified_path("graph.kuzu")
    assert hashed == []
    stamp = snapshot.graph.stat()
    snapshot.graph.write_bytes(snapshot.graph.read_bytes())
    os.utime(snapshot.graph, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    snapshot.verified_path("graph.kuzu")
    snapshot.verified_path("graph.kuzu")
    assert hashed == ["graph.kuzu"]


def test_a_lost_or_garbled_memory_only_costs_time(workspace: Workspace) -> None:
    snapshot = publish_mock(workspace, "one")
    for content in (b"", b"[1]", b'{"graph.kuzu": [1]}', b"\xff"):
        snapshot.memory.write_bytes(content)
        assert snapshot.verified_path("graph.kuzu") == snapshot.graph
    shutil.rmtree(snapshot.memory.parent)
    assert snapshot.verified_path("graph.kuzu") == snapshot.graph


def _without(name: str) -> Any:
    return lambda s: (s.folder / name).unlink()


def _replaced(name: str, content: bytes) -> Any:
    return lambda s: (s.folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_without("graph.kuzu"), "WSP305"),
        (_without("records/Role.parquet"), "WSP305"),
        (lambda s: _cut(s.graph), "WSP305"),
        (_replaced("graph.kuzu", b""), "WSP305"),
        (_without("receipt.json"), "WSP303"),
        (_replaced("receipt.json", b"{}"), "WSP303"),
        (_replaced("receipt.json", b"\xff\x00"), "WSP303"),
        (_without("seal.json"), "WSP304"),
        (_replaced("seal.json", b'{"graph.kuzu": 3}'), "WSP304"),
        (_replaced("seal.json", b"[]"), "WSP304"),
        (_replaced("graph.kuzu.wal", b"old rows"), "WSP307"),
        (_replaced("facts.sqlite-journal", b"old rows"), "WSP307"),
        (lambda s: shutil.rmtree(s.folder), "WSP301"),
    ],
)
def test_a_damaged_current_snapshot_is_corrupt_and_says_what_to_do(workspace: Workspace, damage: Any, code: str) -> None:
    publish_mock(workspace, "old", "o")
    damage(publish_mock(workspace, "new", "n"))
    with pytest.raises(Corrupt) as caught:
        workspace.current()
    assert _codes(caught) == {code}
    assert all("wig " in d.fix for d in caught.value.diagnostics)
    assert workspace.use("old").name == "old"
    assert workspace.required().name == "old"


@pytest.mark.parametrize("content", [b"", b"\n", b"../../etc", b"\xff\xfe", b"a" * 100_000, b"one\ntwo\n"])
def test_a_garbled_pointer_is_corrupt(workspace: Workspace, content: bytes) -> None:
    publish_mock(workspace, "one")
    (workspace.folder / "current").write_bytes(content)
    with pytest.raises(Corrupt) as caught:
        workspace.current()
    assert _codes(caught) == {"WSP301"}


def test_a_stray_file_that_no_engine_reads_is_no_fault(workspace: Workspace) -> None:
    snapshot = publish_mock(workspace, "one")
    (snapshot.folder / ".DS_Store").write_bytes(b"x")
    snapshot.verify_seal(full=True)


def test_a_second_build_at_once_is_locked_out(workspace: Workspace) -> None:
    publish_mock(workspace, "one")
    with workspace.begin() as building:
        for attempt in (lambda: workspace.begin().__enter__(), lambda: workspace.use("one"), lambda: workspace.prune(1)):
            with pytest.raises(Locked) as caught:
                attempt()
            assert caught.value.exit_code == 5
            assert "wait" in caught.value.diagnostics[0].fix
        assert building.folder.is_dir()
        assert workspace.required().name == "one"


def test_a_build_in_another_process_is_locked_out_too_and_a_killed_one_is_not(workspace: Workspace) -> None:
    script = "import sys,time; from pathlib import Path; from engine.graph import Workspace\nwith Workspace(Path(sys.argv[1])).begin(): print('in', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", script, str(workspace.folder)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"in\n"
        with pytest.raises(Locked), workspace.begin():
            pass
    finally:
        holder.kill()
        holder.communicate()
    publish_mock(workspace, "after")
    assert workspace.required().name == "after"


def test_a_workspace_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "ws").write_text("not a folder")
    workspace = Workspace(tmp_path / "ws")
    for attempt in (workspace.current, lambda: publish_mock(workspace, "one")):
        with pytest.raises(InputOutput) as caught:
            attempt()
        assert caught.value.exit_code == 4


@pytest.mark.parametrize(("number", "code"), [(errno.EROFS, "FIL101"), (errno.EACCES, "FIL101"), (errno.ENOSPC, "FIL102"), (errno.EIO, "FIL103")])
@pytest.mark.parametrize("step", ["mkdtemp", "open", "fsync", "rename", "replace"])
def test_a_refusing_machine_leaves_the_old_snapshot_current(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, number: int, code: str, step: str) -> None:
    old = publish_mock(workspace, "old", "o")

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    def refused_build(patch: pytest.MonkeyPatch) -> None:
        if step == "mkdtemp":
            patch.setattr(tempfile, step, refuse)
        with workspace.begin() as building:
            building.graph_path("kuzu").write_bytes(b"KUZU")
            (building.folder / "receipt.json").write_bytes((old.folder / "receipt.json").read_bytes())
            if step != "mkdtemp":
                patch.setattr(os, step, refuse)
            building.publish("new")

    with monkeypatch.context() as patch, pytest.raises(InputOutput) as caught:
        refused_build(patch)
    assert _codes(caught) == {code}
    assert workspace.required() == old
    old.verify_seal(full=True)


def test_a_workspace_without_write_permission_can_still_be_asked(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = publish_mock(workspace, "one")
    snapshot.memory.unlink()

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "replace", refuse)
    assert workspace.required().verified_path("graph.kuzu") == snapshot.graph


def test_the_pointer_is_always_one_of_the_two_names(workspace: Workspace) -> None:
    publish_mock(workspace, "one", "1")
    publish_mock(workspace, "two", "2")
    script = (
        "import sys; from pathlib import Path; from engine.graph import Workspace\nw = Workspace(Path(sys.argv[1]))\n"
        "for n in range(150): w.use(('one', 'two')[n % 2])"
    )
    writer = subprocess.Popen([sys.executable, "-c", script, str(workspace.folder)], env={**os.environ, "PYTHONPATH": str(ROOT)})
    seen: set[str] = set()
    while writer.poll() is None:
        seen.add(workspace.required().name)
    assert writer.returncode == 0
    assert seen == {"one", "two"}


PUBLISH_FOREVER = """
import sys, itertools
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from graph_fixtures import publish_mock
from engine.graph import Workspace
print("ready", flush=True)
for n in itertools.count():
    publish_mock(Workspace(Path(sys.argv[1])), f"s{n % 3}", str(n % 3) if n % 5 else "odd")
"""


def test_a_kill_at_any_moment_leaves_a_whole_current_snapshot(workspace: Workspace) -> None:
    chance = random.Random(20261120)
    publish_mock(workspace, "s0", "0")
    for _ in range(10):
        builder = subprocess.Popen([sys.executable, "-c", PUBLISH_FOREVER, str(workspace.folder), str(ROOT), str(Path(__file__).parent)], stdout=subprocess.PIPE)
        assert builder.stdout is not None
        assert builder.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.0, 0.15))
        builder.send_signal(signal.SIGKILL)
        builder.communicate()
        current = workspace.required()
        current.verify_seal(full=True)
        assert current.name in {"s0", "s1", "s2"}
        with workspace.begin() as building:
            assert list((workspace.folder / "building").iterdir()) == [building.folder]
