"""Random data graphs: a handful of statements about a handful of nodes, with types and chains of subclasses, near to what a shapes graph asks about."""

from __future__ import annotations

from collections.abc import Sequence

import random_terms as world
from hypothesis import strategies as st
from random_shapes import shapes_graphs
from random_terms import CLASSES, NODES, PREDICATES, SUBCLASS, TYPE, Triple

from engine.shapes.terms import SH, Iri, Term

_TAGGED, _NUMBERS, _MOMENTS, _STRINGS = (st.sampled_from(pool) for pool in (world.TAGGED, world.NUMBERS, world.MOMENTS, world.STRINGS))
# a graph about one kind of value makes pairs of values comparable
_VALUES = (world.nodes, world.literals, world.terms, world.terms, _TAGGED, _NUMBERS, _MOMENTS, _STRINGS, st.one_of(world.nodes, _TAGGED), st.one_of(world.nodes, _NUMBERS))
# and a graph about one node gives it several values
_SUBJECTS = (world.nodes, world.nodes, st.sampled_from(NODES[:1]), st.sampled_from(NODES[2:4]))
_PREDICATES = (world.predicates, world.predicates, st.sampled_from(PREDICATES[:1]), st.sampled_from(PREDICATES[:2]))
# values that a constraint has something to say about
_FITTING = {"uniqueLang": (_TAGGED, _TAGGED, world.terms), "languageIn": (_TAGGED, world.terms), "lessThan": (_NUMBERS, _MOMENTS, world.terms), "lessThanOrEquals": (_NUMBERS, _MOMENTS, world.terms)}


@st.composite
def data_graphs(draw: st.DrawFn, shapes: Sequence[Triple]) -> tuple[Triple, ...]:
    """Triples in the order in which they were drawn, each once."""
    found: dict[Triple, None] = {}
    subjects, predicates, values = (draw(st.sampled_from(choice)) for choice in (_SUBJECTS, _PREDICATES, _VALUES))
    for _ in range(draw(st.integers(2, 10))):
        found[draw(subjects), draw(predicates), draw(values)] = None
    # many values of one node that the shapes look at, so that counts and languages are exceeded
    node, along, kind = (draw(st.sampled_from(choice)) for choice in (_targets(shapes), _paths(shapes), _kinds(shapes)))
    for _ in range(draw(st.sampled_from((0, 3, 4, 5, 6)))):
        found[node, along, draw(kind)] = None
    for _ in range(draw(st.integers(0, 4))):
        found[draw(world.nodes), TYPE, draw(world.classes)] = None
    for lower, upper in ((1, 0), (2, 1), (2, 0)):
        if draw(st.integers(0, 2)) == 0:
            found[CLASSES[lower], SUBCLASS, CLASSES[upper]] = None
    if draw(st.integers(0, 9)) == 0:
        found[CLASSES[0], SUBCLASS, CLASSES[2]] = None  # a circle of classes is no fault
    if draw(st.integers(0, 9)) == 0:
        found[CLASSES[0], PREDICATES[0], draw(world.terms)] = None
    return tuple(found)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[tuple[Triple, ...], tuple[Triple, ...]]:
    """A data graph and the shapes graph that it is to be judged by."""
    shapes = draw(shapes_graphs())
    return draw(data_graphs(shapes)), shapes


def _targets(shapes: Sequence[Triple]) -> list[Term]:
    return [o for _, p, o in shapes if p == SH + "targetNode" and isinstance(o, Iri)] or list(NODES)


def _paths(shapes: Sequence[Triple]) -> list[str]:
    return [o.value for _, p, o in shapes if p == SH + "path" and isinstance(o, Iri)] or list(PREDICATES)


def _kinds(shapes: Sequence[Triple]) -> list[st.SearchStrategy[Term]]:
    return [kind for _, p, _ in shapes for kind in _FITTING.get(p.removeprefix(SH), ())] or [world.terms, world.nodes, _NUMBERS, _TAGGED]
