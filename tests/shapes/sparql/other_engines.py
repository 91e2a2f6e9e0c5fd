"""Answers of rdflib's SPARQL engine, and of Oxigraph's as arbiter, in the form in which compiled answers are compared."""

from __future__ import annotations

import logging
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

import pyoxigraph
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query, SPARQLError
from small_views import Triples

from engine.shapes.terms import RDF, XSD, Blank, Iri, Literal, Term

# a solution: ?value as a term, the other variables as texts
Solution = tuple[object, ...]
Answer = Counter[Solution]
_EXACT = {XSD + "integer", XSD + "decimal"}
_FLOATING = {XSD + "double", XSD + "float"}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def comparable(term: Term | None) -> object:
    """A term with numbers by value: the lexical form of a computed number is left open by the standard."""
    if isinstance(term, Literal) and _NUMBER.fullmatch(term.value):
        if term.datatype in _EXACT:
            return ("number", term.datatype, _rounded(term.value))
        if term.datatype in _FLOATING:
            return ("number", term.datatype, f"{float(term.value):.6g}")
    return term


def comparable_text(text: str | None) -> str | None:
    """A text, as a number where it is one."""
    return _rounded(text) if text is not None and _NUMBER.fullmatch(text) else text


def _rounded(text: str) -> str:
    # quotients have different numbers of digits
    return f"{Decimal(text):.12f}" if "e" not in text.lower() else f"{float(text):.12f}"


@contextmanager
def quiet_lexical_forms() -> Iterator[None]:
    """rdflib without rewriting literals and without its warnings of ill-typed ones."""
    before, logger = rdflib.NORMALIZE_LITERALS, logging.getLogger("rdflib.term")
    level = logger.level
    rdflib.NORMALIZE_LITERALS = False
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        rdflib.NORMALIZE_LITERALS = before
        logger.setLevel(level)


class RdflibEngine:
    """rdflib over some triples."""

    # how it fails where the standard has an error value
    faults = SPARQLError

    def __init__(self, triples: Triples) -> None:
        with quiet_lexical_forms():
            self._graph = rdflib.Graph()
            self._prepared: dict[str, Query] = {}
            for s, p, o in triples:
                self._graph.add((_to_rdflib(s), rdflib.URIRef(p), _to_rdflib(o)))

    def select(self, query: str, focus: Term | None, variables: Sequence[str]) -> Answer:
        """Solutions; with a focus node $this is bound to it before."""
        with quiet_lexical_forms():
            if query not in self._prepared:
                self._prepared[query] = prepareQuery(query)
            found = self._graph.query(self._prepared[query], initBindings={} if focus is None else {"this": _to_rdflib(focus)})
            rows = [{str(k): _from_rdflib(v) for k, v in row.items()} for row in found.bindings]
        return _answer(rows, variables)


class OxigraphEngine:
    """Oxigraph over some triples."""

    def __init__(self, triples: Triples) -> None:
        self._store = pyoxigraph.Store()
        for s, p, o in triples:
            self._store.add(pyoxigraph.Quad(_to_oxigraph(s), pyoxigraph.NamedNode(p), _to_oxigraph(o)))

    def select(self, query: str, variables: Sequence[str]) -> Answer:
        """Solutions of a query."""
        found = self._store.query(query)
        names = [v.value for v in found.variables]
        rows = [{n: _from_oxigraph(row[n]) for n in names if row[n] is not None} for row in found]
        return _answer(rows, variables)


def _answer(rows: Sequence[dict[str, Term]], variables: Sequence[str]) -> Answer:
    return Counter((comparable(row.get("value")), *(comparable_text(_text(row.get(v))) for v in variables)) for row in rows)


def _text(term: Term | None) -> str | None:
    return None if term is None else "_:" + term.value if isinstance(term, Blank) else term.value


def _to_rdflib(term: Term) -> rdflib.term.Identifier:
    match term:
        case Iri(value):
            return rdflib.URIRef(value)
        case Blank(label):
            return rdflib.BNode(label)
        case Literal(value, _, language) if language:
            return rdflib.Literal(value, lang=language)
        case Literal(value, datatype):
            return rdflib.Literal(value) if datatype == XSD + "string" else rdflib.Literal(value, datatype=rdflib.URIRef(datatype))


def _from_rdflib(term: rdflib.term.Identifier) -> Term:
    if isinstance(term, rdflib.URIRef):
        return Iri(str(term))
    if isinstance(term, rdflib.BNode):
        return Blank(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return Literal(str(term), RDF + "langString", term.language.lower())
    return Literal(str(term), str(term.datatype) if term.datatype else XSD + "string")


def _to_oxigraph(term: Term) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    match term:
        case Iri(value):
            return pyoxigraph.NamedNode(value)
        case Blank(label):
            return pyoxigraph.BlankNode(label)
        case Literal(value, _, language) if language:
            return pyoxigraph.Literal(value, language=language)
        case Literal(value, datatype):
            return pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(datatype))


def _from_oxigraph(term: object) -> Term:
    if isinstance(term, pyoxigraph.NamedNode):
        return Iri(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return Blank(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    return Literal(term.value, term.datatype.value, (term.language or "").lower())
