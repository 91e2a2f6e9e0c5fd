"""Records that break the generated shapes, made from the schema: one for each thing that the ontology asks of a class or relation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from contract_results import IDENTIFIERS, WIG, Broken

from engine.ontology import PropertyDef, Schema

XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
WRITTEN = (
    ("source/one@1", "source/two@1"), ("00000000-0000-5000-8000-000000000001", "00000000-0000-5000-8000-000000000002"), ("1.0.0", "1.0.1"), ("one", "two"),
    ("soc@2010", "soc@2018"), ("http://data.europa.eu/esco/one", "http://data.europa.eu/esco/two"),
)  # fmt: skip
HERE, THERE = f"<{IDENTIFIERS}Role/sound>", f"<{IDENTIFIERS}Workflow/sound>"
PLAIN = {"string": ("one", "two"), "boolean": ("true", "false"), "date": ("2026-11-20", "2026-11-21"), "decimal": ("1.5", "2.5"), "integer": ("1", "2")}


@dataclass
class Violations:
    """N-Triples of the records, what must break at which of them, and the sound records at which nothing may."""

    lines: list[str] = field(default_factory=list)
    expected: set[Broken] = field(default_factory=set)
    sound: set[str] = field(default_factory=set)

    def add(self, subject: str, predicate: str, value: str) -> None:
        self.lines.append(f"<{IDENTIFIERS}{subject}> {predicate} {value} .")

    def put(self, subject: str, name: str, literals: tuple[str, ...]) -> None:
        for literal in literals:
            self.add(subject, f"<{WIG}{name}>", literal)


def violations_of(schema: Schema) -> Violations:
    """Everything at once: the generated shapes look at one record each, so records of one graph do not disturb each other."""
    made = Violations()
    identity = next(p for p in schema.record if p.column == "id")
    for name, definition in sorted({**schema.classes, **schema.associations}.items()):
        key = (replace(identity, pattern=f"^{definition.key_prefix}/[^\\s]+$"),) if definition.key_prefix else ()
        _columns(made, name, f"{name}Structure", (*key, *definition.properties), joined=not key)
    _columns(made, "Record", "ProvenanceStructure", schema.provenance)
    _columns(made, "Association", "", (), joined=True)
    _relations(made, schema)
    for name in ("Association", *sorted(schema.associations)):
        _ends(made, name)
    return made


def _columns(made: Violations, kind: str, shape: str, properties: tuple[PropertyDef, ...], joined: bool = False) -> None:
    """A sound record, and record n that breaks the n-th demand of every column."""
    broken = {p: tuple(_broken(p)) for p in properties}
    for n in range(-1, max((len(b) for b in broken.values()), default=0)):
        subject = f"{kind}/{n}" if n >= 0 else f"{kind}/sound"
        made.add(subject, TYPE, f"<{WIG}{kind}>")
        if joined:
            made.put(subject, "from", (HERE,))
            made.put(subject, "to", (THERE,))
        for p, demands in broken.items():
            component, literals = demands[n] if 0 <= n < len(demands) else ("", _good(p)[:1])
            made.put(subject, p.name, literals)
            if component:
                made.expected.add(Broken(subject, f"{shape}/{p.name}", component))
        if n < 0:
            made.sound.add(subject)


def _broken(p: PropertyDef) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each component that a column's demands come to, with values that break it."""
    yield "Datatype", (_literal("7", "integer") if p.datatype == "string" else _literal("x", "string"),)
    if p.required:
        yield "MinCount", ()
    if not p.many:
        yield "MaxCount", _good(p)
    if p.allowed:
        yield "In", (_literal("no such value", "string"),)
    if p.pattern:
        yield "Pattern", (_literal(" ", "string"),)
    if p.datatype == "string" and not p.allowed and not p.pattern:
        yield "MinLength", (_literal("", "string"),)
    if p.minimum:
        yield "MinInclusive", (_literal(str(Decimal(p.minimum) - 1), p.datatype),)
    if p.maximum:
        yield "MaxInclusive", (_literal(str(Decimal(p.maximum) + 1), p.datatype),)


def _good(p: PropertyDef) -> tuple[str, ...]:
    """Two different values that a column allows."""
    if p.allowed:
        values = p.allowed[:2]
    elif p.pattern:
        prefix = p.pattern.removeprefix("^").partition("/")[0]
        values = next(pair for pair in ((f"{prefix}/one", f"{prefix}/two"), *WRITTEN) if all(re.search(p.pattern, v) for v in pair))
    elif p.minimum:
        step = (Decimal(p.maximum) - Decimal(p.minimum)) if p.maximum else Decimal(1)
        values = (p.minimum, str(Decimal(p.minimum) + step))
    else:
        values = PLAIN[p.datatype]
    return tuple(_literal(v, p.datatype) for v in values)


def _literal(value: str, datatype: str) -> str:
    return f'"{value}"' if datatype == "string" else f'"{value}"^^<{XSD}{datatype}>'


def _relations(made: Violations, schema: Schema) -> None:
    """Every pair joined as declared, every class with each of its relations leading astray, every relation at a stranger."""
    for relation in schema.relations.values():
        predicate = f"<{WIG}{relation.name}>"
        starts = sorted({start for start, _ in relation.pairs})
        for start in starts:
            ends = [end for s, end in relation.pairs if s == start]
            for end in ends:
                made.add(f"{start}/sound", predicate, f"<{IDENTIFIERS}{end}/sound>")
            made.add(f"{start}/astray", TYPE, f"<{WIG}{start}>")
            made.add(f"{start}/astray", predicate, f"<{IDENTIFIERS}nowhere>")
            made.expected.add(Broken(f"{start}/astray", f"{start}Relations/{relation.name}", "Or" if len(ends) > 1 else "Class"))
        made.add(f"stranger/{relation.name}", predicate, f"<{IDENTIFIERS}{relation.pairs[0][1]}/sound>")
        made.expected.add(Broken(f"stranger/{relation.name}", f"{relation.name[0].upper()}{relation.name[1:]}Start", "Or" if len(starts) > 1 else "Class"))


def _ends(made: Violations, kind: str) -> None:
    cases = {"MinCount": (), "MaxCount": (HERE, THERE), "NodeKind": ('"role/sound"',)}
    for component, values in cases.items():
        subject = f"ends/{kind}/{component}"
        made.add(subject, TYPE, f"<{WIG}{kind}>")
        for end in ("from", "to"):
            made.put(subject, end, values)
            made.expected.add(Broken(subject, f"AssociationEnds/{end}", component))
