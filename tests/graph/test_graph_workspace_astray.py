"""A workspace that cannot be written to is told apart from a busy one; a pointer that leads nowhere says where it could lead."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import filelock
import pytest
from graph_fixtures import publish_mock

from engine.contracts import Corrupt, InputOutput, Locked
from engine.graph import Workspace

GARBLED = (b"", b"\n", b"../../etc", b"\xff\xfe", b"a" * 100_000, b"one\ntwo\n")


def _refused(folder: Path) -> None:
    """Every change to the workspace is refused as the machine's fault, exit 4."""
    workspace = Workspace(folder)
    for attempt in (lambda: workspace.begin().__enter__(), lambda: workspace.use("one"), lambda: workspace.prune(1)):
        with pytest.raises(InputOutput, match="cannot write to the workspace") as caught:
            attempt()
        assert caught.value.exit_code == 4
        assert "--workspace" in caught.value.diagnostics[0].fix


@pytest.mark.skipif(sys.platform != "linux" or not Path("/proc/1").is_dir(), reason="only Linux has a /proc in which no file can be made")
def test_a_folder_in_which_no_file_can_be_made_is_not_locked() -> None:
    _refused(Path("/proc/1"))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOENT])
def test_a_folder_without_write_permission_is_not_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    true_open = os.open

    def refuse(path: Any, *rest: Any, **named: Any) -> int:
        if Path(path).name == "lock":
            raise OSError(number, os.strerror(number))
        return true_open(path, *rest, **named)

    monkeypatch.setattr(os, "open", refuse)
    _refused(tmp_path)


def _time_out(lock: filelock.FileLock, *_: Any, **__: Any) -> None:
    raise filelock.Timeout(lock.lock_file)


def test_a_time_out_is_a_lock_only_where_the_lock_file_can_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filelock.FileLock, "acquire", _time_out)
    with pytest.raises(Locked):
        Workspace(tmp_path / "busy").begin().__enter__()
    (tmp_path / "odd" / "lock").mkdir(parents=True)
    _refused(tmp_path / "odd")


@pytest.mark.parametrize("content", GARBLED)
def test_snapshots_are_listed_beside_a_garbled_pointer(tmp_path: Path, content: bytes) -> None:
    workspace = Workspace(tmp_path / "ws")
    for name in ("one", "two"):
        publish_mock(workspace, name, name)
    assert workspace.current_name() == "two"
    (workspace.folder / "current").write_bytes(content)
    assert workspace.current_name() is None
    assert [s.name for s in workspace.snapshots()] == ["one", "two"]
    with pytest.raises(Corrupt) as caught:
        workspace.current()
    assert [d.code for d in caught.value.diagnostics] == ["WSP301"]
    assert "`wig snapshots use` (one, two)" in caught.value.diagnostics[0].fix
    workspace.use("one")
    assert workspace.current_name() == "one"


def test_a_garbled_pointer_without_snapshots_asks_for_a_build(tmp_path: Path) -> None:
    (tmp_path / "current").write_bytes(b"?")
    with pytest.raises(Corrupt, match="wig build"):
        Workspace(tmp_path).current()


def test_the_current_name_judges_no_snapshot(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    assert workspace.current_name() is None
    assert not workspace.folder.exists()
    (publish_mock(workspace, "one").folder / "receipt.json").unlink()
    assert workspace.current_name() == "one"
    workspace.folder.joinpath("current").write_text("gone\n")
    assert workspace.current_name() == "gone"
