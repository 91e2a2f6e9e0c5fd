"""Triples of an RDF file one by one, as terms, in the order of the file: for graphs that fit into memory, such as shapes."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox

from engine.contracts import BadInput, Place
from engine.shapes.terms import Blank, Iri, Literal, Term
from engine.shapes.views.rdf_files import ReadingLimits, format_of, read_lines


def parsed_triples(path: Path, limits: ReadingLimits | None = None, *, base: str | None = None, named_format: str | None = None) -> Generator[tuple[Term, str, Term], None, None]:
    """Subject, predicate IRI, object of every statement; repeats are kept, named graphs merged, labels of blank nodes those of the parser.

    Nothing counts unless the iterator ends. Relative IRIs are taken against `base`, or the file's place. Raises BadInput
    SHP110 to SHP113 and InputOutput SHP114 as read_lines does.
    """
    with closing(read_lines(path, format_of(path, named_format), limits or ReadingLimits(), base)) as chunks:
        for chunk in chunks:
            for quad in ox.parse(chunk, format=ox.RdfFormat.N_TRIPLES):
                yield _term(quad.subject, path), quad.predicate.value, _term(quad.object, path)


def _term(term: object, path: Path) -> Term:
    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.BlankNode():
            return Blank(term.value)
        case ox.Literal() if term.direction is None:
            return Literal(term.value, term.datatype.value, (term.language or "").lower())
        case _:
            raise BadInput.at("SHP110", f"a term of RDF 1.2: {str(term)[:120]}", why="contracts are defined over RDF 1.1, which has no such thing", fix="leave it out", place=Place(str(path)))
