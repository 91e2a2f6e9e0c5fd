"""The statement that a query becomes: its named relations, the variables bound before it runs, and the data it reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from engine.shapes.sparql.relations import Column, Form, Relation, joined
from engine.shapes.sparql.values import TermValue, constant_of
from engine.shapes.terms import Term
from engine.shapes.views.predicate_views import PredicateViews

_NAME = re.compile(r"\bsp\d+\b")
_ONCE = "/* once */"


@dataclass
class Program:
    """One statement in the making, over one set of views."""

    views: PredicateViews
    constants: Mapping[str, Term]
    _numbers: dict[str, int] = field(default_factory=dict)
    _bodies: dict[str, str] = field(default_factory=dict)

    def number(self, variable: str) -> int:
        """Number of a variable's columns."""
        return self._numbers.setdefault(variable, len(self._numbers))

    @property
    def numbers(self) -> Mapping[str, int]:
        """Numbers of all variables met so far."""
        return self._numbers

    def constant(self, term: Term) -> TermValue:
        """A term of the query as the views write it."""
        return constant_of(term, self.views.triple(term))

    def define(self, sql: str) -> str:
        """Name of a new relation that is evaluated once."""
        name = self.reserve()
        self.fill(name, sql)
        return name

    def define_recursive(self, columns: str, sql: Callable[[str], str]) -> str:
        """Name of a new recursive relation; its SQL is made from the name."""
        name = self.reserve()
        self._bodies[name] = f"{name}({columns}) AS ({sql(name)})"
        return name

    def reserve(self) -> str:
        """A name for a relation that later ones may read, and that is filled after them or never."""
        name = f"sp{len(self._bodies)}"
        self._bodies[name] = ""
        return name

    def fill(self, name: str, sql: str) -> None:
        """Give a reserved relation its SQL."""
        self._bodies[name] = f"{name} AS {_ONCE} ({sql})"

    def statement(self, body: str) -> str:
        """The body with the relations in front that it reads."""
        parts = [text for text in self._bodies.values() if text]
        uses = Counter(_NAME.findall(" ".join((*parts, body))))
        # what is read once is planned together with its reader; its own definition counts too
        parts = [text.replace(_ONCE, "NOT MATERIALIZED" if uses[text.split(" ", 1)[0]] <= 2 else "MATERIALIZED", 1) for text in parts]
        return f"WITH RECURSIVE {', '.join(parts)} {body}" if parts else body


@dataclass
class PreBound:
    """Variables that have their values before a pattern is evaluated: one row of `relation` for each way they are bound.

    `used` says whether anything asked for the relation; a pattern that binds the variables itself need not.
    """

    columns: Mapping[str, Column]
    _relation: str
    used: bool = False

    @property
    def relation(self) -> str:
        """SQL of the relation, rows distinct."""
        self.used = True
        return self._relation

    def restrict(self, relation: Relation) -> Relation:
        """The solutions that agree with the pre-bound variables, with all of these at hand."""
        if relation.restricted:
            return relation
        return replace(joined(Relation(self.relation, self.columns), relation), restricted=True)

    def seeds(self, variable: str) -> str:
        """SQL of a relation (n) of the nodes that a variable is bound to, each once."""
        column = self.columns[variable]
        only = "" if len(self.columns) == 1 and column.form is Form.NODE else "DISTINCT "
        return f"(SELECT {only}{column.term().node} AS n FROM {self.relation})"
