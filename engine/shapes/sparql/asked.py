"""Views without data that only write down what is asked of them: enough to compile a query, because SQL depends on views in names and codes alone."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from engine.shapes.sparql.outcome import CompiledQuery
from engine.shapes.views import TermCodes


class AskedPredicates(TermCodes):
    """PredicateViews in form: `predicates` are those asked for by name, `everything_asked` whether a predicate may be any."""

    connection: duckdb.DuckDBPyConnection

    def __init__(self) -> None:
        super().__init__()
        self.predicates: set[str] = set()
        self.everything_asked = False

    def relation(self, predicate: str, within: frozenset[str] | None = None) -> str:  # noqa: ARG002
        """Write the predicate down."""
        self.predicates.add(predicate)
        return "asked"

    def everything(self) -> str:
        """Write down that anything may be looked at."""
        self.everything_asked = True
        return "everything"

    def instances(self, classes: Sequence[str]) -> str | None:
        """No shorter way."""

    def iri_text(self, v: str) -> str:
        """Something else than the column, as where IRIs are shortened."""
        return f"text_of({v})"


def predicates_in(query: CompiledQuery) -> frozenset[str] | None:
    """Predicates that a query looks at; None where one is a variable, so that it may look at any."""
    asked = AskedPredicates()
    query.sql(asked, "nodes", "pairs" if query.ask else None)
    return None if asked.everything_asked else frozenset(asked.predicates)
