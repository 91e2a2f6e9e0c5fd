"""RDF judged by shapes: each result told in the words of its shape, at its place; the report graph says what pySHACL's says."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

from engine.contracts import BadInput
from engine.interfaces.drawing import FINDING_FORMATS
from engine.validate import Finding, FindingReport, Weight, judge_rdf

SH = Namespace("http://www.w3.org/ns/shacl#")
DATA = """@prefix ex: <https://example.org/> .
ex:a a ex:Lamp ; ex:status "brocken" ; ex:watts 400 , "x" ; ex:label "lamp"@en , "lamp two"@en .
ex:b a ex:Lamp ; ex:status "broken" ; ex:watts 40 ; ex:hangs ex:a .
"""
SHAPES = """@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

ex:LampShape a sh:NodeShape ; sh:targetClass ex:Lamp ; sh:description "Lamps light the way."@en ;
    sh:property [ sh:path ex:status ; sh:in ( "broken" "whole" ) ; sh:message "say the state"@en , "Zustand nennen"@de ; sh:description "A lamp in no state is not lit."@en ] ,
        [ sh:path ex:watts ; sh:maxInclusive 100 ; sh:severity sh:Warning ] ;
    sh:property ex:Hung , ex:Named .
ex:Hung sh:path [ sh:inversePath ex:hangs ] ; sh:minCount 1 ; sh:severity sh:Info .
ex:Named sh:path ex:label ; sh:uniqueLang true .
ex:Either a sh:NodeShape ; sh:targetClass ex:Lamp ; sh:or ( [ sh:path ex:watts ; sh:maxCount 1 ] [ sh:path ex:nothing ; sh:minCount 1 ] ) .
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("rdf")
    (folder / "data.ttl").write_text(DATA, encoding="utf-8")
    (folder / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    return folder / "data.ttl", folder / "shapes.ttl"


@pytest.fixture(scope="module")
def report(files: tuple[Path, Path]) -> FindingReport:
    with pytest.MonkeyPatch.context() as here:
        here.chdir(files[0].parent)
        return judge_rdf([Path("data.ttl")], [Path("shapes.ttl")])


def of(report: FindingReport, component: str) -> list[Finding]:
    return [f for f in report.findings if f.component == component]


def test_a_result_is_told_in_the_words_of_its_shape(report: FindingReport) -> None:
    (found,) = of(report, "In")
    assert found.what == "`<https://example.org/a>`: `status` is `brocken`, which is not one of the allowed values"
    assert (found.message, found.why) == ("say the state", "A lamp in no state is not lit.")
    assert (found.suggestion.allowed, found.suggestion.nearest) == (("broken", "whole"), "broken")
    assert (found.shape, found.focus, found.path, found.value_n3) == ("LampShape", "<https://example.org/a>", "<https://example.org/status>", '"brocken"')
    assert SHAPES.splitlines()[found.place.line - 1].lstrip().startswith("sh:property")
    assert found.excerpt[0].text == SHAPES.splitlines()[found.place.line - 1]
    assert found.file == "shapes.ttl"


def test_a_shape_that_says_nothing_is_helped_out(report: FindingReport) -> None:
    said = sorted((f.what.split(": ")[1], f.message, f.why, f.weight) for f in of(report, "MaxInclusive"))
    why = "Lamps light the way."
    assert said == [("`watts` is `400`, above 100", "write 100 or less", why, Weight.WARNING), ("`watts` is `x`, which cannot be compared with 100", "write 100 or less", why, Weight.WARNING)]
    (hung,) = of(report, "MinCount")
    assert (hung.what, hung.message, hung.weight, hung.path) == ("`<https://example.org/b>` has no `^hangs`", "give at least 1 `^hangs`", Weight.INFO, "^<https://example.org/hangs>")
    (either,) = of(report, "Or")
    assert either.what == "`<https://example.org/a>` meets no alternative of the contract Either"
    assert either.message == "see what the contract Either asks for"


def test_severities_count_and_the_engines_are_named(report: FindingReport) -> None:
    assert [report.count(w) for w in Weight] == [3, 2, 1]
    assert report.judged == 2
    assert report.judged_by == (("LampShape", "compiled"), ("Either", "compiled")) or report.judged_by == (("Either", "compiled"), ("LampShape", "compiled"))


def results(graph: Graph) -> list[tuple[object, ...]]:
    """Results of a report without what each validator words or labels for itself; paths by their graph."""
    (root,) = graph.subjects(RDF.type, SH.ValidationReport)

    def path(result: object) -> object:
        met = graph.value(result, SH.resultPath)  # type: ignore[arg-type]
        return met if met is None or isinstance(met, URIRef) else tuple(sorted(graph.predicate_objects(met)))

    each = [(graph.value(r, SH.focusNode), path(r), graph.value(r, SH.value), graph.value(r, SH.sourceConstraintComponent), graph.value(r, SH.resultSeverity)) for r in graph.objects(root, SH.result)]
    return sorted(each, key=repr)


def test_the_report_graph_says_what_pyshacl_says(report: FindingReport) -> None:
    ours = Graph().parse(data=FINDING_FORMATS["turtle"](report), format="turtle")
    _, theirs, _ = pyshacl.validate(Graph().parse(data=DATA, format="turtle"), shacl_graph=Graph().parse(data=SHAPES, format="turtle"), inference="none")
    assert results(ours) == results(theirs)
    assert len(results(ours)) == 6
    messages = {str(m.language): str(m) for m in ours.objects(None, SH.resultMessage)}  # type: ignore[attr-defined]
    assert messages == {"en": "say the state", "de": "Zustand nennen"}
    (either,) = of(report, "Or")
    assert len(either.statements[0].detail) == 2
    assert isomorphic(ours, Graph().parse(data=FINDING_FORMATS["turtle"](report), format="turtle"))


def test_a_shape_that_is_not_understood_is_refused(tmp_path: Path, files: tuple[Path, Path]) -> None:
    shapes = tmp_path / "bad.ttl"
    shapes.write_text(SHAPES + '\nex:Bad a sh:NodeShape ; sh:targetClass ex:Lamp ; sh:property [ sh:path ex:status ; sh:pattern "(((" ] .\n', encoding="utf-8")
    with pytest.raises(BadInput) as met:
        judge_rdf([files[0]], [shapes])
    assert met.value.diagnostics[0].code.startswith("SHP2")
