"""The graph: the engines behind one small adapter, loading, published snapshots, guarded questions, neighbourhoods.

In: record files, keys, Cypher. Out: rows, snapshots, nodes and edges as frozen values. Refuses to know: where records come
from, what the rules make of them, and how anything is drawn.
"""

from engine.graph.cypher_guard import MAX_HOPS, SafeQuery, refuse_unsafe
from engine.graph.cypher_pattern import QueryPattern, query_pattern
from engine.graph.cypher_tokens import literal
from engine.graph.durable_files import file_sha256, sync_folder, write_durably
from engine.graph.load import Loaded, load_graph
from engine.graph.neighbourhood import LeftOut, Neighbourhood, neighbourhood, to_networkx
from engine.graph.published_code import is_published_code, records_of_code
from engine.graph.query import QueryLimits, QueryResult, run_query
from engine.graph.shortest_path import GraphPath, shortest_path
from engine.graph.snapshots import SealedFile, Snapshot
from engine.graph.store import DEFAULT_ENGINE, ENGINES, GraphStore, Rows, create_graph, open_graph, require_engine
from engine.graph.traversal import GraphEdge, GraphNode
from engine.graph.workspace import Building, Workspace

__all__ = [
    "DEFAULT_ENGINE", "ENGINES", "MAX_HOPS",
    "Building", "GraphEdge", "GraphNode", "GraphPath", "GraphStore", "LeftOut", "Loaded", "Neighbourhood", "QueryLimits", "QueryPattern",
    "QueryResult", "Rows", "SafeQuery", "SealedFile", "Snapshot", "Workspace",
    "create_graph", "file_sha256", "is_published_code", "literal", "load_graph", "neighbourhood", "open_graph", "query_pattern", "records_of_code", "refuse_unsafe", "require_engine", "run_query",
    "shortest_path", "sync_folder", "to_networkx", "write_durably",
]  # fmt: skip
