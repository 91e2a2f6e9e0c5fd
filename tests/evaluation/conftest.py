"""One embedded graph for the tests of evaluation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def embedded(embedded_workspace: Callable[[str], Path]) -> Path:
    """The folder of a workspace that holds the embedded graph."""
    return embedded_workspace("evaluation")
