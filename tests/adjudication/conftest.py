"""One embedded graph for all tests of this room; nobody may change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from review_world import TITLES, WISHED, reviewing_over

from engine.adjudication import AskedQuestions, Reviewing, read_bundle, write_bundle
from engine.ask import Desk
from engine.graph import Snapshot, Workspace


@pytest.fixture(scope="session")
def workspace(embedded_workspace: Callable[[str], Path]) -> Path:
    return embedded_workspace("adjudication")


@pytest.fixture(scope="session")
def base(workspace: Path) -> Snapshot:
    return Workspace(workspace).required()


@pytest.fixture(scope="session")
def desk(base: Snapshot) -> Desk:
    return Desk(base)


@pytest.fixture(scope="session")
def reviewing(base: Snapshot) -> Reviewing:
    return reviewing_over(base)


@pytest.fixture(scope="session")
def bundle_folder(reviewing: Reviewing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A bundle on TITLES; it is as it was when the tests are done."""
    folder = tmp_path_factory.mktemp("bundle") / "asked"
    write_bundle(reviewing.bundle(TITLES, WISHED)[0], folder)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    yield folder
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


@pytest.fixture(scope="session")
def asked(bundle_folder: Path) -> AskedQuestions:
    return read_bundle(bundle_folder)
