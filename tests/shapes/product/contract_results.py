"""What breaks which contract: the one place that runs an engine over data and shapes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from engine.shapes.paths import Predicate
from engine.shapes.reading import read_shapes
from engine.shapes.results import ValidationResult
from engine.shapes.run import judge
from engine.shapes.terms import Blank, Iri, Term
from engine.shapes.views import RdfViews, open_rdf_views

SH = Namespace("http://www.w3.org/ns/shacl#")
WIG = "https://w3id.org/work-intelligence-graph/ontology#"
WIGSH = "https://w3id.org/work-intelligence-graph/shapes#"
IDENTIFIERS = "https://w3id.org/work-intelligence-graph/id/"


@dataclass(frozen=True, slots=True, order=True)
class Broken:
    """One result: the record, the shape by name (or `Owner/path` where it has none) and the component without its ending."""

    focus: str
    shape: str
    component: str


@contextmanager
def opened(data: str) -> Iterator[RdfViews]:
    """N-Triples ready to be judged, as often as wanted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.nt"
        path.write_text(data, encoding="utf-8")
        with open_rdf_views([path], Path(folder)) as views:
            yield views


def results_of(data: RdfViews, shapes: Graph) -> frozenset[Broken]:
    """Every result that the shapes give on the data; shapes of which none has a target are asked nothing."""
    if not any((None, SH[t], None) in shapes for t in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")):
        return frozenset()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shapes.nt"
        shapes.serialize(path, format="nt", encoding="utf-8")
        read = read_shapes([path])
    names = {s.node: _named(s.node, read.owner) + (f"/{s.path.iri.removeprefix(WIG)}" if isinstance(s.path, Predicate) and isinstance(s.node, Blank) else "") for s in read.shapes.values()}
    return frozenset(_broken(r, names) for r in judge(read, data).results)


def _named(node: Term, owner: Mapping[Term, Iri]) -> str:
    named = node if isinstance(node, Iri) else owner.get(node)
    return named.value.removeprefix(WIGSH) if named is not None else ""


def _broken(result: ValidationResult, names: Mapping[Term, str]) -> Broken:
    source = result.source_constraint
    shape = source.value.removeprefix(WIGSH) if isinstance(source, Iri) else names[result.source_shape]
    assert isinstance(result.focus, Iri)
    return Broken(result.focus.value.removeprefix(IDENTIFIERS), shape, result.component.rsplit("#", 1)[-1].removesuffix("ConstraintComponent"))


def results_by_pyshacl(data: Graph, shapes: Graph) -> frozenset[Broken]:
    """The same from pySHACL, an engine of other hands."""
    from pyshacl import validate

    _, report, _ = validate(data, shacl_graph=shapes, inference="none", inplace=True, do_owl_imports=False, advanced=False)
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        if (None, SH.detail, result) in report:
            continue
        shape = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
        component = str(report.value(result, SH.sourceConstraintComponent)).rsplit("#", 1)[-1].removesuffix("ConstraintComponent")
        found.add(Broken(str(report.value(result, SH.focusNode)).removeprefix(IDENTIFIERS), shape_name(shapes, shape), component))
    return frozenset(found)


def shape_name(shapes: Graph, shape: Node | None) -> str:
    """`RoleFamily`, or `RoleStructure/label` for a property shape without a name of its own."""
    if isinstance(shape, URIRef):
        return str(shape).removeprefix(WIGSH)
    owner = next(shapes.subjects(SH.property, shape), None)
    path = str(shapes.value(shape, SH.path)).removeprefix(WIG)
    return f"{shape_name(shapes, owner)}/{path}" if owner is not None else "an inner shape"
