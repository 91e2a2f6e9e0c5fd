"""From staged files and authored rows to one reconciled set of records: DuckDB's only address below the contracts.

In: deliveries and lexical rows of engine.sources. Out: lexical tables for the contracts, typed Parquet for the graph,
digests, and findings (counts, duplicates, orphans, gaps). Refuses to know: what the records are used for.
"""

from engine.warehouse.comparison import ReleaseSide, compare_sides, keep_side
from engine.warehouse.disagreement import Disagreement, KindFinding, Statement, find_disagreements
from engine.warehouse.disagreement_queries import TABLES as DISAGREEMENT_TABLES
from engine.warehouse.findings import DropCount, Duplicate, Findings, JoinCoverage, JoinMethod, Orphan, RecordDigests, TableCount, Unmatched
from engine.warehouse.published_records import Cell, LooseLink, PublishedRecords, may_dangle
from engine.warehouse.release_difference import KINDS, Change, NotComparable, ReleaseDifference, Successor
from engine.warehouse.warehouse import Warehouse

__all__ = [
    "DISAGREEMENT_TABLES", "KINDS", "Cell", "Change", "Disagreement", "DropCount", "Duplicate", "Findings", "JoinCoverage", "JoinMethod", "KindFinding", "LooseLink", "NotComparable", "Orphan", "PublishedRecords", "RecordDigests", "ReleaseDifference", "ReleaseSide",
    "Statement", "Successor", "TableCount", "Unmatched", "Warehouse", "compare_sides", "find_disagreements", "keep_side", "may_dangle",
]  # fmt: skip
