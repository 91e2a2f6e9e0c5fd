"""Staged lexical records as predicate views: no RDF is made, each predicate is a query over the columns that hold it.

A node record is its short key, typed by its class and as wig:Record; a relation is a triple between two keys, and an
association node of its own that holds the relation's values and provenance. IRIs of records stand as short keys; whatever
begins with `http` stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import duckdb

from engine.contracts import IDENTIFIER_NAMESPACE
from engine.ontology import NAMESPACE, PropertyDef, Schema
from engine.shapes.sql.ordering import create_ordering
from engine.shapes.terms import DATATYPE_CODES, IRI_CODE, RDF, XSD, Term
from engine.shapes.views import TermCodes, create_node_keys

KIND_COLUMN = "naming_kind"
RECORD, ASSOCIATION = NAMESPACE + "Record", NAMESPACE + "Association"


# the ends of a relation are columns like any other, but hold keys
IRI = "iri"
ENDS = tuple(PropertyDef(end, f'"{end}"', IRI, True, False, end, f"Record at which the relation {'begins' if end == 'from' else 'ends'}.") for end in ("from", "to"))


def code_of(column: PropertyDef) -> int:
    """Code in column d of the values of a record table's column."""
    return IRI_CODE if column.datatype == IRI else DATATYPE_CODES[XSD + column.datatype]


class LexicalRecords(Protocol):
    """Staged records in a DuckDB connection: tables `lexical."<target>"`, every column text (many-valued: a list), NULL where missing."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection that holds them."""


@dataclass(frozen=True, slots=True)
class RecordTable:
    """One record table: its name, the SQL of its subject, the classes that its rows have, its properties by IRI."""

    target: str
    subject: str
    classes: tuple[str, ...]
    columns: tuple[tuple[str, PropertyDef], ...]
    relation: str = ""

    @property
    def name(self) -> str:
        """As SQL."""
        return f'lexical."{self.target}"'

    def column(self, predicate: str) -> PropertyDef | None:
        """The column that holds a predicate's values."""
        return next((p for iri, p in self.columns if iri == predicate), None)


def record_tables(schema: Schema) -> tuple[RecordTable, ...]:
    """Every record table of the schema."""
    identity, provenance = schema.record[:1], schema.provenance

    def columns(*owned: PropertyDef) -> tuple[tuple[str, PropertyDef], ...]:
        return tuple((NAMESPACE + p.name, p) for p in owned)

    nodes = [RecordTable(n, "id", (NAMESPACE + n, RECORD), columns(*identity, *c.properties, *provenance)) for n, c in sorted(schema.classes.items())]
    relations = []
    for table in schema.association_tables():
        named = any(p.column == KIND_COLUMN for p in table.properties)
        key = f"'association/{table.relation.table}/' || \"from\" || '--' || \"to\"" + (f" || coalesce('--' || {KIND_COLUMN}, '')" if named else "")
        carrier = NAMESPACE + table.relation.association if table.relation.association else ASSOCIATION
        relations.append(RecordTable(table.target, key, (carrier, RECORD), columns(*ENDS, *table.properties, *provenance), NAMESPACE + table.relation.name))
    return (*nodes, *relations)


def _held(connection: duckdb.DuckDBPyConnection, tables: Sequence[RecordTable]) -> tuple[RecordTable, ...]:
    """Tables that hold a record: planning a query over dozens of empty ones would cost more than judging."""
    asked = " UNION ALL ".join(f"(SELECT {number} AS n FROM {table.name} LIMIT 1)" for number, table in enumerate(tables))
    found = {n for (n,) in connection.execute(asked).fetchall()}
    return tuple(table for number, table in enumerate(tables) if number in found)


class RecordViews(TermCodes):
    """PredicateViews over staged records; `tables` are the record tables that hold any."""

    def __init__(self, records: LexicalRecords, schema: Schema) -> None:
        super().__init__()
        self.connection = records.connection
        self.tables = _held(self.connection, record_tables(schema))
        create_node_keys(self.connection)
        create_ordering(self.connection)

    def relation(self, predicate: str, within: frozenset[str] | None = None) -> str:
        """SQL of (s, v, d, l) for a predicate, of the tables whose records have one of the classes `within`."""
        parts = [p for t in self.tables if within is None or not within.isdisjoint(t.classes) or self._starts(t, predicate, within) for p in self._parts(t, predicate)]
        return "(" + (" UNION ALL ".join(parts) or "SELECT '' AS s, '' AS v, 0::SMALLINT AS d, '' AS l WHERE FALSE") + ")"

    def _starts(self, table: RecordTable, predicate: str, within: frozenset[str]) -> bool:
        """Whether a relation's triples start at records of the classes."""
        return table.relation == predicate and (NAMESPACE + table.target.split(".")[1] in within or RECORD in within)

    def _parts(self, table: RecordTable, predicate: str) -> Iterator[str]:
        iri = f"{IRI_CODE}::SMALLINT AS d, '' AS l FROM {table.name}"
        if predicate == RDF + "type":
            for kind in table.classes:
                yield f"SELECT {table.subject} AS s, '{kind}' AS v, {iri}"
        if (found := table.column(predicate)) is not None:
            yield self._column(table, found)
        if table.relation == predicate:
            only = "DISTINCT " if KIND_COLUMN in table.subject else ""
            yield f'SELECT {only}"from" AS s, "to" AS v, {iri}'

    def _column(self, table: RecordTable, prop: PropertyDef) -> str:
        code = f"{code_of(prop)}::SMALLINT"
        if prop.many:
            return f"SELECT DISTINCT {table.subject} AS s, unnest({prop.column}) AS v, {code} AS d, '' AS l FROM {table.name}"
        return f"SELECT {table.subject} AS s, {prop.column} AS v, {code} AS d, '' AS l FROM {table.name} WHERE {prop.column} IS NOT NULL"

    def everything(self) -> str:
        """SQL of (s, p, v, d, l) over all triples."""
        predicates = {RDF + "type", *(i for t in self.tables for i, _ in t.columns), *(t.relation for t in self.tables if t.relation)}
        return "(" + " UNION ALL ".join(f"SELECT s, '{p}' AS p, v, d, l FROM {self.relation(p)}" for p in sorted(predicates)) + ")"

    def instances(self, classes: Sequence[str]) -> str | None:
        """SQL of (n): keys of the records of some classes; a key stands once."""
        parts = [f"SELECT {t.subject} AS n FROM {t.name}" for t in self.tables if not set(classes).isdisjoint(t.classes)]
        return " UNION ALL ".join(parts) or "SELECT '' AS n WHERE FALSE"

    def triple(self, term: Term) -> tuple[str, int, str]:
        """A term as (v, d, l); an IRI of a record as its short key."""
        v, d, l = super().triple(term)  # noqa: E741
        return v.removeprefix(IDENTIFIER_NAMESPACE) if d == IRI_CODE else v, d, l

    def term(self, v: str, d: int, l: str) -> Term:  # noqa: E741
        """The term in (v, d, l)."""
        return super().term(v if d != IRI_CODE or v.startswith("http") else IDENTIFIER_NAMESPACE + v, d, l)

    def iri_text(self, v: str) -> str:
        """SQL of an IRI's text."""
        return f"(CASE WHEN starts_with({v}, 'http') THEN {v} ELSE '{IDENTIFIER_NAMESPACE}' || {v} END)"
