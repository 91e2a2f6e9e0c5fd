"""What is staged is this file and no other: under any path, with the words that tell one table from another, and nothing where it is refused."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import duckdb
import pytest
from built_records import DATA
from invented_europe import ESCO

from engine.contracts import BadInput, InputOutput
from engine.sources import Delivery, discover, load_ledger
from engine.warehouse.staging import stage

ONET = DATA / "onet_9_9"


def delivered(folder: Path) -> Delivery:
    (delivery,) = discover(folder, load_ledger()).deliveries
    return delivery


def esco(folder: Path, files: dict[str, str]) -> Path:
    """An invented ESCO delivery, with some files changed."""
    folder.mkdir()
    for name, text in {**ESCO, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def schemas(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT schema_name FROM information_schema.schemata WHERE schema_name IN ('onet', 'esco')").fetchall()}


def test_a_path_that_looks_like_a_pattern_is_read_as_it_stands(tmp_path: Path) -> None:
    plain = shutil.copytree(ONET, tmp_path / "onet_9_9")
    odd = shutil.copytree(ONET, tmp_path / "o[n]et*_9_9")
    shutil.copytree(ONET, tmp_path / "o[n]et and more_9_9")  # the pattern would meet this one too
    with duckdb.connect(":memory:") as one, duckdb.connect(":memory:") as other:
        assert stage(one, delivered(plain)).counts == stage(other, delivered(odd)).counts
        assert schemas(other) == {"onet"}


def test_another_table_of_the_same_columns_under_this_name_is_refused(tmp_path: Path) -> None:
    folder = esco(tmp_path / "esco_1_2_0", {"skillGroups_en.csv": ESCO["ISCOGroups_en.csv"]})
    with duckdb.connect(":memory:") as connection:
        with pytest.raises(BadInput, match=r"SRC278 .*`conceptType` is `ISCOGroup` where every row has `SkillGroup`") as met:
            stage(connection, delivered(folder))
        assert schemas(connection) == set()
    assert [(Path(d.place.file).name, d.place.line, bool(d.fix)) for d in met.value.diagnostics] == [("skillGroups_en.csv", 2, True)]


def test_an_optional_column_that_is_not_there_is_a_stated_gap(tmp_path: Path) -> None:
    gaps = delivered(esco(tmp_path / "esco_1_2_0", {})).gaps
    assert any("`skillGroups_en.csv` has no column `altLabels`, `hiddenLabels`" in gap for gap in gaps)


def test_values_that_read_the_same_when_joined_contradict_each_other_all_the_same(tmp_path: Path) -> None:
    folder = shutil.copytree(ONET, tmp_path / "onet_9_9")
    (folder / "Scales Reference.txt").write_text("Scale ID\tScale Name\tMinimum\tMaximum\nIM\tImportance\t1 2\t3\nIM\tImportance\t1\t2 3\n")
    with duckdb.connect(":memory:") as connection, pytest.raises(BadInput, match=r"SRC250 .*`Scale ID` IM stands with different .*lines 2 and 3"):
        stage(connection, delivered(folder))


def test_a_scratch_folder_that_cannot_be_used_is_told_and_nothing_stays_staged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    delivery = delivered(ONET)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with duckdb.connect(":memory:") as connection:
        with pytest.raises(InputOutput, match="SRC202"):
            stage(connection, delivery)
        assert schemas(connection) == set()
