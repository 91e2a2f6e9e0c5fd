"""One list, one receipt: whatever the order, the form, the batches, the workers; and what the receipt says is so."""

from __future__ import annotations

import hashlib
import json
import random
import struct
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from covered_lists import DAY, ODD, TITLES, Wig, answers, covered, invented, write_text

from engine.ask import Desk
from engine.contracts import Corrupt
from engine.coverage import ANSWERS, RoutingSnapshot, route_batch
from engine.graph import Snapshot, Workspace
from engine.resolver import Resolver
from engine.verify import verify


@pytest.fixture(scope="module")
def titles() -> list[str]:
    return [*invented(900), *(t for t in ODD if "\n" not in t), *TITLES]


@pytest.fixture(scope="module")
def whole(snapshot: Snapshot, titles: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    covered(snapshot, write_text(folder / "list.txt", titles), folder / "out")
    return folder / "out"


def _digest(out: Path) -> str:
    return str(json.loads((out / "receipt.json").read_bytes())["receipt_digest"])


@pytest.mark.parametrize(("seed", "batch", "workers"), [(1, 8192, 1), (2, 1, 1), (3, 7, 2), (4, 50, 2)])
def test_order_batches_and_workers_move_no_digest(seed: int, batch: int, workers: int, snapshot: Snapshot, titles: list[str], whole: Path, tmp_path: Path) -> None:
    shuffled = list(titles)
    random.Random(seed).shuffle(shuffled)
    covered(snapshot, write_text(tmp_path / "list.txt", shuffled), tmp_path / "out", batch=batch, workers=workers)
    assert _digest(tmp_path / "out") == _digest(whole)
    assert answers(tmp_path / "out") == answers(whole)


def test_the_form_of_the_list_moves_no_digest(snapshot: Snapshot, titles: list[str], whole: Path, tmp_path: Path) -> None:
    pq.write_table(pa.table({"job": titles}), tmp_path / "list.parquet")
    covered(snapshot, tmp_path / "list.parquet", tmp_path / "out", column="job")
    assert _digest(tmp_path / "out") == _digest(whole)


def test_another_title_another_day_or_another_row_moves_it(snapshot: Snapshot, tmp_path: Path) -> None:
    given = ["Marketing Manager", "Nurse"]
    lists = {"a": given, "b": [*given, "Nurse"], "c": [*given, "Clerk"]}
    for name, titles in lists.items():
        covered(snapshot, write_text(tmp_path / f"{name}.txt", titles), tmp_path / name)
    covered(snapshot, tmp_path / "a.txt", tmp_path / "d", day=DAY.replace(year=2027))
    assert len({_digest(tmp_path / name) for name in "abcd"}) == 4


def test_every_row_is_accounted_for_and_titles_stand_in_order(titles: list[str], whole: Path) -> None:
    rows = answers(whole)
    assert {r["title"]: r["rows"] for r in rows} == Counter(t.strip() for t in titles)
    assert [r["title"].encode() for r in rows] == sorted(r["title"].encode() for r in rows)
    assert pq.read_schema(whole / "coverage.parquet").equals(ANSWERS)


def test_answers_are_those_of_the_resolver(snapshot: Snapshot, whole: Path) -> None:
    desk = Desk(snapshot)
    resolver = Resolver(desk.index, desk.facts, desk.rulebook, DAY)
    for row in answers(whole)[::5]:
        met = resolver.resolve(row["title"])
        assert row["normalized"] == met.normalized
        assert (row["service_tier"], row["fallback_tier"], row["runtime_action"], row["outcome"]) == (met.service_tier, met.fallback_tier, met.runtime_action, met.outcome)
        assert (row["role_id"], row["ground"], row["function"]) == (met.role, met.ground, met.function)
        assert row["occupation_code"] == (met.occupation.code if met.occupation else None)
        assert row["occupation_codes"] == [o.code for o in met.occupations]
        assert list(zip(row["group_codes"], row["group_chances"], strict=True)) == [(g.code, float(g.chance)) for g in met.groups]
        assert row["confidence"] == float(met.confidence)
        assert [r.partition(": ")[2] for r in row["reasons"]] == [r.sentence for r in met.reasons]
        assert row["caveats"] == list(met.caveats)
        assert row["decision_id"].startswith("decision/")


def test_counts_of_the_receipt_are_those_of_the_answers(whole: Path) -> None:
    covers, rows = json.loads((whole / "receipt.json").read_bytes())["covers"], answers(whole)
    assert covers["list"]["rows"] == sum(r["rows"] for r in rows)
    for name in ("service_tier", "fallback_tier", "runtime_action", "outcome", "decided_by"):
        titles, weights = Counter(r[name] for r in rows), Counter[str]()
        for r in rows:
            weights[r[name]] += r["rows"]
        assert covers[f"by_{name}"] == {k: {"titles": titles[k], "rows": weights[k]} for k in sorted(titles)}


def test_the_digest_is_what_its_description_says(whole: Path) -> None:
    table, digest = pq.read_table(whole / "coverage.parquet"), hashlib.sha256()
    assert table.num_rows < 65_536  # one block

    def shares(values: list[float]) -> None:
        digest.update(b"".join(struct.pack("<q", round(v * 1_000_000)) for v in values))

    def words(values: list[str | None]) -> None:
        raw = [None if v is None else v.encode() for v in values]
        for r in raw:
            digest.update(struct.pack("<i", -1 if r is None else len(r)))
        digest.update(b"".join(r or b"" for r in raw))

    for name in table.column_names:
        values: list[Any] = table.column(name).to_pylist()
        digest.update(name.encode() + b"\0" + struct.pack("<q", len(values)))
        if name == "rows":
            digest.update(b"".join(struct.pack("<q", v) for v in values))
        elif name == "confidence":
            shares(values)
        elif isinstance(values[0], list):
            digest.update(b"".join(struct.pack("<i", len(v)) for v in values))
            (shares if name == "group_chances" else words)([item for v in values for item in v])
        else:
            words(values)
    assert json.loads((whole / "receipt.json").read_bytes())["covers"]["answers"]["digest"] == digest.hexdigest()


def test_the_function_is_pure_and_refuses_another_snapshot(snapshot: Snapshot) -> None:
    routing = RoutingSnapshot.of(snapshot, DAY)
    batch = pa.record_batch({"title": ["Nurse", "Marketing Manager"], "rows": pa.array([3, 1], pa.int64())})
    once, twice = route_batch(batch, routing), route_batch(batch.slice(1), routing)
    assert once.schema.equals(ANSWERS)
    assert once.slice(1).to_pylist() == twice.to_pylist()
    with pytest.raises(Corrupt) as refused:
        route_batch(batch, RoutingSnapshot(routing.folder, routing.memory, "0" * 64, routing.as_of))
    assert refused.value.diagnostics[0].code == "COV301"


def test_a_receipt_is_recomputed(workspace: Path, snapshot: Snapshot, tmp_path: Path) -> None:
    covered(snapshot, write_text(tmp_path / "list.txt", invented(60)), tmp_path / "out")
    place, receipt = Workspace(workspace), str(tmp_path / "out" / "receipt.json")
    met = verify(place, receipt, None)
    assert met.holds
    table = pq.read_table(tmp_path / "out" / "coverage.parquet")
    forged = table.set_column(table.column_names.index("service_tier"), "service_tier", pa.array(["serve_now"] * table.num_rows))
    pq.write_table(forged, tmp_path / "out" / "coverage.parquet")
    assert {c.what for c in verify(place, receipt, None).compared if c.given != c.recomputed} == {"answers as they stand"}


def test_the_command_answers_in_json_and_verifies(wig: Wig, tmp_path: Path) -> None:
    code, out, err = wig("coverage", str(write_text(tmp_path / "list.txt", invented(40))), "--out", str(tmp_path / "out"), "--json", "--workers", "2")
    assert code == 0, err
    told = json.loads(out)
    assert told["receipt_digest"] == _digest(tmp_path / "out")
    assert told["covers"]["list"]["rows"] == 40
    assert sorted(told["files"]) == ["coverage.parquet", "receipt.json", "report.html", "report.md"]
    assert all(Path(p).is_file() for p in told["files"].values())
    assert "routing titles" in err
    code, out, err = wig("verify", str(tmp_path / "out" / "receipt.json"), "--json")
    assert code == 0, err


@pytest.mark.parametrize(
    ("arguments", "code"), [(("absent.csv",), "COV101"), (("list.txt", "--engine", "abacus"), "COV120"), (("list.csv",), "COV104"), (("list.csv", "--column", "no"), "COV105")]
)
def test_the_command_refuses_with_a_code(arguments: tuple[str, ...], code: str, wig: Wig, tmp_path: Path) -> None:
    write_text(tmp_path / "list.txt", ["Clerk"])
    write_text(tmp_path / "list.csv", ["title", "Clerk"])
    exit_code, out, _ = wig("coverage", str(tmp_path / arguments[0]), *arguments[1:], "--out", str(tmp_path / "out"), "--json")
    assert exit_code == 2
    assert [d["code"] for d in json.loads(out)["diagnostics"]] == [code]
