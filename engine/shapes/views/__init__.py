"""Data as predicate views: one relation a predicate in a DuckDB connection, which shapes are judged over.

In: RDF files. Out: `RdfViews`, or triples one by one. Refuses to know: shapes, and what is asked. A file that cannot be
read to its end, reaches outside itself or costs more than its limits is refused as a whole.
"""

from engine.shapes.views.node_keys import create_node_keys, key_parts, node_key
from engine.shapes.views.predicate_views import PredicateViews
from engine.shapes.views.rdf_files import FORMATS, ReadingLimits, base_of, format_of
from engine.shapes.views.rdf_triples import parsed_triples
from engine.shapes.views.rdf_views import RdfViews, ViewLimits, open_rdf_views
from engine.shapes.views.term_codes import TermCodes

__all__ = [
    "FORMATS", "PredicateViews", "RdfViews", "ReadingLimits", "TermCodes", "ViewLimits", "base_of", "create_node_keys", "format_of", "key_parts", "node_key",
    "open_rdf_views", "parsed_triples",
]  # fmt: skip
