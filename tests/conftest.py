"""Fixtures that every room's tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def published_data() -> Path:
    """Folder with publishers' files; the test is skipped with a reason where they are absent."""
    folder = Path(os.environ.get("WIG_SOURCE_DIR", ROOT.parent / "shared" / "data"))
    if not (folder / "onet_30_1").is_dir():
        pytest.skip("publishers' files are not here: set WIG_SOURCE_DIR to a folder that holds onet_30_1")
    return folder
