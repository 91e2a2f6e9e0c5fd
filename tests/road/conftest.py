"""Workspaces for the road tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from wig_command import ROOT, CopiedWig, Wig


@pytest.fixture(scope="session")
def wedge(embedded_workspace: Callable[[str], Path]) -> Wig:
    """`wig` on a workspace with the embedded graph."""
    return Wig(embedded_workspace("wedge"))


@pytest.fixture(scope="session")
def onet(tmp_path_factory: pytest.TempPathFactory, published_data: Path) -> Wig:
    """`wig` on a workspace built from the publishers' files."""
    wig = Wig(tmp_path_factory.mktemp("onet"))
    built = wig("build", "--source-dir", str(published_data))
    assert built.code == 0, built.err
    return wig


@pytest.fixture
def fresh(tmp_path: Path) -> Wig:
    """`wig` on a workspace that does not exist yet."""
    return Wig(tmp_path / "workspace")


@pytest.fixture
def copied(tmp_path: Path) -> CopiedWig:
    """`wig` on a copy of the product whose data folders may be edited."""
    import engine

    home = tmp_path / "product"
    shutil.copytree(Path(engine.__file__).parent, home / "engine", ignore=shutil.ignore_patterns("__pycache__", "data"))
    for name in ("ontology", "shapes", "rules", "graph_data"):
        shutil.copytree(ROOT / name, home / name)
    return CopiedWig(tmp_path / "workspace", home)
