"""One embedded graph for the tests of evaluation."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.build import BuildRequest, build_snapshot
from engine.graph import Workspace


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace that holds the embedded graph."""
    return build_snapshot(Workspace(tmp_path_factory.mktemp("evaluation")), BuildRequest()).snapshot.folder.parent.parent
