"""One embedded graph for all tests of the house."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.graph import Snapshot, Workspace


@pytest.fixture(scope="session")
def embedded(embedded_workspace: Callable[[str], Path]) -> Snapshot:
    """A published snapshot of the embedded graph; its workspace is the folder two above it."""
    return Workspace(embedded_workspace("house")).required()


@pytest.fixture(scope="session")
def workspace(embedded: Snapshot) -> Path:
    """Folder of the workspace that holds the embedded graph."""
    return embedded.folder.parent.parent
