"""The embedded graph, built once for all comparisons of rules."""

from __future__ import annotations

import pytest

from engine.build import BuildRequest, build_snapshot
from engine.graph import Workspace


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose current snapshot is the embedded graph; read-only."""
    folder = tmp_path_factory.mktemp("ws")
    build_snapshot(Workspace(folder), BuildRequest(None))
    return Workspace(folder)
