"""Shapes compiled to set queries over predicate views.

In: shapes of the algebra, predicate views. Out: SQL whose rows are validation results. Refuses to know: files, records,
and how results are told.
"""

from engine.shapes.compile.focus import Focus
from engine.shapes.compile.walks import Walks
from engine.shapes.sql.ordering import create_ordering
from engine.shapes.sql.relations import Relations, quoted

__all__ = ["Focus", "Relations", "Walks", "create_ordering", "quoted"]
