"""One embedded graph for all tests of this room; nobody may change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from covered_lists import Wig

from engine.graph import Snapshot, Workspace, file_sha256


@pytest.fixture(scope="session")
def workspace(embedded_workspace: Callable[[str], Path]) -> Path:
    return embedded_workspace("coverage")


@pytest.fixture(scope="session")
def snapshot(workspace: Path) -> Iterator[Snapshot]:
    found = Workspace(workspace).required()
    seal = file_sha256(found.folder / "seal.json")
    yield found
    found.verify_seal(full=True)
    assert file_sha256(found.folder / "seal.json") == seal, "a test changed the snapshot"


@pytest.fixture
def wig(workspace: Path, snapshot: Snapshot) -> Wig:  # noqa: ARG001 - the snapshot is watched
    return Wig(workspace)
