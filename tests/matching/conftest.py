"""One graph of invented deliveries for all tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented_delivery import write_delivery

from engine.build import BuildRequest, build_snapshot
from engine.graph import Workspace


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a workspace that knows two invented taxonomies and a crosswalk between them."""
    folder = tmp_path_factory.mktemp("matching")
    build_snapshot(Workspace(folder / "workspace"), BuildRequest(write_delivery(folder / "delivered")))
    return folder / "workspace"
