"""A neighbourhood or path on its way out: records that an exit refuses are taken out, with every relationship that touches them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.graph import GraphEdge, GraphNode
from engine.licensing.exits import Attribution, Exit, LicensedSource, Refused
from engine.licensing.policy import LicencePolicy

ABOUT_SOURCES = "Source"  # what the ledger says of a source is the ledger's own word, not the publisher's


@dataclass(frozen=True, slots=True)
class AdmittedGraph:
    """Nodes and edges that may pass, in their order; what was refused by source; citations owed; every source that speaks in what passes."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    refused: tuple[Refused, ...]
    attributions: tuple[Attribution, ...]
    sources: tuple[LicensedSource, ...]


def admit_graph(policy: LicencePolicy, nodes: Iterable[GraphNode], edges: Iterable[GraphEdge], exit_: Exit) -> AdmittedGraph:
    """What the exit carries. Edges of an admitted source that lead to a refused node go with it and are not counted."""
    everything = tuple(nodes)
    own = [n for n in everything if n.kind == ABOUT_SOURCES]
    others = [n for n in everything if n.kind != ABOUT_SOURCES]
    passed = policy.admit(others, lambda n: n.source, exit_)
    keys = {n.key for n in (*own, *passed.carried)}
    linked = policy.admit((e for e in edges if e.start in keys and e.end in keys), lambda e: e.source, exit_)
    counts: dict[str, Refused] = {}
    for refused in (*passed.refused, *linked.refused):
        before = counts.get(refused.source)
        counts[refused.source] = Refused(refused.source, refused.label, refused.count + (before.count if before else 0), refused.reason)
    kept = tuple(sorted((*own, *passed.carried), key=lambda n: (n.hops, n.kind, n.key)))
    used = {n.source for n in passed.carried} | {e.source for e in linked.carried}
    speaking = tuple(policy.sources[key] for key in sorted(used))
    return AdmittedGraph(kept, linked.carried, tuple(sorted(counts.values())), policy.attributions(used, exit_), speaking)


def closed_targets(policy: LicencePolicy, stated: dict[str, dict[str, int]], exit_: Exit) -> frozenset[str]:
    """Record tables in which a source speaks whose records the exit refuses; `stated` counts rows by table and source."""
    closed = {source for found in stated.values() for source in found if not policy.verdict(source, exit_).carried}
    return frozenset(target for target, found in stated.items() if target != ABOUT_SOURCES and closed & found.keys())
