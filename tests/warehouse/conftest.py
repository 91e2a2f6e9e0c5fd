"""The whole way from invented deliveries to records, once, and pieces of it that a test may break."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from built_records import DATA, TIMES, Build, Built

from engine.sources import SourceRows, discover, embedded_soc, load_ledger, read_wedge
from engine.warehouse import RecordDigests, Warehouse


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Build records from a folder of deliveries and a folder of authored content; `order` names what is loaded when."""
    opened: list[Warehouse] = []

    def run(delivered: Path | None = DATA, authored: Path | None = DATA / "authored", order: tuple[str, ...] = ("deliveries", "soc", "wedge"), write: bool = True) -> Built:
        scratch, ledger = tmp_path_factory.mktemp("build"), load_ledger()
        warehouse = Warehouse(scratch)
        opened.append(warehouse)
        for part in order:
            if part in ("deliveries", "reversed"):
                found = discover(delivered, ledger, {}, scratch)
                for delivery in found.deliveries if part == "deliveries" else reversed(found.deliveries):
                    warehouse.stage(delivery)
                    warehouse.project(delivery, TIMES)
            else:
                rows: SourceRows = embedded_soc(ledger) if part == "soc" else read_wedge(ledger, authored).rows
                warehouse.load_rows(rows)
        findings = warehouse.reconcile()
        digests = warehouse.write_records(scratch / "records") if write else RecordDigests(scratch, {}, {}, "")
        return Built(warehouse, findings, digests)

    yield run
    for warehouse in opened:
        warehouse.close()


@pytest.fixture(scope="session")
def built(build: Build) -> Built:
    """All invented sources together."""
    return build()


@pytest.fixture
def onet_folder(tmp_path: Path) -> Path:
    """A whole O*NET delivery of invented rows that a test may break."""
    return Path(shutil.copytree(DATA / "onet_9_9", tmp_path / "delivered" / "onet_9_9"))


@pytest.fixture
def authored_folder(tmp_path: Path) -> Path:
    """A whole authored wedge that a test may break."""
    return Path(shutil.copytree(DATA / "authored", tmp_path / "authored"))
