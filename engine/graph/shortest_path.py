"""The shortest way between two nodes, the same one every time: breadth first from both ends, ties by key and relation."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass

from engine.contracts import BadInput
from engine.graph.cypher_guard import MAX_HOPS
from engine.graph.store import GraphStore
from engine.graph.traversal import GraphEdge, GraphNode, Step, chosen_tables, known_node, nodes_of, steps_from
from engine.ontology import AssociationTable, Schema

_Trail = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphPath:
    """A path: nodes from the first end to the second, `hops` counted from the first; one edge between each two of them."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]


def shortest_path(store: GraphStore, schema: Schema, a: str, b: str, max_hops: int = MAX_HOPS, types: Collection[str] = ()) -> GraphPath | None:
    """The shortest path from `a` to `b`, along or against relations; None where there is none within `max_hops`.

    An edge that says there is no tie (a share of 0 among its values) is not walked. Of equally short ones the same is taken every time, by node keys, then by relation. Raises BadInput GRA301-GRA303 as neighbourhood.
    """
    if not 0 <= max_hops <= 2 * MAX_HOPS:
        raise BadInput.at("GRA303", f"{max_hops} hops", fix=f"ask for 0 to {2 * MAX_HOPS} hops")
    tables, kept = chosen_tables(schema, types)
    ends = known_node(store, schema, a).key, known_node(store, schema, b).key
    sides = (_Side(ends[0], kept, ends), _Side(ends[1], kept, ends))
    for _ in range(max_hops):
        if _meeting(sides):
            break
        near = min(sides, key=lambda s: (len(s.frontier), s is sides[1]))
        if not near.frontier:
            return None
        near.widen(store, schema, tables)
    meeting = _meeting(sides)
    if not meeting:
        return None
    keys = min(sides[0].trail(m) + sides[1].trail(m)[-2::-1] for m in meeting)
    edges = tuple(_edge_between(sides, x, y) for x, y in itertools.pairwise(keys))
    return GraphPath(tuple(sorted(nodes_of(store, schema, {k: i for i, k in enumerate(keys)}), key=lambda n: n.hops)), edges)


class _Side:
    """One half of the search: levels reached so far, and for each node the edges by which the level before leads to it."""

    def __init__(self, end: str, kept: frozenset[str], ends: tuple[str, str]) -> None:
        self.frontier: tuple[str, ...] = (end,)
        self.trails: dict[str, _Trail] = {end: (end,)}
        self.edges: dict[tuple[str, str], list[GraphEdge]] = {}
        self._kept, self._ends = kept, ends

    def widen(self, store: GraphStore, schema: Schema, tables: tuple[AssociationTable, ...]) -> None:
        """Take in one more level whole, so that the first meeting of two sides is a shortest one."""
        arrivals: dict[str, list[Step]] = {}
        for step in steps_from(store, schema, self.frontier, tables):
            if step.far not in self.trails and step.connects and (not self._kept or step.far_kind in self._kept or step.far in self._ends):
                arrivals.setdefault(step.far, []).append(step)
        for far, steps in arrivals.items():
            self.trails[far] = (*min(self.trails[s.near] for s in steps), far)
            for step in steps:
                self.edges.setdefault((min(step.near, far), max(step.near, far)), []).append(step.edge())
        self.frontier = tuple(sorted(arrivals))

    def trail(self, key: str) -> _Trail:
        """Keys from this end to a node."""
        return self.trails[key]


def _meeting(sides: tuple[_Side, _Side]) -> list[str]:
    """Nodes that both sides reached, on the shortest of the ways."""
    both = sorted(set(sides[0].trails) & set(sides[1].trails))
    lengths = {k: len(sides[0].trails[k]) + len(sides[1].trails[k]) for k in both}
    return [k for k in both if lengths[k] == min(lengths.values())]


def _edge_between(sides: tuple[_Side, _Side], x: str, y: str) -> GraphEdge:
    pair = (min(x, y), max(x, y))
    return min((e for s in sides for e in s.edges.get(pair, ())), key=lambda e: (e.relation, e.start, e.end, repr(e)))
