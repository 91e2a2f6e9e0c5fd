"""Invented deliveries in the official layouts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"


@pytest.fixture
def onet_folder(tmp_path: Path) -> Path:
    """A whole O*NET delivery of invented rows that a test may break."""
    return Path(shutil.copytree(DATA / "onet_9_9", tmp_path / "delivered" / "onet_9_9"))


@pytest.fixture
def authored_folder(tmp_path: Path) -> Path:
    """A whole authored wedge that a test may break."""
    return Path(shutil.copytree(DATA / "authored", tmp_path / "authored"))
