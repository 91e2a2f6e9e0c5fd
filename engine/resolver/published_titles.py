"""Titles, terms and seniorities of a freshly built graph, as the title index wants them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.contracts import from_micro, to_micro
from engine.resolver.title_rows import TitleRow
from engine.resolver.vocabulary import SeniorityTerm

if TYPE_CHECKING:
    from engine.graph import GraphStore

NAMED = ("Role", "Occupation", "OccupationGroup", "Function", "Archetype")


def published_titles(graph: GraphStore) -> Iterator[TitleRow]:
    """Every naming of the graph, then the terms of functions and archetypes and the specialisms of roles; the index puts them in order."""
    for name in NAMED:
        for r in graph.execute(
            f"MATCH (t:Title)-[n:NAMES]->(x:{name}) RETURN t.label, x.id, x.label, n.naming_kind, n.source, n.source_ref, n.release, n.licence, n.confidence"
        ).rows:
            yield TitleRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], _share(r[8]))
    for name, column, kind in (("Function", "terms", "term"), ("Archetype", "terms", "term"), ("Role", "specialisms", "specialism")):
        for row in graph.execute(f"MATCH (x:{name}) RETURN x.{column}, x.id, x.label, x.source, x.source_ref, x.release, x.licence, x.confidence").rows:
            for text in row[0] or ():
                yield TitleRow(text, row[1], row[2], kind, row[3], row[4], row[5], row[6], _share(row[7]))


def published_seniorities(graph: GraphStore) -> Iterator[SeniorityTerm]:
    """Every term of every seniority, with its rank."""
    for key, rank, terms in graph.execute("MATCH (s:Seniority) RETURN s.id, s.rank, s.terms ORDER BY s.rank, s.id").rows:
        for text in terms or ():
            yield SeniorityTerm(tuple(str(text).lower().split()), key, int(rank))


def _share(value: float) -> Decimal:
    return from_micro(to_micro(value))
