"""The PROV-O document of a build: whole, the same for equal inputs, in agreement with receipt and findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from invented_world import SECRETS, World
from rdflib import Graph
from rdflib.namespace import DCTERMS, PROV, RDF

from engine.build import read_findings
from engine.contracts import Receipt
from engine.lineage import provenance_document, stated_by_source
from engine.sources import load_ledger
from engine.warehouse import DropCount, Duplicate, Findings, JoinCoverage, JoinMethod, TableCount

QUESTIONS = {
    "every entity that was made was made by an activity of this document": """
        SELECT ?e WHERE { ?e prov:wasGeneratedBy ?a . FILTER NOT EXISTS { ?a a prov:Activity } }""",
    "every activity is answered for by the engine": "SELECT ?a WHERE { ?a a prov:Activity . FILTER NOT EXISTS { ?a prov:wasAssociatedWith/rdf:type prov:SoftwareAgent } }",
    "every source has an owner and a licence": """
        SELECT ?s WHERE { ?s a prov:Collection . FILTER NOT EXISTS { ?s prov:wasAttributedTo/rdf:type prov:Agent ; dcterms:license ?l ; dcterms:bibliographicCitation ?c } }""",
    "what is used is known": "SELECT ?u WHERE { ?a prov:used ?u . FILTER NOT EXISTS { ?u a prov:Entity } }",
    "what is derived from is known": "SELECT ?u WHERE { ?a prov:wasDerivedFrom ?u . FILTER NOT EXISTS { ?u a prov:Entity } }",
    "every file has its digest": 'SELECT ?f WHERE { ?s prov:hadMember ?f . FILTER NOT EXISTS { ?f schema:sha256 ?d . FILTER(STRLEN(?d) = 64) } }',
    "every record table leads to a source": """
        SELECT ?t WHERE { ?t wig:records ?n ; prov:wasGeneratedBy ?a . FILTER NOT EXISTS { ?t prov:qualifiedDerivation/prov:entity/rdf:type prov:Collection } }""",
    "the shares of the sources sum to the table": """
        SELECT ?t WHERE { ?t wig:records ?n ; prov:qualifiedDerivation ?d . ?d wig:records ?m } GROUP BY ?t ?n HAVING (SUM(?m) != ?n)""",
    "no step has a clock": "SELECT ?a WHERE { { ?a prov:startedAtTime ?t } UNION { ?a prov:endedAtTime ?t } UNION { ?a prov:generatedAtTime ?t } }",
}  # fmt: skip


@pytest.fixture(scope="module")
def findings(world: World) -> Findings:
    """What the build found, as it was kept beside its receipt."""
    kept = read_findings(world.snapshot)

    def methods(some: list[dict[str, Any]]) -> tuple[JoinMethod, ...]:
        return tuple(JoinMethod(**m) for m in some)

    tables = tuple(TableCount(**{**t, "dropped": tuple(DropCount(**d) for d in t["dropped"])}) for t in kept["tables"])
    duplicates = tuple(Duplicate(**{**d, "examples": tuple(d["examples"])}) for d in kept["duplicates"])
    joins = tuple(JoinCoverage(**{**j, "matched": methods(j["matched"]), "unmatched": methods(j["unmatched"])}) for j in kept["joins"])
    return Findings(tables, kept["offered"], kept["kept"], duplicates, (), tuple(kept["gaps"]), joins)


@pytest.fixture(scope="module")
def document(world: World, findings: Findings) -> bytes:
    """The document of the invented world."""
    return made(world.snapshot.receipt(), findings, world.snapshot.records)


def made(receipt: Receipt, findings: Findings, records: Path) -> bytes:
    return provenance_document(receipt, load_ledger(), findings, stated_by_source(records, receipt.counts), {"esco": "its files are not here"})


@pytest.fixture(scope="module")
def graph(document: bytes) -> Graph:
    """The document as RDF."""
    parsed = Graph()
    parsed.parse(data=document, format="json-ld")
    return parsed


@pytest.mark.parametrize("rule", QUESTIONS)
def test_the_document_keeps(rule: str, graph: Graph) -> None:
    spaces = {"prov": PROV, "dcterms": DCTERMS, "rdf": RDF, "schema": "https://schema.org/", "wig": "https://w3id.org/work-intelligence-graph/ontology#"}
    assert len(graph) > 500
    assert [tuple(map(str, row)) for row in graph.query(QUESTIONS[rule], initNs=spaces)] == []  # type: ignore[union-attr, arg-type]


def test_it_names_every_input_and_every_record_table(document: bytes, world: World) -> None:
    receipt = world.snapshot.receipt()
    nodes = {n["@id"]: n for n in json.loads(document)["@graph"]}
    files = {(n["dcterms:title"], n["schema:sha256"]) for n in nodes.values() if n.get("schema:contentSize")}
    assert files == {(f.name, f.sha256) for f in receipt.inputs}
    tables = {n["dcterms:title"]: (n["wig:records"], n["schema:sha256"]) for n in nodes.values() if "/records/" in n["@id"] and n["@type"] == "prov:Entity"}
    assert tables == {t: (n, receipt.records[t]) for t, n in receipt.counts.items() if n}
    outcome = next(n for n in nodes.values() if n.get("dcterms:title") == "Receipt of the build")
    assert outcome["wig:gap"] == list(receipt.gaps)
    assert any("its files are not here" in a for a in outcome["wig:absentSource"])


def test_equal_inputs_give_equal_bytes_without_clock_path_or_content(document: bytes, world: World, findings: Findings) -> None:
    assert made(world.snapshot.receipt(), findings, world.snapshot.records) == document
    text = document.decode()
    assert str(world.folder) not in text
    assert str(world.delivered) not in text
    assert not any(secret in text for secret in SECRETS)


def test_a_snapshot_without_the_document_says_so(world: World) -> None:
    said = world.wig("sources", "status", "--format", "prov")
    written = (world.snapshot.folder / "provenance.jsonld").is_file()
    assert (said.code, "LIN105" in said.err) == ((0, False) if written else (2, True))
    if written:
        assert {n["dcterms:title"] for n in said.json["@graph"] if "dcterms:title" in n} >= {"Receipt of the build", "Task"}
