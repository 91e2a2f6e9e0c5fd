"""A folder may hold several releases, one table in several forms, and files whose names tell nothing: each is told and none is guessed."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from invented_deliveries import invented, written

import engine.sources.discovery as discovery
from engine.contracts import BadInput
from engine.sources import Discovery, Ledger, Publisher, TableLayout, discover, load_ledger
from engine.sources.layout import columns

SHIPPED = load_ledger()
LEDGER: Ledger = replace(SHIPPED, entries=tuple(e.model_copy(update={"sha256": {}}) for e in SHIPPED.entries))
WAGES = Publisher("oews", (
    TableLayout("wages_M{release}.csv", "wages", columns("Code, Wage"), delimiter=",", quoted=True, optional=False, alternatives=("wages_M{release}.xlsx", "wages.csv")),
    TableLayout("notes.txt", "notes", columns("Code, Note")),
), ())  # fmt: skip
SET = Publisher("vacancy-titles", (TableLayout("set.csv", "titles", columns("Title"), delimiter=",", quoted=True, optional=False),), ())
LABELS = Publisher("gpts-are-gpts", (TableLayout("labels.csv", "labels", columns("Task, Label"), delimiter=",", quoted=True, optional=False),), ())


@pytest.fixture(autouse=True)
def _registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "PUBLISHERS", (WAGES, SET, LABELS))


def put(folder: Path, publisher: Publisher, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(written(invented(publisher, publisher.tables[0]), publisher.tables[0], name))
    return folder


def find(folder: Path, **chosen: str) -> Discovery:
    return discover(folder, LEDGER, chosen, folder.parent / "scratch")


def test_one_folder_gives_a_release_for_each_that_names_tell(tmp_path: Path) -> None:
    put(tmp_path / "in" / "any_name", WAGES, "wages_M2023.csv", "wages_M2024.csv")
    found = find(tmp_path / "in")
    assert [(a.release, a.used) for a in found.available] == [("2023", False), ("2024", True)]
    assert [t.name for t in found.deliveries[0].tables] == ["wages_M2024.csv"]
    assert [f.name for f in found.deliveries[0].fingerprints] == ["oews@2024/wages_M2024.csv"]
    assert "oews 2023 (any_name) is available and not used" in found.gaps
    assert find(tmp_path / "in", oews="2023").deliveries[0].tables[0].name == "wages_M2023.csv"


def test_the_publishers_own_folder_and_its_zip_are_recognised_too(tmp_path: Path) -> None:
    folder = put(tmp_path / "wages", WAGES, "wages_M2024.csv")
    with zipfile.ZipFile(tmp_path / "wages.zip", "w") as archive:
        archive.write(folder / "wages_M2024.csv", "deep/wages_M2024.csv")
    assert find(folder).deliveries[0].fingerprints == find(tmp_path / "wages.zip").deliveries[0].fingerprints


def test_of_two_forms_of_a_table_the_first_is_read_and_the_other_is_told(tmp_path: Path) -> None:
    folder = put(tmp_path / "wages", WAGES, "wages_M2024.xlsx", "wages_M2024.csv")
    assert any("`wages_M2024.xlsx` is there too and not read; `wages_M2024.csv` was read" in gap for gap in find(folder).deliveries[0].gaps)
    (folder / "wages_M2024.csv").unlink()
    (delivery,) = find(folder).deliveries
    assert [t.name for t in delivery.tables] == ["wages_M2024.xlsx"]
    assert not any("was read" in gap for gap in delivery.gaps)


def test_the_only_release_that_the_ledger_knows_is_taken_and_told(tmp_path: Path) -> None:
    found = find(put(tmp_path / "x", LABELS, "labels.csv"))
    (delivery,) = found.deliveries
    assert delivery.origin.release == SHIPPED.entry("gpts-are-gpts").releases[0].release
    assert any("the only one that the ledger knows" in gap for gap in found.gaps)


def test_what_a_receipt_says_does_not_depend_on_who_told_the_release(tmp_path: Path) -> None:
    folder = put(tmp_path / "x", LABELS, "labels.csv")
    taken, stated = find(folder).deliveries[0], find(folder, **{"gpts-are-gpts": SHIPPED.entry("gpts-are-gpts").releases[0].release}).deliveries[0]
    assert taken.gaps == stated.gaps


def test_where_the_ledger_knows_several_nothing_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="SRC204"):
        find(put(tmp_path / "x", WAGES, "wages.csv"))


def test_files_that_only_serve_to_measure_are_told_and_never_delivered(tmp_path: Path) -> None:
    found = find(put(tmp_path / "x", SET, "set.csv"))
    assert found.deliveries == ()
    assert [(a.publisher, a.used) for a in found.available] == [("vacancy-titles", False)]
    assert any("for measurement only, never loaded" in gap for gap in found.gaps)
    assert any(a.publisher == "vacancy-titles" and "measurement only" in a.reason for a in found.absent)


def test_every_source_that_delivers_nothing_has_a_reason(tmp_path: Path) -> None:
    found = find(put(tmp_path / "x", LABELS, "labels.csv"))
    reasons = {a.publisher: a.reason for a in found.absent}
    assert set(reasons) == {e.name for e in SHIPPED.entries if e.layer != "authored"} - {"gpts-are-gpts"}
    assert "`wages_M{release}.csv`" in reasons["oews"]
    assert all(reasons.values())
    assert {a.publisher for a in discover(None, LEDGER).absent} == set(reasons) | {"gpts-are-gpts"}


def test_a_stray_file_beside_the_folders_hides_none_of_them(tmp_path: Path) -> None:
    put(tmp_path / "in", LABELS, "labels.csv")
    put(tmp_path / "in" / "wages", WAGES, "wages_M2024.csv")
    assert {d.origin.entry.name for d in find(tmp_path / "in").deliveries} == {"gpts-are-gpts", "oews"}
    shutil.rmtree(tmp_path / "in" / "wages")
    assert {d.origin.entry.name for d in find(tmp_path / "in").deliveries} == {"gpts-are-gpts"}
