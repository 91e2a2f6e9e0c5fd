"""Authored content of the product with one module broken in five ways."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from broken_module import break_module

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def broken_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of graph_data in which the first module of marketing is broken; see broken_module."""
    folder = tmp_path_factory.mktemp("authored") / "graph_data"
    shutil.copytree(ROOT / "graph_data", folder)
    break_module(folder)
    return folder
