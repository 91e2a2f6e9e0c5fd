"""Fixtures that every room's tests may use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Measures, and clusters with workers of their own, have the machine for themselves."""
    if config.option.benchmark_enable or config.option.markexpr == "cluster":
        config.option.numprocesses = 0


@pytest.fixture(scope="session")
def published_data() -> Path:
    """Folder with publishers' files; the test is skipped with a reason where they are absent."""
    folder = Path(os.environ.get("WIG_SOURCE_DIR", ROOT.parent / "shared" / "data"))
    if not (folder / "onet_30_1").is_dir():
        pytest.skip("publishers' files are not here: set WIG_SOURCE_DIR to a folder that holds onet_30_1")
    return folder


@pytest.fixture(scope="session")
def embedded_workspace(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A workspace with the embedded graph for each room that asks, by its name: built once, then copied, so that no room meets another's decisions."""
    from engine.build import BuildRequest, build_snapshot
    from engine.graph import Workspace

    built = tmp_path_factory.mktemp("embedded") / "workspace"
    build_snapshot(Workspace(built), BuildRequest())

    def copy(room: str) -> Path:
        folder = tmp_path_factory.mktemp(room) / "workspace"
        shutil.copytree(built, folder)
        return folder

    return copy
