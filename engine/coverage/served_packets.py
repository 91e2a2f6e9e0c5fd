"""Curriculum packets of the grounds that a list is served by, each read once, as the figures that the audit asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.planner import read_packet

if TYPE_CHECKING:
    from engine.ask import Desk
    from engine.contracts.learner import CurriculumPacket


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """A packet in figures, and where the graph places its ground: keys of functions, codes of occupations (roles only)."""

    workflows: int
    fewest_tasks: int
    fewest_evidence: int
    kinds: int
    accountable: bool
    functions: frozenset[str]
    occupations: frozenset[str]


class ServedPackets:
    """Reads packets from the graph of a desk; the graph is opened with the first."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._facts: dict[str, PacketFacts | None] = {}

    def facts(self, ground: str) -> PacketFacts | None:
        """Figures of a ground's packet; None where the graph holds no such ground."""
        if ground not in self._facts:
            graph = self._desk.graph
            known = graph.execute("MATCH (g:Role:Function:Archetype {id: $ground}) RETURN g.id", {"ground": ground}).rows
            self._facts[ground] = self._read(ground) if known else None
        return self._facts[ground]

    def grounds(self) -> tuple[str, ...]:
        """Grounds that were read, in key order."""
        return tuple(sorted(self._facts))

    def _read(self, ground: str) -> PacketFacts:
        graph = self._desk.graph
        functions = graph.execute("MATCH (r:Role {id: $ground})-[:IN_FUNCTION]->(f:Function) RETURN f.id", {"ground": ground}).rows
        occupations = graph.execute("MATCH (r:Role {id: $ground})-[:MAPS_TO]->(o:Occupation) RETURN o.id", {"ground": ground}).rows
        placed = frozenset(str(f[0]) for f in functions), frozenset(str(o[0]).partition("/")[2] for o in occupations)
        return _figures(read_packet(graph, ground, {}), *placed)


def _figures(packet: CurriculumPacket, functions: frozenset[str], occupations: frozenset[str]) -> PacketFacts:
    tasks = [t for w in packet.workflows for t in w.tasks]
    return PacketFacts(
        workflows=len(packet.workflows),
        fewest_tasks=min((len(w.tasks) for w in packet.workflows), default=0),
        fewest_evidence=min((len(t.evidence) for t in tasks), default=0),
        kinds=len({e.kind for t in tasks for e in t.evidence}),
        accountable=bool(packet.workflows) and all(w.accountable.strip() and w.deliverable.strip() for w in packet.workflows),
        functions=functions,
        occupations=occupations,
    )
