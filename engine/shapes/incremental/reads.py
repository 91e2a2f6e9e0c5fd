"""What a shape reads: from which places, seen from a focus node, it looks along which predicate.

A change of a statement can matter to a focus node only if a walk from that node, along one of these ways, comes to the
statement's subject (or object, where the predicate is walked backwards).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.shapes.algebra import (
    And,
    ClassOf,
    Closed,
    Disjoint,
    Equals,
    LessThan,
    NodeShapeOf,
    Not,
    Or,
    PropertyShapeOf,
    QualifiedMaxCount,
    QualifiedMinCount,
    Shape,
    Shapes,
    Sparql,
    TargetClass,
    TargetObjectsOf,
    TargetSubjectsOf,
    Xone,
)  # fmt: skip
from engine.shapes.paths import Alternative, Inverse, OneOrMore, Path, Predicate, Sequence, ZeroOrMore, ZeroOrOne, normal
from engine.shapes.sparql import CompiledQuery, predicates_in
from engine.shapes.terms import RDF, Term

TYPE = RDF + "type"


@dataclass(frozen=True, slots=True)
class Reading:
    """One place where a shape looks: the way there from the focus node (None: the focus node itself), the predicate (None: any), and from which end."""

    way: Path | None
    predicate: str | None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Reads:
    """All readings of a targeted shape, and what its SPARQL queries name: a change there concerns every focus node.

    `queried` is None where a query has a variable for a predicate, so that any change does.
    """

    readings: frozenset[Reading]
    queried: frozenset[str] | None

    def anywhere(self, predicate: str) -> bool:
        """Whether a query may look at statements with this predicate, wherever they stand."""
        return self.queried is None or predicate in self.queried


def reads_of(shapes: Shapes, shape: Shape, queries: Mapping[Sparql, CompiledQuery]) -> Reads:
    """What a targeted shape reads, its targets included."""
    found: set[Reading] = set()
    queried: frozenset[str] | None = frozenset()
    for target in shape.targets:
        match target:
            case TargetClass():
                found.add(Reading(None, TYPE))
            case TargetSubjectsOf(predicate):
                found.add(Reading(None, predicate))
            case TargetObjectsOf(predicate):
                found.add(Reading(None, predicate, backwards=True))
    queue: list[tuple[Shape, Path | None]] = [(shape, None)]
    seen: set[tuple[Term, Path | None]] = set()
    while queue:
        each, way = queue.pop()
        if each.deactivated or (each.node, way) in seen:
            continue
        seen.add((each.node, way))
        if each.path is not None:
            found |= set(_along(way, normal(each.path)))
        values = joined(way, each.path)
        for constraint in each.constraints:
            match constraint:
                case ClassOf():
                    found.add(Reading(values, TYPE))
                case Equals(predicate) | Disjoint(predicate) | LessThan(predicate):
                    found.add(Reading(way, predicate))
                case Closed():
                    found.add(Reading(values, None))
                case Sparql():
                    named = predicates_in(queries[constraint])
                    queried = None if queried is None or named is None else queried | named
                case NodeShapeOf(other) | PropertyShapeOf(other) | Not(other):
                    queue.append((shapes.shapes[other], values))
                case And(others) | Or(others) | Xone(others):
                    queue.extend((shapes.shapes[o], values) for o in others)
                case QualifiedMinCount(other, _, siblings) | QualifiedMaxCount(other, _, siblings):
                    queue.extend((shapes.shapes[o], values) for o in (other, *siblings))
    return Reads(frozenset(found), queried)


def joined(way: Path | None, path: Path | None) -> Path | None:
    """One way after the other."""
    if way is None or path is None:
        return path if way is None else way
    return Sequence((*(way.paths if isinstance(way, Sequence) else (way,)), *(path.paths if isinstance(path, Sequence) else (path,))))


def _along(way: Path | None, path: Path) -> Iterator[Reading]:
    """Every statement that walking a path looks at; `path` has its inversions at predicates."""
    match path:
        case Predicate(iri):
            yield Reading(way, iri)
        case Inverse(Predicate(iri)):
            yield Reading(way, iri, backwards=True)
        case Sequence(steps):
            for step in steps:
                yield from _along(way, step)
                way = joined(way, step)
        case Alternative(choices):
            for choice in choices:
                yield from _along(way, choice)
        case ZeroOrOne(step):
            yield from _along(way, step)
        case ZeroOrMore(step) | OneOrMore(step):
            yield from _along(joined(way, ZeroOrMore(step)), step)
