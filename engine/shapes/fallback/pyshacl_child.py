"""Child process: reads one question from standard input, lets pySHACL judge it, writes one answer to standard output, both JSON.

It opens no network connection, starts no process and reads no file but the one it is given and Python's own.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import duckdb
import rdflib.plugins.sparql
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning
from rdflib import RDF, RDFS, Graph, Namespace
from rdflib.term import Node, URIRef

from engine.contracts import BadInput, Diagnostic, EngineError, InputOutput, Place
from engine.shapes.fallback.confinement import confine
from engine.shapes.fallback.exchange import read_term, write_result
from engine.shapes.fallback.linear_patterns import linear_patterns
from engine.shapes.fallback.mended_pyshacl import mended
from engine.shapes.fallback.rdf_graphs import DATA, SHAPES, graph_of, rdflib_of, term_of
from engine.shapes.fallback.report_results import results_of
from engine.shapes.fallback.shape_refusals import concerned, shape_refusals
from engine.shapes.fallback.sparql_refusals import sparql_refusals
from engine.shapes.results import ValidationResult
from engine.shapes.terms import SH as SHACL

SH = Namespace(SHACL)
TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
SHAPE_TYPES = (SH.NodeShape, SH.PropertyShape, SH.Shape)
DEEPEST_NESTING = 100  # pySHACL's own limit of 15 stops honest shapes; recursion is refused before


def main() -> None:
    """Answer the question on standard input."""
    question, answer_stream = json.load(sys.stdin), sys.stdout
    sys.stdout = sys.stderr  # libraries print
    logging.disable(logging.CRITICAL)  # a trace for every ill-typed literal would fill the pipe
    confinement = confine([Path(question["data"])], question["seconds"], question["memory_bytes"])
    try:
        answer: dict[str, Any] = {"results": [write_result(r) for r in judge(question)]}
    except EngineError as refused:
        answer = {"refused": [_written(d) for d in refused.diagnostics], "exit_code": refused.exit_code}
    if confinement.refused:
        answer = {"refused": [_written(_attempt(what)) for what in sorted(set(confinement.refused))], "exit_code": BadInput.exit_code}
    json.dump(answer, answer_stream)


def judge(question: dict[str, Any]) -> tuple[ValidationResult, ...]:
    """Results of one question. Raises BadInput SHP122 to SHP124, InputOutput SHP125."""
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
    warnings.simplefilter("ignore")  # rdflib tells of ill-typed booleans in this way
    warnings.simplefilter("error", ShapeRecursionWarning)
    data, shapes = graph_of(Path(question["data"]), DATA), graph_of(str(question["shapes"]), SHAPES)
    only = None if question["only"] is None else {rdflib_of(read_term(t), SHAPES) for t in question["only"]}
    within = concerned(shapes, only)
    if refused := [*shape_refusals(shapes, within), *sparql_refusals(shapes, within)]:
        raise BadInput(*refused)
    aim(shapes, only)
    try:
        with mended(), linear_patterns():
            _, report, text = validate(data, shacl_graph=shapes, inference="none", inplace=True, do_owl_imports=False, advanced=False, js=False, max_validation_depth=DEEPEST_NESTING)
    except (MemoryError, duckdb.OutOfMemoryException):
        raise InputOutput.at("SHP125", "pySHACL ran out of the memory that it may use", why="what was not judged does not conform", fix="raise the limit, or judge less data at once") from None
    except RecursionError:
        raise _unusable("it is nested too deep") from None
    except (ReportableRuntimeError, ShapeRecursionWarning) as error:
        raise _unusable(str(error)) from None
    except Exception as error:  # any fault of a library: what was not judged does not conform
        raise _unusable(f"{type(error).__name__}: {error}") from None
    if not isinstance(report, Graph):
        raise _unusable(str(text))
    return tuple(results_of(report, shapes))


def aim(shapes: Graph, only: set[Node] | None) -> None:
    """Keep the targets of the shapes asked for alone, and write out the targets of shapes that are classes.

    pySHACL's own choice of shapes leaves out the named shapes that they refer to, and it sees a class only where rdfs:Class
    stands at most one step above its type (SHACL 2.1.3.3). Raises BadInput SHP124 for a shape without a target.
    """
    classes = [s for s in set(shapes.subjects(RDF.type)) if isinstance(s, URIRef) and _is_a(shapes, s, (RDFS.Class,)) and _is_a(shapes, s, SHAPE_TYPES)]
    for shape in classes:
        shapes.add((shape, SH.targetClass, shape))
    if only is None:
        return
    targeted: set[Node] = {s for target in TARGETS for s in shapes.subjects(target)}
    if missing := sorted(term_of(s).n3() for s in only - targeted):
        raise _unusable(f"there is no shape with a target {', '.join(missing)}")
    for other in targeted - only:
        for target in TARGETS:
            shapes.remove((other, target, None))
        for kind in list(shapes.objects(other, RDF.type)):
            if kind not in SHAPE_TYPES:  # or pySHACL would take it for a class that is its own target
                shapes.remove((other, RDF.type, kind))


def _is_a(shapes: Graph, node: Node, classes: tuple[Node, ...]) -> bool:
    """Whether the node is a SHACL instance of one of the classes in the shapes graph."""
    return any(above in classes for kind in shapes.objects(node, RDF.type) for above in shapes.transitive_objects(kind, RDFS.subClassOf))


def _unusable(reason: str) -> EngineError:
    return BadInput.at("SHP124", f"pySHACL cannot use the shapes: {reason}", why="a shape that is not understood must not count as conforming", fix="mend the shape that is named")


def _attempt(what: str) -> Diagnostic:
    return Diagnostic(Place(), "SHP126", f"judging was stopped: {what} is not allowed", "nothing is fetched, started or read but what was given", "take the reference to it out of the shapes or data")


def _written(diagnostic: Diagnostic) -> list[Any]:
    place = diagnostic.place
    return [[place.file, place.line, place.column], diagnostic.code, diagnostic.what, diagnostic.why, diagnostic.fix]


if __name__ == "__main__":
    main()
