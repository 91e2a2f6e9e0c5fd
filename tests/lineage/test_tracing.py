"""From a fact to the publisher's file and row, and back from the row to records and decisions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_world import DATA, MARKET, PRACTICE, World

from engine.contracts import BadInput, sha256_hex
from engine.lineage import asked_row, cited_rows

SPANS = st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 50)), min_size=1, max_size=5)


@given(SPANS)
@settings(max_examples=60)
def test_a_place_reads_back_as_it_was_written(spans: list[tuple[int, int]]) -> None:
    rows = ",".join(str(a) if not n else f"{a}-{a + n}" for a, n in spans)
    (first, second) = cited_rows("source/onet@9.9", f"Task Ratings.txt:{rows} + mean.csv:7")
    assert (first.name, first.rows, second.name, second.rows) == ("onet@9.9/Task Ratings.txt", rows, "onet@9.9/mean.csv", "7")
    assert first.count == sum(n + 1 for _, n in spans)
    assert first.covers(spans[0][0])
    assert not second.covers(8)
    assert len(first.first(3)) == min(3, first.count)


def test_an_authored_place_has_a_column_and_another_release_keeps_its_name() -> None:
    (authored,) = cited_rows("source/wedge@1.0.0", "families/x.yaml:12:5")
    assert (authored.name, authored.rows, authored.column) == ("wedge@1.0.0/families/x.yaml", "12", 5)
    (own, other) = cited_rows("source/esco-onet@2022-09", "crosswalk.csv:4 + onet@30.1/Occupation Data.txt:9")
    assert (own.release, other.release, other.file) == ("esco-onet@2022-09", "onet@30.1", "Occupation Data.txt")


@pytest.mark.parametrize("place", ["onet@9.9/Task Statements.txt", "onet@9.9/Task Statements.txt:0", "onet@9.9/Task Statements.txt:2-4", "onet@9.9/x:99999999999999"])
def test_what_names_no_row_is_refused_with_its_form(place: str) -> None:
    with pytest.raises(BadInput, match="LIN101"):
        asked_row(place)


def test_a_record_leads_to_its_file_its_row_and_the_publishers_own_line(world: World) -> None:
    told = world.wig("why", "task/101", "--json").json
    raw = (DATA / "onet_9_9" / "Task Statements.txt").read_bytes()
    assert told["record"]["source_ref"] == "Task Statements.txt:2"
    assert (told["source"]["key"], told["source"]["licence"], told["source"]["layer"]) == ("source/onet@9.9", "CC-BY-4.0", "canonical_taxonomy")
    (file,) = told["files"]
    assert (file["file"], file["rows"], file["state"], file["sha256"]) == ("onet@9.9/Task Statements.txt", "2", "as_read", sha256_hex(raw))
    assert file["lines"] == [{"number": 2, "text": raw.decode().splitlines()[1]}]
    assert [a["source"] for a in told["attributions"]] == ["source/onet@9.9"]


def test_a_relationship_names_every_file_behind_it(world: World) -> None:
    told = world.wig("why", "PERFORMS occupation/11-2021.91 task/101", "--json").json
    assert told["record"]["kind"] == "PERFORMS.Occupation.Task"
    assert {f["file"] for f in told["files"]} >= {"onet@9.9/Task Statements.txt", "onet@9.9/Task Ratings.txt"}
    assert all(len(f["lines"]) + f["rows_left_out"] == sum(b - a + 1 for a, b in _spans(f["rows"])) for f in told["files"])


def _spans(rows: str) -> list[tuple[int, int]]:
    return [(int(a), int(b or a)) for a, _, b in (span.partition("-") for span in rows.split(","))]


def test_a_row_leads_to_its_records_and_back(world: World) -> None:
    told = world.wig("why", "onet@9.9/Task Statements.txt:2", "--json").json
    assert {r["record"] for r in told["records"]} == {"task/101", "PERFORMS occupation/11-2021.91 task/101"}
    for record in told["records"]:
        files = world.wig("why", record["record"], "--json").json["files"]
        assert any(f["file"] == "onet@9.9/Task Statements.txt" and f["rows"] == "2" for f in files)


def test_every_record_of_a_file_is_found_from_its_row(world: World) -> None:
    """Back and forth over a whole file: what cites a row is what the row answers."""
    rows = world.wig("query", "MATCH (t:Title)-[n:NAMES]->(o:Occupation) WHERE n.source_ref STARTS WITH 'Alternate Titles.txt' RETURN t.id, o.id, n.source_ref").out
    assert rows.count("Alternate Titles.txt:") >= 3
    for number in (2, 3, 4):
        told = world.wig("why", f"onet@9.9/Alternate Titles.txt:{number}", "--json").json
        assert told["records"], number
        assert all(any(part.endswith(f":{number}") for part in r["source_ref"].split(" + ")) for r in told["records"])


def test_decisions_that_used_a_row_are_told_from_those_that_used_its_record(world: World) -> None:
    used = world.wig("resolve", "Light Walker", "--json").json[0]["decision_id"]
    other = world.wig("resolve", "Kite Testers", "--json").json[0]["decision_id"]
    row = world.wig("why", "onet@9.9/Alternate Titles.txt:3", "--json").json["decisions"]
    assert used in row["on_the_row"]
    assert other not in (*row["on_the_row"], *row["on_its_records"])
    record = world.wig("why", "occupation/13-1161.92", "--json").json["decisions"]
    assert other in record["on_its_records"]


def test_a_file_that_changed_since_is_called_changed(world: World, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA / "onet_9_9", tmp_path / "onet_9_9"))
    path = folder / "Task Statements.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Plan lantern routes.", "Plan other routes."), encoding="utf-8")
    said = world.wig("why", "task/101", "--source-dir", str(tmp_path))
    assert "THE FILE HAS CHANGED SINCE" in said.out
    assert "Plan other routes." not in said.out, "a row of another file is no row of this record"
    assert "not shown" in said.out
    (tmp_path / "empty").mkdir()
    assert world.wig("why", "task/101", "--source-dir", str(tmp_path / "empty"), "--json").json["files"][0]["state"] == "not_here"


def test_a_row_that_the_file_lacks_is_called_that(world: World) -> None:
    said = world.wig("why", "onet@9.9/Task Statements.txt:99999")
    assert said.code == 0
    assert "the file has no such row" in said.out
    assert world.wig("why", "onet@9.9/Task Statements.txt:99999", "--json").json["records"] == []


def test_a_row_that_met_nothing_says_in_which_join_and_why(world: World) -> None:
    findings = json.loads((world.snapshot.folder / "findings.json").read_text(encoding="utf-8"))
    unmet = next(u for u in findings["unmatched"] if u["source"] == f"source/{PRACTICE}" and " + " not in u["source_ref"])
    said = world.wig("why", f"{PRACTICE}/{unmet['source_ref']}").out
    assert f"met nothing in `{unmet['join'].replace('_', ' ')}`" in said
    assert unmet["reason"].replace("_", " ") in " ".join(said.split())


def test_a_line_inside_an_authored_record_leads_to_it(world: World) -> None:
    record = "evidence/mkt-manager-exposure-judged"
    place, _, line = world.wig("why", record, "--json").json["record"]["source_ref"].partition(":")
    first = int(line.split(":")[0])
    at_it, inside = (world.wig("why", f"wedge@1.0.0/{place}:{n}", "--json").json for n in (first, first + 1))
    assert at_it["stated_at"] == inside["stated_at"] == first
    assert record in {r["record"] for r in inside["records"]}
    assert f"records that begin at row {first}, the nearest above it" in world.wig("why", f"wedge@1.0.0/{place}:{first + 1}").out


def test_a_release_that_was_not_read_leads_to_the_one_that_was(world: World) -> None:
    assert "onet@9.9/Task Statements.txt" in " ".join(world.wig("why", "onet@8.8/task statements.txt:3").err.split())


def test_no_row_of_a_list_of_the_market_is_shown(world: World) -> None:
    told = world.wig("why", f"{MARKET}/titles.csv:2", "--json").json
    assert told["file"]["state"] == "as_read"
    assert told["file"]["lines"] == []
    assert "intake guard" in told["file"]["unreadable"]
    assert any(r["kind"] == "ObservedTitle" for r in told["records"])


def test_authored_content_is_traced_to_line_and_column(world: World) -> None:
    told = world.wig("why", "role/marketing-manager", "--json").json
    (file,) = told["files"]
    assert file["file"].startswith("wedge@1.0.0/families/")
    assert file["state"] == "as_read"
    assert "id: marketing-manager" in file["lines"][0]["text"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [("task/nobody", "LIN103"), ("nowhere/x", "LIN102"), ("PERFORMS task/101 occupation/11-2021.91", "LIN103"), ("onet@9.9/No Such.txt:3", "LIN104"), ("onet@9.9/Task Statements.txt:x", "LIN101")],
)
def test_what_is_not_there_is_refused_in_words(world: World, wanted: str, code: str) -> None:
    said = world.wig("why", wanted)
    assert (said.code, code in said.err, said.out) == (2, True, "")


def test_exploring_shows_source_row_and_citations(world: World) -> None:
    text = world.wig("explore", "occupation/11-2021.91").out
    assert "from source/onet@9.9, Occupation Data.txt:2" in " ".join(text.split())
    assert "O*NET 9.9 Database" in text
    document = world.wig("explore", "occupation/11-2021.91", "--json").json
    assert all(n["source"] and n["source_ref"] for n in document["nodes"])
    assert {a["source"] for a in document["attributions"]} == {n["source"] for n in document["nodes"] if n["licence"] != "LicenseRef-US-public-domain"}


def test_mermaid_is_one_chart_that_cites(world: World) -> None:
    chart = world.wig("why", "task/101", "--format", "mermaid").out
    assert chart.startswith("flowchart LR\n")
    assert "%% attribution: O*NET 9.9" in chart
