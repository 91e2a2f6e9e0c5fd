"""Labelled lists in three formats, and every way in which a file can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.contracts import BadInput, EngineError, InputOutput
from engine.evaluation import Nonsense, carry_forward, read_labelled, read_nonsense

GOLD = [("Chief Yarn Officer", "11-1011.00"), ("Lead, Knitting", "11-2021.00; 13-1161.00"), ("", "11-2021.00"), ("Yarn Buyer", "")]


def _csv(path: Path) -> Path:
    path.write_text("n,title,codes\n" + "\n".join(f'{n},"{t}",{c}' for n, (t, c) in enumerate(GOLD)) + "\n", encoding="utf-8-sig")
    return path


def _tabs(path: Path) -> Path:
    path.write_text("codes\ttitle\n" + "\n".join(f"{c}\t{t}" for t, c in GOLD) + "\n", encoding="utf-8")
    return path


def _parquet(path: Path) -> Path:
    pq.write_table(pa.table({"title": [t or None for t, _ in GOLD], "codes": [c or None for _, c in GOLD]}), path)
    return path


def _parquet_of_lists(path: Path) -> Path:
    pq.write_table(pa.table({"title": [t for t, _ in GOLD], "codes": [[x for x in c.split("; ") if x] for _, c in GOLD]}), path)
    return path


@pytest.mark.parametrize(
    ("name", "write"), [("list.csv", _csv), ("list.tsv", _tabs), ("list.txt", _tabs), ("list.parquet", _parquet), ("lists.parquet", _parquet_of_lists)]
)
def test_every_format_says_the_same(tmp_path: Path, name: str, write: Callable[[Path], Path]) -> None:
    found = read_labelled(write(tmp_path / name), "title", "codes")
    assert [(t.title, t.gold) for t in found.titles] == [("Chief Yarn Officer", ("11-1011.00",)), ("Lead, Knitting", ("11-2021.00", "13-1161.00"))]
    assert (found.name, found.untitled, found.unlabelled) == (name, 1, 1)


def test_a_quote_in_a_tab_separated_title_is_a_character(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text('title\tcodes\n12" Yarn Cutter\t11-1011.00\nWeaver\t11-2021.00\n', encoding="utf-8")
    assert [t.title for t in read_labelled(path, "title", "codes").titles] == ['12" Yarn Cutter', "Weaver"]


FAULTS = {
    "latin.csv": (b"title,codes\nCaf\xe9,11-1011.00\n", "EVL102", 2),
    "column.csv": (b"titel,codes\nWeaver,11-1011.00\n", "EVL103", 1),
    "empty.csv": (b"", "EVL103", 1),
    "blank.csv": (b"title,codes\nWeaver,\n", "EVL104", 0),
    "quote.csv": (b'title,codes\n"Weaver,11-1011.00\n', "EVL102", 2),
    "not.parquet": (b"title,codes\nWeaver,11-1011.00\n", "EVL102", 0),
    "wide.csv": (b"title,codes\n" + b"W" * 200_000 + b",11-1011.00\n", "EVL102", 2),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    raw, code, line = FAULTS[name]
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(BadInput) as met:
        read_labelled(tmp_path / name, "title", "codes")
    (fault,) = met.value.diagnostics
    assert (fault.code, fault.place.line or 0) == (code, line)
    assert fault.fix


@pytest.mark.parametrize("name", ["gone.csv", "gone.parquet"])
def test_a_missing_file_is_the_machines_answer(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputOutput, match="EVL101"):
        read_labelled(tmp_path / name, "title", "codes")


def _rows(cypher: str) -> tuple[tuple[str, ...], ...]:
    """What a graph answers that holds three occupations and a crosswalk of former codes."""
    if "FormerCode" not in cypher:
        return ("occupation/11-1011.00",), ("occupation/11-2021.00",), ("occupation/11-2021.01",)
    return (
        ("onet-soc@2010", "11-2021.00", "occupation/11-2021.01"), ("onet-soc@2010", "19-0000.01", "occupation/11-1011.00"),
        ("onet-soc@2010", "19-0000.01", "occupation/11-2021.00"), ("soc@2010", "19-0000.01", "soc/11-1011"),
    )  # fmt: skip


def _carried(tmp_path: Path, scheme: str | None, *codes: str) -> tuple[list[tuple[str, ...]], int, int, int]:
    path = tmp_path / "list.csv"
    path.write_text("title,codes\n" + "".join(f"Weaver {n},{c}\n" for n, c in enumerate(codes)), encoding="utf-8")
    found = carry_forward(read_labelled(path, "title", "codes"), scheme, _rows)
    return [t.gold for t in found.labelled.titles], found.carried, found.split, found.unknown


def test_former_codes_are_carried_forward_and_counted(tmp_path: Path) -> None:
    gold, carried, split, unknown = _carried(tmp_path, "onet", "11-2021.00", "19-0000.01", "99-9999.00", "19-0000.01;11-1011.00")
    assert gold == [("11-2021.00",), ("11-1011.00", "11-2021.00"), ("99-9999.00",), ("11-1011.00", "11-2021.00")]
    assert (carried, split, unknown) == (2, 2, 1)


def test_an_older_edition_carries_even_a_code_that_is_still_in_use(tmp_path: Path) -> None:
    gold, carried, split, unknown = _carried(tmp_path, "onet@2010", "11-2021.00", "11-1011.00")
    assert (gold, carried, split, unknown) == ([("11-2021.01",), ("11-1011.00",)], 1, 0, 1)


@pytest.mark.parametrize(("scheme", "code", "expected"), [("onet", "11-2021", "EVL105"), ("soc", "11-2021.00", "EVL105"), ("esco", "2411", "EVL106"), ("onet@1977", "11-2021.00", "EVL106")])
def test_gold_that_cannot_be_read_is_refused(tmp_path: Path, scheme: str, code: str, expected: str) -> None:
    with pytest.raises(EngineError, match=expected):
        _carried(tmp_path, scheme, code)


def test_the_form_of_the_codes_tells_the_scheme(tmp_path: Path) -> None:
    assert _carried(tmp_path, None, "11-2021.00", "19-0000.01")[1] == 1
    with pytest.raises(BadInput, match="EVL105"):
        _carried(tmp_path, None, "11-2021.00", "11-2021")


def test_many_malformed_codes_are_told_shortly(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as met:
        _carried(tmp_path, "onet", *["weaver"] * 300)
    assert len(met.value.diagnostics) == 21
    assert "and 280 more" in met.value.diagnostics[-1].what
    assert "above" not in met.value.diagnostics[-1].fix
    assert "mend the lines" in met.value.diagnostics[-1].fix


def test_nonsense_is_read_with_its_kinds(tmp_path: Path) -> None:
    path = tmp_path / "nonsense.txt"
    path.write_text("# of our own hand\nloose\n# kind: marks\n#hashtag\n\n ... \n#hashtag\n# kind: words\nloose end\n", encoding="utf-8")
    assert read_nonsense(path) == (Nonsense("loose", ""), Nonsense("#hashtag", "marks"), Nonsense("...", "marks"), Nonsense("loose end", "words"))


def test_an_empty_list_of_nonsense_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nonsense.txt"
    path.write_text("# kind: places\n\n", encoding="utf-8")
    with pytest.raises(BadInput, match="EVL104"):
        read_nonsense(path)


def test_our_own_nonsense_is_long_and_of_many_kinds() -> None:
    found = read_nonsense(Path(__file__).with_name("nonsense.txt"))
    assert len(found) >= 500
    assert len({n.kind for n in found}) >= 15
    assert "" not in {n.kind for n in found}
