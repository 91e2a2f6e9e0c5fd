"""Receipts that lie, each with a digest made to fit the lie: whatever the receipt states is computed again, so each single lie is told by its name."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from covered_lists import TITLES, Wig, covered

from engine.contracts import BadInput, Corrupt, digest_of
from engine.coverage import ANSWERS, recomputation
from engine.graph import Snapshot, Workspace
from engine.verify import Verification, verify

LIST = ["id,title", *(f"{i},{title}" for i, title in enumerate(TITLES)), "90,", "91", "92, Nurse ", "", "93,a\0b", "94,Nurse,more", "95,B\udce4cker"]


@pytest.fixture(scope="module")
def folder(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vouched")
    (folder / "list.csv").write_bytes("\n".join(LIST).encode("utf-8", "surrogateescape"))
    covered(snapshot, folder / "list.csv", folder / "out", column="title", packets=True)
    return folder


def _receipt(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "out" / "receipt.json").read_bytes()))


def _verified(workspace: Path, folder: Path, told: dict[str, Any], tmp_path: Path, *, renew: bool = True, lists: bool = False) -> Verification:
    """A receipt held against the answers of the folder, its digest renewed after it was forged."""
    if renew:
        told["receipt_digest"] = digest_of(told["covers"])
    if not (tmp_path / "coverage.parquet").is_symlink() and not (tmp_path / "coverage.parquet").exists():
        (tmp_path / "coverage.parquet").symlink_to(folder / "out" / "coverage.parquet")
    (tmp_path / "receipt.json").write_text(json.dumps(told), encoding="utf-8")
    return verify(Workspace(workspace), str(tmp_path / "receipt.json"), folder if lists else None)


def _lies(verdict: Verification) -> set[str]:
    assert verdict.holds == all(c.given == c.recomputed for c in verdict.compared)
    return {c.what for c in verdict.compared if c.given != c.recomputed}


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from _places(below, (*path, key))
    if not isinstance(value, (dict, list)):
        yield path


def _forge(told: dict[str, Any], path: tuple[str | int, ...]) -> None:
    *above, last = path
    holder: Any = told
    for key in above:
        holder = holder[key]
    held = holder[last]
    holder[last] = held + 1 if isinstance(held, int) else held[:-1] + ("0" if held[-1] != "0" else "1")


# what else than its own name tells a lie
ALSO = {
    "list.rows": {"rows of the list"}, "list.titles": {"titles of the list"}, "list.digest": {"list"}, "answers.digest": {"answers as they stand", "answers routed anew"},
}  # fmt: skip


def test_an_honest_receipt_holds_and_tells_all_that_was_compared(workspace: Path, folder: Path, tmp_path: Path) -> None:
    told = _receipt(folder)
    verdict = _verified(workspace, folder, told, tmp_path, renew=False, lists=True)
    assert _lies(verdict) == set()
    assert verdict.holds
    assert {name.partition(".")[0] for name in (c.what for c in verdict.compared)} >= set(told["covers"])
    assert len({c.what for c in verdict.compared}) == len(verdict.compared)
    assert {"list.blank", "list.control", "answers.titles", "receipt", "run.list_sha256", "run.form", "run.read"} <= {c.what for c in verdict.compared}


def test_every_stated_value_is_computed_again(workspace: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    met: dict[Any, Any] = {}

    def once(name: str, compute: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: met[name, len(given)] if (name, len(given)) in met else met.setdefault((name, len(given)), compute(*given))

    for name in ("reread", "audit_packets"):  # the answers are the same for every lie, so what they come to is computed once
        monkeypatch.setattr(recomputation, name, once(name, getattr(recomputation, name)))
    honest = _receipt(folder)
    places = [p for p in _places(honest["covers"]) if p not in (("as_of",), ("records",), ("rules",))]
    assert {str(p[0]) for p in places} == set(honest["covers"]) - {"as_of", "records", "rules"}
    assert honest["covers"]["list"]["blank"] == 2
    assert honest["covers"]["list"]["control"] == 1
    for path in places:
        told = copy.deepcopy(honest)
        _forge(told["covers"], path)
        name = ".".join(map(str, path))
        assert _lies(_verified(workspace, folder, told, tmp_path)) == ALSO.get(name, {name}), name


def test_the_day_and_what_the_answers_rest_on_cannot_be_forged(workspace: Path, folder: Path, tmp_path: Path) -> None:
    told = _receipt(folder)
    told["covers"]["as_of"] = "2027-01-01"
    assert "answers routed anew" in _lies(_verified(workspace, folder, told, tmp_path))
    for name in ("records", "rules"):
        told = _receipt(folder)
        told["covers"][name] = "0" * 64
        with pytest.raises(BadInput) as refused:
            _verified(workspace, folder, told, tmp_path)
        assert refused.value.diagnostics[0].code == "COV125"
    told = _receipt(folder)
    told["receipt_digest"] = "0" * 64
    assert _lies(_verified(workspace, folder, told, tmp_path, renew=False)) == {"receipt"}


ADDED: dict[str, tuple[Callable[[dict[str, Any]], Any], set[str]]] = {
    "a tier that no title has": (lambda c: c["by_service_tier"].update(gold={"titles": 0, "rows": 0}), {"by_service_tier.gold.rows", "by_service_tier.gold.titles"}),
    "a reason left out": (lambda c: c["by_reason"].pop(min(c["by_reason"])), {"by_reason"}),
    "a section of its own": (lambda c: c.update(by_merit={"rows": 3}), {"by_merit.rows"}),
    "a section that says nothing": (lambda c: c.update(by_merit={}), {"by_merit"}),
    "a failure that was none": (lambda c: c["audit"]["failures"].append({"check": "depth"}), {"audit.failures.0.check"}),
    "a ground that was not read": (lambda c: c["audit"]["grounds"].append("role/x"), {"audit.grounds."}),
    "checks left out": (lambda c: c["audit"]["checks"].pop("depth"), {"audit.checks.depth"}),
    "a number as text": (lambda c: c["by_outcome"]["served"].update(rows=str(c["by_outcome"]["served"]["rows"])), {"by_outcome.served.rows"}),
    "a count of bytes that only the list tells": (lambda c: c["list"].update(trimmed=0), {"list.trimmed"}),
}  # fmt: skip


@pytest.mark.parametrize("case", ADDED)
def test_nothing_can_be_added_or_left_out(case: str, workspace: Path, folder: Path, tmp_path: Path) -> None:
    told, (forge, names) = _receipt(folder), ADDED[case]
    forge(told["covers"])
    lies = _lies(_verified(workspace, folder, told, tmp_path))
    assert lies
    assert all(any(lie.startswith(name) for name in names) for lie in lies), lies


def test_answers_forged_together_with_everything_that_counts_them_are_told(workspace: Path, snapshot: Snapshot, folder: Path, tmp_path: Path) -> None:
    """The whole receipt is made anew over better answers than the rules give: only routing the titles again can tell."""
    from engine.ask import Desk
    from engine.coverage.coverage_receipt import covers
    from engine.coverage.gathering import reread

    rows = pq.read_table(folder / "out" / "coverage.parquet").to_pylist()
    for row in rows:
        if row["outcome"] == "held":
            row.update(service_tier="serve_now", runtime_action="plan_local_synthetic", outcome="served")
    pq.write_table(pa.Table.from_pylist(rows, ANSWERS), tmp_path / "coverage.parquet")
    told = _receipt(folder)
    told["covers"] = {**covers(Desk(snapshot), told["covers"]["as_of"], reread(tmp_path / "coverage.parquet"), None)}
    lies = _lies(_verified(workspace, folder, told, tmp_path))
    assert {"answers routed anew", "by_outcome.held.rows", "by_service_tier.serve_now.rows"} <= lies
    assert not {"answers as they stand", "receipt"} & lies


def test_what_is_said_of_the_bytes_of_the_list_is_counted_again_where_it_is_at_hand(workspace: Path, folder: Path, tmp_path: Path) -> None:
    honest = _receipt(folder)
    assert honest["run"]["read"] == {"missing": 1, "trimmed": 1, "recoded": 1, "short": 1, "long": 1, "blank_lines": 1}
    for path in (("list_sha256",), ("form",), *(("read", name) for name in honest["run"]["read"])):
        told = copy.deepcopy(honest)
        _forge(told["run"], path)
        assert _lies(_verified(workspace, folder, told, tmp_path, lists=True)) == {"run." + ".".join(path)}


GARBLED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no digest": lambda t: t.pop("receipt_digest"), "a digest that is a number": lambda t: t.update(receipt_digest=1), "nothing covered": lambda t: t.pop("covers"),
    "a list for what is covered": lambda t: t.update(covers=[]), "no run": lambda t: t.pop("run"), "a run that says nothing": lambda t: t.update(run={}), "no list": lambda t: t["covers"].pop("list"),
    "a list that is none": lambda t: t["covers"].update(list=[]), "no rows of the list": lambda t: t["covers"]["list"].pop("rows"), "rows as text": lambda t: t["covers"]["list"].update(rows="3"),
    "no titles of the answers": lambda t: t["covers"]["answers"].pop("titles"), "no digest of the answers": lambda t: t["covers"]["answers"].pop("digest"), "no counts": lambda t: t["covers"].pop("by_outcome"),
    "counts that are a list": lambda t: t["covers"].update(by_reason=[]), "no day": lambda t: t["covers"].pop("as_of"), "a day that is none": lambda t: t["covers"].update(as_of="2026-13-40"),
    "records as a number": lambda t: t["covers"].update(records=5), "a number that is not whole": lambda t: t["covers"]["by_outcome"]["served"].update(rows=0.5),
}  # fmt: skip


@pytest.mark.parametrize("case", GARBLED)
def test_a_garbled_receipt_is_refused_with_its_place(case: str, workspace: Path, folder: Path, tmp_path: Path) -> None:
    told = _receipt(folder)
    GARBLED[case](told)
    with pytest.raises(Corrupt) as refused:
        _verified(workspace, folder, told, tmp_path, renew=False)
    (met,) = refused.value.diagnostics
    assert (met.code, met.place.file) == ("COV306", "receipt.json")
    assert met.what
    assert met.why
    assert met.fix


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"null", b"3", b'{"kind": "coverage"}', b'{"kind": "coverage", "covers": {"as_of"', b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_receipt_is_refused_by_the_command(raw: bytes, wig: Wig, tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_bytes(raw)
    code, out, _ = wig("verify", str(tmp_path / "receipt.json"), "--json")
    (met,) = json.loads(out)["diagnostics"]
    assert code == 3
    assert met["code"] in ("COV306", "VER103")
    assert met["fix"]


@pytest.mark.parametrize("damage", ["gone", "cut off", "other columns", "a title missing", "a title twice"])
def test_damaged_answers_are_refused(damage: str, workspace: Path, folder: Path, tmp_path: Path) -> None:
    table, path = pq.read_table(folder / "out" / "coverage.parquet"), tmp_path / "coverage.parquet"
    if damage == "cut off":
        path.write_bytes((folder / "out" / "coverage.parquet").read_bytes()[:-20])
    elif damage == "other columns":
        pq.write_table(table.drop_columns(["outcome"]), path)
    elif damage == "a title missing":
        pq.write_table(table.set_column(0, "title", pa.array([None, *table.column("title").to_pylist()[1:]], pa.string())), path)
    elif damage == "a title twice":
        pq.write_table(pa.concat_tables([table, table.slice(table.num_rows - 1)]), path)
    else:
        path.symlink_to(tmp_path / "nowhere.parquet")
    with pytest.raises(Corrupt) as refused:
        _verified(workspace, folder, _receipt(folder), tmp_path, renew=False)
    (met,) = refused.value.diagnostics
    assert met.code in ("COV303", "COV304")
    assert met.why
    assert met.fix


def test_the_command_names_the_lie_and_ends_with_exit_status_3(wig: Wig, folder: Path, tmp_path: Path) -> None:
    told = _receipt(folder)
    honest = told["covers"]["by_outcome"]["served"]["rows"]
    told["covers"]["by_outcome"]["served"]["rows"] = honest + 7
    told["receipt_digest"] = digest_of(told["covers"])
    (tmp_path / "coverage.parquet").symlink_to(folder / "out" / "coverage.parquet")
    (tmp_path / "receipt.json").write_text(json.dumps(told), encoding="utf-8")
    code, out, _ = wig("verify", str(tmp_path / "receipt.json"), "--source-dir", str(folder))
    assert code == 3
    assert "DOES NOT HOLD" in out
    (line,) = [line.split() for line in out.splitlines() if "DIFFERS" in line]
    assert line == ["DIFFERS", "by_outcome.served.rows", str(honest), "(stated:", f"{honest + 7})"]
