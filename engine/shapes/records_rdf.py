"""Lexical records as RDF: a node record is typed by its class, a relation is a triple, an association is a node of its own.

A lexical value is written with the datatype that its property declares and is not repaired: `abc` under xsd:decimal
stays an ill-typed literal, so that the contract and not the loader finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from engine.contracts import PROVENANCE_COLUMNS, iri_of
from engine.ontology import NAMESPACE, PropertyDef, Schema

WIG = Namespace(NAMESPACE)
DATATYPES = {"decimal": XSD.decimal, "integer": XSD.integer, "boolean": XSD.boolean, "date": XSD.date}
Row = Mapping[str, Any]


def add_nodes(graph: Graph, schema: Schema, name: str, rows: Iterable[Row]) -> int:
    """Add records of class `name`; columns absent from a row are left out. Answers how many."""
    properties = _by_column(schema.classes[name].properties, schema)
    return sum(_add(graph, URIRef(iri_of(str(row["id"]))), WIG[name], properties, row) for row in rows)


def add_relations(graph: Graph, schema: Schema, target: str, rows: Sequence[Row]) -> int:
    """Add records of a relationship table `TABLE.Start.End`; carried values become an association node."""
    table = next(t for t in schema.association_tables() if t.target == target)
    properties = _by_column(table.properties, schema)
    carrier = WIG[table.relation.association or "Association"]
    for row in rows:
        start, end = str(row["from"]), str(row["to"])
        graph.add((URIRef(iri_of(start)), WIG[table.relation.name], URIRef(iri_of(end))))
        node = URIRef(iri_of(association_key(target, start, end)))
        graph.add((node, WIG["from"], URIRef(iri_of(start))))
        graph.add((node, WIG.to, URIRef(iri_of(end))))
        _add(graph, node, carrier, properties, row)
    return len(rows)


def association_key(target: str, start: str, end: str) -> str:
    """Key of an association node, from its table and ends."""
    return f"association/{target.split('.', 1)[0]}/{start}--{end}"


def _by_column(owned: Sequence[PropertyDef], schema: Schema) -> dict[str, PropertyDef]:
    return {p.column: p for p in (*schema.record[:1], *owned, *schema.provenance)}


def _add(graph: Graph, subject: URIRef, kind: URIRef, properties: Mapping[str, PropertyDef], row: Row) -> int:
    graph.add((subject, RDF.type, kind))
    if any(column in row for column in PROVENANCE_COLUMNS):
        graph.add((subject, RDF.type, WIG.Record))
    for column, prop in properties.items():
        value = row.get(column)
        if value is None:
            continue
        for one in value if isinstance(value, (list, tuple)) else (value,):
            graph.add((subject, WIG[prop.name], _literal(str(one), prop.datatype)))
    return 1


def _literal(text: str, datatype: str) -> Literal:
    # rdflib holds "x" and "x"^^xsd:string apart although RDF 1.1 does not; shape files write the plain form
    return Literal(text) if datatype == "string" else Literal(text, datatype=DATATYPES[datatype], normalize=False)

