"""The embedded graph, built once, and `wig` on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from wig_command import Wig

from engine.ask import Desk
from engine.graph import Workspace


@pytest.fixture(scope="session")
def built(embedded_workspace: Callable[[str], Path]) -> Path:
    """A workspace with the embedded graph."""
    return embedded_workspace("counterfactual")


@pytest.fixture(scope="session")
def desk(built: Path) -> Desk:
    return Desk(Workspace(built).required())


@pytest.fixture(scope="session")
def wig(built: Path) -> Wig:
    return Wig(built, columns=120)  # wide enough that a sentence stays on its line
