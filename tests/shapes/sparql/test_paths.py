"""Paths walked backwards: twice is not at all, and every inversion comes to stand at a predicate."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from engine.shapes.paths import (
    Alternative,
    Inverse,
    OneOrMore,
    Path,
    Predicate,
    Sequence,
    ZeroOrMore,
    ZeroOrOne,
    inverted,
    normal,
    sparql_path,
)
from engine.shapes.sparql.paths import path_of

PREDICATES = st.sampled_from("abc").map(lambda name: Predicate(f"http://example.org/{name}"))


def _around(inner: st.SearchStrategy[Path]) -> st.SearchStrategy[Path]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(Sequence), several.map(Alternative), *(inner.map(kind) for kind in (Inverse, ZeroOrMore, OneOrMore, ZeroOrOne)))


PATHS = st.recursive(PREDICATES, _around, max_leaves=6)


@given(PATHS)
def test_backwards_twice_is_forwards(path: Path) -> None:
    assert inverted(inverted(path)) == normal(path) == normal(normal(path))
    assert inverted(Inverse(path)) == normal(path)
    assert all(isinstance(p.path, Predicate) for p in _parts(normal(path)) if isinstance(p, Inverse))


@given(PATHS)
def test_the_same_from_the_text_of_a_query(path: Path) -> None:
    triple = prepareQuery(f"SELECT * {{ ?a {sparql_path(path, inside=True)} ?b }}").algebra.p.p
    read = path_of(triple.triples[0][1]) if len(triple.triples or ()) == 1 else None
    assert read is None or _flat(read) == _flat(normal(path))


def _parts(path: Path) -> list[Path]:
    below = path.paths if isinstance(path, (Sequence, Alternative)) else () if isinstance(path, Predicate) else (path.path,)
    return [path, *(part for each in below for part in _parts(each))]


def _flat(path: Path) -> Path:
    """Sequences in sequences and alternatives in alternatives as one."""
    if isinstance(path, (Sequence, Alternative)):
        kind, parts = type(path), [_flat(p) for p in path.paths]
        return kind(tuple(p for part in parts for p in (part.paths if isinstance(part, kind) else (part,))))
    return path if isinstance(path, Predicate) else type(path)(_flat(path.path))
