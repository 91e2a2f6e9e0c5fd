"""SHACL for everything that the ontology already says: types, cardinalities, ranges, allowed values, and what relations may join.

Business rules are written by hand beside the generated files. The order of everything in them is fixed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.ontology.schema import NAMESPACE, PropertyDef, RelationDef, Schema

HEAD = (
    "# Generated from ontology/work_intelligence.ttl by `wig ontology compile`. Do not edit.\n\n"
    f"@prefix wig: <{NAMESPACE}> .\n@prefix wigsh: <{NAMESPACE.replace('ontology#', 'shapes#')}> .\n"
    "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
)


def structural_shapes(schema: Schema) -> str:
    """One shape for the own columns of each class and association class, and one for the provenance of every record."""
    identity = next(p for p in schema.record if p.column == "id")
    blocks = [HEAD]
    for name, definition in [*sorted(schema.classes.items()), *sorted(schema.associations.items())]:
        key = [replace(identity, pattern=f"^{definition.key_prefix}/[^\\s]+$")] if definition.key_prefix else []
        columns = [_column(p) for p in (*key, *definition.properties)]
        if columns:
            blocks.append(_node_shape(f"{name}Structure", f"sh:targetClass wig:{name}", f"{definition.label} structure", columns))
    blocks.append(_node_shape("ProvenanceStructure", "sh:targetClass wig:Record", "provenance structure", [_column(p) for p in schema.provenance]))
    return "\n\n".join(blocks) + "\n"


def reference_shapes(schema: Schema) -> str:
    """Referential integrity: for each class where its relations lead, for each relation who has it, for each association that it has two ends."""
    relations = sorted(schema.relations.values(), key=lambda r: r.name)
    blocks = [HEAD]
    for name, definition in sorted(schema.classes.items()):
        ways = [_way(r, [end for start, end in r.pairs if start == name]) for r in relations if name in {start for start, _ in r.pairs}]
        if ways:
            blocks.append(_node_shape(f"{name}Relations", f"sh:targetClass wig:{name}", f"{definition.label} relations", ways))
    for relation in relations:
        starts = _distinct(start for start, _ in relation.pairs)
        said = [_of_class(starts), _told(f"give `{relation.table.lower()}` only to a record of class {' or '.join(starts)}", relation.comment)]
        blocks.append(_node_shape(f"{relation.name[0].upper()}{relation.name[1:]}Start", f"sh:targetSubjectsOf wig:{relation.name}", f"start of {relation.label}", said))
    # of which class the ends are is judged at the triple, which says which relation it is; an association only has to have them
    carriers = ", ".join(f"wig:{name}" for name in ("Association", *sorted(schema.associations)))
    blocks.append(_node_shape("AssociationEnds", f"sh:targetClass {carriers}", "association ends", [_end("from"), _end("to")]))
    return "\n\n".join(blocks) + "\n"


def demand(p: PropertyDef) -> str:
    """What a property's structure asks for, as an instruction: "give exactly one `risk_level`, one of low, moderate, high, critical"."""
    number = {(True, False): "exactly one", (False, False): "at most one", (True, True): "at least one", (False, True): "any number of"}[(p.required, p.many)]
    limits = [
        f"one of {', '.join(p.allowed)}" if p.allowed else "" if p.datatype == "string" else f"of type {p.datatype}",
        f"from {p.minimum}{f' to {p.maximum}' if p.maximum else ' on'}" if p.minimum else "",
        f"in {p.unit}" if p.unit and p.unit not in ("level", "position", "share") else "",
        f"written like {p.pattern}" if p.pattern else "",
        "not empty" if p.datatype == "string" and not p.allowed and not p.pattern else "",
    ]  # fmt: skip
    return ", ".join([f"give {number} `{p.column}`", *(x for x in limits if x)])


def _node_shape(name: str, target: str, label: str, parts: Sequence[str]) -> str:
    return " ;\n    ".join([f"wigsh:{name} a sh:NodeShape ; {target} ; rdfs:label {_quoted(label)}@en", *parts]) + " ."


def _column(p: PropertyDef) -> str:
    parts = [f"sh:path wig:{p.name}", f"sh:datatype xsd:{p.datatype}"]
    if p.required:
        parts.append("sh:minCount 1")
    if not p.many:
        parts.append("sh:maxCount 1")
    if p.datatype == "string" and not p.allowed and not p.pattern:  # a list or a pattern refuses the empty text already
        parts.append("sh:minLength 1")
    if p.allowed:
        parts.append(f"sh:in ( {' '.join(_quoted(a) for a in p.allowed)} )")
    if p.pattern:
        parts.append(f"sh:pattern {_quoted(p.pattern)}")
    if p.minimum:
        parts.append(f'sh:minInclusive "{p.minimum}"^^xsd:{p.datatype}')
    if p.maximum:
        parts.append(f'sh:maxInclusive "{p.maximum}"^^xsd:{p.datatype}')
    return _property([*parts, _told(demand(p), p.comment)])


def _way(relation: RelationDef, ends: Sequence[str]) -> str:
    return _property([f"sh:path wig:{relation.name}", _of_class(_distinct(ends)), _told(f"let `{relation.table.lower()}` lead to a record of class {' or '.join(_distinct(ends))}", relation.comment)])


def _end(name: str) -> str:
    told = _told(f"let the association have exactly one `{name}`, a record", "A relation of which one end is missing, doubled or no record joins nothing that can be asked for.")
    return _property([f"sh:path wig:{name}", "sh:minCount 1", "sh:maxCount 1", "sh:nodeKind sh:IRI", told])


def _property(parts: Sequence[str]) -> str:
    return f"sh:property [ {' ; '.join(parts)} ]"


def _of_class(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"sh:class wig:{names[0]}"
    return f"sh:or ( {' '.join(f'[ sh:class wig:{n} ]' for n in names)} )"


def _told(message: str, description: str) -> str:
    return f"sh:message {_quoted(message)}@en ; sh:description {_quoted(description)}@en"


def _distinct(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

