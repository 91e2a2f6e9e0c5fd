"""Every business contract fires on its violating example, the conforming example breaks none, and no contract lacks an example."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pyshacl import validate
from rdflib import RDF, Graph, Namespace, URIRef

ROOT = Path(__file__).resolve().parent.parent.parent
SH = Namespace("http://www.w3.org/ns/shacl#")
WIGSH = "https://w3id.org/work-intelligence-graph/shapes#"
PREFIXES = "BASE <https://w3id.org/work-intelligence-graph/id/> PREFIX wig: <https://w3id.org/work-intelligence-graph/ontology#> "
EXAMPLES = yaml.safe_load((ROOT / "shapes/examples/authored.violating.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(ROOT / "shapes/authored.ttl")


def conforming() -> Graph:
    return Graph().parse(ROOT / "shapes/examples/authored.conforming.ttl")


def broken_contracts(data: Graph, shapes: Graph) -> set[str]:
    """Names of the contracts that a graph breaks."""
    _, report, _ = validate(data, shacl_graph=shapes, inference="none")
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
        found.add(str(shape).removeprefix(WIGSH))
    return found


def test_the_conforming_example_breaks_no_contract(shapes: Graph) -> None:
    assert broken_contracts(conforming(), shapes) == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=[e["example"] for e in EXAMPLES])
def test_a_violating_example_breaks_its_contract(example: dict[str, str], shapes: Graph) -> None:
    data = conforming()
    data.update(PREFIXES + example["update"])
    assert example["fires"] in broken_contracts(data, shapes)


def test_every_contract_has_a_violating_example(shapes: Graph) -> None:
    properties = {o for o in shapes.objects(None, SH.property) if isinstance(o, URIRef)}
    queries = set(shapes.objects(None, SH.sparql))
    alternatives = {s for s in shapes.subjects(SH["or"], None) if (s, SH.targetClass, None) in shapes}
    named = {str(s).removeprefix(WIGSH) for s in properties | queries | alternatives}
    assert named - {e["fires"] for e in EXAMPLES} == set()
    assert len(named) > 30
