"""One embedded graph for all tests of the house."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.build import BuildRequest, build_snapshot
from engine.graph import Snapshot, Workspace


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A published snapshot of the embedded graph; its workspace is the folder two above it."""
    return build_snapshot(Workspace(tmp_path_factory.mktemp("house")), BuildRequest()).snapshot


@pytest.fixture(scope="session")
def workspace(embedded: Snapshot) -> Path:
    """Folder of the workspace that holds the embedded graph."""
    return embedded.folder.parent.parent
