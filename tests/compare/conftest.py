"""The embedded graph, built once for all comparisons of rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.graph import Workspace


@pytest.fixture(scope="session")
def workspace(embedded_workspace: Callable[[str], Path]) -> Workspace:
    """A workspace whose current snapshot is the embedded graph; read-only."""
    return Workspace(embedded_workspace("compare"))
