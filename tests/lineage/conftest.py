"""One built world for all tests of lineage, licences and reports."""

from __future__ import annotations

import shutil

import pytest
from invented_world import DATA, World, deliver_market, deliver_practice


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Built from invented deliveries; never changed by a test."""
    home = tmp_path_factory.mktemp("lineage")
    delivered = home / "delivered"
    shutil.copytree(DATA / "onet_9_9", delivered / "onet_9_9")
    deliver_practice(delivered / "gdpval")
    deliver_market(delivered / "postings")
    made = World(home / "workspace", delivered)
    built = made.wig("build", "--source-dir", str(delivered))
    assert built.code == 0, built.err
    return made
