"""What the compiler needs of data: predicates as relations, whatever they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import duckdb

from engine.shapes.terms import Term


class PredicateViews(Protocol):
    """Data as predicate views in a DuckDB connection.

    A predicate's relation has the columns s (node key of the subject), v, d, l (object; see engine.shapes.terms), rows
    distinct. Node keys are opaque to the compiler but for `key_sql` and `literal`.
    """

    connection: duckdb.DuckDBPyConnection

    def relation(self, predicate: str, within: frozenset[str] | None = None) -> str:
        """SQL of a relation (table name, or parenthesised query) for a predicate IRI; an empty one where no such triple is.

        `within` says that only subjects of these classes will be asked about: views that keep classes apart may leave others out.
        """

    def everything(self) -> str:
        """SQL of a relation with columns s, p (predicate IRI), v, d, l over all triples."""

    def instances(self, classes: Sequence[str]) -> str | None:
        """SQL of a relation (n) of the nodes that have one of some classes (each once), where the views know a shorter way than rdf:type; else None."""

    def code(self, datatype: str) -> int:
        """Code of a datatype IRI in column d."""

    def triple(self, term: Term) -> tuple[str, int, str]:
        """A term as (v, d, l)."""

    def term(self, v: str, d: int, l: str) -> Term:  # noqa: E741
        """The term that stands in (v, d, l)."""

    def iri_text(self, v: str) -> str:
        """SQL expression of the IRI's text, for a column expression of an IRI's `v`."""
