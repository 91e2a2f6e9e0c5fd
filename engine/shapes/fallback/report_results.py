"""pySHACL's report as validation results: read from its graph, in a stable order, with repeats as pySHACL gives them."""

from __future__ import annotations

from rdflib import Graph, Namespace
from rdflib.term import Node

from engine.shapes.fallback.rdf_graphs import path_of, term_of
from engine.shapes.results import ValidationResult
from engine.shapes.terms import SH as SHACL
from engine.shapes.terms import Literal, Term

SH = Namespace(SHACL)


def results_of(report: Graph, shapes: Graph) -> list[ValidationResult]:
    """All top results of a report: one for each way by which sh:property leads to a fault, so equal ones may stand side by side.

    Property paths are read from the shapes graph.
    """
    return sorted((_result(report, shapes, r) for head in report.subjects(SH.conforms) for r in report.objects(head, SH.result)), key=ValidationResult.order)


def _result(report: Graph, shapes: Graph, node: Node) -> ValidationResult:
    focus, shape = _term(report, node, "focusNode"), _term(report, node, "sourceShape")
    if focus is None or shape is None:
        raise ValueError("a result without focus node or source shape")
    path = report.value(node, SH.resultPath)
    messages = (term_of(m) for m in report.objects(node, SH.resultMessage))
    return ValidationResult(
        focus=focus, path=None if path is None else path_of(shapes, path), value=_term(report, node, "value"), source_shape=shape,
        component=str(report.value(node, SH.sourceConstraintComponent)), severity=str(report.value(node, SH.resultSeverity)),
        messages=tuple(sorted(m for m in messages if isinstance(m, Literal))), source_constraint=_term(report, node, "sourceConstraint"),
        detail=tuple(sorted((_result(report, shapes, d) for d in report.objects(node, SH.detail)), key=ValidationResult.order)),
    )  # fmt: skip


def _term(report: Graph, node: Node, name: str) -> Term | None:
    found = report.value(node, SH[name])
    return None if found is None else term_of(found)
