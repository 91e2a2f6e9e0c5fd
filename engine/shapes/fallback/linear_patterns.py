"""sh:pattern in pySHACL as the compiler runs it: SPARQL's regular expressions in linear time, where pySHACL has Python's.

Python's `$` passes over a last line feed, its `\\w` and `\\s` are others, it knows two of the five flags, and some patterns
run without end.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

import duckdb
from pyshacl.constraints.core import string_based_constraints as module
from pyshacl.constraints.core.string_based_constraints import PatternConstraintComponent
from rdflib import Namespace
from rdflib.term import BNode

from engine.shapes.sql.regular_expression import re2_of
from engine.shapes.terms import SH as SHACL

SH = Namespace(SHACL)


@contextlib.contextmanager
def linear_patterns() -> Iterator[None]:
    """pySHACL with these patterns, while the context lasts. Patterns that cannot be run must be refused before."""
    kept = vars(module)["re"], PatternConstraintComponent._evaluate_string_rule
    # Python need not be able to read what it does not run
    vars(module)["re"] = SimpleNamespace(compile=lambda *_: None, I=0, M=0)
    PatternConstraintComponent._evaluate_string_rule = _evaluate  # type: ignore[method-assign]
    try:
        yield
    finally:
        vars(module)["re"], PatternConstraintComponent._evaluate_string_rule = kept  # type: ignore[method-assign]
        _matches.cache_clear()
        _connection.cache_clear()


def _evaluate(self: Any, pattern: Any, target_graph: Any, values: Any) -> Any:
    asked = re2_of(str(pattern), "".join(str(f) for f in self.shape.objects(SH.flags)))
    failing = ((focus, v) for focus, found in values.items() for v in found if isinstance(v, BNode) or not _matches(str(v), asked))
    reports = [self.make_v_result(target_graph, focus, value_node=v) for focus, v in failing]
    return bool(reports), reports


@lru_cache(10_000)
def _matches(text: str, pattern: str) -> bool:
    row = _connection().execute("SELECT regexp_matches(?, ?)", [text, pattern]).fetchone()
    return bool(row and row[0])


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """A database of its own that holds nothing, made where a pattern is first run."""
    return duckdb.connect(config={"threads": 1, "memory_limit": "64MB"})
