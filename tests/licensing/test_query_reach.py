"""What a query can reach is judged from its words, rather too wide than too narrow."""

from __future__ import annotations

import pytest

from engine.licensing import reach_of
from engine.ontology import load_schema

SCHEMA = load_schema()
CLOSED = {"BenchmarkTask", "BENCHMARKS.BenchmarkTask.Occupation"}

REACHES = [
    "MATCH (n) RETURN n", "MATCH () RETURN count(*)", "MATCH (n {id: 'x'}) RETURN n", "MATCH (b:BenchmarkTask) RETURN b", "MATCH (b:Task:BenchmarkTask) RETURN b",
    "MATCH (o:Occupation)--(b) RETURN b", "MATCH (o:Occupation)<-[:BENCHMARKS]-(b:Task) RETURN b", "MATCH (o:Occupation), (b) RETURN b",
    "MATCH (o:Occupation) WITH o.id AS i MATCH (o) RETURN o", "MATCH (o:Occupation) WITH count(o) AS o2, 1 AS x MATCH (o) RETURN o",
    "MATCH (o:Occupation) RETURN o UNION MATCH (o) RETURN o", "MATCH (a) MATCH (a:Occupation) RETURN a",
    "MATCH p = (a:Occupation)-[*1..2]-(b:Occupation) RETURN nodes(p)", "MATCH p = (a:Occupation)-[:PERFORMS|BENCHMARKS*1..2]-(b:Occupation) RETURN p",
    "MATCH (m:Module) WHERE EXISTS { MATCH (x:Task)-[:TEACHES]->(m) } MATCH (x) RETURN x", "MATCH (o:Occupation) WHERE EXISTS { MATCH (b)-[:MAPS_TO]->(o) } RETURN o",
    "MATCH (`n`) RETURN `n`", "MATCH /* (x:Task) */ (n) RETURN n", "MATCH (o:Occupation) WHERE o.label = '(n:Task)' MATCH (n) RETURN n",
]  # fmt: skip
STAYS_CLEAR = [
    "MATCH (o:Occupation) RETURN o.id", "MATCH (o:Occupation)-[:PERFORMS]->(t:Task) RETURN o.id, count(t)", "MATCH (:Role)-[h:HAS_WORKFLOW]->(:Workflow) RETURN h.importance",
    "MATCH (o:Occupation) WITH o MATCH (o)-[:PERFORMS]->(t:Task) RETURN t.id", "MATCH (o:Occupation) WITH DISTINCT o, 1 AS n MATCH (o)-[p:PERFORMS]->(t:Task) RETURN t.id, n",
    "MATCH (m:Module)-[:PREREQUISITE*1..3]->(n:Module) RETURN m.id, count(DISTINCT n.id)", "MATCH (o:Occupation {id: $key}) RETURN (o.job_zone + 1) * 2", "UNWIND [1, 2] AS x RETURN x",
    "MATCH (o:Occupation)-[r]-(t:Task) RETURN r.importance", "MATCH (o:Occupation) WITH * MATCH (o)-[:PERFORMS]->(t:Task) RETURN t.id",
    "MATCH (o:Occupation) WHERE o.label STARTS WITH 'A' AND EXISTS { MATCH (o)-[:PERFORMS]->(t:Task) } RETURN o.id", "CALL show_tables() RETURN name",
]  # fmt: skip


@pytest.mark.parametrize("cypher", REACHES)
def test_a_query_that_can_reach_closed_records_is_seen(cypher: str) -> None:
    reach = reach_of(cypher, CLOSED, SCHEMA)
    assert reach.targets
    assert reach.because


@pytest.mark.parametrize("cypher", STAYS_CLEAR)
def test_a_query_that_names_its_way_stays_clear(cypher: str) -> None:
    assert reach_of(cypher, CLOSED, SCHEMA).targets == ()


@pytest.mark.parametrize("cypher", REACHES)
def test_where_nothing_is_closed_nothing_is_reached(cypher: str) -> None:
    assert reach_of(cypher, (), SCHEMA).targets == ()


def test_a_closed_relation_between_open_classes_is_reached_by_a_relation_without_a_name() -> None:
    closed = {"RELATED_TO.Occupation.Occupation"}
    assert reach_of("MATCH (a:Occupation)-[r]-(b:Occupation) RETURN r", closed, SCHEMA).targets
    assert reach_of("MATCH (a:Occupation)-->(b:Occupation) RETURN a", closed, SCHEMA).targets
    assert not reach_of("MATCH (a:Occupation)-[:PERFORMS]->(b:Task) RETURN a", closed, SCHEMA).targets
