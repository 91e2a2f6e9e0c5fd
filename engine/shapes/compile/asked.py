"""Views without data that only write down what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from engine.shapes.sparql import CompiledQuery
from engine.shapes.terms import BLANK_CODE, DATATYPE_CODES, IRI_CODE, OTHER_CODES, Blank, Iri, Literal, Term


class AskedPredicates:
    """PredicateViews in form: `predicates` are those asked for by name, `everything_asked` whether a predicate may be any."""

    connection: duckdb.DuckDBPyConnection

    def __init__(self) -> None:
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

    def code(self, datatype: str) -> int:
        """Some code."""
        return DATATYPE_CODES.get(datatype, OTHER_CODES)

    def triple(self, term: Term) -> tuple[str, int, str]:
        """A term as (v, d, l)."""
        match term:
            case Iri(value):
                return value, IRI_CODE, ""
            case Blank(label):
                return f"_:{label}", BLANK_CODE, ""
            case Literal(value, datatype, language):
                return value, self.code(datatype), language

    def term(self, v: str, d: int, l: str) -> Term:  # noqa: ARG002, E741
        """There is nothing to answer."""
        raise LookupError("there is no data here")

    def iri_text(self, v: str) -> str:
        """The column itself."""
        return v


def predicates_in(query: CompiledQuery) -> frozenset[str] | None:
    """Predicates that a query looks at; None where one is a variable, so that it may look at any."""
    asked = AskedPredicates()
    query.sql(asked, "nodes", "pairs" if query.ask else None)
    return None if asked.everything_asked else frozenset(asked.predicates)
