"""ESCO, its crosswalk and a benchmark become records that say how they were joined; what meets nothing is counted with a reason."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from built_records import Build, Built
from invented_europe import ADDRESS, write_benchmark, write_europe

from engine.contracts import BadInput
from engine.ontology import load_schema
from engine.resolver import published_titles
from engine.shapes import judge_records, shape_files
from engine.sources import PUBLISHERS, SourceRows, discover, embedded_soc, load_ledger, read_wedge
from engine.validate import AUTHORED
from engine.warehouse import Warehouse


@pytest.fixture(scope="module")
def europe(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(write_benchmark(write_europe(tmp_path_factory.mktemp("europe"))))


def _joins(built: Built, name: str) -> tuple[dict[str, int], dict[str, int]]:
    (met,) = [j for j in built.findings.joins if j.name == name]
    return {m.name: m.count for m in met.matched}, {m.name: m.count for m in met.unmatched}


def test_an_occupation_keeps_its_labels_in_the_publishers_order(europe: Built) -> None:
    rows = europe.rows("EscoOccupation", "label", "alternate_labels", "code", "concept_address", "description", "source", "source_ref", "release")
    assert rows["esco/aaa",] == (
        "lantern planner", ["light walker", "zebra planner", "chief lantern officer"], "1221.1", f"{ADDRESS}/occupation/aaa", "Plans lanterns, all of them.",
        "source/esco@1.2.0", "occupations_en.csv:2", "1.2.0",
    )  # fmt: skip
    assert rows["esco/bbb",][1] is None
    assert rows["esco/bbb",][6] == "occupations_en.csv:7"


def test_the_hierarchy_joins_occupations_and_groups(europe: Built) -> None:
    assert set(europe.rows("BROADER.EscoOccupation.IscoGroup")) == {("esco/aaa", "isco/1221"), ("esco/ccc", "isco/5249")}
    assert set(europe.rows("BROADER.EscoOccupation.EscoOccupation")) == {("esco/bbb", "esco/aaa")}
    assert set(europe.rows("BROADER.IscoGroup.IscoGroup")) == {("isco/1221", "isco/1")}
    assert _joins(europe, "esco_hierarchy") == ({"same_address": 4}, {"the upper concept is not in this build": 1})


def test_a_link_has_the_relation_as_the_publisher_states_it_from_the_side_of_esco(europe: Built) -> None:
    assert europe.rows("MAPS_TO.EscoOccupation.Occupation", "mapping_relation", "source_ref") == {
        ("esco/aaa", "occupation/11-2021.91"): ("exactMatch", "crosswalk_esco_onet.csv:18"),
        ("esco/bbb", "occupation/11-2021.91"): ("broadMatch", "crosswalk_esco_onet.csv:20"),
    }
    assert _joins(europe, "esco_onet_links") == ({"same_code": 2}, {
        "leads to an ISCO group, which no relation of the ontology holds": 1, "the ESCO occupation is not in the release in use": 1, "the O*NET code is not in the release in use": 1,
    })  # fmt: skip
    (gap,) = [g for g in europe.findings.gaps if "ISCO group, not to" in g]
    assert "1 of 5 links" in gap


def test_skills_are_checked_and_said_to_be_missing(europe: Built) -> None:
    told = [g for g in europe.findings.gaps if g.startswith("ESCO")]
    assert any("`skillGroups_en.csv` is checked and not projected" in g for g in told)
    assert any("1 of 3 ISCO groups hold no occupation directly" in g for g in told)
    assert any("1 occupations are not marked as released" in g for g in told)
    assert any("1 occupations have hidden labels" in g for g in told)


def test_a_benchmark_task_says_what_it_is_linked_to_and_why_not(europe: Built) -> None:
    rows = europe.rows("BenchmarkTask", "label", "occupation_name", "rubric_text", "reference_files", "no_match_reason", "source_ref")
    assert rows["benchmark/t-1",] == ("lantern planners, benchmark task 1", "lantern planners", "[+1] Every street is lit.", ["Z map (1).pdf", "A list.xlsx"], None, "tasks.parquet:1 + train_filtered_with_rubric.jsonl:1")
    assert rows["benchmark/t-2",] == ("Lantern Planners, benchmark task 2", "Lantern Planners", None, None, None, "tasks.parquet:2")
    assert rows["benchmark/t-4",][4] == "no occupation and no SOC group of this build has this name"
    assert europe.rows("BenchmarkTask", "prompt")["benchmark/t-1",] == ("Plan\none street.",)


def test_a_benchmark_task_is_tied_by_name_and_by_shared_tasks(europe: Built) -> None:
    by_name = europe.rows("BENCHMARKS.BenchmarkTask.Occupation", "join_method", "confidence")
    assert by_name == {(f"benchmark/t-{n}", f"occupation/{c}"): ("same_name", "1") for n, c in ((1, "11-2021.91"), (2, "11-2021.91"), (5, "41-2031.93"))}
    assert europe.rows("BENCHMARKS.BenchmarkTask.OccupationGroup", "join_method") == {("benchmark/t-3", "soc/13-1020"): ("same_name_of_group",)}
    assert europe.rows("BENCHMARKS.BenchmarkTask.Workflow", "join_method", "confidence") == {(f"benchmark/t-{n}", "workflow/plan-route"): ("shared_occupation_task", "0.5") for n in (1, 2)}
    assert _joins(europe, "gdpval_occupations") == ({"same_name": 3, "same_name_of_group": 1}, {"no occupation and no SOC group of this build has this name": 1})
    assert _joins(europe, "gdpval_workflows") == ({"shared_occupation_task": 2}, {
        "no authored workflow covers a task that aligns with a task of this occupation": 1, "the task is linked to no occupation, so to none of its tasks": 2,
    })  # fmt: skip
    assert _joins(europe, "gdpval_rubrics") == ({"same_text": 1}, {"no task of the gold set has this prompt, letter for letter": 1})


def _use_contract(warehouse: Warehouse) -> set[tuple[str, str]]:
    """Records of this room's sources that break a contract, with the contract."""
    violations = judge_records(warehouse, load_schema(), shape_files(), AUTHORED).violations
    return {(v.focus, v.shape) for v in violations if v.focus.startswith(("benchmark/", "association/BENCHMARKS", "esco/", "isco/", "association/MAPS_TO/esco", "deliverable/x"))}


def test_contracts_let_the_benchmark_stand_for_practice(europe: Built) -> None:
    assert europe.rows("Source", "allowed_use")["source/gdpval@2025-10",] == ("internal_practice_only",)
    assert _use_contract(europe.warehouse) == set()


def test_anything_else_from_the_source_for_practice_is_refused(tmp_path: Path) -> None:
    ledger = load_ledger()
    origin = ledger.origin("gdpval")
    with Warehouse(tmp_path) as warehouse:
        warehouse.stage_nothing(PUBLISHERS)
        warehouse.load_rows(embedded_soc(ledger))
        stamp = origin.provenance("tasks.parquet:1", derived_by="gdpval.tasks")
        warehouse.load_rows(SourceRows(origin, {"Deliverable": [{"id": "deliverable/x", "label": "X", "description": "X.", "acceptance": ("a", "b"), **stamp}]}))
        warehouse.reconcile()
        assert ("deliverable/x", "UseContract") in _use_contract(warehouse)


def test_the_titles_of_a_graph_are_the_same_with_and_without_esco(build: Build, tmp_path: Path) -> None:
    with_europe = build(write_benchmark(write_europe(tmp_path)), write=False)
    assert with_europe.rows("EscoOccupation")
    assert list(published_titles(with_europe.warehouse)) == list(published_titles(build(tmp_path / "onet_9_9", write=False).warehouse))


def test_an_occupation_twice_is_refused(tmp_path: Path) -> None:
    folder = write_europe(tmp_path, onet=False)
    path = folder / "esco_1_2_0" / "occupations_en.csv"
    path.write_text(path.read_text(encoding="utf-8") + f"Occupation,{ADDRESS}/occupation/ccc,5249,other seller,,,released,,,,,,,5249.4\n", encoding="utf-8")
    (esco, _crosswalk) = discover(folder, load_ledger()).deliveries
    with Warehouse(tmp_path / "scratch") as warehouse, pytest.raises(BadInput, match="SRC250"):
        warehouse.stage(esco)


def test_one_delivery_of_each_is_enough(build: Build, tmp_path: Path) -> None:
    met = build(write_benchmark(tmp_path), None, write=False)
    assert _joins(met, "gdpval_occupations")[0] == {"same_name_of_group": 1}
    assert dataclasses.asdict(met.findings)["gaps"]


@pytest.fixture(scope="module")
def published(build: Build, published_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("published")
    for name in ("onet_30_1", "esco_1_2_0", "esco_onet_crosswalk", "gdpval", "vacancy_titles"):
        (folder / name).symlink_to(published_data / name)
    return build(folder, None, write=False)


@pytest.mark.published
def test_published_esco(published: Built) -> None:
    occupations = published.rows("EscoOccupation", "alternate_labels", "code")
    assert (len(occupations), sum(len(labels or ()) for labels, _ in occupations.values())) == (3_039, 30_373)
    groups = published.rows("IscoGroup", "code")
    by_digits = [sum(len(str(code)) == n for (code,) in groups.values()) for n in (1, 2, 3, 4)]
    assert (len(groups), by_digits) == (619, [10, 43, 130, 436])
    assert len({str(code)[:4] for _, code in occupations.values()}) == 426  # the groups that hold occupations
    assert {t: len(published.rows(f"BROADER.{t}")) for t in ("EscoOccupation.EscoOccupation", "EscoOccupation.IscoGroup", "IscoGroup.IscoGroup")} == {
        "EscoOccupation.EscoOccupation": 1_248, "EscoOccupation.IscoGroup": 1_795, "IscoGroup.IscoGroup": 609,
    }  # fmt: skip


@pytest.mark.published
def test_published_crosswalk(published: Built) -> None:
    kinds = [kind for (kind,) in published.rows("MAPS_TO.EscoOccupation.Occupation", "mapping_relation").values()]
    assert {k: kinds.count(k) for k in set(kinds)} == {"exactMatch": 498, "closeMatch": 1_432 - 3, "broadMatch": 2_053, "narrowMatch": 227}
    matched, unmatched = _joins(published, "esco_onet_links")
    assert (sum(matched.values()) + sum(unmatched.values()), sorted(unmatched.values())) == (4_253, [3, 43])


@pytest.mark.published
def test_published_benchmark(published: Built) -> None:
    rows = published.rows("BenchmarkTask", "occupation_name", "sector", "rubric_text", "no_match_reason")
    assert (len(rows), len({r[0] for r in rows.values()}), len({r[1] for r in rows.values()})) == (220, 44, 9)
    assert (sum(r[2] is not None for r in rows.values()), {r[3] for r in rows.values()}) == (93, {None})
    by_name = {rows[task,][0] for task, _ in published.rows("BENCHMARKS.BenchmarkTask.Occupation")}
    by_group = {(rows[task,][0], group) for task, group in published.rows("BENCHMARKS.BenchmarkTask.OccupationGroup")}
    assert (len(by_name), by_group) == (43, {("Buyers and Purchasing Agents", "soc/13-1020")})


@pytest.mark.published
def test_published_vacancy_titles_are_present_and_never_loaded(published_data: Path) -> None:
    found = discover(published_data / "vacancy_titles", load_ledger())
    assert found.deliveries == ()
    assert any("never loaded" in gap for gap in found.gaps)


@pytest.mark.published
def test_published_authored_workflows_meet_the_benchmark(published_data: Path, tmp_path: Path) -> None:
    ledger = load_ledger()
    for name in ("onet_30_1", "gdpval"):
        (tmp_path / name).symlink_to(published_data / name)
    found = discover(tmp_path, ledger)
    with Warehouse(tmp_path / "scratch") as warehouse:
        for delivery in found.deliveries:
            warehouse.stage(delivery)
        warehouse.stage_nothing(found.undelivered)
        warehouse.load_rows(embedded_soc(ledger))
        warehouse.load_rows(read_wedge(ledger).rows)
        for delivery in found.deliveries:
            warehouse.project(delivery)
        (met,) = [j for j in warehouse.reconcile().joins if j.name == "gdpval_workflows"]
    assert met.offered == 220
    assert sum(m.count for m in met.matched) >= 50
