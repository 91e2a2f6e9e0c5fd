"""One embedded graph for all tests of this room; nobody may change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from patched_world import bytes_of

from engine.graph import Snapshot, Workspace


@pytest.fixture(scope="session")
def workspace(embedded_workspace: Callable[[str], Path]) -> Path:
    return embedded_workspace("patches")


@pytest.fixture(scope="session")
def base(workspace: Path) -> Iterator[Snapshot]:
    snapshot = Workspace(workspace).required()
    before = bytes_of(snapshot.folder)
    yield snapshot
    assert bytes_of(snapshot.folder) == before, "a test changed the snapshot"
