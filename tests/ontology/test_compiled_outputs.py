"""The ontology compiles to every target, the committed outputs have not drifted, and all targets agree on what a record is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from rdflib import OWL, RDF, RDFS, Graph

from engine.contracts import BadInput
from engine.ontology import NAMESPACE, load_schema
from engine.ontology.compile import TURTLE, compile_ontology, drifted
from engine.ontology.turtle_reader import read_turtle

ROOT = Path(__file__).resolve().parent.parent.parent
WANTED = ["Source", "OccupationGroup", "Occupation", "Title", "RoleFamily", "Function", "Seniority", "Archetype", "Role", "Task", "WorkActivity", "Technology", "Skill", "Knowledge", "Workflow", "Deliverable", "Affordance", "Capability", "Module", "Exercise", "Rubric", "Criterion", "Scenario", "Policy", "Evidence"]


def test_committed_outputs_are_what_the_turtle_gives() -> None:
    assert drifted(ROOT) == ()


def test_a_hand_edit_of_an_output_is_found_and_mended(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / TURTLE).write_text((ROOT / TURTLE).read_text(encoding="utf-8"), encoding="utf-8")
    compile_ontology(tmp_path)
    edited = tmp_path / "ontology/compiled/graph.cypher"
    edited.write_text(edited.read_text(encoding="utf-8") + "// mine\n", encoding="utf-8")
    assert [d.place.file for d in drifted(tmp_path)] == ["ontology/compiled/graph.cypher"]
    assert compile_ontology(tmp_path) == ("ontology/compiled/graph.cypher",)
    assert drifted(tmp_path) == ()


def test_every_class_of_the_product_is_there() -> None:
    assert set(WANTED) <= set(load_schema().classes)


def test_the_compiled_schema_is_the_one_read_from_turtle() -> None:
    assert load_schema() == read_turtle(ROOT / TURTLE)


def test_every_term_has_label_and_comment_and_every_number_a_unit() -> None:
    graph = Graph().parse(ROOT / TURTLE)
    for kind in (OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty):
        for term in graph.subjects(RDF.type, kind):
            if str(term).startswith(NAMESPACE):
                assert graph.value(term, RDFS.label), term
                assert graph.value(term, RDFS.comment), term
    schema = load_schema()
    bare = {p.name for c in [*schema.classes.values(), *schema.associations.values()] for p in c.properties if p.datatype in ("decimal", "integer") and not p.unit}
    assert bare == {"value"}  # a figure in an Evidence record carries its unit beside it


def test_it_is_aligned_to_prov_skos_schema_org_and_esco() -> None:
    schema = load_schema()
    aligned = " ".join(a for c in schema.classes.values() for a in c.aligned) + " ".join(a for r in schema.relations.values() for a in r.aligned)
    for vocabulary in ("prov:", "skos:", "schema:Occupation", "esco:"):
        assert vocabulary in aligned


def test_ddl_arrow_and_json_schema_hold_the_same_columns() -> None:
    schema = load_schema()
    ddl = (ROOT / "ontology/compiled/graph.cypher").read_text(encoding="utf-8")
    arrow = json.loads((ROOT / "ontology/compiled/arrow.json").read_text(encoding="utf-8"))
    definitions = json.loads((ROOT / "ontology/compiled/records.schema.json").read_text(encoding="utf-8"))["$defs"]
    for name in schema.classes:
        created = re.search(rf"CREATE NODE TABLE {name} \((.*), PRIMARY KEY", ddl)
        assert created
        in_graph = {part.split()[0] for part in created.group(1).split(", ")}
        assert in_graph == {c[0] for c in arrow[name]} == set(definitions[name]["properties"])


RECORD = {
    "id": "capability/a", "label": "A", "description": "A thing.", "identifier": "0" * 8 + "-0000-5000-8000-" + "0" * 12, "language": "en",
    "version": "1.0.0", "modified": "2026-11-20", "creator": "us", "status": "approved", "ladder_level": 3, "source": "source/wedge@1",
    "source_ref": "x.yaml:1:1", "release": "1", "licence": "CC-BY-4.0", "confidence": 1.0, "derived_by": "authored",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "valid"),
    [({}, True), ({"ladder_level": 7}, False), ({"status": "fine"}, False), ({"id": "module/a"}, False), ({"extra": 1}, False), ({"label": None}, False)],
    ids=["as it should be", "above the ladder", "unknown status", "key of another class", "unknown column", "no label"],
)
def test_json_schema_judges_a_record(change: dict[str, object], valid: bool) -> None:
    document = json.loads((ROOT / "ontology/compiled/records.schema.json").read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator({**document, "$ref": "#/$defs/Capability"})
    assert checker.is_valid({**RECORD, **change}) is valid


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("this is no turtle", "ONT001"),
        ("wig:x a owl:DatatypeProperty ; rdfs:label 'x' ; rdfs:comment 'x' ; rdfs:range xsd:string .", "ONT002"),
        ("wig:T a owl:Class ; rdfs:label 't' ; rdfs:comment 't' .", "ONT002"),
        ("wig:r a owl:ObjectProperty ; rdfs:label 'r' ; rdfs:comment 'r' ; wig:pair [ wig:from wig:No ; wig:to wig:No ] .", "ONT002"),
    ],
    ids=["syntax", "property of no class", "class without key or association", "relation of unknown classes"],
)
def test_a_broken_ontology_is_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "o.ttl").write_text((ROOT / TURTLE).read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
    with pytest.raises(BadInput, match=code):
        read_turtle(tmp_path / "o.ttl")
