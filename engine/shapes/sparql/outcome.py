"""What becomes of a query: SQL over predicate views, or the construct that keeps it from being compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from engine.shapes.sparql.arithmetic import BEYOND
from engine.shapes.sparql.graph_patterns import GraphPattern
from engine.shapes.sparql.kinds import ANY, Kind
from engine.shapes.sparql.program import PreBound, Program
from engine.shapes.sparql.relations import Column, Form, Relation, compatible
from engine.shapes.sparql.values import CODE, TEXT, TermValue, null
from engine.shapes.sql import quoted
from engine.shapes.terms import IRI_CODE, Term
from engine.shapes.views.predicate_views import PredicateViews

THIS, VALUE, PATH, MESSAGE = "this", "value", "path", "message"


@dataclass(frozen=True, slots=True)
class NotCompiled:
    """The standard allows the query and the compiled subset does not have it: `construct` names what, `reason` says why."""

    reason: str
    construct: str


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """A query as SQL for any set of views. `variables` are the projected variables in order, as `bound` holds their texts.

    The connection of the views needs the macros node_key, key_v, key_d, key_l and order_of.
    """

    query: str
    ask: bool
    bindings: Mapping[str, Term] = field(hash=False)
    pattern: Any = field(repr=False, hash=False, compare=False)
    variables: tuple[str, ...] = ()

    def sql(self, views: PredicateViews, focus: str, values: str | None = None) -> str:
        """SELECT of (f, v, d, l, path_v, bound): one row for each solution, or for each pair for which an ASK is false.

        `focus` is SQL of a relation (f) of node keys for $this; `values`, for an ASK, of a relation (f, v, d, l) of $this
        and $value. v, d, l are the binding of ?value, path_v the IRI bound to ?path, NULL where unbound; `bound` is a
        VARCHAR[] of the texts of `variables`. A statement that meets numbers or dates beyond what is exact fails with a
        message that `refused_at_run` knows.
        """
        return self._statement(views, focus, values, lambda path, texts: [f"{path} AS path_v", f"[{', '.join(texts[n] for n in self.variables)}]::VARCHAR[] AS bound"])

    def result_rows(self, views: PredicateViews, focus: str, values: str | None = None) -> str:
        """SELECT of (f, v, d, l, x) for the same rows; x is JSON with the `path`, the `message` and the texts that are `bound`."""

        def solution(path: str, texts: Mapping[str, str]) -> list[str]:
            bound = ", ".join(f"{quoted(n)}, {texts[n]}" for n in self.variables)
            message = texts[MESSAGE] if MESSAGE in self.variables else null(TEXT)
            # a merge leaves out what is NULL
            return [f"CAST(json_merge_patch('{{}}'::JSON, json_object('path', {path}, 'message', {message}, 'bound', json_object({bound}))) AS VARCHAR) AS x"]

        return self._statement(views, focus, values, solution)

    def _statement(self, views: PredicateViews, focus: str, values: str | None, more: Callable[[str, Mapping[str, str]], list[str]]) -> str:
        program = Program(views, self.bindings)
        if self.ask and values is None:
            raise ValueError("an ASK validator needs a relation of values")
        pre = _pre_bound(program, focus, values if self.ask else None)
        found = GraphPattern(program, pre).relation(self.pattern)
        if self.ask:
            texts = {THIS: _text(pre.columns[THIS].term("p"), views), VALUE: _text(pre.columns[VALUE].term("p"), views)}
            value, source = pre.columns[VALUE].term("p"), f"FROM {pre.relation} p WHERE NOT EXISTS (SELECT 1 FROM {found.sql} r{_agreeing(pre, found)})"
            path, this = null(TEXT), pre.columns[THIS].term("p")
        else:
            found = pre.restrict(found)
            terms = {n: self._projected(n, found, program) for n in {*self.variables, THIS}}
            texts = {n: _text(t, views) if t is not None else null(TEXT) for n, t in terms.items()}
            this = found.columns[THIS].term("p")
            value = (terms.get(VALUE) if VALUE in self.variables else None) or TermValue(frozenset(), parts=(null(TEXT), null(CODE), null(TEXT)))
            path = _path(terms.get(PATH), views) if PATH in self.variables else null(TEXT)
            source = f"FROM {found.sql} p"
        items = [f"{this.node} AS f", f"{value.v} AS v", f"{value.d} AS d", f"{value.l} AS l", *more(path, texts)]
        return program.statement(f"SELECT {', '.join(items)} {source}")

    def _projected(self, name: str, found: Relation, program: Program) -> TermValue | None:
        if name in self.bindings:
            return program.constant(self.bindings[name])
        return found.columns[name].term("p") if name in found.columns else None


def _pre_bound(program: Program, focus: str, values: str | None) -> PreBound:
    this = Column(program.number(THIS), Form.NODE, ANY, certain=True)
    if values is None:
        return PreBound({THIS: this}, program.define(f"SELECT DISTINCT f AS {this.names[0]} FROM {focus}"))
    value = Column(program.number(VALUE), Form.TERM, ANY, certain=True)
    parts = ", ".join(f"{part} AS {name}" for part, name in zip(("v", "d", "l"), value.names, strict=True))
    return PreBound({THIS: this, VALUE: value}, program.define(f"SELECT DISTINCT f AS {this.names[0]}, {parts} FROM {values}"))


def _agreeing(pre: PreBound, found: Relation) -> str:
    """WHERE that a solution of alias r belongs to a row of alias p; variables that it lacks do not matter to it."""
    own = {n: c for n, c in found.columns.items() if n in pre.columns}
    condition = compatible(Relation("", pre.columns), Relation("", own), ("p", "r"))
    return "" if condition == "TRUE" else f" WHERE {condition}"


def _text(term: TermValue, views: PredicateViews) -> str:
    """Text of a term for a message: IRI, lexical form or blank node."""
    iri = views.iri_text(term.v)
    if iri == term.v or Kind.IRI not in term.kinds:
        return term.v
    return f"CASE WHEN {term.d} = {IRI_CODE} THEN {iri} ELSE {term.v} END"


def _path(term: TermValue | None, views: PredicateViews) -> str:
    if term is None or Kind.IRI not in term.kinds:
        return null(TEXT)
    return f"CASE WHEN {term.d} = {IRI_CODE} THEN {views.iri_text(term.v)} END"


def refused_at_run(error: duckdb.Error) -> str | None:
    """Why a statement stopped, where it met what is beyond the compiled subset (another engine may judge then); else None."""
    text = str(error)
    if BEYOND in text:
        return text.split(BEYOND, 1)[1].splitlines()[0].strip()
    if isinstance(error, (duckdb.OutOfRangeException, duckdb.ConversionException)):
        return "a number that is too large to be exact"
    return None
