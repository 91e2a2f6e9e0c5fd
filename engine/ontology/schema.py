"""The compiled schema: classes, columns, relations. Read from `ontology/compiled/schema.json`, so nobody waits for a Turtle parser."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.contracts import PROVENANCE_COLUMNS, BadInput
from engine.documents import data_folder

NAMESPACE = "https://w3id.org/work-intelligence-graph/ontology#"


@dataclass(frozen=True, slots=True)
class PropertyDef:
    """A datatype property in one class. `name` is the Turtle name (`jobZone`), `column` the column (`job_zone`).

    `datatype` is one of string, decimal, integer, boolean, date; `allowed` the closed list of values or empty.
    """

    name: str
    column: str
    datatype: str
    required: bool
    many: bool
    label: str
    comment: str
    unit: str = ""
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassDef:
    """A class: node table (with `key_prefix`) or association class (without). `properties` leave out id and provenance."""

    name: str
    key_prefix: str
    label: str
    comment: str
    aligned: tuple[str, ...]
    properties: tuple[PropertyDef, ...]


@dataclass(frozen=True, slots=True)
class RelationDef:
    """A relation: Turtle name (`hasWorkflow`), table (`HAS_WORKFLOW`), the pairs of classes it joins, its association class or ''."""

    name: str
    table: str
    label: str
    comment: str
    pairs: tuple[tuple[str, str], ...]
    association: str
    aligned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssociationTable:
    """One pair of one relation, the unit in which relationship records are staged: `HAS_WORKFLOW.Role.Workflow`."""

    relation: RelationDef
    start: str
    end: str
    properties: tuple[PropertyDef, ...]

    @property
    def target(self) -> str:
        """Name of the record table."""
        return f"{self.relation.table}.{self.start}.{self.end}"


@dataclass(frozen=True)
class Schema:
    """All classes and relations, in name order, and the properties that every record carries (`record`: id first, then provenance)."""

    version: str
    record: tuple[PropertyDef, ...]
    classes: Mapping[str, ClassDef]
    associations: Mapping[str, ClassDef]
    relations: Mapping[str, RelationDef]

    @property
    def provenance(self) -> tuple[PropertyDef, ...]:
        """The six provenance properties in their fixed order."""
        by_column = {p.column: p for p in self.record}
        return tuple(by_column[c] for c in PROVENANCE_COLUMNS)

    def association_tables(self) -> Iterator[AssociationTable]:
        """Every pair of every relation, by table, then start, then end."""
        for relation in sorted(self.relations.values(), key=lambda r: r.table):
            carried = self.associations[relation.association].properties if relation.association else ()
            for start, end in sorted(relation.pairs):
                yield AssociationTable(relation, start, end, carried)

    def columns(self, target: str) -> tuple[PropertyDef, ...]:
        """Properties of a record table between its key columns and its provenance; `target` is a class or `TABLE.Start.End`.

        Raises BadInput ONT101 for an unknown target.
        """
        if target in self.classes:
            return self.classes[target].properties
        for table in self.association_tables():
            if table.target == target:
                return table.properties
        raise BadInput.at("ONT101", f"unknown record table `{target}`", why="only classes and relations of the ontology have records", fix="see docs/reference/ontology.md")

    def targets(self) -> tuple[str, ...]:
        """Every record table: node tables in name order, then relationship tables."""
        return (*sorted(self.classes), *(t.target for t in self.association_tables()))

    def class_of_key(self, record_key: str) -> str | None:
        """Class of a record from the prefix of its key; None where no class has it."""
        prefix = record_key.split("/", 1)[0]
        return next((c.name for c in self.classes.values() if c.key_prefix == prefix), None)


def schema_from_json(data: Mapping[str, Any]) -> Schema:
    """Schema from its compiled JSON form."""

    def prop(d: Mapping[str, Any]) -> PropertyDef:
        return PropertyDef(**{**d, "allowed": tuple(d.get("allowed", ()))})

    def cls(name: str, d: Mapping[str, Any]) -> ClassDef:
        return ClassDef(name, d["key_prefix"], d["label"], d["comment"], tuple(d["aligned"]), tuple(prop(p) for p in d["properties"]))

    def rel(name: str, d: Mapping[str, Any]) -> RelationDef:
        pairs = tuple((a, b) for a, b in d["pairs"])
        return RelationDef(name, d["table"], d["label"], d["comment"], pairs, d["association"], tuple(d["aligned"]))

    return Schema(
        version=data["version"],
        record=tuple(prop(p) for p in data["record"]),
        classes={n: cls(n, d) for n, d in data["classes"].items()},
        associations={n: cls(n, d) for n, d in data["associations"].items()},
        relations={n: rel(n, d) for n, d in data["relations"].items()},
    )


@cache
def load_schema(path: Path | None = None) -> Schema:
    """The compiled schema of this installation (or of the given file)."""
    source = path or data_folder("ontology") / "compiled" / "schema.json"
    return schema_from_json(json.loads(source.read_text(encoding="utf-8")))
