"""One embedded graph for all tests of this room; nobody may change it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from patched_world import bytes_of

from engine.build import BuildRequest, build_snapshot
from engine.graph import Snapshot, Workspace


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("patches") / "workspace"
    build_snapshot(Workspace(folder), BuildRequest(None))
    return folder


@pytest.fixture(scope="session")
def base(workspace: Path) -> Iterator[Snapshot]:
    snapshot = Workspace(workspace).required()
    before = bytes_of(snapshot.folder)
    yield snapshot
    assert bytes_of(snapshot.folder) == before, "a test changed the snapshot"
