"""Which record tables a query can reach, judged from its words alone and rather too wide than too narrow.

An engine cannot tell where a computed value came from. So a query whose answer would leave the machine may not even pass by
records that may not: every node it names needs a class, every relation a name, where such records are near.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engine.graph import query_pattern
from engine.ontology import Schema


@dataclass(frozen=True, slots=True)
class Reach:
    """Record tables that hold closed records and that a query can reach, in name order; what in the query opens the way."""

    targets: tuple[str, ...]
    because: str


def reach_of(cypher: str, closed: Collection[str], schema: Schema) -> Reach:
    """Which of the `closed` record tables (classes, `TABLE.Start.End`) the query can reach; none where it cannot."""
    if not closed:
        return Reach((), "")
    pattern = query_pattern(cypher)
    classes = {t for t in closed if "." not in t}
    relations = {t for t in closed if "." in t}
    met = sorted((classes & pattern.names) | {t for t in relations if t.split(".")[0] in pattern.names})
    if met:
        return Reach(tuple(met), "the query names them")
    if pattern.open_nodes and classes:
        return Reach(tuple(sorted(classes)), "a node without a class can be any record")
    between = {t for t in relations if not set(t.split(".")[1:]) & classes}
    if pattern.open_relations and between:
        return Reach(tuple(sorted(between)), "a relation without a name can be any relation")
    if pattern.passing and classes:
        ends = {r.table for r in schema.relations.values() if any(set(pair) & classes for pair in r.pairs)}
        if pattern.open_relations or ends & pattern.names:
            return Reach(tuple(sorted(classes)), "a path of several steps passes by records that it does not name")
    return Reach((), "")
