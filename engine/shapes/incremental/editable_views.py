"""Predicate views that can be edited: one table a predicate, statements put in and taken out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from engine.shapes.terms import Term
from engine.shapes.views import TermCodes, create_node_keys

Statement = tuple[Term, str, Term]
NOTHING = "(SELECT '' AS s, '' AS v, 0::SMALLINT AS d, '' AS l WHERE FALSE)"


@dataclass(frozen=True, slots=True)
class Edit:
    """Statements taken out and statements put in, as one step. What was not there cannot be taken out, and is passed over."""

    removed: tuple[Statement, ...] = ()
    added: tuple[Statement, ...] = ()


class EditableViews(TermCodes):
    """PredicateViews over statements that change. Takes the DuckDB connection that is to hold them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, statements: Iterable[Statement] = ()) -> None:
        super().__init__()
        self.connection = connection
        create_node_keys(connection)
        self._tables: dict[str, str] = {}
        self.put(statements)

    def put(self, statements: Iterable[Statement]) -> None:
        """Add statements; one that is there already counts once."""
        for predicate, rows in self._by_predicate(statements).items():
            table = self._tables.get(predicate)
            if table is None:
                table = f"statements_{len(self._tables) + 1}"
                self.connection.execute(f"CREATE TABLE {table} (s VARCHAR, v VARCHAR, d SMALLINT, l VARCHAR)")
                self._tables[predicate] = table  # known once it is there
            self._load(rows)
            self.connection.execute(f"INSERT INTO {table} SELECT DISTINCT * FROM edited a ANTI JOIN {table} b USING (s, v, d, l)")

    def take(self, statements: Iterable[Statement]) -> None:
        """Take statements out."""
        for predicate, rows in self._by_predicate(statements).items():
            if predicate in self._tables:
                self._load(rows)
                self.connection.execute(f"DELETE FROM {self._tables[predicate]} WHERE (s, v, d, l) IN (SELECT s, v, d, l FROM edited)")

    def _by_predicate(self, statements: Iterable[Statement]) -> dict[str, list[tuple[str, str, int, str]]]:
        found: dict[str, list[tuple[str, str, int, str]]] = defaultdict(list)
        for subject, predicate, value in statements:
            found[predicate].append((self.triple(subject)[0], *self.triple(value)))
        return found

    def _load(self, rows: Sequence[tuple[str, str, int, str]]) -> None:
        s, v, d, l = (list(column) for column in zip(*rows, strict=True))  # noqa: E741
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE edited AS SELECT unnest($1::VARCHAR[]) AS s, unnest($2::VARCHAR[]) AS v, unnest($3::SMALLINT[]) AS d, unnest($4::VARCHAR[]) AS l", [s, v, d, l]
        )

    def relation(self, predicate: str, within: frozenset[str] | None = None) -> str:  # noqa: ARG002
        """The table of a predicate; classes are not kept apart."""
        return self._tables.get(predicate, NOTHING)

    def everything(self) -> str:
        """SQL of (s, p, v, d, l) over all statements."""
        parts = [f"SELECT s, '{predicate.replace(chr(39), chr(39) * 2)}' AS p, v, d, l FROM {table}" for predicate, table in sorted(self._tables.items())]
        return f"({' UNION ALL '.join(parts)})" if parts else "(SELECT '' AS s, '' AS p, '' AS v, 0::SMALLINT AS d, '' AS l WHERE FALSE)"

    def instances(self, classes: Sequence[str]) -> None:
        """Nothing: instances are known by rdf:type alone."""

    def iri_text(self, v: str) -> str:
        """The column itself."""
        return v
