"""The crosswalk between ESCO and O*NET never feeds the title matcher: without it, or with one that lies, every answer is the same byte for byte."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from invented_europe import write_europe

from engine.ask import Desk
from engine.build import BuildRequest, build_snapshot
from engine.contracts import canonical_json
from engine.graph import Snapshot, Workspace
from engine.resolver import resolve

CROSSWALK = "crosswalk_esco_onet.csv"
TITLES = ("Lantern Planner", "lantern planners", "chief lantern officer", "zebra planner", "street lantern planner", "light walker", "puddle seller", "kite tester", "Marketing Manager")


def _built(workspace: Path, delivered: Path) -> Snapshot:
    return build_snapshot(Workspace(workspace), BuildRequest(delivered)).snapshot


def _served(snapshot: Snapshot, titles: tuple[str, ...]) -> tuple[bytes, ...]:
    """What the resolver reads, as it lies on disk, and what it answers."""
    desk = Desk(snapshot)
    day = date.fromisoformat(desk.receipt.release_date)
    found = [resolve(title, desk.index, desk.facts, desk.rulebook, day) for title in titles]
    assert any(answer.occupations for answer in found)  # answers without a candidate are equal whatever feeds them
    assert any(answer.groups for answer in found)
    answers = [canonical_json(answer) for answer in found]
    facts = "\n".join(line for line in _dump(snapshot.verified_path("facts.sqlite")) if "VALUES('source/" not in line)
    return (*(snapshot.verified_path(name).read_bytes() for name in ("titles.sqlite", "rulebook.json", f"{snapshot.similarity.name}/likeness.arrays")), facts.encode(), *answers)


def _dump(path: Path) -> list[str]:
    """Facts as statements. Those about sources tell which a build rests on, so the crosswalk is one of their subjects; no title is decided by them."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def _links(snapshot: Snapshot) -> int:
    with snapshot.open_graph() as graph:
        return int(graph.execute("MATCH (:EscoOccupation)-[r:MAPS_TO]->(:Occupation) RETURN count(r)").rows[0][0])


@pytest.mark.campaign
def test_answers_are_the_same_without_the_crosswalk_and_with_one_that_lies(tmp_path: Path) -> None:
    honest = write_europe(tmp_path / "honest")
    lying = Path(shutil.copytree(honest, tmp_path / "lying"))
    file = lying / "crosswalk" / CROSSWALK
    file.write_bytes(file.read_bytes().replace(b"11-2021.91,Lantern", b"41-2031.93,Lantern").replace(b"broadMatch", b"exactMatch"))
    without = Path(shutil.copytree(honest, tmp_path / "without", ignore=shutil.ignore_patterns("crosswalk")))
    built = [_built(tmp_path / f"workspace {n}", folder) for n, folder in enumerate((honest, lying, without))]
    assert [_links(snapshot) for snapshot in built] == [3, 3, 0]
    desk = Desk(built[0])
    planner = resolve("Lantern Planner", desk.index, desk.facts, desk.rulebook, date.fromisoformat(desk.receipt.release_date))
    assert [o.code for o in planner.occupations] == ["11-2021.91"]  # a candidate that the lying crosswalk would take away
    met = [_served(snapshot, TITLES) for snapshot in built]
    assert met[0] == met[1] == met[2]


@pytest.mark.published
def test_published_answers_are_the_same_without_the_crosswalk(published_data: Path, tmp_path: Path) -> None:
    built = []
    for n, names in enumerate((("onet_30_1", "esco_1_2_0", "esco_onet_crosswalk"), ("onet_30_1", "esco_1_2_0"))):
        folder = tmp_path / f"delivered {n}"
        folder.mkdir()
        for name in names:
            (folder / name).symlink_to(published_data / name)
        built.append(_built(tmp_path / f"workspace {n}", folder))
    assert [_links(snapshot) for snapshot in built] == [4_207, 0]
    with (published_data / "vacancy_titles" / "validation.csv").open(encoding="utf-8", newline="") as file:
        titles = tuple(row["vacancyTitle"] for row in csv.DictReader(file))[::50]
    assert _served(built[0], titles) == _served(built[1], titles)
