"""What stands around a node, within bounds that are stated: hops, a cap for each relation of a node, a cap for the whole.

In: an open graph, a key. Out: `Neighbourhood`, in one order, with counts of what was left out. Refuses to know: how it is drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.contracts import BadInput
from engine.graph.cypher_guard import MAX_HOPS
from engine.graph.store import GraphStore
from engine.graph.traversal import EdgeOrder, GraphEdge, GraphNode, Step, chosen_tables, known_node, nodes_of, steps_from
from engine.ontology import Schema

if TYPE_CHECKING:
    import networkx as nx

MOST_NODES = 200


@dataclass(frozen=True, slots=True, order=True)
class LeftOut:
    """How many edges of a relation were left out, met along (`outward`) or against its direction."""

    relation: str
    outward: bool
    count: int


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Nodes by hops, class and key (the centre first); edges by relation, start and end; what was left out."""

    centre: str
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    truncated: tuple[LeftOut, ...]


def neighbourhood(
    store: GraphStore, schema: Schema, node_key: str, hops: int = 1, types: Collection[str] = (), limit: int = 25, most_nodes: int = MOST_NODES
) -> Neighbourhood:
    """Everything within `hops` of a node, along and against the direction of relations.

    Of each relation and direction a node keeps `limit` edges: those of highest importance where the relation has it, then by
    key. `types` names relations to follow or classes to keep. At `most_nodes` nodes nothing new is taken in; edges to what is
    left out are counted. Raises BadInput GRA301 (unknown node, with the nearest keys), GRA302 (unknown type), GRA303 (bounds).
    """
    if not 0 <= hops <= MAX_HOPS or limit < 1 or most_nodes < 1:
        raise BadInput.at("GRA303", f"{hops} hops, {limit} edges, {most_nodes} nodes", fix=f"ask for 0 to {MAX_HOPS} hops and at least one edge and node")
    tables, kept = chosen_tables(schema, types)
    reached = {known_node(store, schema, node_key).key: 0}
    edges: dict[EdgeOrder, GraphEdge] = {}
    left_out: dict[EdgeOrder, bool] = {}
    frontier = [node_key]
    for distance in range(1, hops + 1):
        met = [s for s in steps_from(store, schema, frontier, tables) if not kept or s.far_kind in kept]
        frontier = []
        for step in _best(met, limit, edges, left_out):
            if step.far not in reached:
                if len(reached) >= most_nodes:
                    left_out.setdefault(step.order, step.outward)
                    continue
                reached[step.far] = distance
                frontier.append(step.far)
            edges[step.order] = step.edge()
        if not frontier:
            break
    # An edge that one end left out and the other took in is there after all.
    counts = Counter((order[0], outward) for order, outward in left_out.items() if order not in edges)
    truncated = tuple(sorted(LeftOut(relation, outward, count) for (relation, outward), count in counts.items()))
    return Neighbourhood(node_key, nodes_of(store, schema, reached), tuple(edges[k] for k in sorted(edges)), truncated)


def _best(steps: Iterable[Step], limit: int, known: Collection[EdgeOrder], left_out: dict[EdgeOrder, bool]) -> list[Step]:
    """The edges that are kept, by near node, relation, direction, rank; the others are noted. Known edges cost nothing."""
    met: dict[tuple[EdgeOrder, bool], Step] = {}
    for step in steps:
        named = step.order, step.outward
        if step.order not in known and (named not in met or repr(step.carried) < repr(met[named].carried)):
            met[named] = step  # of several rows between the same two nodes the same one in every engine
    groups: dict[tuple[str, str, bool], list[Step]] = {}
    for step in met.values():
        groups.setdefault((step.near, step.table.relation.table, step.outward), []).append(step)
    kept: list[Step] = []
    for (_, _, outward), group in sorted(groups.items(), key=lambda item: item[0]):
        group.sort(key=_rank)
        kept += group[:limit]
        for step in group[limit:]:
            left_out.setdefault(step.order, outward)
    return kept


def _rank(step: Step) -> tuple[float, str]:
    """Highest importance first, none last, then by key. Doubles that were written as six-place decimals compare as those do."""
    at = next((i for i, p in enumerate(step.table.properties) if p.column == "importance"), None)
    importance = None if at is None else step.carried[at]
    return (1.0 if importance is None else -importance, step.far)


def to_networkx(nodes: Iterable[GraphNode], edges: Iterable[GraphEdge]) -> nx.MultiDiGraph[str]:
    """The same nodes and edges as a networkx graph; values that GraphML cannot hold become text."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for n in nodes:
        graph.add_node(n.key, kind=n.kind, label=n.label, hops=n.hops, source=n.source, release=n.release, licence=n.licence, confidence=str(n.confidence))
    for e in edges:
        values = {name: v if isinstance(v, (bool, int, str)) else str(v) for name, v in sorted(e.properties.items())}
        graph.add_edge(e.start, e.end, key=e.relation, relation=e.relation, source=e.source, confidence=str(e.confidence), **values)
    return graph
