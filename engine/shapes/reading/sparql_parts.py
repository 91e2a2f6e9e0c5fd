"""SPARQL-based constraints and constraint components of a shapes graph (SHACL sections 5 and 6), with prefixes and $PATH filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.shapes.algebra import Sparql
from engine.shapes.paths import Path, sparql_path
from engine.shapes.reading.statements import Statements
from engine.shapes.terms import RDFS, SH, XSD, Iri, Literal, Term

OWL_IMPORTS = "http://www.w3.org/2002/07/owl#imports"
WHY = "a query that is not understood must not count as conforming"
_LOCAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_PATH = re.compile(r"[$?]PATH\b")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a component: predicate, variable name, whether it may be left out."""

    predicate: str
    name: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Component:
    """A SPARQL-based constraint component: its parameters and its validators by context (each a node of the shapes graph)."""

    iri: Term
    parameters: tuple[Parameter, ...]
    node_validator: Term | None
    property_validator: Term | None
    ask_validator: Term | None


class SparqlReader:
    """Reads sh:sparql constraints, and the constraints that declared components make of shapes."""

    def __init__(self, graph: Statements) -> None:
        self._graph = graph
        self.components = tuple(c for node in self._declared() if (c := self._component(node)) is not None)

    def constraints(self, shape: Term, path: Path | None) -> Iterator[Sparql]:
        """SPARQL constraints of a shape: its own, then those of components whose parameters it gives."""
        for node in self._graph.objects(shape, SH + "sparql"):
            yield from self._constraint(shape, node, path)
        for component in self.components:
            yield from self._by_component(shape, component, path)

    def _constraint(self, shape: Term, node: Term, path: Path | None) -> Iterator[Sparql]:
        graph = self._graph
        if graph.objects(node, SH + "deactivated") and graph.boolean(node, SH + "deactivated") is None:
            graph.fault(shape, "SHP204", "sh:deactivated of a SPARQL constraint is not true or false", why=WHY, fix="write true or false", at=(node, SH + "deactivated", None))
        if graph.boolean(node, SH + "deactivated"):
            return
        query = self._query(shape, node, "select", path)
        if query is not None:
            yield Sparql(query, False, SH + "SPARQLConstraintComponent", node, (), self._messages(node))

    def _by_component(self, shape: Term, component: Component, path: Path | None) -> Iterator[Sparql]:
        graph = self._graph
        given = {p: graph.objects(shape, p.predicate) for p in component.parameters}
        required = [p for p in component.parameters if not p.optional] or list(component.parameters)
        if not all(given[p] for p in required):
            return
        validator = (component.node_validator if path is None else component.property_validator) or component.ask_validator
        if validator is None:
            graph.fault(shape, "SHP203", f"the component {component.iri.n3()} has no validator for a {'node' if path is None else 'property'} shape", why=WHY, fix="add sh:validator, or take the parameter away")
            return
        ask = validator == component.ask_validator
        query = self._query(shape, validator, "ask" if ask else "select", path)
        if query is None:
            return
        several = [p for p in component.parameters if len(given[p]) > 1]
        if len(several) > 1 or (several and len(component.parameters) > 1):
            graph.fault(shape, "SHP211", f"{component.iri.n3()} has several parameters, and one of them several values", why="which belongs to which cannot be told (SHACL 6.2.1)", fix="use one shape for each set of values")
            return
        bound: list[tuple[tuple[str, Term], ...]] = [((p.name, v),) for p in several for v in given[p]] or [()]
        single = tuple((p.name, given[p][0]) for p in component.parameters if len(given[p]) == 1)
        for varied in bound:
            yield Sparql(query, ask, component.iri.value, None, (*single, *varied), self._messages(validator))

    def _declared(self) -> list[Term]:
        return [n for n in self._graph.subjects(SH + "parameter") if self._graph.is_a(n, self._component_classes())]

    def _component_classes(self) -> set[str]:
        """sh:ConstraintComponent and its declared subclasses."""
        found = {SH + "ConstraintComponent"}
        queue = [Iri(SH + "ConstraintComponent")]
        while queue:
            for sub in self._graph.subjects(RDFS + "subClassOf", queue.pop()):
                if isinstance(sub, Iri) and sub.value not in found:
                    found.add(sub.value)
                    queue.append(sub)
        return found

    def _component(self, node: Term) -> Component | None:
        graph = self._graph
        parameters = []
        for declared in graph.objects(node, SH + "parameter"):
            paths = graph.objects(declared, SH + "path")
            name = _LOCAL_NAME.search(paths[0].value) if len(paths) == 1 and isinstance(paths[0], Iri) else None
            if name is None or not isinstance(paths[0], Iri):
                graph.fault(node, "SHP204", "a parameter of the component has no sh:path with a usable local name", why=WHY, fix="give the parameter one sh:path, an IRI that ends in a variable name")
                return None
            parameters.append(Parameter(paths[0].value, name.group(), bool(graph.boolean(declared, SH + "optional"))))
        validators: dict[str, Term | None] = {}
        for kind in ("nodeValidator", "propertyValidator", "validator"):
            found = graph.objects(node, SH + kind)
            usable = [v for v in found if graph.objects(v, SH + ("ask" if kind == "validator" else "select"))]
            if found and not usable:
                graph.fault(node, "SHP203", f"the component's sh:{kind} is no SPARQL validator", why="sh:js and other languages are not run", fix="write it with sh:ask (sh:validator) or sh:select")
            validators[kind] = usable[0] if usable else None
        return Component(node, tuple(sorted(parameters, key=lambda p: p.name)), validators["nodeValidator"], validators["propertyValidator"], validators["validator"])

    def _query(self, shape: Term, node: Term, kind: str, path: Path | None) -> str | None:
        texts = self._graph.objects(node, SH + kind)
        if len(texts) != 1 or not isinstance(texts[0], Literal) or texts[0].datatype != XSD + "string":
            self._graph.fault(shape, "SHP209", f"{node.n3()} needs exactly one sh:{kind}, a plain string", why=WHY, fix=f"give it one sh:{kind}")
            return None
        prefixes = "".join(f"PREFIX {name}: <{space}>\n" for name, space in self._prefixes(shape, node))
        query = texts[0].value
        if path is not None:
            query = _PATH.sub(lambda _: sparql_path(path), query)
        return prefixes + query

    def _prefixes(self, shape: Term, node: Term) -> list[tuple[str, str]]:
        graph, found = self._graph, dict[str, str]()
        queue, seen = list(graph.objects(node, SH + "prefixes")), set[Term]()
        while queue:
            holder = queue.pop(0)
            if holder in seen:
                continue
            seen.add(holder)
            queue.extend(graph.objects(holder, OWL_IMPORTS))
            for declared in graph.objects(holder, SH + "declare"):
                names, spaces = graph.objects(declared, SH + "prefix"), graph.objects(declared, SH + "namespace")
                if len(names) != 1 or len(spaces) != 1 or not isinstance(names[0], Literal) or not isinstance(spaces[0], Literal):
                    graph.fault(shape, "SHP209", f"a prefix declaration of {holder.n3()} lacks sh:prefix or sh:namespace", why=WHY, fix='write sh:declare [ sh:prefix "ex" ; sh:namespace "..."^^xsd:anyURI ]')
                elif found.setdefault(names[0].value, spaces[0].value) != spaces[0].value:
                    graph.fault(shape, "SHP209", f"the prefix `{names[0].value}` is declared twice with different namespaces", why=WHY, fix="keep one declaration")
        return sorted(found.items())

    def _messages(self, node: Term) -> tuple[Literal, ...]:
        return tuple(sorted(m for m in self._graph.objects(node, SH + "message") if isinstance(m, Literal)))


