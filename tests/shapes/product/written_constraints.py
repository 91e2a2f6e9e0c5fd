"""Every constraint and target that stands in a shapes graph, and the shapes graph without one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from contract_results import SH, shape_name
from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

# the parameter of each component that SHACL knows; sh:property is left out, for it only leads to another shape
COMPONENTS = {
    "class": "Class", "datatype": "Datatype", "nodeKind": "NodeKind", "minCount": "MinCount", "maxCount": "MaxCount", "minExclusive": "MinExclusive",
    "minInclusive": "MinInclusive", "maxExclusive": "MaxExclusive", "maxInclusive": "MaxInclusive", "minLength": "MinLength", "maxLength": "MaxLength",
    "pattern": "Pattern", "languageIn": "LanguageIn", "uniqueLang": "UniqueLang", "equals": "Equals", "disjoint": "Disjoint", "lessThan": "LessThan",
    "lessThanOrEquals": "LessThanOrEquals", "not": "Not", "and": "And", "or": "Or", "xone": "Xone", "node": "Node", "qualifiedMinCount": "QualifiedMinCount",
    "qualifiedMaxCount": "QualifiedMaxCount", "closed": "Closed", "hasValue": "HasValue", "in": "In", "sparql": "SPARQL",
}  # fmt: skip
TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
# what a shape may say beside constraints and targets; anything else would be a constraint that nobody counts
OTHERS = {"path", "property", "message", "description", "name", "severity", "order", "group", "deactivated", "flags", "qualifiedValueShape", "qualifiedValueShapesDisjoint", "ignoredProperties", "prefixes", "select", "declare"}


@dataclass(frozen=True, slots=True)
class Written:
    """A constraint or target as it is written: the triple, the name of the shape that reports it, and its component or ''.

    `inner` is true for what stands inside a shape that reports nothing of its own (a member of sh:or, a counted value).
    """

    triple: tuple[Node, Node, Node]
    shape: str
    component: str
    inner: bool

    @property
    def told(self) -> str:
        """As people read it: `RoleFamily.MinCount`, `ApprovalContract targetClass Role`."""
        _, predicate, value = self.triple
        if self.component:
            return f"{'inside ' if self.inner else ''}{self.shape}.{self.component}"
        return f"{self.shape} {str(predicate).rsplit('#', 1)[-1]} {str(value).rsplit('#', 1)[-1]}"


def written_constraints(shapes: Graph) -> list[Written]:
    """Everything that the shapes ask for, top down from each shape with a target; a shape that several lead to counts once for each."""
    found: dict[tuple[tuple[Node, Node, Node], str], Written] = {}
    for shape in sorted({s for t in TARGETS for s in shapes.subjects(SH[t])}, key=str):
        for target in TARGETS:
            for value in shapes.objects(shape, SH[target]):
                found[(shape, SH[target], value), shape_name(shapes, shape)] = Written((shape, SH[target], value), shape_name(shapes, shape), "", False)
        for one in _below(shapes, shape, shape_name(shapes, shape), False):
            found[one.triple, one.shape] = one
    return sorted(found.values(), key=lambda w: (w.shape, w.inner, w.component, *map(str, w.triple)))


def _below(shapes: Graph, shape: Node, reported_by: str, inner: bool) -> Iterator[Written]:
    for name, component in COMPONENTS.items():
        for value in shapes.objects(shape, SH[name]):
            reporter = str(value).rsplit("#", 1)[-1] if name == "sparql" and not inner else reported_by
            yield Written((shape, SH[name], value), reporter, component, inner)
            members = Collection(shapes, value) if name in ("and", "or", "xone") else [value] if name in ("not", "node") else []
            for member in members:
                yield from _below(shapes, member, reported_by, True)
    for counted in shapes.objects(shape, SH.qualifiedValueShape):
        yield from _below(shapes, counted, reported_by, True)
    for child in shapes.objects(shape, SH.property):
        yield from _below(shapes, child, reported_by if inner else shape_name(shapes, child), inner)


def without(shapes: Graph, written: Written) -> Graph:
    """The shapes graph without one constraint or target."""
    left = Graph()
    for triple in shapes:
        if triple != written.triple:
            left.add(triple)
    shape = written.triple[0]
    if written.component == "Pattern":
        left.remove((shape, SH.flags, None))
    elif not any(left.objects(shape, SH.qualifiedMinCount)) and not any(left.objects(shape, SH.qualifiedMaxCount)):
        left.remove((shape, SH.qualifiedValueShape, None))
    return left


def rooted(shapes: Graph, written: Written) -> Graph:
    """The part of a shapes graph that the targeted shapes reach to which a constraint or target belongs; the same graph for the same shapes."""
    return _together(shapes, tuple(root for root, part in _parts(shapes) if written.triple in part))


@cache
def _parts(shapes: Graph) -> tuple[tuple[Node, frozenset[tuple[Node, Node, Node]]], ...]:
    """Each targeted shape with everything that it leads to."""
    return tuple((s, frozenset(below(shapes, s))) for s in sorted({s for t in TARGETS for s in shapes.subjects(SH[t])}, key=str))


@cache
def _together(shapes: Graph, roots: tuple[Node, ...]) -> Graph:
    found = Graph()
    for root, part in _parts(shapes):
        if root in roots:
            for triple in part:
                found.add(triple)
    return found


def below(shapes: Graph, root: Node) -> Iterator[tuple[Node, Node, Node]]:
    """Everything that a shape leads to."""
    queue, seen = [root], set[Node]()
    while queue:
        node = queue.pop()
        if node not in seen:
            seen.add(node)
            for triple in shapes.triples((node, None, None)):
                yield triple
                queue.append(triple[2])


def unknown_terms(shapes: Graph) -> set[str]:
    """Terms of SHACL that a shape uses and this module does not know."""
    known = {*COMPONENTS, *TARGETS, *OTHERS, "inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath", "prefix", "namespace"}
    return {str(p).rsplit("#", 1)[-1] for p in shapes.predicates() if str(p).startswith(str(SH))} - known


def named_shapes(shapes: Graph) -> list[URIRef]:
    """Shapes and SPARQL constraints with a name of their own, in order."""
    used = {s for p in (*COMPONENTS, *TARGETS, "path") for s in shapes.subjects(SH[p])} | set(shapes.objects(None, SH.sparql)) | set(shapes.subjects(SH.property))
    return sorted(s for s in used if isinstance(s, URIRef))


def text(shapes: Graph, shape: Node, predicate: Node) -> str:
    """A text that a shape says of itself, or ''."""
    found = shapes.value(shape, predicate)
    return str(found) if isinstance(found, Literal) else ""
