"""Coverage: a whole list of titles routed into service tiers, on one machine or on a cluster, with the same receipt.

In: a list, a published snapshot, a day. Out: one answer for each distinct title, counts, an audit of the packets served, a receipt that can be recomputed.
Refuses to know: how a title is matched, what a tier demands, and how a report is drawn.
"""

from engine.coverage.coverage_receipt import KIND, CoverageReceipt
from engine.coverage.covering import Coverage, CoverageRequest, Progress, Reporting, cover
from engine.coverage.engines import ENGINES
from engine.coverage.gathering import Gathered
from engine.coverage.packet_audit import MOVES_SHOWN, PACK, UPWARD, Alike, Check, Failure, PacketAudit, audit_packets, failing_titles
from engine.coverage.publication import ANSWERS_FILE, RECEIPT_FILE, REPORT_FILES
from engine.coverage.recomputation import Recomputed, coverage_receipt_at, recompute
from engine.coverage.routing import ANSWERS, BATCH, TITLES, RoutingSnapshot, open_routing, route_batch
from engine.coverage.tally import Count, Counted, Group, counts_by
from engine.coverage.title_file import RowCounts, TitleFile
from engine.coverage.title_order import in_title_order

__all__ = [
    "ANSWERS", "ANSWERS_FILE", "BATCH", "ENGINES", "KIND", "MOVES_SHOWN", "PACK", "RECEIPT_FILE", "REPORT_FILES", "TITLES", "UPWARD", "Alike", "Check", "Count", "Counted", "Coverage", "CoverageReceipt", "CoverageRequest", "Failure", "Gathered",
    "Group", "PacketAudit", "Progress", "Recomputed", "Reporting", "RoutingSnapshot", "RowCounts", "TitleFile", "audit_packets", "counts_by", "cover", "coverage_receipt_at", "failing_titles", "in_title_order", "open_routing",
    "recompute", "route_batch",
]  # fmt: skip
