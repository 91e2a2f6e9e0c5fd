"""Graph patterns of the SPARQL algebra as relations: what joins, filters, extends, groups and projects solutions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

from rdflib.paths import Path
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from engine.shapes.sparql.aggregates import grouped
from engine.shapes.sparql.basic_patterns import BasicPattern
from engine.shapes.sparql.expressions import Scope
from engine.shapes.sparql.program import PreBound, Program
from engine.shapes.sparql.relations import Column, Form, Relation, compatible, copied, joined, merged, selected, stored, united
from engine.shapes.sparql.stages import NotInLine
from engine.shapes.sparql.values import Unsupported, same

# unbound variables that a pattern of EXISTS may see: each doubles the work
_MOST_UNBOUND = 2


class GraphPattern:
    """Patterns of one query (or of one EXISTS within it), with the variables that are bound before them.

    Solutions may lack pre-bound variables that they do not depend on; `PreBound.restrict` adds them where they are needed.
    """

    def __init__(self, program: Program, pre: PreBound, *, nested: bool = False) -> None:
        self._program, self._pre, self._nested = program, pre, nested
        self._aliases: dict[str, str] = {}

    def relation(self, node: CompValue, *, spine: bool = True) -> Relation:
        """Solutions of a pattern. On the `spine` they are restricted to the pre-bound variables as early as they can be."""
        match node.name:
            case "BGP":
                return BasicPattern(self._program, self._pre).relation(node.triples, spine=spine)
            case "Join":
                first = self.relation(node.p1, spine=spine)
                return joined(first, self.relation(node.p2, spine=spine and not first.restricted))
            case "LeftJoin":
                return self._left_joined(node, spine)
            case "Union":
                return self._united(self.relation(node.p1, spine=spine), self.relation(node.p2, spine=spine))
            case "Filter":
                return self._filtered(self.relation(node.p, spine=spine), node.expr)
            case "Extend":
                return self._extended(self.relation(node.p, spine=spine), node.expr, str(node.var))
            case "AggregateJoin":
                return self._grouped(node, spine)
            case "Project":
                return self._projected(self.relation(node.p, spine=spine), [str(v) for v in node.PV])
            case "Distinct":
                found = self.relation(node.p, spine=spine)
                return replace(found, sql=selected(copied(found.columns.values(), "o"), f"FROM {found.sql} o", distinct=True))
            case "Reduced" | "OrderBy":
                # REDUCED allows repeats, and the order of solutions means nothing to a validation
                return self.relation(node.p, spine=spine)
            case "ToMultiSet":
                if self._nested:
                    raise Unsupported("subquery in EXISTS", "a subquery within EXISTS is not compiled")
                return GraphPattern(self._program, self._pre).relation(node.p, spine=spine)
            case "Slice":
                raise Unsupported("LIMIT", "LIMIT and OFFSET are not compiled")
            case "Graph":
                raise Unsupported("GRAPH", "GRAPH is not compiled")
            case _:
                raise Unsupported(str(node.name), f"{node.name} is not compiled")

    # ------------------------------------------------------------ operators

    def _with(self, relation: Relation, names: set[str]) -> Relation:
        """The relation, with the pre-bound variables at hand where an expression names one that it lacks."""
        missing = (names & self._pre.columns.keys()) - relation.columns.keys()
        return self._pre.restrict(relation) if missing else relation

    def _scope(self, relation: Relation, names: set[str]) -> Scope:
        at_hand = self._with(relation, names)
        variables = {n: (c, "") for n, c in at_hand.columns.items()}
        return Scope(self._program, self._pre, variables, relation=at_hand, exists=self._exists, aliases=self._aliases)

    def _filtered(self, relation: Relation, expression: Any) -> Relation:
        scope = self._scope(relation, set(self._named(expression)))
        condition = scope.truth(expression, only_true=True)
        source = scope.source()
        assert scope.relation is not None
        columns = scope.relation.columns
        return Relation(selected(copied(columns.values(), "o"), f"FROM {source} WHERE {condition}"), columns, scope.relation.restricted, scope.stages)

    def _extended(self, relation: Relation, expression: Any, name: str) -> Relation:
        if isinstance(expression, Variable) and self._aliases.get(str(expression)) == name:
            return relation
        if name in relation.columns or name in self._pre.columns or name in self._program.constants:
            raise Unsupported("BIND", f"?{name} is assigned where it is already bound")
        scope = self._scope(relation, set(self._named(expression)))
        column, items = stored(self._program.number(name), scope.settled(expression))
        source = scope.source()
        assert scope.relation is not None
        columns = {**scope.relation.columns, name: column}
        return Relation(selected([*copied(scope.relation.columns.values(), "o"), *items], f"FROM {source}"), columns, scope.relation.restricted, scope.stages + 1)

    def _grouped(self, node: CompValue, spine: bool) -> Relation:
        relation = self.relation(node.p.p, spine=spine)
        names = {n for a in node.A if a.name != "Aggregate_Sample" for n in self._named(a.vars)}
        scope = self._scope(relation, names)
        assert scope.relation is not None
        always = {n: c for n, c in scope.relation.columns.items() if n in self._pre.columns}
        found, aliases = grouped(node.p, node.A, scope, always)
        self._aliases.update(aliases)
        return found

    def _projected(self, relation: Relation, names: list[str]) -> Relation:
        kept = {n: c for n, c in relation.columns.items() if n in names or n in self._pre.columns}
        return replace(relation, columns=kept)

    def _united(self, a: Relation, b: Relation) -> Relation:
        pre = self._pre.columns.keys()
        if (a.columns.keys() ^ b.columns.keys()) & pre:
            # a pre-bound variable is bound on both sides, or on none of them
            a, b = self._pre.restrict(a), self._pre.restrict(b)
        return united(a, b, self._program.numbers)

    # ------------------------------------------------------------ OPTIONAL

    def _left_joined(self, node: CompValue, spine: bool) -> Relation:
        a, b = self.relation(node.p1, spine=spine), self.relation(node.p2, spine=False)
        names = set(self._named(node.expr))
        if ((b.columns.keys() | names) & self._pre.columns.keys()) - a.columns.keys():
            a = self._pre.restrict(a)
        columns, items = merged(a, b, optional=True)
        condition = compatible(a, b)
        trivial = isinstance(node.expr, CompValue) and node.expr.name == "TrueFilter"
        if not trivial:
            try:
                condition += f" AND {self._in_line(a, b, columns).truth(node.expr, only_true=True)}"
            except NotInLine:
                return self._left_joined_by_rows(a, b, node.expr)
        return Relation(selected(items, f"FROM {a.sql} a LEFT JOIN {b.sql} b ON {condition}"), columns, a.restricted, max(a.stages, b.stages))

    def _in_line(self, a: Relation, b: Relation, columns: dict[str, Column]) -> Scope:
        """The pairs of a join, as the condition of the join sees them."""
        variables = {}
        for name in columns:
            one, two = a.columns.get(name), b.columns.get(name)
            if one is not None and two is not None and not one.certain and not two.certain:
                raise NotInLine
            variables[name] = (one, "a") if one is not None and (two is None or one.certain) else (two, "b")
        return Scope(self._program, self._pre, {n: (c, alias) for n, (c, alias) in variables.items() if c is not None}, aliases=self._aliases)

    def _left_joined_by_rows(self, a: Relation, b: Relation, expression: Any) -> Relation:
        """OPTIONAL whose filter needs stages or EXISTS: the joined pairs are filtered, then given to their rows."""
        row = "_:row"
        numbered = Column(self._program.number(row), Form.NODE, frozenset(), certain=True)
        name = self._program.define(f"SELECT *, CAST(row_number() OVER () AS VARCHAR) AS {numbered.names[0]} FROM {a.sql}")
        left = Relation(name, {**a.columns, row: numbered}, a.restricted, a.stages)
        pairs = self._filtered(joined(left, b), expression)
        columns, items = merged(a, Relation("", {n: c for n, c in pairs.columns.items() if n not in a.columns or not a.columns[n].certain}), optional=True)
        columns.pop(row, None)
        items = [item for item in items if not item.endswith(f".{numbered.names[0]}")]
        return Relation(selected(items, f"FROM {name} a LEFT JOIN {pairs.sql} b ON a.{numbered.names[0]} = b.{numbered.names[0]}"), columns, a.restricted, max(a.stages, pairs.stages))

    # ------------------------------------------------------------ EXISTS

    def _exists(self, graph: Any, scope: Scope) -> str:
        """EXISTS for the rows of a scope: the pattern with their variables substituted (SPARQL 1.1 section 18.6)."""
        if not isinstance(graph, CompValue) or graph.name == "GroupGraphPatternSub":
            raise Unsupported("EXISTS", "EXISTS outside of FILTER and BIND is not compiled")
        assert scope.relation is not None
        shared = sorted(set(self._named(graph)) & scope.relation.columns.keys())
        if any(scope.relation.columns[n].term().inexact for n in shared):
            raise Unsupported("EXISTS", "a computed number is substituted into EXISTS, but the standard leaves its lexical form open")
        unbound = [n for n in shared if not scope.relation.columns[n].certain]
        if len(unbound) > _MOST_UNBOUND:
            raise Unsupported("EXISTS", f"more than {_MOST_UNBOUND} variables that may be unbound are seen by EXISTS")
        cases = [set(missing) for size in range(len(unbound) + 1) for missing in combinations(unbound, size)]
        options = [self._exists_with(graph, scope, [n for n in shared if n not in missing], sorted(missing)) for missing in cases]
        return "(" + " OR ".join(options) + ")"

    def _exists_with(self, graph: CompValue, scope: Scope, shared: list[str], missing: list[str]) -> str:
        assert scope.relation is not None
        rows = self._program.reserve()
        own = scope.relation.columns
        bound_here = [f"{own[n].term('o').present}" for n in shared if not own[n].certain]
        pattern_holds = " AND ".join([*bound_here, *(f"NOT ({own[n].term('o').present})" for n in missing)])
        columns = {n: replace(own[n], certain=True) for n in shared}
        where = f" WHERE {pattern_holds}" if pattern_holds else ""
        name = self._program.reserve()
        pre = PreBound(columns, name)
        found = GraphPattern(self._program, pre, nested=True).relation(graph, spine=False)
        if pre.used:
            # the rows are read by the pattern and again by the condition
            self._program.fill(rows, f"SELECT * FROM {scope.relation.sql}")
            scope.relation = replace(scope.relation, sql=rows)
            self._program.fill(name, selected(copied(columns.values(), "o"), f"FROM {rows} o{where}", distinct=True)[1:-1])
        conditions = [same(found.columns[n].term("r"), columns[n].term("o")) for n in shared if n in found.columns]
        for n in shared:
            if n in found.columns and found.columns[n].term().inexact:
                raise Unsupported("EXISTS", f"?{n} is assigned within EXISTS")
        matches = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        exists = f"EXISTS (SELECT 1 FROM {found.sql} r{matches})"
        return f"({pattern_holds} AND {exists})" if pattern_holds else exists

    # ------------------------------------------------------------ variables

    def _named(self, node: Any) -> Iterator[str]:
        """Variables that are named anywhere in an expression or pattern, aliases followed."""
        if isinstance(node, Variable):
            yield self._aliases.get(str(node), str(node))
        elif isinstance(node, CompValue):
            for key, value in dict.items(node):
                if key == "graph":
                    yield from self._named(node.graph)
                elif key != "_vars":
                    yield from self._named(value)
        elif isinstance(node, (list, tuple)) and not isinstance(node, Path):
            for value in node:
                yield from self._named(value)

