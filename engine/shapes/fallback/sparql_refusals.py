"""SPARQL of a shapes graph that must not run, or that pySHACL would run wrongly: found by walking the parsed query.

A text match is no guard: `SERVI\\u0043E` is SERVICE after the parser has read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyparsing import ParseException, ParseResults
from rdflib import XSD, Graph, Namespace
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal, Node, URIRef, Variable

from engine.contracts import Diagnostic, Place
from engine.shapes.fallback.rdf_graphs import term_of
from engine.shapes.terms import SH as SHACL

SH = Namespace(SHACL)
WHY = "a query that cannot be run as SHACL means it must not count as conforming"
# as SHACL appendix A forbids with pre-bound variables, or as a door to the outside
FORBIDDEN = {
    "ServiceGraphPattern": "SERVICE asks another computer", "DatasetClause": "FROM loads another graph", "GraphGraphPattern": "GRAPH reads a graph that is not the data graph",
    "MinusGraphPattern": "MINUS does not see pre-bound variables", "InlineData": "VALUES may bind a pre-bound variable", "ValuesClause": "VALUES may bind a pre-bound variable",
}  # fmt: skip
CASTS = frozenset(XSD[name] for name in ("string", "boolean", "integer", "decimal", "float", "double", "dateTime"))
_PATH = re.compile(r"[$?]PATH\b")
# pySHACL looks for a variable behind a blank or a bracket only, and elsewhere leaves it unbound
_BOUND_BY_PYSHACL = r"[\s{{}}()][$?]{}"


def sparql_refusals(shapes: Graph, within: frozenset[Node]) -> Iterator[Diagnostic]:
    """SHP123 for every query at these nodes of the shapes graph that must not run."""
    prefixes = _declared_prefixes(shapes)
    for kind in ("select", "ask"):
        for node, text in shapes.subject_objects(SH[kind]):
            if isinstance(text, Literal) and node in within:
                bound = {"this", "currentShape", *_parameters(shapes, node)} | ({"value"} if kind == "ask" else set())
                for reason in sorted(set(_reasons(str(text), kind, bound, prefixes))):
                    yield Diagnostic(Place(), "SHP123", f"the query of {term_of(node).n3()} is refused: {reason}", WHY, "write it without that construct")


def _reasons(text: str, kind: str, bound: set[str], prefixes: Mapping[str, set[str]]) -> Iterator[str]:
    try:
        parsed = parseQuery(_PATH.sub("<urn:path>", text))
    except ParseException as error:
        yield f"it cannot be parsed ({error})"
        return
    except RecursionError:
        yield "it is nested too deep"
        return
    named = {p: set(spaces) for p, spaces in prefixes.items()}
    for part in _parts(parsed):
        if part.name == "PrefixDecl":
            named.setdefault(str(_of(part, "prefix") or ""), set()).add(str(_of(part, "iri")))
    query = parsed[1]
    if query.name != {"select": "SelectQuery", "ask": "AskQuery"}[kind]:
        yield f"it is no {kind.upper()} query"
    for part in _parts(parsed):
        yield from _reasons_of_part(part, bound, named)
    used = {str(v) for v in _variables(parsed)}
    if "shapesGraph" in used:
        yield "$shapesGraph is not bound here"
    for name in sorted(used & bound):
        if not re.search(_BOUND_BY_PYSHACL.format(name), text):
            yield f"no blank stands before ${name}, and pySHACL would leave it unbound"


def _reasons_of_part(part: CompValue, bound: set[str], prefixes: Mapping[str, set[str]]) -> Iterator[str]:
    if part.name in FORBIDDEN:
        yield FORBIDDEN[part.name]
    assigned = _of(part, "evar") if part.name == "vars" else _of(part, "var") if part.name in ("Bind", "GroupAs") else None
    if isinstance(assigned, Variable) and str(assigned) in bound:
        yield f"AS gives the pre-bound variable ${assigned} another value"
    if part.name == "SubSelect":
        projected = {str(_of(v, "var")) for v in _of(part, "projection") or () if isinstance(v, CompValue)}
        if missing := sorted(bound - projected - {"currentShape"}):
            yield f"a nested SELECT does not return {', '.join('$' + m for m in missing)}"
    if part.name == "Function" and not all(URIRef(iri) in CASTS for iri in _iris(_of(part, "iri"), prefixes)):
        yield "it calls a function that SPARQL does not have, and an unknown function is silently false"
    if part.name == "literal" and _of(part, "datatype") is not None and str(XSD.string) in _iris(_of(part, "datatype"), prefixes):
        yield "a literal is typed xsd:string, which rdflib takes for another term than the plain string: write it plain"


def _of(part: CompValue, name: str) -> Any:
    """A field of a part, None where it has none: rdflib's own look-up answers for variables as well."""
    return dict.get(part, name)


def _iris(name: Any, prefixes: Mapping[str, set[str]]) -> list[str]:
    """All IRIs that a name may stand for; a prefix that nobody declares stands for itself."""
    if not isinstance(name, CompValue):
        return [str(name)]
    prefix = str(_of(name, "prefix") or "")
    return [space + str(_of(name, "localname") or "") for space in prefixes.get(prefix, {f"{prefix}:"})]


def _parts(node: object) -> Iterator[CompValue]:
    """Every part of a parsed query, from the outside in."""
    if isinstance(node, CompValue):
        yield node
        for value in dict.values(node):
            yield from _parts(value)
    elif isinstance(node, list | tuple | ParseResults):
        for value in node:
            yield from _parts(value)


def _variables(node: object) -> Iterator[Variable]:
    if isinstance(node, Variable):
        yield node
    elif isinstance(node, CompValue):
        for value in dict.values(node):
            yield from _variables(value)
    elif isinstance(node, list | tuple | ParseResults):
        for value in node:
            yield from _variables(value)


def _declared_prefixes(shapes: Graph) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for declared in shapes.objects(None, SH.declare):
        for prefix in shapes.objects(declared, SH.prefix):
            found.setdefault(str(prefix), set()).update(str(space) for space in shapes.objects(declared, SH.namespace))
    return found


def _parameters(shapes: Graph, validator: Node) -> set[str]:
    """Names of the parameters of the components that use a validator."""
    components = [c for kind in ("validator", "nodeValidator", "propertyValidator") for c in shapes.subjects(SH[kind], validator)]
    paths = (p for c in components for parameter in shapes.objects(c, SH.parameter) for p in shapes.objects(parameter, SH.path))
    return {re.split(r"[#/:]", str(p))[-1] for p in paths}
