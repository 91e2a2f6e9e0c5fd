"""A pair of graphs made smaller, as long as the engines still disagree: statements are taken away until each one left is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from random_terms import Triple

Pair = tuple[Sequence[Triple], Sequence[Triple]]


def smaller(data: Sequence[Triple], shapes: Sequence[Triple], interesting: Callable[[Sequence[Triple], Sequence[Triple]], bool]) -> Pair:
    """The smallest pair that this finds by taking away runs of statements, longest runs first, from shapes and data in turn."""
    before = -1
    while before != len(data) + len(shapes):
        before = len(data) + len(shapes)
        shapes = _reduced(shapes, partial(interesting, data))
        data = _reduced(data, partial(_swapped, interesting, shapes))
    return data, shapes


def _swapped(interesting: Callable[[Sequence[Triple], Sequence[Triple]], bool], shapes: Sequence[Triple], data: Sequence[Triple]) -> bool:
    return interesting(data, shapes)


def _reduced(triples: Sequence[Triple], still: Callable[[Sequence[Triple]], bool]) -> Sequence[Triple]:
    size = max(1, len(triples) // 2)
    while size:
        at = 0
        while at < len(triples):
            kept = (*triples[:at], *triples[at + size :])
            if len(kept) < len(triples) and still(kept):
                triples = kept
            else:
                at += size
        size //= 2
    return triples
