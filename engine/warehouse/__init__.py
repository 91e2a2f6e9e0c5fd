"""From staged files and authored rows to one reconciled set of records: DuckDB's only address below the contracts.

In: deliveries and lexical rows of engine.sources. Out: lexical tables for the contracts, typed Parquet for the graph,
digests, and findings (counts, duplicates, orphans, gaps). Refuses to know: what the records are used for.
"""

from engine.warehouse.findings import DropCount, Duplicate, Findings, JoinCoverage, JoinMethod, Orphan, RecordDigests, TableCount, Unmatched
from engine.warehouse.warehouse import Warehouse

__all__ = ["DropCount", "Duplicate", "Findings", "JoinCoverage", "JoinMethod", "Orphan", "RecordDigests", "TableCount", "Unmatched", "Warehouse"]
