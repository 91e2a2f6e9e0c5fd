"""Lists from files: tolerant of names and forms, plain about what is wrong, nothing lost without a count."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.contracts import EngineError
from engine.matching import read_examples, read_labels


def _file(folder: Path, text: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _codes(path: Path) -> list[tuple[str, int]]:
    with pytest.raises(EngineError) as caught:
        read_labels(path)
    return [(d.code, d.place.line) for d in caught.value.diagnostics]


@pytest.mark.parametrize("header", ["id,label,alt_labels", "ID,Label,Alternative_Labels", "\ufeffid,label,altLabels", "conceptUri,preferredLabel,altLabels"])
def test_columns_are_known_by_several_names(tmp_path: Path, header: str) -> None:
    [row] = read_labels(_file(tmp_path, f'{header}\n7, kite  tester ,"kite checker|kite prover\n\nkite trier"\n')).rows
    assert (row.id, row.label, row.alternatives) == ("7", "kite tester", ("kite checker", "kite prover", "kite trier"))


def test_a_parquet_list_may_hold_lists_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"id": [2, 1], "label": ["b", "a"], "alternative_labels": [["x", "y"], None]}), path)
    assert [(r.id, r.label, r.alternatives) for r in read_labels(path).rows] == [("1", "a", ()), ("2", "b", ("x", "y"))]


def test_rows_that_cannot_be_ranked_are_counted(tmp_path: Path) -> None:
    found = read_labels(_file(tmp_path, f"id,label\n1,kite\n2,\n3,   \n4,{'x' * 1_000_001}\n,\n5,lamp\n"))
    assert [r.id for r in found.rows] == ["1", "5"]
    assert dict(found.left_out) == {"label longer than 1,000 characters": 1, "no label": 2}


def test_faults_of_ids_are_told_together(tmp_path: Path) -> None:
    assert _codes(_file(tmp_path, "id,label\n1,a\n1,b\n,c\nx y,d\n")) == [("MAT103", 3), ("MAT103", 4), ("MAT103", 5)]


def test_a_hundred_faults_are_shown_in_part(tmp_path: Path) -> None:
    assert len(_codes(_file(tmp_path, "id,label\n" + "1,a\n" * 101))) == 21


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("name,word\n1,a\n", ["MAT102"]),
        ("a,b\n1,2\n", ["MAT102", "MAT102"]),
        ("", ["MAT102", "MAT102"]),
        ("id,label\n", ["MAT104"]),
        (b"id,label\n1,caf\xe9\n", ["MAT101"]),
        (b"\xff\xfei\x00d\x00", ["MAT101"]),
        ('id,label\n1,"open\n', ["MAT101"]),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, text: str | bytes, codes: list[str]) -> None:
    assert [code for code, _ in _codes(_file(tmp_path, text))] == codes


def test_what_is_no_parquet_or_not_there_is_refused(tmp_path: Path) -> None:
    assert _codes(_file(tmp_path, "id,label\n1,a\n", "list.parquet")) == [("MAT101", 0)]
    assert _codes(tmp_path / "absent.csv") == [("MAT100", 0)]
    assert _codes(tmp_path / "absent.parquet") == [("MAT100", 0)]
    assert _codes(tmp_path) == [("MAT100", 0)]


def test_examples_of_unknown_candidates_are_counted(tmp_path: Path) -> None:
    found = read_examples(_file(tmp_path, "title,candidate_id\nkite trier,1\nlamp,9\n,1\n"), ["1", "2"])
    assert found.pairs == (("kite trier", "1"),)
    assert dict(found.left_out) == {"candidate is not in the list": 1, "no label": 1}
    with pytest.raises(EngineError) as caught:
        read_examples(_file(tmp_path, "title,candidate_id\nlamp,9\n"), ["1"])
    assert [d.code for d in caught.value.diagnostics] == ["MAT104"]
