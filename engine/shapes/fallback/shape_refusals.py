"""What pySHACL would pass over in silence or get wrong in a shapes graph: recursion, parts of SHACL that it skips, parameters that it half reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import OWL, RDF, RDFS, Graph, Namespace
from rdflib.term import Node

from engine.contracts import Diagnostic, Place
from engine.shapes.fallback.rdf_graphs import term_of
from engine.shapes.reading.vocabulary import ONLY_ON_PROPERTY_SHAPES, REFUSED, SHAPE_LIST_PARAMETERS, SHAPE_PARAMETERS, SINGLE
from engine.shapes.sql.regular_expression import PatternRefused, re2_of
from engine.shapes.terms import SH as SHACL

SH = Namespace(SHACL)
WHY = "pySHACL would pass over it, and what is not judged must not conform"
LISTS = (*SHAPE_LIST_PARAMETERS, "in", "languageIn", "ignoredProperties", "alternativePath")
COUNTS = {"qualifiedMinCount", "qualifiedMaxCount"}  # without a value shape they ask for nothing, wherever they stand
LONGEST_LIST = 100_000


def concerned(shapes: Graph, only: Iterable[Node] | None) -> frozenset[Node]:
    """Nodes of the shapes graph that judging some shapes (None: all) may look at: what they lead to, siblings, and components whose parameters they give."""
    if only is None:
        return frozenset(shapes.subjects())
    found: set[Node] = set()
    queue = list(only)
    while queue:
        node = queue.pop()
        if node in found:
            continue
        found.add(node)
        queue.extend(shapes.objects(node))
        if (node, SH.qualifiedValueShapesDisjoint, None) in shapes:
            queue.extend(shapes.subjects(SH.property, node))
        parameters = (d for p in shapes.predicates(node) for d in shapes.subjects(SH.path, p))
        queue.extend(component for d in parameters for component in shapes.subjects(SH.parameter, d))
    return frozenset(found)


def shape_refusals(shapes: Graph, within: frozenset[Node]) -> Iterator[Diagnostic]:
    """SHP122 for everything among these nodes of a shapes graph that pySHACL must not be asked about."""
    for subject, predicate in sorted(set(shapes.subject_predicates()), key=repr):
        if subject not in within and predicate not in (OWL.imports, SH.entailment):
            continue
        name = str(predicate).removeprefix(SHACL) if str(predicate).startswith(SHACL) else ""
        if name in REFUSED:
            yield _refusal(subject, f"sh:{name} is not supported", "express it with SHACL Core or a SPARQL constraint")
        if predicate == OWL.imports:
            yield _refusal(subject, "owl:imports is not followed", "give the imported file as another shapes file and take the statement away")
        if name in SINGLE and len(list(shapes.objects(subject, predicate))) > 1:
            yield _refusal(subject, f"sh:{name} has several values", "keep one, or use two shapes")
        if name in ONLY_ON_PROPERTY_SHAPES - COUNTS and (subject, SH.path, None) not in shapes:
            yield _refusal(subject, f"sh:{name} on a node shape", "move it into a property shape with sh:path")
        if name == "closed" and any(str(v) not in ("true", "false") for v in shapes.objects(subject, predicate)):
            yield _refusal(subject, "sh:closed is neither `true` nor `false`", "write true or false")
        if name == "datatype" and not {RDFS.Literal, RDFS.Datatype}.isdisjoint(shapes.objects(subject, predicate)):
            yield _refusal(subject, "sh:datatype asks for a class of datatypes", "use sh:nodeKind sh:Literal")
        if name in LISTS:
            yield from (_refusal(subject, f"sh:{name} {reason}", "write a list as ( a b c )") for head in shapes.objects(subject, predicate) if (reason := _list_fault(shapes, head)))
        if name in ("pattern", "flags"):
            yield from (_refusal(subject, reason, "write it without that construct") for reason in _pattern_faults(shapes, subject))
    yield from _component_refusals(shapes, within)
    yield from (_refusal(shape, "the shape refers to itself", "break the circle") for shape in _recursive(shapes) if shape in within)


def _refusal(node: Node, what: str, fix: str) -> Diagnostic:
    return Diagnostic(Place(), "SHP122", f"{term_of(node).n3()}: {what}", WHY, fix)


def _list_fault(shapes: Graph, head: Node) -> str:
    seen: set[Node] = set()
    while head != RDF.nil:
        if head in seen:
            return "is a list that runs in a circle"
        seen.add(head)
        first, rest = list(shapes.objects(head, RDF.first)), list(shapes.objects(head, RDF.rest))
        if len(first) != 1 or len(rest) != 1 or len(seen) > LONGEST_LIST:
            return "is not a well-formed list"
        head = rest[0]
    return ""


def _pattern_faults(shapes: Graph, shape: Node) -> Iterator[str]:
    flags = "".join(str(f) for f in shapes.objects(shape, SH.flags))
    for pattern in shapes.objects(shape, SH.pattern):
        try:
            re2_of(str(pattern), flags)
        except PatternRefused as refused:
            yield f"sh:pattern {term_of(pattern).n3()} cannot be run: {refused}"


def _component_refusals(shapes: Graph, within: frozenset[Node]) -> Iterator[Diagnostic]:
    """Constraint components of which pySHACL would take one value or one validator and drop the others."""
    for component in sorted(within.intersection(shapes.subjects(SH.parameter)), key=repr):
        for kind in ("validator", "nodeValidator", "propertyValidator"):
            found = list(shapes.objects(component, SH[kind]))
            if len(found) > 1:
                yield _refusal(component, f"the component has several values of sh:{kind}", "keep one")
            if any(not list(shapes.objects(v, SH.ask if kind == "validator" else SH.select)) for v in found):
                yield _refusal(component, f"sh:{kind} is no SPARQL validator", "write it with sh:ask (sh:validator) or sh:select")
        for path in {p for parameter in shapes.objects(component, SH.parameter) for p in shapes.objects(parameter, SH.path)}:
            for shape in sorted(within.intersection(shapes.subjects(path)), key=repr):
                if len(list(shapes.objects(shape, path))) > 1:
                    yield _refusal(shape, f"the parameter {term_of(path).n3()} has several values", "use one shape for each value")


def _recursive(shapes: Graph) -> Iterator[Node]:
    """Shapes that refer to themselves, one for each circle met."""
    references: dict[Node, list[Node]] = {}
    for name in SHAPE_PARAMETERS:
        for shape, other in shapes.subject_objects(SH[name]):
            references.setdefault(shape, []).append(other)
    for name in SHAPE_LIST_PARAMETERS:
        for shape, head in shapes.subject_objects(SH[name]):
            if not _list_fault(shapes, head):
                references.setdefault(shape, []).extend(shapes.items(head))
    done: set[Node] = set()
    for start in sorted(references, key=repr):
        trail, stack = [start], [iter(sorted(references[start], key=repr))]
        while stack and start not in done:
            child = next(stack[-1], None)
            if child is None:
                done.add(trail.pop())
                stack.pop()
            elif child in trail:
                yield child
            elif child not in done:
                trail.append(child)
                stack.append(iter(sorted(references.get(child, ()), key=repr)))
