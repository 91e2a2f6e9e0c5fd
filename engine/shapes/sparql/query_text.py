"""The text of a query, parsed by rdflib into the SPARQL algebra. Nothing of it is evaluated here."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import rdflib
from pyparsing import ParseBaseException, ParseResults
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Node, URIRef
from rdflib.term import Literal as RdflibLiteral

from engine.contracts import BadInput
from engine.shapes.terms import RDF, XSD, Blank, Iri, Literal, Term

WHY = "a query that is not understood must not count as conforming"
# far more than a person writes; what is longer only costs the parser's time
LONGEST = 12_000
DEEPEST = 40
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_QUIET = "rdflib.term"
_parsing = threading.Lock()


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A parsed query: the syntax tree, the pattern in the algebra, and the projected variables in order (of an ASK none)."""

    syntax: Any
    pattern: Any
    projected: tuple[str, ...]


def parsed(query: str, *, ask: bool) -> ParsedQuery:
    """Parse a SELECT (or ASK) query with its prefixes. Raises BadInput SHP220."""
    if len(query) > LONGEST or _depth(query) > DEEPEST:
        raise _refused(f"it is longer than {LONGEST} characters or nested deeper than {DEEPEST} brackets")
    try:
        with _lexical_forms_kept():
            syntax = parseQuery(query)
            form = syntax[1].name
            # what SHACL forbids is asked of the syntax: the translation below changes a tree in place
            tree = _copied(syntax)
            _keep_constant_filters(syntax)
            translated = translateQuery(syntax)
    except RecursionError:
        raise _refused("it is nested too deep, or too long") from None
    except ParseBaseException as error:
        raise _refused(f"it cannot be parsed at line {error.lineno}, column {error.column}") from None
    except Exception as error:
        # rdflib reports an undeclared prefix and other faults of meaning as plain exceptions
        raise _refused(str(error)) from None
    wanted = "AskQuery" if ask else "SelectQuery"
    if form != wanted:
        raise _refused(f"it is no {'ASK' if ask else 'SELECT'} query")
    return ParsedQuery(tree, translated.algebra.p, () if ask else tuple(str(v) for v in translated.algebra.PV))


def _refused(what: str) -> BadInput:
    error = BadInput.at("SHP220", f"the SPARQL query is refused: {what}", why=WHY, fix="see SPARQL 1.1 section 19.8 for the grammar; declare each prefix with sh:prefixes")
    assert isinstance(error, BadInput)
    return error


def _depth(query: str) -> int:
    """How deep brackets are nested, whatever kind they are and wherever they stand."""
    depth = deepest = 0
    for character in query:
        if character in "({[":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")}]":
            depth = max(0, depth - 1)
    return deepest


def _keep_constant_filters(node: Any) -> None:
    """rdflib drops FILTER(false), since it asks the literal itself whether there is a filter; `false || false` it keeps."""
    if isinstance(node, CompValue):
        if node.name == "Filter" and isinstance(node.expr, CompValue) and not node.expr.other and _is_literal(node.expr):
            node.expr["other"] = [node.expr.expr]
        for value in dict.values(node):
            _keep_constant_filters(value)
    elif isinstance(node, (list, tuple, ParseResults)):
        for part in node:
            _keep_constant_filters(part)


def _is_literal(node: Any) -> bool:
    while isinstance(node, CompValue) and node.name.endswith("Expression") and not node.other:
        node = node.expr
    return isinstance(node, RdflibLiteral) or (isinstance(node, CompValue) and node.name == "literal")


def _copied(node: Any) -> Any:
    """A syntax tree of its own; leaves are shared."""
    if isinstance(node, CompValue):
        return CompValue(node.name, **{key: _copied(value) for key, value in dict.items(node)})
    if isinstance(node, (list, tuple, ParseResults)):
        return [_copied(part) for part in node]
    return node


@contextmanager
def _lexical_forms_kept() -> Iterator[None]:
    """rdflib rewrites `01` to `1` in literals, which would match other data; and it warns of ill-typed ones on its own."""
    with _parsing:
        before = rdflib.NORMALIZE_LITERALS
        logger = logging.getLogger(_QUIET)
        level = logger.level
        rdflib.NORMALIZE_LITERALS = False
        logger.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            rdflib.NORMALIZE_LITERALS = before
            logger.setLevel(level)


def term_of(node: Node) -> Term:
    """A constant of a query as a term. Raises BadInput SHP220 for an IRI that is relative."""
    if isinstance(node, URIRef):
        if not _ABSOLUTE.match(node):
            raise _refused(f"the IRI <{node}> is relative, and there is no base")
        return Iri(str(node))
    if isinstance(node, BNode):
        return Blank(str(node))
    assert isinstance(node, RdflibLiteral)
    if node.language:
        return Literal(str(node), RDF + "langString", node.language.lower())
    return Literal(str(node), str(node.datatype) if node.datatype is not None else XSD + "string")
