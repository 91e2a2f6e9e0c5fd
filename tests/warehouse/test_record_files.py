"""Typed Parquet and digests: the same facts give the same digest however they arrived, and a changed fact changes it."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import shutil
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from built_records import DATA, Build, Built

from engine.contracts import BadInput
from engine.documents import data_folder
from engine.ontology import load_schema

ARROW = {"string": pa.string(), "float64": pa.float64(), "int64": pa.int64(), "bool": pa.bool_(), "date32": pa.date32(), "list<string>": pa.list_(pa.string())}


def test_every_record_table_has_a_file_of_the_compiled_types_in_key_order(built: Built) -> None:
    compiled = json.loads((data_folder("ontology") / "compiled" / "arrow.json").read_text(encoding="utf-8"))
    assert set(built.digests.counts) == set(load_schema().targets())
    for target, columns in compiled.items():
        table = pq.read_table(built.digests.folder / f"{target}.parquet")
        assert [(f.name, f.type) for f in table.schema] == [(name, ARROW[kind]) for name, kind, _ in columns], target
        assert table.num_rows == built.digests.counts[target]
        keys = list(zip(*(table.column(k).to_pylist() for k in (("id",) if "." not in target else ("from", "to"))), strict=True))
        assert keys == sorted(keys)


def test_typed_values_are_the_lexical_ones(built: Built) -> None:
    table = pq.read_table(built.digests.folder / "REQUIRES_SKILL.Occupation.Skill.parquet").to_pylist()
    assert [(r["level"], r["not_relevant"]) for r in table] == [(0.302857, False), (0.0, True)]
    affordance = pq.read_table(built.digests.folder / "Affordance.parquet").to_pylist()[0]
    assert (affordance["grants"], affordance["confidence"]) == (["draft"], 0.7)


def test_the_order_of_loading_makes_no_difference(built: Built, build: Build) -> None:
    assert build(order=("wedge", "reversed", "soc")).digests.digests == built.digests.digests


def test_line_ends_a_mark_at_the_start_and_the_folder_make_no_difference(built: Built, build: Build, tmp_path: Path) -> None:
    other = Path(shutil.copytree(DATA, tmp_path / "moved"))
    for path in (other / "onet_9_9").glob("*.txt"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    (other / "onet_9_9").rename(other / "a_db_9_9_text")
    assert build(other).digests.total == built.digests.total


def test_shuffled_rows_change_nothing_but_where_a_fact_stands(built: Built, build: Build, tmp_path: Path) -> None:
    other, chance = Path(shutil.copytree(DATA, tmp_path / "shuffled")), random.Random(20261120)
    for path in [*(other / "onet_9_9").glob("*.txt"), *(other / "onet_9_9").glob("*.csv")]:
        if path.name not in ("Read Me.txt", "Alternate Titles.txt", "Technology Skills.txt"):  # there the first of two spellings stands
            header, *rows = path.read_text().splitlines(keepends=True)
            chance.shuffle(rows)
            path.write_text("".join([header, *rows]))
    met, schema = build(other, write=False), load_schema()
    for target in schema.targets():
        columns = [p.column for p in (*schema.columns(target), *schema.provenance) if p.column != "source_ref"]
        assert met.rows(target, *columns) == built.rows(target, *columns), target


def test_one_changed_letter_changes_the_digest_of_its_table_and_the_total(built: Built, build: Build, tmp_path: Path) -> None:
    other = Path(shutil.copytree(DATA, tmp_path / "changed"))
    path = other / "onet_9_9" / "Task Statements.txt"
    path.write_text(path.read_text().replace("Fly kites.", "Fly kitez."))
    met = build(other)
    assert {t for t in met.digests.digests if met.digests.digests[t] != built.digests.digests[t]} == {"Task"}
    assert met.digests.total != built.digests.total


def canonical(value: object) -> str:
    """The documented byte form of a cell, written a second time."""
    if value is None:
        return "-;"
    if isinstance(value, list):
        return f"[{len(value)}]" + "".join(canonical(v) for v in value)
    return f"{len(str(value).encode())}:{value};"


@pytest.mark.parametrize("target", ["Affordance", "Deliverable", "PERFORMS.Occupation.Task", "Scenario", "WorkActivity"])
def test_the_digest_is_the_documented_one(built: Built, target: str) -> None:
    rows = [tuple(row) for row in itertools.chain.from_iterable(built.warehouse.lexical_rows(target))]
    keys = 1 if "." not in target else 2
    digests = sorted((row[:keys], hashlib.sha256("".join(map(canonical, row)).encode()).hexdigest()) for row in rows)
    assert built.digests.digests[target] == hashlib.sha256("".join(d for _, d in digests).encode()).hexdigest()


def test_standardized_ratings_equal_exact_arithmetic(build: Build, onet_folder: Path) -> None:
    """Every value that two decimals can express on the scales from 1 to 5 and 0 to 7."""
    head = (onet_folder / "Skills.txt").read_text().splitlines()[0]
    cases = [(f"9.{n}", scale, Decimal(n) / 100) for scale, low, high in (("IM", 100, 500), ("LV", 0, 700)) for n in range(low, high + 1)]
    lines = [f"11-2021.91\t{element}\t{scale}\t{value:.2f}\t8\t0\t1\t5\tN\tN\t08/2023\tAnalyst" for element, scale, value in cases]
    reference = onet_folder / "Content Model Reference.txt"
    reference.write_text(reference.read_text() + "".join(f"{e}\tElement {e}\tx\n" for e in sorted({c[0] for c in cases})))
    (onet_folder / "Skills.txt").write_text("\n".join([head, *lines]) + "\n")
    met = build(onet_folder, write=False).rows("REQUIRES_SKILL.Occupation.Skill", "importance", "level")
    ends = {"IM": (Decimal(1), Decimal(5)), "LV": (Decimal(0), Decimal(7))}
    for element, scale, value in cases:
        low, high = ends[scale]
        exact = ((value - low) / (high - low)).quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
        text = met[("occupation/11-2021.91", f"skill/{element}")][0 if scale == "IM" else 1]
        assert Decimal(str(text)) == exact, (scale, value)


def test_values_of_a_wrong_type_are_all_met_at_their_place(build: Build, onet_folder: Path) -> None:
    damages = (("Skills.txt", "\t4.12\t", "\tfour\t"), ("Job Zones.txt", "\t4\t", "\t4.5\t"), ("Technology Skills.txt", "\tY\tY", "\tmaybe\tY"))
    for file, old, new in damages:
        path = onet_folder / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(BadInput) as met:
        build(onet_folder)
    assert {d.code for d in met.value.diagnostics} == {"WHS120"}
    assert [(str(d.place), d.place.path, d.what.split(" (")[0]) for d in met.value.diagnostics] == [
        ("Occupation Data.txt:2", "Occupation Data.txt:2 + Job Zones.txt:2", "`4.5` is no integer"),
        ("Skills.txt:2", "Skills.txt:2-3", "`four` is no decimal"),
        ("Technology Skills.txt:4", "", "`maybe` is no boolean"),
    ]
