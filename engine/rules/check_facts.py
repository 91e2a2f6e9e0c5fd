"""Whether facts can be evaluated: one read-only, bounded traversal over terms of the ontology that returns what is declared."""

from __future__ import annotations

from collections.abc import Iterator

from engine.contracts import Diagnostic
from engine.ontology import Schema
from engine.rules.cypher import named_terms, properties, refusals, returned, tokens
from engine.rules.pack import Fact, Pack
from engine.rules.spelling import did_you_mean

_WHY = {
    "RUL130": "a fact reads a whole class and changes nothing",
    "RUL131": "facts are evaluated as they stand, one statement each",
    "RUL132": "an unbounded traversal can run without end, and the graph engine cuts it off silently",
    "RUL134": "the answer is kept by its column names",
}
_FIX = {
    "RUL130": "write MATCH ... RETURN, or OPTIONAL MATCH after it",
    "RUL131": "write the value out, one statement without `;`",
    "RUL132": "write a range such as `*1..3`",
    "RUL134": "end with RETURN ... AS subject, ... AS <column>",
}


def fact_faults(pack: Pack, schema: Schema) -> Iterator[Diagnostic]:
    """RUL130 to RUL135 of every fact of a pack."""
    for fact in pack.facts.values():
        yield from _class_faults(pack, fact, schema)
        parts = tokens(fact.cypher)
        where = pack.place("facts", fact.name, "cypher")
        faults = refusals(parts)
        for code, what in faults:
            yield Diagnostic(where, code, what, _WHY[code], _FIX[code])
        labels, relations = named_terms(parts)
        tables = {r.table for r in schema.relations.values()}
        for name in labels:
            if name not in schema.classes:
                yield Diagnostic(where, "RUL133", f"no class `{name}`", "a fact reads only classes of the ontology", did_you_mean(name, schema.classes))
        for name in relations:
            if name not in tables:
                yield Diagnostic(where, "RUL133", f"no relation `{name}`", "a fact reads only relations of the ontology", did_you_mean(name, tables))
        known = {p.column for p in schema.record} | {p.column for c in (*schema.classes.values(), *schema.associations.values()) for p in c.properties}
        for name in properties(parts):
            if name not in known:
                yield Diagnostic(where, "RUL135", f"no property `{name}`", "a fact reads only properties of the ontology", did_you_mean(name, known))
        if not any(code == "RUL134" for code, _ in faults):
            yield from _answer_faults(pack, fact, returned(parts))


def subject_classes(stated: str) -> tuple[str, ...]:
    """Classes named by `Role` or `Role|Function|Archetype`."""
    return tuple(name.strip() for name in stated.split("|")) if stated else ()


def _class_faults(pack: Pack, fact: Fact, schema: Schema) -> Iterator[Diagnostic]:
    for key, stated in (("subject", fact.subject), ("context", fact.context)):
        for name in subject_classes(stated):
            if name not in schema.classes:
                yield Diagnostic(pack.place("facts", fact.name, key), "RUL133", f"no class `{name}`", "facts are keyed by records of the ontology", did_you_mean(name, schema.classes))


def _answer_faults(pack: Pack, fact: Fact, answers: list[tuple[str, ...]]) -> Iterator[Diagnostic]:
    where = pack.place("facts", fact.name, "cypher")
    declared = ["subject", *(["context"] if fact.context else []), *(c.name for c in fact.columns)]
    for names in answers:
        for name in declared:
            if names.count(name) != 1:
                yield Diagnostic(where, "RUL134", f"`{name}` is returned {names.count(name)} times", _WHY["RUL134"], f"return `... AS {name}` once")
        for name in names:
            if name not in declared:
                shown = f"returns `{name}`, which is not declared" if name else "returns an item without a name"
                yield Diagnostic(where, "RUL134", shown, _WHY["RUL134"], did_you_mean(name, declared) if name else _FIX["RUL134"])
