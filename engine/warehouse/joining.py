"""How far the rows of each publisher met the rest of the graph: counted by method and reason, every unmatched row kept."""

from __future__ import annotations

import duckdb

from engine.sources import Delivery, Join
from engine.warehouse.findings import JoinCoverage, JoinMethod, Unmatched


def measure_joins(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> tuple[tuple[JoinCoverage, ...], tuple[Unmatched, ...]]:
    """Run the joins of one delivery over the reconciled records; answers coverage by join and the unmatched rows in order of their place."""
    coverage: list[JoinCoverage] = []
    unmatched: list[Unmatched] = []
    for join in delivery.publisher.joins:
        sql = join.sql.replace("{release}", delivery.origin.release)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE measured_join AS SELECT subject, source_ref, matched_by, reason FROM ({sql})")
        coverage.append(_coverage(connection, delivery.origin.key, join))
        rows = connection.execute("SELECT subject, source_ref, coalesce(reason, 'unknown') FROM measured_join WHERE matched_by IS NULL ORDER BY ALL").fetchall()
        unmatched.extend(Unmatched(delivery.origin.key, join.name, str(s), str(r), str(why)) for s, r, why in rows)
    connection.execute("DROP TABLE IF EXISTS measured_join")
    return tuple(coverage), tuple(sorted(unmatched))


def _coverage(connection: duckdb.DuckDBPyConnection, source: str, join: Join) -> JoinCoverage:
    counted = connection.execute("""
        SELECT matched_by IS NOT NULL, coalesce(matched_by, reason, 'unknown') AS way, count(*) FROM measured_join GROUP BY ALL ORDER BY way""").fetchall()
    matched = tuple(JoinMethod(str(way), int(n)) for met, way, n in counted if met)
    missed = tuple(JoinMethod(str(way), int(n)) for met, way, n in counted if not met)
    return JoinCoverage(source, join.name, join.what, sum(int(n) for _, _, n in counted), matched, missed)
