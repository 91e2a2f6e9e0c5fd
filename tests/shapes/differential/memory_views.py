"""Predicate views over a handful of triples in memory: one connection for many graphs, because opening one costs more than judging."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
from random_terms import Triple

from engine.shapes.compile import quoted
from engine.shapes.terms import Term
from engine.shapes.views import create_node_keys
from engine.shapes.views.term_codes import TermCodes


class MemoryViews:
    """PredicateViews over the triples last loaded."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        create_node_keys(self.connection)
        self._codes = TermCodes()

    def load(self, triples: Sequence[Triple]) -> MemoryViews:
        """Put these triples in place of those before."""
        rows = sorted({(self.triple(s)[0], p, *self.triple(o)) for s, p, o in triples})
        values = ", ".join(f"({quoted(s)}, {quoted(p)}, {quoted(v)}, {d}::SMALLINT, {quoted(tag)})" for s, p, v, d, tag in rows) or "('', '', '', 0::SMALLINT, '')"
        self.connection.execute(f"CREATE OR REPLACE TABLE statements AS SELECT * FROM (VALUES {values}) t(s, p, v, d, l)" + ("" if rows else " WHERE FALSE"))
        return self

    def relation(self, predicate: str, within: frozenset[str] | None = None) -> str:  # noqa: ARG002
        return f"(SELECT s, v, d, l FROM statements WHERE p = {quoted(predicate)})"

    def everything(self) -> str:
        return "statements"

    def instances(self, classes: Sequence[str]) -> str | None:  # noqa: ARG002
        return None

    def code(self, datatype: str) -> int:
        return self._codes.code(datatype)

    def triple(self, term: Term) -> tuple[str, int, str]:
        return self._codes.triple(term)

    def term(self, v: str, d: int, l: str) -> Term:  # noqa: E741
        return self._codes.term(v, d, l)

    def iri_text(self, v: str) -> str:
        return v
