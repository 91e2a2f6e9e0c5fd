"""The embedded graph, built once, and `wig` on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from asked_command import Wig

from engine.ask import Desk
from engine.build import BuildRequest, build_snapshot
from engine.graph import Workspace


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the embedded graph."""
    folder = tmp_path_factory.mktemp("counterfactual")
    build_snapshot(Workspace(folder), BuildRequest(), lambda _: None)
    return folder


@pytest.fixture(scope="session")
def desk(built: Path) -> Desk:
    return Desk(Workspace(built).required())


@pytest.fixture(scope="session")
def wig(built: Path) -> Wig:
    return Wig(built)
