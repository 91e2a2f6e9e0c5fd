"""The whole way from invented deliveries to records, once, and pieces of it that a test may break."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from built_records import DATA, TIMES, Build, Built

from engine.sources import PUBLISHERS, SourceRows, discover, embedded_soc, load_ledger, read_wedge
from engine.warehouse import RecordDigests, Warehouse


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Build records from a folder of deliveries and a folder of authored content; `order` names what is loaded when.

    `pinned`: false for invented rows of a file whose bytes the ledger vouches for.
    """
    opened: list[Warehouse] = []

    def run(delivered: Path | None = DATA, authored: Path | None = DATA / "authored", order: tuple[str, ...] = ("deliveries", "soc", "wedge"), write: bool = True, pinned: bool = True) -> Built:
        scratch, ledger = tmp_path_factory.mktemp("build"), load_ledger()
        if not pinned:
            ledger = replace(ledger, entries=tuple(e.model_copy(update={"sha256": {}}) for e in ledger.entries))
        warehouse = Warehouse(scratch)
        opened.append(warehouse)
        found = discover(delivered, ledger, {}, scratch)
        deliveries = found.deliveries if "deliveries" in order else found.deliveries[::-1] if "reversed" in order else ()
        for delivery in deliveries:
            warehouse.stage(delivery)
        warehouse.stage_nothing(found.undelivered if deliveries else PUBLISHERS)
        for part in order:
            if part in ("soc", "wedge"):
                rows: SourceRows = embedded_soc(ledger) if part == "soc" else read_wedge(ledger, authored).rows
                warehouse.load_rows(rows)
        for delivery in deliveries:
            warehouse.project(delivery, TIMES)
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
