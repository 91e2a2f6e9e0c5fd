"""Turtle to Schema. The only module that parses the ontology with rdflib."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from engine.contracts import BadInput, Place, decimal_text
from engine.ontology.schema import NAMESPACE, ClassDef, PropertyDef, RelationDef, Schema

WIG = Namespace(NAMESPACE)
SCHEMA_ORG = Namespace("https://schema.org/")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
XSD = "http://www.w3.org/2001/XMLSchema#"
DATATYPES = {"string", "decimal", "integer", "boolean", "date"}
ALIGNMENT = (SKOS.closeMatch, SKOS.exactMatch, RDFS.seeAlso, RDFS.subClassOf, RDFS.subPropertyOf)


def snake(name: str) -> str:
    """`jobZone` to `job_zone`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def read_turtle(path: Path) -> Schema:
    """Schema of an ontology file. Raises BadInput ONT001 (no Turtle) and ONT002 (a term without what it needs)."""
    graph = Graph()
    try:
        graph.parse(path, format="turtle")
    except Exception as error:  # rdflib raises a dozen unrelated types for a syntax fault
        raise BadInput.at("ONT001", f"not Turtle: {str(error).splitlines()[0]}", fix="mend the syntax at this place", place=Place(path.name)) from None
    return _Reader(graph, path.name).schema()


class _Reader:
    def __init__(self, graph: Graph, shown: str) -> None:
        self.graph = graph
        self.place = Place(shown)

    def schema(self) -> Schema:
        properties = self._datatype_properties()
        nodes: dict[str, ClassDef] = {}
        associations: dict[str, ClassDef] = {}
        for term in sorted(self.graph.subjects(RDF.type, OWL.Class), key=str):
            if not isinstance(term, URIRef) or term in (WIG.Record, WIG.Association):
                continue
            name = self._local(term)
            prefix = self._text(term, WIG.keyPrefix)
            owned = tuple(p for domains, p in properties.get(name, []) if "Record" not in domains)
            definition = ClassDef(name, prefix, self._need(term, RDFS.label), self._need(term, RDFS.comment), self._aligned(term), owned)
            is_association = (term, RDFS.subClassOf, WIG.Association) in self.graph
            if is_association == bool(prefix):
                raise BadInput.at("ONT002", f"class `{name}` must have a key prefix or be an association, not both or neither", place=self.place)
            (associations if is_association else nodes)[name] = definition
        record = tuple(p for _, p in properties["Record"])
        order = ["id", "source", "source_ref", "release", "licence", "confidence", "derived_by"]
        record = tuple(sorted(record, key=lambda p: order.index(p.column)))
        version = str(next(self.graph.objects(None, OWL.versionInfo)))
        return Schema(version, record, nodes, associations, self._relations(nodes, associations))

    def _datatype_properties(self) -> dict[str, list[tuple[set[str], PropertyDef]]]:
        """Properties by class, label first, then in name order."""
        result: dict[str, list[tuple[set[str], PropertyDef]]] = {}
        for term in sorted(self.graph.subjects(RDF.type, OWL.DatatypeProperty), key=str):
            name = self._local(term)
            domains = {self._local(d) for d in self.graph.objects(term, SCHEMA_ORG.domainIncludes)}
            if not domains:
                raise BadInput.at("ONT002", f"property `{name}` belongs to no class", fix="add schema:domainIncludes", place=self.place)
            required_for = {self._local(d) for d in self.graph.objects(term, WIG.requiredFor)}
            datatype, allowed = self._range(term, name)
            for domain in sorted(domains):
                definition = PropertyDef(
                    name=name, column=snake(name), datatype=datatype, allowed=allowed,
                    required=self._text(term, WIG.required) == "true" or domain in required_for,
                    many=self._text(term, WIG.manyValued) == "true",
                    label=self._need(term, RDFS.label), comment=self._need(term, RDFS.comment), unit=self._text(term, WIG.unit),
                    minimum=self._number(term, WIG.minimum), maximum=self._number(term, WIG.maximum), pattern=self._text(term, WIG.pattern),
                )  # fmt: skip
                result.setdefault(domain, []).append((domains, definition))
        for owned in result.values():
            owned.sort(key=lambda item: (item[1].name not in ("label", "statement"), item[1].name))
        return result

    def _range(self, term: Node, name: str) -> tuple[str, tuple[str, ...]]:
        found = next(self.graph.objects(term, RDFS.range), None)
        if found is None:
            raise BadInput.at("ONT002", f"property `{name}` has no range", fix="add rdfs:range", place=self.place)
        choices = next(self.graph.objects(found, OWL.oneOf), None)
        if choices is not None:
            return "string", tuple(str(v) for v in Collection(self.graph, choices))
        datatype = str(found).removeprefix(XSD)
        if datatype not in DATATYPES:
            raise BadInput.at("ONT002", f"property `{name}` has the range `{found}`, which no target can hold", fix=f"use one of {', '.join(sorted(DATATYPES))}", place=self.place)
        return datatype, ()

    def _relations(self, nodes: dict[str, ClassDef], associations: dict[str, ClassDef]) -> dict[str, RelationDef]:
        result = {}
        for term in sorted(self.graph.subjects(RDF.type, OWL.ObjectProperty), key=str):
            name = self._local(term)
            pairs = []
            for pair in self.graph.objects(term, WIG.pair):
                start = self._local(next(self.graph.objects(pair, WIG["from"])))
                end = self._local(next(self.graph.objects(pair, WIG.to)))
                for end_class in (start, end):
                    if end_class not in nodes:
                        raise BadInput.at("ONT002", f"relation `{name}` joins the unknown class `{end_class}`", place=self.place)
                pairs.append((start, end))
            carried = next(self.graph.objects(term, WIG.carriedBy), None)
            association = self._local(carried) if carried is not None else ""
            if not pairs or (association and association not in associations):
                raise BadInput.at("ONT002", f"relation `{name}` needs a wig:pair and a declared association class", place=self.place)
            result[name] = RelationDef(name, snake(name).upper(), self._need(term, RDFS.label), self._need(term, RDFS.comment), tuple(sorted(pairs)), association, self._aligned(term))
        return result

    def _aligned(self, term: Node) -> tuple[str, ...]:
        """Terms of other vocabularies that this one is aligned to, as `predicate object` in prefixed form."""
        found: list[str] = []
        for predicate in ALIGNMENT:
            name = self.graph.namespace_manager.normalizeUri(predicate)
            foreign = (o for o in self.graph.objects(term, predicate) if isinstance(o, URIRef) and not o.startswith(NAMESPACE))
            found += [f"{name} {self.graph.namespace_manager.normalizeUri(o)}" for o in foreign]
        return tuple(sorted(found))

    def _local(self, term: Node) -> str:
        return str(term).removeprefix(NAMESPACE)

    def _text(self, term: Node, predicate: URIRef) -> str:
        found = next(self.graph.objects(term, predicate), None)
        return "" if found is None else str(found)

    def _number(self, term: Node, predicate: URIRef) -> str:
        found = next(self.graph.objects(term, predicate), None)
        return decimal_text(Decimal(str(found))) if isinstance(found, Literal) else ""

    def _need(self, term: Node, predicate: URIRef) -> str:
        text = self._text(term, predicate)
        if not text:
            raise BadInput.at("ONT002", f"`{self._local(term)}` lacks {predicate.n3(self.graph.namespace_manager)}", fix="every term has a label and a comment", place=self.place)
        return text
