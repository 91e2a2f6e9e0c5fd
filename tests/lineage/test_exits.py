"""Every way out, on a snapshot that holds benchmark tasks whose licence keeps them inside: no byte of them leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from invented_world import MARKET, PRACTICE, SECRETS, World

TASK = "benchmark/aa11"
WORK = "occupation/11-2021.91"

EXPORTS = [
    *[("explore", WORK, "--hops", "2", "--format", f) for f in ("json", "mermaid", "dot", "graphml")],
    ("explore", WORK, "--path-to", "occupation/13-1161.92", "--json"),
    *[("explore", TASK, "--format", f) for f in ("json", "mermaid", "dot", "graphml")],
    ("explore", WORK, "--path-to", TASK, "--json"),
    ("query", "MATCH (n) RETURN n", "--json"),
    ("query", "MATCH (b:BenchmarkTask) RETURN b.prompt, b.rubric_text, b.reference_files", "--json"),
    ("query", "MATCH (b:BenchmarkTask) RETURN substring(b.prompt, 1, 5)", "--json"),
    ("query", "MATCH (o:Occupation)--(b) RETURN b", "--json"),
    ("query", "MATCH (o:Occupation)<-[x]-(b) RETURN b, x", "--json"),
    ("query", "MATCH p = (o:Occupation)-[*1..2]-(q:Occupation) RETURN nodes(p)", "--json"),
    ("query", "MATCH p = (o:Occupation)-[:BENCHMARKS*1..2]-(q:Occupation) RETURN nodes(p)", "--json"),
    ("query", "MATCH (n:Occupation) WITH count(n) AS c MATCH (n) RETURN n", "--json"),
    ("query", "MATCH (o:Occupation) WHERE EXISTS { MATCH (x:Occupation)-[:PERFORMS]->(t:Task) } MATCH (x) RETURN x", "--json"),
    ("why", TASK, "--json"), ("why", TASK, "--format", "mermaid"),
    ("why", f"BENCHMARKS {TASK} {WORK}", "--json"),
    ("why", f"{PRACTICE}/tasks.parquet:1", "--json"), ("why", f"{PRACTICE}/train_filtered_with_rubric.jsonl:1", "--json"),
    *[("why", f"{MARKET}/titles.csv:3", *form) for form in ((), ("--json",), ("--format", "mermaid"))],
    ("plan", "Marketing Manager", "--json"), ("plan", "Marketing Manager", "--full"), ("plan", "Lantern Planners", "--json"),
    ("resolve", "Lantern Planners", "--json"), ("resolve", "Lantern Planners"),
    *[("sources", "status", "--unmatched", "--audit", "--format", f) for f in ("text", "json", "markdown", "html")],
    ("sources", "list", "--json"), ("snapshots", "list", "--json"),
]  # fmt: skip


def told(text: str) -> list[str]:
    """Which secrets a text holds, in part or whole."""
    parts = [word for secret in SECRETS for word in (secret, secret.split()[0])]
    return sorted({part for part in parts if part in text})


def test_the_snapshot_holds_what_must_not_leave(world: World) -> None:
    shown = world.wig("query", "MATCH (b:BenchmarkTask) RETURN b.prompt ORDER BY b.id")
    assert SECRETS[0] in shown.out
    assert "for this screen only" in shown.err


@pytest.mark.parametrize("arguments", EXPORTS, ids=[" ".join(a)[:70] for a in EXPORTS])
def test_no_byte_leaves_by(world: World, arguments: tuple[str, ...]) -> None:
    said = world.wig(*arguments)
    assert said.code in (0, 1, 2), said.err
    assert told(said.out) == []
    assert told(said.err) == []
    if said.code == 2:
        assert "LIC10" in said.err, said.err


def test_no_byte_leaves_in_a_report_written_to_a_file(world: World, tmp_path: Path) -> None:
    for form in ("json", "markdown", "html"):
        out = tmp_path / f"report.{form}"
        assert world.wig("sources", "status", "--unmatched", "--format", form, "--output", str(out)).code == 0
        text = out.read_text(encoding="utf-8")
        assert told(text) == []
        assert "bb22" not in text, "a row that met nothing is counted and not named"
        assert PRACTICE in text.replace("\\@", "@")


def test_no_byte_stands_in_receipt_or_provenance(world: World) -> None:
    for path in (world.snapshot.folder / "receipt.json", world.snapshot.folder / "provenance.jsonld"):
        if path.exists():
            assert told(path.read_text(encoding="utf-8")) == []
    assert PRACTICE in (world.snapshot.folder / "receipt.json").read_text(encoding="utf-8")


def test_an_export_says_what_it_left_out_and_why(world: World) -> None:
    said = world.wig("explore", WORK, "--json")
    (refused,) = said.json["refused"]
    assert (refused["source"], refused["count"]) == (f"source/{PRACTICE}", 1)
    assert "internal practice" in refused["reason"]
    assert refused["reason"] in said.err
    assert not any(n["key"] == TASK for n in said.json["nodes"])
    assert not any(TASK in (e["from"], e["to"]) for e in said.json["edges"])


def test_the_screen_of_this_machine_may_show_it(world: World) -> None:
    assert world.wig("why", TASK).code == 0
    assert world.wig("explore", TASK).code == 0


def test_a_query_that_names_its_classes_leaves_with_citations(world: World) -> None:
    said = world.wig("query", "MATCH (o:Occupation)-[:PERFORMS]->(t:Task) RETURN o.id, count(t) ORDER BY o.id", "--json")
    assert said.code == 0, said.err
    assert {a["source"] for a in said.json["attributions"]} == {"source/onet@9.9", "source/wedge@1.0.0", f"source/{MARKET}"}


def test_a_plan_carries_the_citations_of_all_its_sources(world: World) -> None:
    document = world.wig("plan", "Marketing Manager", "--json").json
    assert {e["source"] for e in document["evidence"]} == {s["key"] for s in document["sources"]}
    text = " ".join(world.wig("plan", "Marketing Manager").out.split())
    for source in document["sources"]:
        assert source["citation"]
        assert source["citation"] in text


def test_every_answer_cites_what_it_names(world: World) -> None:
    for command in (("resolve", "Lantern Planner"), ("plan", "Lantern Planner"), ("resolve", "Marketing Manager", "Lantern Planner")):
        document = world.wig(*command, "--json").json
        answers = document if isinstance(document, list) else [document]
        for answer in answers:
            owed = {a["source"]: a["citation"] for a in answer["attributions"]}
            assert {e["source"] for e in answer["evidence"] if e["licence"] != "LicenseRef-US-public-domain"} <= owed.keys()
            assert "source/onet@9.9" in owed or not (answer["occupation"] or answer["occupations"])
            text = " ".join(world.wig(*command).out.split())
            assert all(citation in text for citation in owed.values())


def test_a_proof_cites_in_every_format(world: World) -> None:
    decision = world.wig("resolve", "Lantern Planner", "--json").json[0]
    owed = decision["attributions"]
    assert owed
    assert world.wig("why", decision["decision_id"], "--json").json["attributions"] == owed
    for form in ("text", "mermaid"):
        said = " ".join(world.wig("why", decision["decision_id"], "--format", form).out.split())
        assert all(a["citation"] in said for a in owed)


def test_a_list_of_the_market_is_cited_as_its_manifest_says(world: World) -> None:
    status = world.wig("sources", "status", "--json").json
    (taken,) = [s for s in status["sources"] if s["name"] == "market"]
    assert (taken["owner"], taken["licence"], taken["title"]) == ("An invented board", "CC-BY-4.0", "Nordic postings")
    (file,) = [f for f in taken["files"] if f["file"] == "titles.csv"]
    assert (file["rows_in"], file["kept"]) == (6, 5)
    assert any("left out" in gap for gap in taken["gaps"])
    provenance = json.loads(world.wig("sources", "status", "--format", "prov").out)
    (node,) = [n for n in provenance["@graph"] if n["@id"].endswith(f"/source/{MARKET}")]
    assert node["dcterms:license"]["@id"].endswith("/CC-BY-4.0")
    assert "An invented board" in node["dcterms:bibliographicCitation"]


def test_what_the_ledger_says_of_a_source_is_nobodys_secret(world: World) -> None:
    sources = world.wig("query", "MATCH (s:Source) RETURN s.id ORDER BY s.id", "--json")
    assert [f"source/{PRACTICE}"] in json.loads(sources.out)["rows"]
