"""pySHACL in this process: triples in, results out, or the reason why it gives none."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Sequence

from pyshacl import validate
from pyshacl.errors import ShapeRecursionWarning
from random_terms import Triple
from rdflib import Graph

from engine.shapes.fallback.mended_pyshacl import mended
from engine.shapes.fallback.rdf_graphs import DATA, SHAPES, filled
from engine.shapes.fallback.report_results import results_of
from engine.shapes.results import ValidationResult


class OracleSilent(Exception):
    """pySHACL gave no report; the text says why."""


def judged_by_pyshacl(data: Sequence[Triple], shapes: Sequence[Triple], *, as_it_is: bool = False) -> list[ValidationResult]:
    """All results, as often as pySHACL gives them. Raises OracleSilent.

    It is mended in the places that engine.shapes.fallback mends, unless it is asked for `as_it_is`.
    """
    logging.disable(logging.CRITICAL)  # rdflib tells of every ill-typed literal
    try:
        with warnings.catch_warnings(), contextlib.nullcontext() if as_it_is else mended():
            warnings.simplefilter("ignore")  # rdflib tells of ill-typed booleans in this way
            warnings.simplefilter("error", ShapeRecursionWarning)
            shapes_graph = filled(shapes, SHAPES)
            _, report, text = validate(filled(data, DATA), shacl_graph=shapes_graph, inference="none", inplace=True, do_owl_imports=False, max_validation_depth=100)
    except Exception as error:
        raise OracleSilent(f"{type(error).__name__}: {error}".splitlines()[0]) from error
    finally:
        logging.disable(logging.NOTSET)
    if not isinstance(report, Graph):
        raise OracleSilent(text)
    return results_of(report, shapes_graph)
