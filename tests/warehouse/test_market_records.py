"""Lists of the market reach the warehouse and no further: whatever a list or its rows say, no canonical record comes of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from built_records import DATA, TIMES

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "sources"))
from market_lists import write_list

from engine.contracts import BadInput
from engine.ontology import load_schema
from engine.resolver import published_titles
from engine.shapes import judge_records, shape_files
from engine.sources import SourceRows, discover, embedded_soc, load_intake_policy, load_ledger, read_market, read_wedge
from engine.validate import AUTHORED
from engine.warehouse import Warehouse

LEDGER = load_ledger()
TITLES = "title,seen\nLantern Planners,3\nchief lantern officer (clo),2\nMarketing Manager,5\nMoon Sweeper,1\n"


def _warehouse(scratch: Path, lists: Path | None, extra: SourceRows | None = None) -> Warehouse:
    """Invented O*NET, SOC and authored rows, and the lists below a folder."""
    warehouse = Warehouse(scratch)
    found = discover(DATA / "onet_9_9", LEDGER)
    for delivery in found.deliveries:
        warehouse.stage(delivery)
    warehouse.stage_nothing(found.undelivered)
    warehouse.load_rows(embedded_soc(LEDGER))
    warehouse.load_rows(read_wedge(LEDGER, DATA / "authored").rows)
    for delivery in found.deliveries:
        warehouse.project(delivery, TIMES)
    for rows in read_market(lists, LEDGER, load_intake_policy()).rows(warehouse.offered_keys("Title")):
        warehouse.load_rows(rows)
    if extra is not None:
        warehouse.load_rows(extra)
    warehouse.reconcile()
    return warehouse


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    lists = write_list(tmp_path_factory.mktemp("lists"), TITLES)
    with _warehouse(tmp_path_factory.mktemp("scratch"), lists) as warehouse:
        yield warehouse


def _rows(warehouse: Warehouse, target: str, *columns: str) -> list[tuple[object, ...]]:
    return [row for batch in warehouse.lexical_rows(target, columns) for row in batch]


def _broken(warehouse: Warehouse) -> set[tuple[str, str]]:
    violations = judge_records(warehouse, load_schema(), shape_files(), AUTHORED).violations
    return {(v.focus, v.shape) for v in violations if "observed/" in v.focus or "market@" in v.focus or v.focus.endswith("/planted")}


def test_observed_titles_are_tied_to_the_titles_that_they_spell(market: Warehouse) -> None:
    titles = dict(_rows(market, "Title", "id", "label"))
    labels = dict(_rows(market, "ObservedTitle", "id", "label"))
    tied = {(labels[str(start)], str(titles[str(end)])) for start, end in _rows(market, "SPELLED_AS.ObservedTitle.Title", "from", "to")}
    assert {start for start, _ in tied} == {"Lantern Planners", "chief lantern officer (clo)"}
    assert all(str(start).casefold() == end.casefold() for start, end in tied)
    assert sorted(_rows(market, "ObservedTitle", "label", "observations")) == [("Lantern Planners", "3"), ("Marketing Manager", "5"), ("Moon Sweeper", "1"), ("chief lantern officer (clo)", "2")]


def test_the_contracts_hold(market: Warehouse) -> None:
    assert _broken(market) == set()


def test_a_list_moves_no_title_and_no_record_of_another_layer(market: Warehouse, tmp_path: Path) -> None:
    """Even titles that equal canonical ones: every record table but the market's is as it is without the list."""
    with _warehouse(tmp_path, None) as without:
        assert list(published_titles(market)) == list(published_titles(without))
        for target in load_schema().targets():
            if target not in ("ObservedTitle", "SPELLED_AS.ObservedTitle.Title", "Source"):
                assert list(market.lexical_rows(target)) == list(without.lexical_rows(target)), target


PLANTED = [
    ("an occupation", {"Occupation": [{"id": "occupation/planted", "label": "Planted", "code": "99-9999.99"}]}, "CanonicalLayer"),
    ("a title", {"Title": [{"id": "title/planted", "label": "Planted"}]}, "NamingLayer"),
    ("a workflow", {"Workflow": [{"id": "workflow/planted", "label": "x", "description": "x", "accountable": "x", "trigger": "x", "status": "approved"}]}, "EditorialLayer"),
    ("a task", {"Task": [{"id": "task/planted", "statement": "x", "code": "1"}]}, "CanonicalLayer"),
    ("an approval", {"Evidence": [{"id": "evidence/planted", "label": "x", "description": "x", "evidence_kind": "approval", "method": "x", "direction": "supports", "dated": "2026-10-01"}]}, "SignalContract"),
]  # fmt: skip


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """What breaks where rows of a market source go past the guard: were it fooled, the build would still stop."""
    folder = tmp_path_factory.mktemp("planted")
    (one,) = read_market(write_list(folder / "lists", TITLES), LEDGER, load_intake_policy()).lists
    stamp = one.origin.provenance("titles.csv:2", derived_by="market.titles")
    planted = {target: [row | stamp for row in rows] for _, cases, _ in PLANTED for target, rows in cases.items()}
    with _warehouse(folder / "scratch", folder / "lists", SourceRows(one.origin, planted)) as warehouse:
        return _broken(warehouse)


@pytest.mark.parametrize(("_what", "rows", "layer"), PLANTED, ids=[p[0] for p in PLANTED])
def test_the_contracts_refuse_what_a_market_source_would_plant(refused: set[tuple[str, str]], _what: str, rows: dict[str, list[dict[str, str]]], layer: str) -> None:
    assert {(row["id"], layer) for some in rows.values() for row in some} <= refused


def test_a_record_table_has_no_column_for_anything_else_of_a_list(tmp_path: Path) -> None:
    (one,) = read_market(write_list(tmp_path / "lists", TITLES), LEDGER, load_intake_policy()).lists
    stamp = one.origin.provenance("titles.csv:2", derived_by="market.titles")
    with Warehouse(tmp_path / "scratch") as warehouse, pytest.raises(BadInput, match="WHS101"):
        warehouse.load_rows(SourceRows(one.origin, {"ObservedTitle": [{"id": "observed/x", "label": "x", "observations": "1", "email": "x", **stamp}]}))


def test_discovery_knows_a_folder_of_lists(tmp_path: Path) -> None:
    found = discover(write_list(tmp_path, TITLES), LEDGER)
    assert (found.deliveries, found.gaps) == ((), ())
    assert "market" not in {a.publisher for a in found.absent}


def test_records_are_written(market: Warehouse, tmp_path: Path) -> None:
    digests = market.write_records(tmp_path)
    assert digests.counts["ObservedTitle"] == 4
