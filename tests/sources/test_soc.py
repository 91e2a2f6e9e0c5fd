"""The embedded SOC structure is whole, and a broken one is refused line by line."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from engine.contracts import BadInput
from engine.sources import embedded_soc, load_ledger, soc_fingerprint


def test_the_structure_has_its_published_size_and_every_group_below_major_has_a_wider_one() -> None:
    rows = embedded_soc(load_ledger()).rows
    assert Counter(r["group_level"] for r in rows["OccupationGroup"]) == {"major": 23, "minor": 98, "broad": 459, "detailed": 867}
    assert len(rows["BROADER.OccupationGroup.OccupationGroup"]) == 98 + 459 + 867
    parents = {r["from"]: r["to"] for r in rows["BROADER.OccupationGroup.OccupationGroup"]}
    assert parents["soc/15-1252"] == "soc/15-1250"
    assert parents["soc/15-1250"] == "soc/15-1200"
    assert parents["soc/15-1200"] == "soc/15-0000"
    assert parents["soc/29-1221"] == "soc/29-1210"
    assert len(rows["NAMES.Title.OccupationGroup"]) == 459 + 867
    assert soc_fingerprint().name == "soc@2018/soc_2018.csv"


def test_faults_of_the_structure_are_all_shown(tmp_path: Path) -> None:
    path = tmp_path / "soc_2018.csv"
    path.write_text("code,level,name\n11-0000,major,Keepers\n11-0000,major,Keepers\n11-1011,detailed\n12-1011,detailed,Orphans\n")
    with pytest.raises(BadInput) as met:
        embedded_soc(load_ledger(), path)
    assert [(d.place.line, d.code) for d in met.value.diagnostics] == [(3, "SRC121"), (4, "SRC121"), (5, "SRC121")]


@pytest.mark.published
def test_the_hierarchy_is_the_published_one(published_data: Path) -> None:
    parents = {r["from"]: r["to"] for r in embedded_soc(load_ledger()).rows["BROADER.OccupationGroup.OccupationGroup"]}
    last: list[str] = [""] * 4
    compared = 0
    with (published_data / "soc_2018" / "soc_structure_2018.csv").open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.reader(file):
            depth = next((n for n, cell in enumerate(cells[:4]) if len(cell) == 7 and cell[2] == "-"), None)
            if depth is None:
                continue
            last[depth] = cells[depth]
            if depth:
                compared += 1
                assert parents[f"soc/{cells[depth]}"] == f"soc/{last[depth - 1]}"
    assert compared == 1424
