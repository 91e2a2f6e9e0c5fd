"""SPARQL of SHACL (SELECT constraints and ASK validators) as set queries over predicate views.

In: a query with its parameters. Out: SQL for all focus nodes at once, or the construct that is not compiled. Refuses to
know: shapes, reports, and what the views are made of.
"""

from engine.shapes.sparql.asked import predicates_in
from engine.shapes.sparql.outcome import CompiledQuery, NotCompiled, refused_at_run
from engine.shapes.sparql.translation import translate

__all__ = ["CompiledQuery", "NotCompiled", "predicates_in", "refused_at_run", "translate"]
