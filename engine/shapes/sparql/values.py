"""What an expression of a query is in SQL: a term, a truth, a number or a datatype. NULL stands for unbound and for error.

SPARQL's three-valued logic is SQL's: an error is NULL, and AND, OR, NOT treat it alike (SPARQL 1.1 section 17.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from engine.shapes.sparql.kinds import (
    BOOLEAN_CODE,
    DECIMAL_CODE,
    DOUBLE_CODE,
    FLOAT_CODE,
    INTEGER_CODE,
    NODES,
    NOTHING,
    Kind,
    Kinds,
    kind_of,
)  # fmt: skip
from engine.shapes.sql import quoted
from engine.shapes.terms import BLANK_CODE, IRI_CODE, Term

TEXT, CODE, BOOLEAN, EXACT_NUMBER, DOUBLE = "VARCHAR", "INTEGER", "BOOLEAN", "DECIMAL(38, 18)", "DOUBLE"


class Unsupported(Exception):
    """A construct that the standard allows and the compiled subset does not have."""

    def __init__(self, construct: str, reason: str) -> None:
        super().__init__(reason)
        self.construct, self.reason = construct, reason


def null(sql_type: str) -> str:
    """A typed NULL."""
    return f"CAST(NULL AS {sql_type})"


@dataclass(frozen=True)
class TermValue:
    """A term: as a node key, or in three parts. `kinds` is what it may be, `constant` the term where it is always the same.

    `certain` says that it is never NULL. `inexact` marks computed numbers whose lexical form the standard leaves open;
    `truth` is the boolean itself where the term was made from one.
    """

    kinds: Kinds
    key: str | None = None
    parts: tuple[str, str, str] | None = None
    constant: Term | None = None
    certain: bool = False
    inexact: bool = False
    truth: str | None = None

    @cached_property
    def v(self) -> str:
        """IRI, blank node or lexical form."""
        if self.parts is not None:
            return self.parts[0]
        # the key of a node is its v
        return self.key or "" if self.kinds <= NODES else f"key_v({self.key})"

    @cached_property
    def d(self) -> str:
        """Code of the kind or datatype."""
        if self.parts is not None:
            return self.parts[1]
        if self.kinds == frozenset((Kind.IRI,)):
            return str(IRI_CODE) if self.certain else f"CASE WHEN {self.key} IS NOT NULL THEN {IRI_CODE} END"
        if self.kinds <= NODES:
            return f"CASE WHEN starts_with({self.key}, '_:') THEN {BLANK_CODE} WHEN {self.key} IS NOT NULL THEN {IRI_CODE} END"
        return f"key_d({self.key})" if self.certain else f"CASE WHEN {self.key} IS NOT NULL THEN key_d({self.key}) END"

    @cached_property
    def l(self) -> str:  # noqa: E743
        """Language, '' where none."""
        if self.parts is not None:
            return self.parts[2]
        if Kind.LANGUAGE in self.kinds:
            return f"key_l({self.key})"
        return "''" if self.certain else f"CASE WHEN {self.key} IS NOT NULL THEN '' END"

    @cached_property
    def node(self) -> str:
        """The node key."""
        if self.key is not None:
            return self.key
        return self.v if self.kinds <= NODES else f"node_key({self.v}, {self.d}, {self.l})"

    @property
    def present(self) -> str:
        """SQL condition: neither unbound nor an error."""
        if self.certain:
            return "TRUE"
        return f"{self.key if self.key is not None else self.d} IS NOT NULL"


@dataclass(frozen=True)
class Truth:
    """A boolean or an error."""

    sql: str


@dataclass(frozen=True)
class NumberValue:
    """A number: `exact` holds where it is an integer or decimal, `approximate` where float or double, both NULL on error.

    `rank` says which of the four (0 integer to 3 double, as SPARQL promotes them); a part that cannot hold is None.
    """

    kinds: Kinds
    rank: str
    exact: str | None
    approximate: str | None

    @property
    def present(self) -> str:
        """SQL condition: not an error."""
        parts = [f"{p} IS NOT NULL" for p in (self.exact, self.approximate) if p is not None]
        return f"({' OR '.join(parts)})" if parts else "FALSE"


@dataclass(frozen=True)
class DatatypeValue:
    """The IRI of a datatype, by its code in column d."""

    code: str


Value = TermValue | Truth | NumberValue | DatatypeValue

RANKS = {Kind.INTEGER: 0, Kind.DECIMAL: 1, Kind.FLOAT: 2, Kind.DOUBLE: 3}
RANK_CODES = {0: INTEGER_CODE, 1: DECIMAL_CODE, 2: FLOAT_CODE, 3: DOUBLE_CODE}
UNBOUND = TermValue(NOTHING, parts=(null(TEXT), null(CODE), null(TEXT)))


def constant_of(term: Term, triple: tuple[str, int, str]) -> TermValue:
    """A term that is the same in every row; `triple` is the term as the views write it."""
    v, d, l = triple  # noqa: E741
    return TermValue(frozenset((kind_of(d),)), parts=(quoted(v), str(d), quoted(l)), constant=term, certain=True)


def negation(truth: str) -> str:
    """SQL of NOT; what is always an error stays one."""
    return truth if truth == null(BOOLEAN) else f"(NOT {truth})"


def text_of(sql: str, code: str, kinds: Kinds, language: str = "''") -> TermValue:
    """A computed text: the other parts are NULL where the text is."""
    return TermValue(kinds, parts=(sql, f"CASE WHEN {sql} IS NOT NULL THEN {code} END", f"CASE WHEN {sql} IS NOT NULL THEN {language} END"))


def truth_term(truth: Truth) -> TermValue:
    """A truth as a term of xsd:boolean."""
    if truth.sql == null(BOOLEAN):
        return UNBOUND
    text, present = f"CASE {truth.sql} WHEN TRUE THEN 'true' WHEN FALSE THEN 'false' END", f"{truth.sql} IS NOT NULL"
    parts = (text, f"CASE WHEN {present} THEN {BOOLEAN_CODE} END", f"CASE WHEN {present} THEN '' END")
    return TermValue(frozenset((Kind.BOOLEAN,)), parts=parts, truth=truth.sql)


def same(a: TermValue, b: TermValue) -> str:
    """SQL condition that two terms are the same (sameTerm); NULL where one is unbound."""
    if not a.kinds & b.kinds:
        return f"CASE WHEN {a.present} AND {b.present} THEN FALSE END" if a.kinds and b.kinds else null(BOOLEAN)
    if a.key is not None and b.key is not None:
        return f"({a.key} = {b.key})"
    if a.kinds <= NODES or b.kinds <= NODES:
        node, other = (a, b) if a.kinds <= NODES else (b, a)
        # the key of a literal begins with a quotation mark, the key of a node never does
        if other.key is not None or other.kinds <= NODES:
            return f"({node.v} = {other.key or other.v})"
        alike = f"({node.v} = {other.v} AND {other.d} <= {BLANK_CODE})"
        return alike if node.certain else f"CASE WHEN {node.present} AND {other.present} THEN {alike} END"
    if a.key is not None or b.key is not None:
        return f"({a.node} = {b.node})"
    language = f" AND {a.l} = {b.l}" if Kind.LANGUAGE in a.kinds & b.kinds else ""
    return f"({a.v} = {b.v} AND {a.d} = {b.d}{language})"
