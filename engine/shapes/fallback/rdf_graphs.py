"""RDF as pySHACL wants it: N-Triples parsed by pyoxigraph into rdflib graphs, and back from rdflib terms to ours.

rdflib's own parsers are slow, lose what they cannot read and follow addresses. Plain strings are kept without a datatype,
because rdflib takes `"a"` and `"a"^^xsd:string` for two terms. Literals keep their lexical form.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, XSD, Graph
from rdflib.term import BNode, Node, URIRef
from rdflib.term import Literal as RdfLiteral

from engine.shapes.paths import Alternative, Inverse, OneOrMore, Predicate, ZeroOrMore, ZeroOrOne
from engine.shapes.paths import Path as PropertyPath
from engine.shapes.paths import Sequence as PathSequence
from engine.shapes.terms import SH, Blank, Iri, Literal, Term
from engine.shapes.terms import XSD as XSD_NAMESPACE

DATA, SHAPES = "d", "s"  # first letter of blank node labels inside the child: a report mixes nodes of both graphs
# what only the literal `true` switches on (SHACL 4.4.5 and its test suite): rdflib takes "1"^^xsd:boolean for the same
SWITCHES = frozenset(SH + name for name in ("deactivated", "uniqueLang", "qualifiedValueShapesDisjoint", "optional"))
_STEPS: dict[str, type[Inverse] | type[ZeroOrMore] | type[OneOrMore] | type[ZeroOrOne]] = {"inversePath": Inverse, "zeroOrMorePath": ZeroOrMore, "oneOrMorePath": OneOrMore, "zeroOrOnePath": ZeroOrOne}


def graph_of(statements: Path | str, side: str) -> Graph:
    """All triples of an N-Triples file or text in one graph, for one side: data or shapes."""
    if isinstance(statements, str):
        return filled(((_our_term(s.subject), s.predicate.value, _our_term(s.object)) for s in ox.parse(statements, ox.RdfFormat.N_TRIPLES)), side)
    with statements.open("rb") as stream:  # a stream: the parser's own way to a file is not watched
        return filled(((_our_term(s.subject), s.predicate.value, _our_term(s.object)) for s in ox.parse(stream, ox.RdfFormat.N_TRIPLES)), side)


def filled(triples: Iterable[tuple[Term, str, Term]], side: str) -> Graph:
    """A graph of triples, for one side."""
    graph = Graph(bind_namespaces="none")
    for subject, predicate, value in triples:
        if side == SHAPES and predicate in SWITCHES and isinstance(value, Literal):
            value = Literal("true" if value.value == "true" else "false", value.datatype)
        graph.add((rdflib_of(subject, side), URIRef(predicate), rdflib_of(value, side)))
    return graph


def _our_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.BlankNode):
        return Blank(term.value)
    if not isinstance(term, ox.Literal):
        raise ValueError("a quoted triple is no node that SHACL knows")
    return Literal(term.value, term.datatype.value, term.language or "")


def rdflib_of(term: Term, side: str) -> Node:
    """One of our terms as rdflib's."""
    match term:
        case Iri(value):
            return URIRef(value)
        case Blank(value):
            return BNode(side + value)
        case Literal(value, datatype, language):
            return _literal(value, datatype, language)


def _literal(value: str, datatype: str, language: str) -> RdfLiteral:
    if language:
        return RdfLiteral(value, lang=language)
    return RdfLiteral(value, datatype=None if datatype == XSD_NAMESPACE + "string" else URIRef(datatype), normalize=False)


def term_of(node: Node) -> Term:
    """One of rdflib's terms as ours; a blank node gets back the label of its file."""
    if isinstance(node, URIRef):
        return Iri(str(node))
    if isinstance(node, BNode):
        return Blank(str(node)[1:])
    if isinstance(node, RdfLiteral):
        return Literal(str(node), str(RDF.langString if node.language else node.datatype or XSD.string), (node.language or "").lower())
    raise ValueError(f"{node!r} is no term of RDF")


def path_of(shapes: Graph, node: Node) -> PropertyPath:
    """The property path that a node of the shapes graph stands for; pySHACL has walked it before, so it is well-formed."""
    if isinstance(node, URIRef):
        return Predicate(str(node))
    if (node, RDF.first, None) in shapes:
        return PathSequence(tuple(path_of(shapes, step) for step in shapes.items(node)))
    for predicate, value in shapes.predicate_objects(node):
        name = str(predicate).removeprefix(SH)
        if name == "alternativePath":
            return Alternative(tuple(path_of(shapes, step) for step in shapes.items(value)))
        if name in _STEPS:
            return _STEPS[name](path_of(shapes, value))
    raise ValueError(f"{node!r} is no property path")
