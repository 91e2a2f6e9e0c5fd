"""One record for each key, no dangling relationship, and an account of everything that was left out."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from built_records import Build, Built

from engine.contracts import BadInput, InputOutput
from engine.sources import SourceRows, embedded_soc, load_ledger
from engine.warehouse import DropCount, Warehouse


def test_the_publisher_wins_over_an_authored_citation(built: Built, build: Build) -> None:
    both = built.rows("Occupation", "source", "job_zone")
    alone = build(None, write=False).rows("Occupation", "source", "job_zone", "source_ref")
    assert both[("occupation/11-2021.91",)] == ("source/onet@9.9", "4")
    assert alone == {("occupation/11-2021.91",): ("source/wedge@1.0.0", None, "families/lanterns.yaml:7:5")}
    across = {d.target: d.count for d in built.findings.duplicates if d.scope == "across_sources"}
    assert across == {"Occupation": 1, "BROADER.Occupation.OccupationGroup": 1, "Title": 1}


def test_orphans_of_publishers_are_dropped_counted_and_shown(built: Built) -> None:
    met = {(o.target, o.end, o.count, o.examples) for o in built.findings.orphans}
    assert met == {
        ("onet@9.9/Tasks to DWAs.txt", "activity", 1, ("Tasks to DWAs.txt:4 activity 4.A.1.a.1.I99.D99",)),
        ("onet@9.9/Related Occupations.txt", "occupation", 1, ("Related Occupations.txt:4 occupation 99-9999.00",)),
        ("REVISES.Task.Task", "to", 1, ("Emerging Tasks.txt:4 task/999",)),
        ("ALIGNS_WITH.Task.Task", "to", 1, ("families/lanterns.yaml:62:27 task/77777",)),
    }
    assert built.findings.dropped == {
        "duplicate_key:NAMES.Title.Occupation": 1, "duplicate_key:soc@2018/soc_2018_direct_match_title_file.csv": 1, "orphan_to:ALIGNS_WITH.Task.Task": 1,
        "orphan_activity:onet@9.9/Tasks to DWAs.txt": 1, "orphan_occupation:onet@9.9/Related Occupations.txt": 1, "orphan_to:REVISES.Task.Task": 1,
    }  # fmt: skip


def test_rows_in_equal_rows_kept_and_dropped(built: Built) -> None:
    for table in built.findings.tables:
        assert table.rows_in == table.kept + sum(d.count for d in table.dropped)
    for target, offered in built.findings.offered.items():
        lost = sum(d.count for d in built.findings.duplicates if d.target == target) + sum(o.count for o in built.findings.orphans if o.target == target)
        assert offered == built.findings.kept[target] + lost, target
        assert sum(map(len, built.warehouse.lexical_rows(target))) == built.findings.kept[target]


@pytest.mark.parametrize("sentence", [
    "1 of 3 occupations have no task statements", "1 of 4 task statements have no task type", "1 of 4 distinct alternate titles name more than one occupation",
    "1 of 3 occupations have no job zone", "1 of 4 task statements have no rating at all", "the yearly frequency of 1 tasks rests on a derived mean",
    "1 of 2 alignments of authored tasks name a publisher's task that is not in this build", "9.9 is not in the source ledger",
])  # fmt: skip
def test_gaps_are_counted(built: Built, sentence: str) -> None:
    assert any(sentence in gap for gap in built.findings.gaps), built.findings.gaps


def test_absent_scales_leave_values_missing_and_are_stated(build: Build, onet_folder: Path) -> None:
    (onet_folder / "task_frequency_mean.csv").unlink()
    (onet_folder / "Scales Reference.txt").unlink()
    ratings = onet_folder / "Task Ratings.txt"
    ratings.write_text("".join(line for line in ratings.read_text().splitlines(keepends=True) if "\tFT\t" not in line))
    met = build(onet_folder, write=False)
    assert set(met.rows("PERFORMS.Occupation.Task", "importance", "relevance", "yearly_frequency").values()) == {(None, None, None)}
    assert met.rows("REQUIRES_SKILL.Occupation.Skill", "importance", "level")[("occupation/11-2021.91", "skill/2.A.1.a")] == (None, None)
    assert not list(met.warehouse.lexical_rows("HAS_INTEREST.Occupation.Interest"))
    assert any("has no frequency categories (FT) for 4 tasks" in gap for gap in met.findings.gaps)
    assert any("`Scales Reference.txt` is absent" in gap for gap in met.findings.gaps)


def test_names_that_no_file_gives_are_not_invented(build: Build, onet_folder: Path) -> None:
    for name in ("IWA Reference.txt", "Content Model Reference.txt"):
        (onet_folder / name).unlink()
    met = build(onet_folder, write=False)
    assert set(met.rows("WorkActivity")) == {("activity/4.A.1.a.1.I01.D01",), ("activity/4.A.1.a.1.I01.D02",)}
    assert any("1 intermediate activities have no name in this delivery" in gap for gap in met.findings.gaps)


def test_an_authored_reference_that_leads_nowhere_is_an_error_at_its_place(tmp_path: Path) -> None:
    ledger = load_ledger()
    origin = ledger.origin("wedge")
    stamp = origin.provenance("families/x.yaml:12:3", derived_by="authored")
    with Warehouse(tmp_path) as warehouse:
        warehouse.load_rows(embedded_soc(ledger))
        warehouse.load_rows(SourceRows(origin, {"BROADER.Occupation.OccupationGroup": [{"from": "occupation/11-2021.00", "to": "soc/11-2021", **stamp}]}))
        with pytest.raises(BadInput) as met:
            warehouse.reconcile()
    (fault,) = met.value.diagnostics
    assert (fault.code, str(fault.place)) == ("WHS110", "families/x.yaml:12:3")
    assert "occupation/11-2021.00" in fault.what


def test_a_column_that_the_ontology_lacks_is_refused(tmp_path: Path) -> None:
    origin = load_ledger().origin("wedge")
    with Warehouse(tmp_path) as warehouse, pytest.raises(BadInput, match="WHS101"):
        warehouse.load_rows(SourceRows(origin, {"Title": [{"id": "title/x", "labell": "x"}]}))


def test_records_are_not_read_before_they_are_reconciled(tmp_path: Path) -> None:
    with Warehouse(tmp_path) as warehouse, pytest.raises(BadInput, match="WHS102"):
        list(warehouse.lexical_rows("Title"))


def test_batches_give_every_row_once_in_key_order(built: Built) -> None:
    batches = list(built.warehouse.lexical_rows("OccupationGroup", ("id",), batch=100))
    assert {len(b) for b in batches[:-1]} == {100}
    keys = [row[0] for batch in batches for row in batch]
    assert keys == sorted(set(keys))
    assert len(keys) == 1447


def test_a_row_that_a_publisher_repeats_is_dropped_and_counted(build: Build, onet_folder: Path) -> None:
    path = onet_folder / "Related Occupations.txt"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]))
    met = build(onet_folder, write=False)
    (table,) = [t for t in met.findings.tables if t.file == "Related Occupations.txt"]
    assert (table.rows_in, table.kept, table.dropped) == (4, 2, (DropCount("duplicate_key", 1), DropCount("orphan_occupation", 1)))


@pytest.mark.parametrize("refusal", [duckdb.IOException("No space left on device"), duckdb.OutOfMemoryException("failed to allocate")], ids=["full disk", "full memory"])
def test_a_machine_that_refuses_gives_a_message_and_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Exception) -> None:
    def refuse(*_: object) -> None:
        raise refusal

    monkeypatch.setattr("engine.warehouse.reconciliation.reconcile", refuse)
    with Warehouse(tmp_path) as warehouse, pytest.raises(InputOutput, match="WHS103"):
        warehouse.reconcile()
