"""Lists as people deliver them: every row is accounted for, or the list is refused with a place and a way to mend it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from covered_lists import ODD, TITLES, answers, covered, write_text
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput, InputOutput
from engine.coverage import TitleFile
from engine.graph import Snapshot


def _read(path: Path, column: str | None = "title") -> tuple[Counter[str], TitleFile]:
    file, met = TitleFile(path, column), Counter[str]()
    for batch in file.batches():
        for title, rows in zip(batch.column("title").to_pylist(), batch.column("rows").to_pylist(), strict=True):
            met[title] += rows
    return met, file


def _csv(titles: list[str], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    sheet = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    sheet.writerow(("id", "title", "note"))
    for i, title in enumerate(titles):
        sheet.writerow((i, title, "n"))
    return text.getvalue().encode()


def test_every_form_gives_the_same_titles(tmp_path: Path) -> None:
    titles = [*TITLES, *TITLES[:5], "Clerk, \"filing\"", "Täglich ± Büro"]
    wanted = Counter(titles)
    (tmp_path / "a.csv").write_bytes(_csv(titles))
    (tmp_path / "b.csv").write_bytes(_csv(titles, ";"))
    (tmp_path / "c.tsv").write_bytes(_csv(titles, "\t"))
    (tmp_path / "d.csv").write_bytes(b"\xef\xbb\xbf" + _csv(titles).replace(b"\n", b"\r\n"))
    (tmp_path / "e.csv").write_bytes(_csv(titles).decode().encode("utf-16"))
    write_text(tmp_path / "f.txt", titles)
    for name, kind in (("g", pa.string()), ("h", pa.large_string()), ("i", pa.dictionary(pa.int32(), pa.string()))):
        pq.write_table(pa.table({"id": list(range(len(titles))), "title": pa.array(titles).cast(kind)}), tmp_path / f"{name}.parquet")
    pq.write_table(pa.table({"title": pa.array([t.encode() for t in titles], pa.binary())}), tmp_path / "j.parquet")
    for path in sorted(tmp_path.iterdir()):
        met, file = _read(path)
        assert met == wanted, path.name
        assert file.counts.rows == len(titles), path.name
        assert file.counts.recoded == 0, path.name


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=12), min_size=1, max_size=30))
def test_no_text_is_lost_on_its_way_through_quoted_cells(tmp_path_factory: pytest.TempPathFactory, titles: list[str]) -> None:
    path = tmp_path_factory.mktemp("quoted") / "list.csv"
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["title"], *[[t.replace("\r", " ")] for t in titles]])
    path.write_bytes(text.getvalue().encode())
    met, file = _read(path)
    assert met == Counter(t.replace("\r", " ").strip() for t in titles)
    assert file.counts.rows == sum(met.values()) == len(titles)


def test_what_is_odd_in_a_row_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        b"id,title\n1, Clerk \n2,\n3\n4,B\xe4cker\n5,Clerk,x\n\n6,a\0b\n7,Clerk"  # trimmed, blank, cut off, not UTF-8, too long, no row, NUL, no line end
    )
    met, file = _read(path)
    assert met == {"Clerk": 3, "": 2, "Bäcker": 1, "a\0b": 1}
    assert file.counts.stated() == {"rows": 7, "blank": 2, "missing": 1, "trimmed": 1, "recoded": 1, "control": 1, "short": 1, "long": 1, "blank_lines": 1}


def test_a_text_file_of_any_line_ends_gives_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"Clerk\r\nNurse\n\nClerk")
    assert _read(path, None)[0] == {"Clerk": 2, "Nurse": 1, "": 1}


def _parquet(values: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"title": values}), sink)
    return sink.getvalue()


REFUSED = {
    "empty": ("list.csv", b"", "COV102"),
    "only a header": ("list.csv", b"title\n", "COV102"),
    "no such column": ("list.csv", b"name,job\nA,Clerk\n", "COV105"),
    "column twice": ("list.csv", b"title,title\nA,Clerk\n", "COV105"),
    "a quote that swallows the rest": ("list.csv", b'title,n\n"Clerk,1\nNurse,2\nBaker,3\n', "COV107"),
    "a quote that swallows thousands": ("list.csv", b'title,n\n"Clerk,1\n' + b"Nurse,2\n" * 3_000 + b'"x\n', "COV107"),
    "old line ends": ("list.csv", b"title,n\nClerk,1\rNurse,2\r", "COV108"),
    "a line without end": ("list.txt", b"x" * 16_000_001, "COV106"),
    "a zip archive": ("list.csv", b"PK\x03\x04rest", "COV103"),
    "gzip": ("list.txt", b"\x1f\x8brest", "COV103"),
    "an unknown kind": ("list.doc", b"Clerk\n", "COV103"),
    "numbers": ("list.parquet", _parquet([1, 2]), "COV109"),
    "Parquet cut off": ("list.parquet", _parquet(["Clerk"] * 100)[:-20], "COV110"),
    "Parquet of another name": ("list.csv", _parquet(["Clerk"] * 100)[:-20], "COV110"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_list_that_cannot_be_read_without_guessing_is_refused(case: str, tmp_path: Path) -> None:
    name, raw, code = REFUSED[case]
    (tmp_path / name).write_bytes(raw)
    with pytest.raises((BadInput, InputOutput)) as refused:
        _read(tmp_path / name)
    (met,) = refused.value.diagnostics
    assert met.code == code
    assert met.place.file == name
    assert met.why
    assert met.fix


def test_a_quote_left_open_is_told_where_it_opens(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(b'title,n\nClerk,1\n"Nurse,2\nBaker,3\n')
    with pytest.raises(BadInput) as refused:
        _read(tmp_path / "list.csv")
    assert refused.value.diagnostics[0].place.line == 3


def test_absent_lists_and_columns_not_named_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        _read(tmp_path / "absent.csv")
    assert refused.value.diagnostics[0].code == "COV101"
    (tmp_path / "list.csv").write_bytes(b"title\nClerk\n")
    with pytest.raises(BadInput) as refused:
        _read(tmp_path / "list.csv", None)
    assert refused.value.diagnostics[0].code == "COV104"


def test_odd_titles_get_a_clear_answer_and_none_is_lost(snapshot: Snapshot, tmp_path: Path) -> None:
    titles = [*ODD, "y" * 1_000_000]
    pq.write_table(pa.table({"title": titles}), tmp_path / "list.parquet")
    covered(snapshot, tmp_path / "list.parquet", tmp_path / "out", column="title")
    rows = answers(tmp_path / "out")
    assert Counter({r["title"]: r["rows"] for r in rows}) == Counter(t.strip() for t in titles)
    for row in rows:
        if row["title"] in ("", "y" * 1_000_000, "x" * 5_000):
            assert (row["fallback_tier"], row["runtime_action"]) == ("none", "block_unknown_title"), row["title"][:20]
        assert row["reasons"]
