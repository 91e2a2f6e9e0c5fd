"""Child process: builds a graph from one batch of records and lets pySHACL judge it.

Reads one JSON document from standard input, writes one to standard output. It opens no network connection and reads no
file but the shape files that it is given. `owl:imports` is not followed.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from rdflib import Graph, Namespace, URIRef
from rdflib.term import Node

from engine.contracts import IDENTIFIER_NAMESPACE
from engine.ontology import NAMESPACE, load_schema
from engine.shapes.records_rdf import add_nodes, add_relations

SH = Namespace("http://www.w3.org/ns/shacl#")


def main() -> None:
    """Judge the batch on standard input."""
    request = json.load(sys.stdin)
    limit = int(request["memory_bytes"])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    json.dump(judge(request), sys.stdout)


def judge(request: dict[str, Any]) -> dict[str, Any]:
    """Violations of one batch: `{"violations": [...], "judged": n}`."""
    from pyshacl import validate

    schema, data, shapes = load_schema(), Graph(), Graph()
    for path in request["shapes"]:
        shapes.parse(path, format="turtle")
    judged = 0
    for target, rows in request["tables"].items():
        judged += add_nodes(data, schema, target, rows) if target in schema.classes else add_relations(data, schema, target, rows)
    if request["focus_shapes"]:
        shapes = only_shapes(shapes, request["focus_shapes"])
    if any(shapes.triples((None, SH.js, None))):
        raise ValueError("sh:js constraints are not supported")
    _, report, _ = validate(data, shacl_graph=shapes, inference="none", inplace=True, do_owl_imports=False, advanced=False)
    return {"violations": [violation(report, result, shapes) for result in report.subjects(SH.resultSeverity, None)], "judged": judged}


def only_shapes(shapes: Graph, names: list[str]) -> Graph:
    """The part of a shapes graph that the named node shapes reach."""
    kept, queue, seen = Graph(), list[Node](URIRef(n) for n in names), set[Node]()
    while queue:
        node = queue.pop()
        if node in seen:
            continue
        seen.add(node)
        for triple in shapes.triples((node, None, None)):
            kept.add(triple)
            queue.append(triple[2])
    return kept


def violation(report: Graph, result: Node, shapes: Graph) -> dict[str, str]:
    """One result as plain text fields."""

    def text(predicate: URIRef) -> str:
        found = report.value(result, predicate)
        return "" if found is None else str(found)

    shape = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
    why = shapes.value(shape, SH.description) if shape is not None else None
    named = shape if isinstance(shape, URIRef) else next((s for s in shapes.subjects(SH.property, shape) if isinstance(s, URIRef)), shape)
    path = text(SH.resultPath)
    return {
        "focus": text(SH.focusNode).removeprefix(IDENTIFIER_NAMESPACE),
        "path": path.removeprefix(NAMESPACE) if path.startswith("http") else "",
        "value": text(SH.value).removeprefix(IDENTIFIER_NAMESPACE),
        "shape": str(named).rsplit("#", 1)[-1],
        "component": text(SH.sourceConstraintComponent).rsplit("#", 1)[-1],
        "message": " ".join(sorted(str(m) for m in report.objects(result, SH.resultMessage))),
        "why": str(why or ""),
        "severity": text(SH.resultSeverity).rsplit("#", 1)[-1],
    }


if __name__ == "__main__":
    main()
