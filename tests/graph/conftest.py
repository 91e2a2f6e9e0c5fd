"""Fixtures of the graph room. One engine per process: kuzu here, ladybug in the child that test_graph_under_ladybug starts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_fixtures import publish_small, small_rows, write_records

from engine.graph import GraphStore, Snapshot, Workspace
from engine.ontology import Schema, load_schema


@pytest.fixture(scope="session")
def engine() -> str:
    """Engine under test in this process."""
    return os.environ.get("WIG_TEST_ENGINE", "kuzu")


@pytest.fixture(scope="session")
def schema() -> Schema:
    return load_schema()


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(tmp_path_factory.mktemp("small") / "records", small_rows())


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Snapshot:
    """A published small graph; nobody may change it."""
    return publish_small(Workspace(tmp_path_factory.mktemp("workspace")), "small", engine)


@pytest.fixture(scope="session")
def store(snapshot: Snapshot) -> Iterator[GraphStore]:
    with snapshot.open_graph() as graph:
        yield graph
