"""One step outward from many nodes at once: one query for each relation table and direction, never one for each node."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.contracts import BadInput, from_micro, to_micro
from engine.graph.nearest_names import nearest, remedy
from engine.graph.store import GraphStore
from engine.ontology import AssociationTable, Schema

_NAMING_COLUMNS = ("label", "statement")
_SHARE = "share"
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node: key, class, label, its provenance (confidence: share 0 to 1) and how many hops it is from where one began."""

    key: str
    kind: str
    label: str
    hops: int
    source: str
    source_ref: str
    release: str
    licence: str
    confidence: Decimal


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A relationship in its own direction: keys of both ends, relation table, the values it carries, source and confidence."""

    start: str
    end: str
    relation: str
    properties: Mapping[str, Any]
    source: str
    confidence: Decimal


EdgeOrder = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """An edge as it was met: from `near` to `far`; `outward` is false where it was met against its direction.

    `carried` are the raw values of the edge: a hub has thousands of steps of which few become edges.
    """

    near: str
    far: str
    far_kind: str
    outward: bool
    table: AssociationTable
    carried: tuple[Any, ...]

    @property
    def order(self) -> EdgeOrder:
        """Relation, start, end: what names the edge, and the order in which edges are listed."""
        start, end = (self.near, self.far) if self.outward else (self.far, self.near)
        return self.table.relation.table, start, end

    @property
    def connects(self) -> bool:
        """False where a share that the edge carries (importance, level, a score) is 0: such an edge says that there is no tie."""
        return not any(p.unit == _SHARE and v == 0 for p, v in zip(self.table.properties, self.carried, strict=False))

    def edge(self) -> GraphEdge:
        """The edge in its own direction."""
        relation, start, end = self.order
        columns = (p.column for p in self.table.properties)
        properties = {c: exact(v) for c, v in zip(columns, self.carried, strict=False) if v is not None}
        return GraphEdge(start, end, relation, properties, self.carried[-2], exact(self.carried[-1]))


def steps_from(store: GraphStore, schema: Schema, frontier: Iterable[str], tables: Sequence[AssociationTable]) -> list[Step]:
    """Every edge at these nodes, along and against its direction; no particular order."""
    by_class: dict[str, list[str]] = {}
    for key in sorted(set(frontier)):
        by_class.setdefault(schema.class_of_key(key) or "", []).append(key)
    found: list[Step] = []
    for table in tables:
        found += _steps(store, table, by_class.get(table.start, ()), outward=True)
        found += _steps(store, table, by_class.get(table.end, ()), outward=False)
    return found


def _steps(store: GraphStore, table: AssociationTable, keys: Sequence[str], outward: bool) -> list[Step]:
    if not keys:
        return []
    near = "a" if outward else "b"
    columns = [p.column for p in table.properties]
    values = "".join(f", r.{c}" for c in (*columns, "source", "confidence"))
    pattern = f"MATCH (a:{table.start})-[r:{table.relation.table}]->(b:{table.end})"
    if len(keys) == 1:  # a literal key is looked up; a list would scan the table
        rows = store.execute(f"{pattern} WHERE {near}.id = $key RETURN a.id, b.id{values}", {"key": keys[0]}).rows
    else:
        rows = store.execute(f"UNWIND $keys AS key {pattern} WHERE {near}.id = key RETURN a.id, b.id{values}", {"keys": list(keys)}).rows
    if outward:
        return [Step(row[0], row[1], table.end, True, table, row[2:]) for row in rows]
    return [Step(row[1], row[0], table.start, False, table, row[2:]) for row in rows]


def nodes_of(store: GraphStore, schema: Schema, hops: Mapping[str, int]) -> tuple[GraphNode, ...]:
    """The nodes of these keys by hops, class and key; keys that the graph lacks are left out."""
    by_class: dict[str, list[str]] = {}
    for key in sorted(hops):
        by_class.setdefault(schema.class_of_key(key) or "", []).append(key)
    nodes = []
    for kind, keys in sorted(by_class.items()):
        if kind not in schema.classes:
            continue
        named = next((c for c in _NAMING_COLUMNS if any(p.column == c for p in schema.columns(kind))), "id")
        wanted = f"n.id, n.{named}, n.source, n.source_ref, n.release, n.licence, n.confidence"
        if len(keys) == 1:
            rows = store.execute(f"MATCH (n:{kind}) WHERE n.id = $key RETURN {wanted}", {"key": keys[0]}).rows
        else:
            rows = store.execute(f"UNWIND $keys AS key MATCH (n:{kind}) WHERE n.id = key RETURN {wanted}", {"keys": keys}).rows
        for key, label, source, source_ref, release, licence, confidence in rows:
            nodes.append(GraphNode(key, kind, label, hops[key], source, source_ref, release, licence, exact(confidence)))
    return tuple(sorted(nodes, key=lambda n: (n.hops, n.kind, n.key)))


def known_node(store: GraphStore, schema: Schema, node_key: str) -> GraphNode:
    """The node of a key. Raises BadInput GRA301 with at most three near keys where the graph has none."""
    found = nodes_of(store, schema, {node_key: 0})
    if found:
        return found[0]
    kind = schema.class_of_key(node_key)
    if kind is None:
        prefixes = ", ".join(sorted(c.key_prefix for c in schema.classes.values()))
        raise BadInput.at("GRA301", f"`{node_key}` is no key", why="a key is the prefix of a class, a slash and a name", fix=f"begin with one of: {prefixes}")
    keys = sorted(row[0] for row in store.execute(f"MATCH (n:{kind}) RETURN n.id").rows)
    names = {key.partition("/")[2]: key for key in keys}  # the prefix that all share would make all of them look alike
    near = [names[n] for n in nearest(node_key.partition("/")[2], names)]
    fix = f"did you mean {', '.join(near)}?" if near else f"this graph has {len(keys)}, for example {', '.join(keys[:_EXAMPLES])}"
    if not keys:
        fix = f"this graph has no {kind}; see `wig sources status`"
    raise BadInput.at("GRA301", f"the graph has no `{node_key}`", why=f"no {kind} has this key", fix=fix)


def chosen_tables(schema: Schema, types: Collection[str]) -> tuple[tuple[AssociationTable, ...], frozenset[str]]:
    """Relation tables to follow and classes to keep, from a mixed list of both (empty: all).

    Relations may be named as in the ontology (`hasWorkflow`) or in the graph (`HAS_WORKFLOW`). Raises BadInput GRA302.
    """
    tables = tuple(schema.association_tables())
    relations = {name: r.table for name, r in schema.relations.items()} | {r.table: r.table for r in schema.relations.values()}
    known = sorted({*relations, *schema.classes})
    for name in sorted(types):
        if name not in relations and name not in schema.classes:
            raise BadInput.at("GRA302", f"`{name}` is neither a relation nor a class", fix=remedy(name, known, "docs/reference/ontology.md"))
    followed = {relations[t] for t in types if t in relations}
    kept = frozenset(t for t in types if t in schema.classes)
    return tuple(t for t in tables if not followed or t.relation.table in followed), kept


def exact(value: Any) -> Any:
    """A stored double as the decimal that was written: six places, no float beyond this line."""
    return from_micro(to_micro(value)).normalize() if isinstance(value, float) else value
