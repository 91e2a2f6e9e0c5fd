"""The words of set queries: named relations, lexical forms, orders, regular expressions.

In: texts, datatypes, patterns. Out: SQL for DuckDB. Refuses to know: shapes, queries, and what the data are.
"""

from engine.shapes.sql.ordering import create_ordering
from engine.shapes.sql.regular_expression import PatternRefused, prove_runnable, re2_of
from engine.shapes.sql.relations import Relations, quoted

__all__ = ["PatternRefused", "Relations", "create_ordering", "prove_runnable", "quoted", "re2_of"]
