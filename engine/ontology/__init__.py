"""The one source of truth for terms: Turtle compiled to a schema and from there to every target.

In: `ontology/work_intelligence.ttl`. Out: `Schema`, Kuzu DDL, Arrow schemas, JSON Schema, JSON-LD context, structural
shapes, the reference page. Refuses to know: any record.
"""

from engine.ontology.fingerprints import ontology_fingerprints
from engine.ontology.schema import (
    NAMESPACE,
    AssociationTable,
    ClassDef,
    PropertyDef,
    RelationDef,
    Schema,
    load_schema,
)

__all__ = ["NAMESPACE", "AssociationTable", "ClassDef", "PropertyDef", "RelationDef", "Schema", "load_schema", "ontology_fingerprints"]
