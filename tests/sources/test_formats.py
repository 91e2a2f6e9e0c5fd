"""Every form of file gives the same text columns, each row with the place where it stands, and every form's faults are told as what they are."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from invented_deliveries import packed, workbook_parts

from engine.contracts import BadInput, Diagnostic
from engine.sources import TableContent, TableLayout, read_table
from engine.sources.layout import columns
from engine.sources.table_file import TableFile, open_table

Cell = str | float | None


def layout(file: str, **more: object) -> TableLayout:
    return TableLayout(file, "things", columns("Code, Name", "Count, Note"), delimiter=",", **{"quoted": not file.endswith(".txt"), **more})  # type: ignore[arg-type]


def opened(folder: Path, of: TableLayout, content: bytes) -> TableFile:
    faults: list[Diagnostic] = []
    (folder / of.file).write_bytes(content)
    table = open_table(folder / of.file, of, faults)
    if table is None:
        raise BadInput(*faults)
    return table


def read(folder: Path, of: TableLayout, content: bytes) -> TableContent:
    found = read_table(opened(folder, of, content), folder)
    if found.faults:
        raise BadInput(*found.faults)
    return found


def values(content: TableContent) -> tuple[list[int], Mapping[str, list[str | None]]]:
    """Lines and columns, wherever they were read."""
    if content.records is not None:
        return content.records.lines, content.records.columns
    with pa.OSFile(str(content.arrow), "rb") as stream:
        rows = pa.ipc.open_file(stream).read_all().to_pydict()
    return rows.pop("_row"), rows


def workbook(rows: list[tuple[Cell, ...]], sheet: str = "one") -> bytes:
    """A workbook with numbers as numbers."""
    parts = workbook_parts([tuple(str(c or "") for c in row) for row in rows], sheet)
    name = "xl/worksheets/sheet1.xml"
    for row in rows:
        for cell in row:
            if isinstance(cell, float):
                parts[name] = parts[name].replace(f't="inlineStr"><is><t xml:space="preserve">{cell}</t></is>'.encode(), f"><v>{cell}</v>".encode())
    return packed(parts)


def parquet(folder: Path, table: pa.Table) -> bytes:
    pq.write_table(table, folder / "made.parquet")
    return (folder / "made.parquet").read_bytes()


def test_a_quoted_cell_may_hold_line_ends_and_a_row_is_found_by_the_line_where_it_begins(tmp_path: Path) -> None:
    content = read(tmp_path, layout("a.csv", multiline=True, header_line=3), b'\xef\xbb\xbfTold above,"\n,,,\nCode,Name\r\n1,"one\nand a half"\r\n2,"say ""two"""\r\n3,three\r\n')
    assert values(content) == ([4, 6, 7], {"code": ["1", "2", "3"], "name": ["one\nand a half", 'say "two"', "three"]})


def test_columns_without_a_name_are_not_read_and_not_told(tmp_path: Path) -> None:
    table = opened(tmp_path, layout("a.csv"), b",Code,Name,Colour\n0,1,one,red\n")
    assert (table.positions, table.unknown) == ((None, "code", "name", None), ("Colour",))
    assert values(read_table(table)) == ([2], {"code": ["1"], "name": ["one"]})


def test_json_lines_are_a_flat_table_with_numbers_as_written_and_the_rest_as_canonical_json(tmp_path: Path) -> None:
    lines = b'{"Code":"1","Name":"n\xc3\xa9","Count":1.50,"Note":{"b":[1,2.0],"a":null}}\n{"Name":"two","Code":2,"More":1}'
    assert values(read(tmp_path, layout("a.jsonl"), lines)) == ([1, 2], {"code": ["1", "2"], "name": ["né", "two"], "count": ["1.50", None], "note": ['{"a":null,"b":[1,2.0]}', None]})


def test_a_parquet_file_gives_text_and_numbers_its_records_from_one(tmp_path: Path) -> None:
    table = pa.table({"Code": ["1", "2"], "Name": ["one", None], "Count": [65470.0, 4.6], "Note": [["a", "é"], []]})
    assert values(read(tmp_path, layout("a.parquet"), parquet(tmp_path, table))) == ([1, 2], {"code": ["1", "2"], "name": ["one", None], "count": ["65470", "4.6"], "note": ['["a","é"]', "[]"]})


def test_a_workbook_is_read_from_the_row_that_names_the_columns_and_numbers_are_shortest(tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [("Bureau", "", ""), ("", "", ""), ("Code", "Name", "Count"), ("00-01", "one", 65470.0), ("", "", ""), ("00-02", "two", 4.6)]
    content = read(tmp_path, layout("a.xlsx", sheet="one"), workbook(rows))
    assert values(content) == ([4, 6], {"code": ["00-01", "00-02"], "name": ["one", "two"], "count": ["65470", "4.6"]})
    assert content.rows == 2


def test_a_workbook_without_the_sheet_says_which_it_has(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"SRC270 .*no sheet `two`; met: one"):
        opened(tmp_path, layout("a.xlsx", sheet="two"), workbook([("Code", "Name"), ("1", "one")]))


PAGE = b"<!doctype html><html><body>404</body></html>\n"
FAULTS: list[tuple[str, str, bytes, str]] = [
    ("a web page", "a.csv", PAGE, "SRC261"),
    ("a web page", "a.xlsx", PAGE, "SRC261"),
    ("a web page", "a.jsonl", b"\n  " + PAGE, "SRC261"),
    ("gzip for text", "a.csv", gzip.compress(b"Code,Name\n1,one\n"), "SRC260"),
    ("a pointer to a large file", "a.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "SRC260"),
    ("text for Parquet", "a.parquet", b"Code,Name\n", "SRC260"),
    ("UTF-16 with a mark", "a.csv", "Code,Name\n1,one\n".encode("utf-16"), "SRC262"),
    ("UTF-16 without a mark", "a.txt", "Code,Name and more than that\n1,one\n".encode("utf-16-le"), "SRC262"),
    ("a misspelt optional column", "a.csv", b"Code,Name,count\n1,one,1\n", "SRC277"),
    ("a quote in a cell that is not quoted", "a.csv", b'Code,Name\n1,o"ne\n', "SRC227"),
    ("a quote that is never closed", "a.csv", b'Code,Name\n1,"one\n2,two\n', "SRC227"),
    ("a long cell", "a.csv", b"Code,Name\n1," + b"x" * 1_000_000 + b"\n", "SRC225"),
    ("a long line", "a.txt", b"Code,Name\n1," + b"x" * 1_000_000 + b"\n", "SRC225"),
    ("a long object", "a.jsonl", b'{"Code":"1","Name":"' + b"x" * 1_000_000 + b'"}\n', "SRC225"),
    ("no object", "a.jsonl", b'{"Code":"1","Name":"one"}\n[1]\n', "SRC264"),
    ("a key twice", "a.jsonl", b'{"Code":"1","Name":"one"}\n{"Code":"1","Name":"one","Code":"2"}\n', "SRC264"),
    ("deep nesting", "a.jsonl", b'{"Code":"1","Name":"one"}\n{"Code":"1","Name":' + b"[" * 200_000 + b"}\n", "SRC264"),
    ("half a surrogate pair", "a.jsonl", b'{"Code":"1","Name":"\\ud800"}\n', "SRC264"),
    ("a missing key", "a.jsonl", b'{"Code":"1","Name":"one"}\n{"Code":"2"}\n', "SRC265"),
    ("a NUL in an object", "a.jsonl", b'{"Code":"1","Name":"\\u0000"}\n', "SRC221"),
    ("a cut-off Parquet file", "a.parquet", b"PAR1" + bytes(100), "SRC271"),
    ("a lying Parquet footer", "a.parquet", b"PAR1" + bytes(100) + (2**31).to_bytes(4, "little") + b"PAR1", "SRC271"),
    ("a footer of nothing", "a.parquet", b"PAR1" + bytes(100) + (60).to_bytes(4, "little") + b"PAR1", "SRC272"),
    ("a cut-off workbook", "a.xlsx", workbook([("Code", "Name"), ("1", "one")])[:-30], "SRC270"),
    ("a workbook of a macro", "a.xlsx", packed({**workbook_parts([("Code", "Name")], "one"), "xl/vbaProject.bin": b"x"}), "SRC267"),
    ("a workbook of formulas", "a.xlsx", packed(workbook_parts([("Code", "Name"), ("1", "one")], "one", '<c r="A2"><f>1+1</f><v>2</v></c>')), "SRC266"),
    ("a workbook that unpacks to too much", "a.xlsx", packed({**workbook_parts([("Code", "Name")], "one"), "xl/media/a.bin": bytes(40_000_000)}), "SRC269"),
    ("more cells than fit into memory", "a.jsonl", b'{"Code":"1","Name":"one"}\n' + b"\n" * 2_100_000 + b"{}\n", "SRC263"),
    ("more cells than fit into memory", "a.csv", b"Code,Name\n" + b",\n" * 4_100_000, "SRC263"),
    ("a million lines of nothing", "a.txt", b"Code,Name\n" + b"\n" * 1_000_000, "SRC229"),
]


@pytest.mark.parametrize(("_sentence", "file", "content", "code"), FAULTS, ids=[f"{f[0]} as {f[1]}" for f in FAULTS])
def test_what_a_file_is_not(tmp_path: Path, _sentence: str, file: str, content: bytes, code: str) -> None:
    with pytest.raises(BadInput) as met:
        read(tmp_path, layout(file), content)
    assert code in {d.code for d in met.value.diagnostics}
    assert all(d.what and d.fix for d in met.value.diagnostics)
    assert len(met.value.diagnostics) <= 51


def test_a_file_too_large_to_read_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as sink:
        sink.truncate(200 * 1024 * 1024)  # a hole: it takes no room
    with pytest.raises(BadInput, match="SRC263"):
        open_table(tmp_path / "a.csv", layout("a.csv"), [])


def test_a_file_that_may_end_without_a_line_end_is_read_and_any_other_is_not(tmp_path: Path) -> None:
    assert values(read(tmp_path, layout("a.csv", open_end=True), b"Code,Name\n1,one"))[1]["name"] == ["one"]
    with pytest.raises(BadInput, match="SRC223"):
        read(tmp_path, layout("a.csv"), b"Code,Name\n1,one")


def test_a_sheet_with_one_cell_far_out_ends_the_reader_and_not_the_build(tmp_path: Path) -> None:
    parts = workbook_parts([("Code", "Name"), ("1", "one")], "one")
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>')
    with pytest.raises(BadInput, match="SRC273"):
        opened(tmp_path, layout("a.xlsx"), packed(parts))


@pytest.mark.parametrize(("file", "first", "wrong"), [("a.jsonl", json.dumps({"Code": "1", "Name": "one"}).encode(), b"[]"), ("a.csv", b"Code,Name", b"1"), ("a.txt", b"Code,Name", b"1")])
def test_a_flood_of_faults_is_cut_and_counted(tmp_path: Path, file: str, first: bytes, wrong: bytes) -> None:
    with pytest.raises(BadInput) as met:
        read(tmp_path, layout(file), first + b"\n" + (wrong + b"\n") * 90)
    assert [d.what.split()[0] for d in met.value.diagnostics if d.code == "SRC229"] == ["40"]
