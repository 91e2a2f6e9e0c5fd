"""One function for each target: schema.json, Kuzu DDL, Arrow, JSON Schema, JSON-LD context, reference page; shapes come from `structural_shapes`.

Each takes a Schema and answers the full text of one committed file; the order of everything in it is fixed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from engine.contracts import IDENTIFIER_NAMESPACE
from engine.ontology.schema import NAMESPACE, ClassDef, PropertyDef, Schema
from engine.ontology.structural_shapes import reference_shapes, structural_shapes

KUZU_TYPES = {"string": "STRING", "decimal": "DOUBLE", "integer": "INT64", "boolean": "BOOLEAN", "date": "DATE"}
ARROW_TYPES = {"string": "string", "decimal": "float64", "integer": "int64", "boolean": "bool", "date": "date32"}
JSON_TYPES = {"string": "string", "decimal": "number", "integer": "integer", "boolean": "boolean", "date": "string"}


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def schema_json(schema: Schema) -> str:
    """The schema itself, read back at run time."""

    def prop(p: PropertyDef) -> dict[str, Any]:
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(p).items() if v not in ("", ())}

    def cls(c: ClassDef) -> dict[str, Any]:
        return {"key_prefix": c.key_prefix, "label": c.label, "comment": c.comment, "aligned": list(c.aligned), "properties": [prop(p) for p in c.properties]}

    return _json({
        "version": schema.version,
        "record": [prop(p) for p in schema.record],
        "classes": {n: cls(c) for n, c in sorted(schema.classes.items())},
        "associations": {n: cls(c) for n, c in sorted(schema.associations.items())},
        "relations": {
            n: {"table": r.table, "label": r.label, "comment": r.comment, "pairs": [list(p) for p in r.pairs], "association": r.association, "aligned": list(r.aligned)}
            for n, r in sorted(schema.relations.items())
        },
    })  # fmt: skip


def kuzu_ddl(schema: Schema) -> str:
    """One CREATE statement a line, node tables first. Runs in Kuzu and in Ladybug."""

    def column(p: PropertyDef) -> str:
        return f"{p.column} {KUZU_TYPES[p.datatype]}{'[]' if p.many else ''}"

    lines = []
    for name, definition in sorted(schema.classes.items()):
        columns = ["id STRING", *map(column, definition.properties), *map(column, schema.provenance), "PRIMARY KEY (id)"]
        lines.append(f"CREATE NODE TABLE {name} ({', '.join(columns)});")
    for relation in sorted(schema.relations.values(), key=lambda r: r.table):
        carried = schema.associations[relation.association].properties if relation.association else ()
        pairs = [f"FROM {a} TO {b}" for a, b in relation.pairs]
        lines.append(f"CREATE REL TABLE {relation.table} ({', '.join([*pairs, *map(column, carried), *map(column, schema.provenance)])});")
    return "\n".join(lines) + "\n"


def arrow_schemas(schema: Schema) -> str:
    """Record table to its list of [column, type, nullable]; a many-valued column has type list<string>."""

    def field(p: PropertyDef) -> list[Any]:
        kind = ARROW_TYPES[p.datatype]
        return [p.column, f"list<{kind}>" if p.many else kind, not p.required]

    tables: dict[str, list[list[Any]]] = {}
    for target in schema.targets():
        keys = [["id", "string", False]] if target in schema.classes else [["from", "string", False], ["to", "string", False]]
        tables[target] = [*keys, *map(field, schema.columns(target)), *map(field, schema.provenance)]
    return _json(tables)


def json_schema(schema: Schema) -> str:
    """JSON Schema 2020-12: one definition for each class and association class."""

    def prop(p: PropertyDef) -> dict[str, Any]:
        one: dict[str, Any] = {"type": JSON_TYPES[p.datatype], "description": p.comment}
        if p.datatype == "date":
            one["format"] = "date"
        if p.allowed:
            one["enum"] = list(p.allowed)
        if p.pattern:
            one["pattern"] = p.pattern
        for name, bound in (("minimum", p.minimum), ("maximum", p.maximum)):
            if bound:
                one[name] = json.loads(bound)
        if p.many:
            description = one.pop("description")
            return {"type": "array", "items": one, "description": description, **({"minItems": 1} if p.required else {})}
        return one

    def definition(c: ClassDef, keys: Mapping[str, Any]) -> dict[str, Any]:
        owned = [*c.properties, *schema.provenance]
        return {
            "title": c.label, "description": c.comment, "type": "object", "additionalProperties": False,
            "properties": {**keys, **{p.column: prop(p) for p in owned}},
            "required": [*keys, *(p.column for p in owned if p.required)],
        }  # fmt: skip

    identity = prop(next(p for p in schema.record if p.column == "id"))
    definitions = {n: definition(c, {"id": {**identity, "pattern": f"^{c.key_prefix}/"}}) for n, c in sorted(schema.classes.items())}
    ends = {"from": identity, "to": identity}
    definitions |= {n: definition(c, ends) for n, c in sorted(schema.associations.items())}
    return _json({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": NAMESPACE.rstrip("#") + "/records.json", "title": "Records of the Work Intelligence Graph", "$defs": definitions})


def jsonld_context(schema: Schema) -> str:
    """JSON-LD 1.1 context: columns to properties, keys to IRIs."""
    context: dict[str, Any] = {"@version": 1.1, "@base": IDENTIFIER_NAMESPACE, "wig": NAMESPACE, "xsd": "http://www.w3.org/2001/XMLSchema#", "id": "@id", "type": "@type"}
    context |= {name: f"wig:{name}" for name in sorted([*schema.classes, *schema.associations])}
    properties = {p.column: p for c in [*schema.classes.values(), *schema.associations.values()] for p in c.properties}
    properties |= {p.column: p for p in schema.provenance}
    for column, p in sorted(properties.items()):
        term: dict[str, Any] = {"@id": f"wig:{p.name}"}
        if p.datatype != "string":
            term["@type"] = f"xsd:{p.datatype}"
        if p.many:
            term["@container"] = "@set"
        context[column] = term
    context |= {r.table.lower(): {"@id": f"wig:{n}", "@type": "@id", "@container": "@set"} for n, r in sorted(schema.relations.items())}
    return _json({"@context": context})


def reference_page(schema: Schema) -> str:
    """The page that people read: classes with their columns, relations with their pairs."""

    def table(properties: tuple[PropertyDef, ...]) -> list[str]:
        rows = ["", "| column | type | required | unit, range, values | meaning |", "|---|---|---|---|---|"]
        for p in properties:
            limits = [x for x in (p.unit, f"{p.minimum} to {p.maximum}" if p.minimum and p.maximum else (f"from {p.minimum}" if p.minimum else ""), ", ".join(p.allowed)) if x]
            rows.append(f"| `{p.column}` | {p.datatype}{' list' if p.many else ''} | {'yes' if p.required else 'no'} | {'; '.join(limits)} | {p.comment} |")
        return [*rows, ""]

    out = ["# Ontology reference", "", "Generated from `ontology/work_intelligence.ttl` by `wig ontology compile`. Version " + schema.version + ".", ""]
    out += ["## Every record", "", "Each record has its key and six columns that say where it came from.", *table(schema.record)]
    out += ["## Classes", ""]
    for name, c in sorted(schema.classes.items()):
        aligned = f" Aligned: {', '.join(f'`{a}`' for a in c.aligned)}." if c.aligned else ""
        out += [f"### {name}", "", f"{c.comment} Keys begin with `{c.key_prefix}/`.{aligned}", *table(c.properties)]
    out += ["## Relations", "", "| relation | table | joins | values | meaning |", "|---|---|---|---|---|"]
    for name, r in sorted(schema.relations.items()):
        pairs = ", ".join(f"{a} to {b}" for a, b in r.pairs)
        out.append(f"| `{name}` | `{r.table}` | {pairs} | {r.association or ''} | {r.comment} |")
    out += ["", "## Association classes", ""]
    for name, c in sorted(schema.associations.items()):
        out += [f"### {name}", "", c.comment, *table(c.properties)]
    return "\n".join(out).rstrip() + "\n"


OUTPUTS: Mapping[str, Callable[[Schema], str]] = {
    "ontology/compiled/schema.json": schema_json,
    "ontology/compiled/graph.cypher": kuzu_ddl,
    "ontology/compiled/arrow.json": arrow_schemas,
    "ontology/compiled/records.schema.json": json_schema,
    "ontology/compiled/context.jsonld": jsonld_context,
    "shapes/structure.ttl": structural_shapes,
    "shapes/references.ttl": reference_shapes,
    "docs/reference/ontology.md": reference_page,
}
