"""Predicate views over a handful of triples in memory, and both engines' answers to one query over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from engine.shapes.sql.ordering import create_ordering
from engine.shapes.terms import DATATYPE_CODES, OTHER_CODES, RDF, Blank, Iri, Literal, Term
from engine.shapes.views.node_keys import create_node_keys, node_key

Triples = Sequence[tuple[Term, str, Term]]


def connected() -> duckdb.DuckDBPyConnection:
    """A connection with the macros that compiled queries need."""
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    create_node_keys(connection)
    create_ordering(connection)
    return connection


class SmallViews:
    """The triples in one table; a predicate's relation is a query of it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, triples: Triples) -> None:
        self.connection = connection
        self._codes = dict(DATATYPE_CODES)
        rows = {(self.key(s), p, *self.triple(o)) for s, p, o in triples}
        connection.execute("CREATE OR REPLACE TABLE triples (s VARCHAR, p VARCHAR, v VARCHAR, d INTEGER, l VARCHAR)")
        if rows:
            connection.executemany("INSERT INTO triples VALUES (?, ?, ?, ?, ?)", sorted(rows))

    def relation(self, predicate: str, within: frozenset[str] | None = None) -> str:
        del within
        return f"(SELECT s, v, d, l FROM triples WHERE p = '{predicate}')"

    def everything(self) -> str:
        return "triples"

    def instances(self, classes: Sequence[str]) -> str | None:
        del classes
        return None

    def code(self, datatype: str) -> int:
        return self._codes.setdefault(datatype, OTHER_CODES + len(self._codes))

    def triple(self, term: Term) -> tuple[str, int, str]:
        match term:
            case Iri(value):
                return value, 0, ""
            case Blank(label):
                return "_:" + label, 1, ""
            case Literal(value, datatype, language):
                return value, self.code(RDF + "langString" if language else datatype), language

    def term(self, v: str, d: int, l: str) -> Term:  # noqa: E741
        if d < 2:
            return Iri(v) if d == 0 else Blank(v[2:])
        return Literal(v, next(iri for iri, code in self._codes.items() if code == d), l)

    def key(self, term: Term) -> str:
        """Node key of a term."""
        return node_key(*self.triple(term))

    def iri_text(self, v: str) -> str:
        return v

    def focus(self, nodes: Iterable[Term]) -> str:
        """SQL of a relation (f) of some nodes."""
        self.connection.execute("CREATE OR REPLACE TABLE focus (f VARCHAR)")
        self.connection.execute("INSERT INTO focus SELECT unnest(?::VARCHAR[])", [[self.key(n) for n in nodes]])
        return "focus"

    def pairs(self, nodes: Iterable[tuple[Term, Term]]) -> str:
        """SQL of a relation (f, v, d, l) of some focus nodes with a value each."""
        self.connection.execute("CREATE OR REPLACE TABLE pairs (f VARCHAR, v VARCHAR, d INTEGER, l VARCHAR)")
        self.connection.executemany("INSERT INTO pairs VALUES (?, ?, ?, ?)", [[self.key(f), *self.triple(v)] for f, v in nodes])
        return "pairs"
