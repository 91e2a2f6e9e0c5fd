"""Intermediate results of expressions: each gets a name in a stage of its own below the rows, so that long SQL is written once."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.shapes.sparql.relations import Relation
from engine.shapes.sparql.values import NumberValue, TermValue

# a column, a constant or a cast of one needs no name
_SHORT = re.compile(r"[\w.]+|'[^']*'|CAST\('?[\w.+-]*'? AS [A-Z0-9(), ]+\)")
_LET = re.compile(r"\be(\d+)_\d+\b")
# a limit that never ends: without it the planner would write filters out through all stages, which doubles them at each
_FENCE, _DEPTH = f" LIMIT {2**62}", 3
# an expression that is written out twice instead of being named must not grow beyond this
_LONGEST_IN_LINE = 6_000


class NotInLine(Exception):
    """An expression needs names for its parts, and the place where it stands has no room for them."""


class Stages:
    """The rows of a relation, and what is computed from them step by step. Without a relation everything is written in line."""

    def __init__(self, relation: Relation | None) -> None:
        self.relation = relation
        self._stages: list[list[tuple[str, str]]] = []
        self._by_sql: dict[str, str] = {}

    def let(self, sql: str) -> str:
        """A name for an intermediate result, so that long SQL is written once."""
        if self.relation is None:
            if len(sql) > _LONGEST_IN_LINE:
                raise NotInLine
            return f"({sql})"
        if sql not in self._by_sql:
            stage = 1 + max((int(n) for n in _LET.findall(sql)), default=-1)
            while len(self._stages) <= stage:
                self._stages.append([])
            name = f"e{stage}_{len(self._stages[stage])}"
            self._stages[stage].append((name, sql))
            self._by_sql[sql] = name
        return self._by_sql[sql]

    def source(self) -> str:
        """FROM item, with alias o, of the rows and their intermediate results."""
        assert self.relation is not None
        sql = self.relation.sql
        for depth, stage in enumerate(self._stages, self.relation.stages):
            fence = _FENCE if depth % _DEPTH == _DEPTH - 1 else ""
            sql = f"(SELECT o.*, {', '.join(f'{body} AS {name}' for name, body in stage)} FROM {sql} o{fence})"
        return f"{sql} o"

    @property
    def stages(self) -> int:
        """How many stages stand above each other in the source."""
        assert self.relation is not None
        return self.relation.stages + len(self._stages)

    def named_number(self, number: NumberValue) -> NumberValue:
        """The number with its parts named."""
        exact = None if number.exact is None else self._named(number.exact)
        approximate = None if number.approximate is None else self._named(number.approximate)
        rank = number.rank if number.rank.isdigit() else self._named(number.rank)
        return NumberValue(number.kinds, rank, exact, approximate)

    def named_term(self, term: TermValue) -> TermValue:
        """The term with its parts named."""
        if term.parts is None or term.constant is not None:
            return term
        v, d, l = (self._named(part) for part in term.parts)  # noqa: E741
        return replace(term, parts=(v, d, l))

    def _named(self, sql: str) -> str:
        return sql if _SHORT.fullmatch(sql) else self.let(sql)
