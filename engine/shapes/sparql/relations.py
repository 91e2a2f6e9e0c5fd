"""Solutions of a pattern as an SQL relation: a column group for each variable, and how two relations join.

A variable stands in its relation in one of three forms: as a node key (k), as a term in parts (v, d, l), or as a number
(r rank, e exact, x approximate). Columns are numbered by variable, since names in SQL do not tell `?x` from `?X`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from engine.shapes.sparql.arithmetic import number_term
from engine.shapes.sparql.kinds import EXACT, FLOATING, Kinds
from engine.shapes.sparql.values import (
    CODE,
    DOUBLE,
    EXACT_NUMBER,
    RANKS,
    TEXT,
    DatatypeValue,
    NumberValue,
    TermValue,
    Truth,
    Unsupported,
    Value,
    null,
    same,
    truth_term,
)  # fmt: skip

# a relation of one solution without variables
UNIT = "(SELECT 1 AS one)"


class Form(Enum):
    """How a variable stands in a relation: suffixes and SQL types of its columns."""

    NODE = (("k", TEXT),)
    TERM = (("v", TEXT), ("d", CODE), ("l", TEXT))
    NUMBER = (("r", CODE), ("e", EXACT_NUMBER), ("x", DOUBLE))


@dataclass(frozen=True, slots=True)
class Column:
    """A variable's place in a relation. `certain`: bound in every row; `inexact`: see TermValue."""

    number: int
    form: Form
    kinds: Kinds
    certain: bool
    inexact: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """SQL names of its columns."""
        return tuple(f"c{self.number}{suffix}" for suffix, _ in self.form.value)

    def value(self, alias: str = "") -> TermValue | NumberValue:
        """The variable's value in a row of an SQL alias."""
        prefix = f"{alias}." if alias else ""
        names = [prefix + n for n in self.names]
        if self.form is Form.NODE:
            return TermValue(self.kinds, key=names[0], certain=self.certain, inexact=self.inexact)
        if self.form is Form.TERM:
            return TermValue(self.kinds, parts=(names[0], names[1], names[2]), certain=self.certain, inexact=self.inexact)
        rank = str(RANKS[next(iter(self.kinds))]) if len(self.kinds) == 1 else names[0]
        return NumberValue(self.kinds, rank, names[1] if self.kinds & EXACT else None, names[2] if self.kinds & FLOATING else None)

    def term(self, alias: str = "") -> TermValue:
        """The variable as a term."""
        value = self.value(alias)
        return replace(number_term(value), certain=self.certain) if isinstance(value, NumberValue) else value


@dataclass(frozen=True, slots=True)
class Relation:
    """SQL of a relation and its variables.

    `restricted`: each row agrees with a row of the pre-bound variables, which are all there. `stages`: how many computed
    columns stand above each other, see expressions.
    """

    sql: str
    columns: Mapping[str, Column]
    restricted: bool = False
    stages: int = 0


def stored(number: int, value: Value, *, certain: bool = False) -> tuple[Column, list[str]]:
    """A value as a variable of a relation: its column and the select items that fill it."""
    if isinstance(value, Truth):
        value = truth_term(value)
    if isinstance(value, DatatypeValue):
        raise Unsupported("DATATYPE", "the result of DATATYPE can only be compared with IRIs")
    if isinstance(value, NumberValue):
        column = Column(number, Form.NUMBER, value.kinds, certain)
        items = [value.rank, value.exact or null(EXACT_NUMBER), value.approximate or null(DOUBLE)]
    elif value.key is not None:
        column, items = Column(number, Form.NODE, value.kinds, certain or value.certain, value.inexact), [value.key]
    else:
        column, items = Column(number, Form.TERM, value.kinds, certain or value.certain, value.inexact), [value.v, value.d, value.l]
    return column, [f"{item} AS {name}" for item, name in zip(items, column.names, strict=True)]


def absent(number: int, form: Form) -> list[str]:
    """Select items of a variable that is unbound."""
    return [f"{null(sql_type)} AS c{number}{suffix}" for suffix, sql_type in form.value]


def copied(columns: Iterable[Column], alias: str) -> list[str]:
    """Select items that hand columns on."""
    return [f"{alias}.{name}" for column in columns for name in column.names]


def selected(items: Iterable[str], rest: str, *, distinct: bool = False) -> str:
    """A SELECT in brackets; without items it keeps the number of rows."""
    return f"(SELECT {'DISTINCT ' if distinct else ''}{', '.join(items) or '1 AS one'} {rest})"


def joined(a: Relation, b: Relation) -> Relation:
    """All pairs of compatible solutions (SPARQL 18.5, Join)."""
    if UNIT in (a.sql, b.sql):
        return b if a.sql == UNIT else a
    condition = compatible(a, b)
    columns, items = merged(a, b)
    return Relation(selected(items, f"FROM {a.sql} a CROSS JOIN {b.sql} b" if condition == "TRUE" else f"FROM {a.sql} a JOIN {b.sql} b ON {condition}"), columns, a.restricted or b.restricted, max(a.stages, b.stages))


def compatible(a: Relation, b: Relation, aliases: tuple[str, str] = ("a", "b")) -> str:
    """SQL condition that two solutions agree on their shared variables; an unbound one agrees with everything."""
    conditions = []
    for name in a.columns.keys() & b.columns.keys():
        one, two = a.columns[name].term(aliases[0]), b.columns[name].term(aliases[1])
        if one.inexact or two.inexact:
            raise Unsupported("join", f"?{name} is a computed number and is joined, but the standard leaves its lexical form open")
        free = [f"NOT ({t.present})" for t in (one, two) if not t.certain]
        conditions.append((name, f"({' OR '.join([same(one, two), *free])})" if free else same(one, two)))
    return " AND ".join(c for _, c in sorted(conditions)) or "TRUE"


def merged(a: Relation, b: Relation, *, optional: bool = False) -> tuple[dict[str, Column], list[str]]:
    """Columns and select items of a join of aliases a and b; `optional` where b may be missing."""
    columns: dict[str, Column] = {}
    items: list[str] = []
    for name in [*a.columns, *(n for n in b.columns if n not in a.columns)]:
        one, two = a.columns.get(name), b.columns.get(name)
        if one is None or two is None:
            only, alias = (one, "a") if one is not None else (two, "b")
            assert only is not None
            columns[name] = replace(only, certain=False) if optional and alias == "b" else only
            items += copied([only], alias)
        elif one.certain or (two.certain and not optional):
            # where both are bound they are the same term, of a kind that both can have
            chosen, alias = (one, "a") if one.certain and not (two.certain and not optional and two.form is Form.NODE) else (two, "b")
            columns[name] = replace(chosen, kinds=chosen.kinds if optional else _narrowed(one, two))
            items += copied([chosen], alias)
        else:
            either, more = stored(one.number, _either(one.term("a"), two.term("b")), certain=False)
            columns[name] = either
            items += more
    return columns, items


def _narrowed(one: Column, two: Column) -> Kinds:
    if one.certain and two.certain:
        return one.kinds & two.kinds
    return one.kinds if one.certain else two.kinds


def _either(a: TermValue, b: TermValue) -> TermValue:
    if a.key is not None and b.key is not None:
        return TermValue(a.kinds | b.kinds, key=f"coalesce({a.key}, {b.key})")
    return TermValue(a.kinds | b.kinds, parts=(f"coalesce({a.v}, {b.v})", f"coalesce({a.d}, {b.d})", f"coalesce({a.l}, {b.l})"))


def united(a: Relation, b: Relation, numbers: Mapping[str, int]) -> Relation:
    """Solutions of either relation, repeats kept (SPARQL 18.5, Union)."""
    columns: dict[str, Column] = {}
    sides: tuple[list[str], list[str]] = ([], [])
    for name in [*a.columns, *(n for n in b.columns if n not in a.columns)]:
        pair = (a.columns.get(name), b.columns.get(name))
        forms = {c.form for c in pair if c is not None}
        form = forms.pop() if len(forms) == 1 else Form.TERM
        kinds = frozenset().union(*(c.kinds for c in pair if c is not None))
        columns[name] = Column(numbers[name], form, kinds, all(c is not None and c.certain for c in pair), any(c is not None and (c.inexact or (form is Form.TERM and c.form is Form.NUMBER and c.term().inexact)) for c in pair))
        for column, items in zip(pair, sides, strict=True):
            if column is None:
                items += absent(numbers[name], form)
            elif column.form is form:
                items += copied([column], "u")
            else:
                term = column.term("u")
                items += [f"{sql} AS c{numbers[name]}{suffix}" for sql, (suffix, _) in zip((term.v, term.d, term.l), form.value, strict=True)]
    left, right = (selected(items, f"FROM {r.sql} u") for items, r in zip(sides, (a, b), strict=True))
    return Relation(f"({left} UNION ALL {right})", columns, a.restricted and b.restricted, max(a.stages, b.stages))
