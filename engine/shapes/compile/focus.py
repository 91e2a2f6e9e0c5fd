"""Focus nodes of targets, and the instances of classes, as relations with one column f (or n)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from engine.shapes.algebra import Target, TargetClass, TargetNode, TargetObjectsOf, TargetSubjectsOf
from engine.shapes.sql.relations import Relations, quoted
from engine.shapes.terms import BLANK_CODE, RDF, RDFS
from engine.shapes.views.predicate_views import PredicateViews

TYPE, SUBCLASS = RDF + "type", RDFS + "subClassOf"


class Focus:
    """Targets and classes over one set of views."""

    def __init__(self, relations: Relations, views: PredicateViews) -> None:
        self._relations = relations
        self._views = views
        self._closures: dict[str, tuple[str, ...]] = {}
        self.classes: dict[str, frozenset[str]] = {}

    def nodes(self, targets: Sequence[Target]) -> str:
        """Name of the relation (f) of all focus nodes of some targets."""
        parts = [self._nodes(t) for t in targets]
        name = self._relations.define(" UNION ".join(parts) if len(parts) > 1 else parts[0])
        if all(isinstance(t, TargetClass) for t in targets):
            self.classes[name] = frozenset(c for t in targets if isinstance(t, TargetClass) for c in self._closure(t.iri))
        return name

    def among(self, focus: str, nodes: str) -> str:
        """Name of the relation (f) of those focus nodes that stand in the relation `nodes` too."""
        name = self._relations.define(f"SELECT a.f FROM {focus} a SEMI JOIN {nodes} b ON a.f = b.f")
        if focus in self.classes:
            self.classes[name] = self.classes[focus]
        return name

    def _nodes(self, target: Target) -> str:
        match target:
            case TargetNode(node):
                v, d, l = self._views.triple(node)  # noqa: E741
                return f"SELECT node_key({quoted(v)}, {d}, {quoted(l)}) AS f"
            case TargetClass(iri):
                return f"SELECT n AS f FROM {self.instances(iri)}"
            case TargetSubjectsOf(predicate):
                return f"SELECT DISTINCT s AS f FROM {self._views.relation(predicate)}"
            case TargetObjectsOf(predicate):
                return f"SELECT DISTINCT node_key(v, d, l) AS f FROM {self._views.relation(predicate)}"

    def instances(self, class_iri: str) -> str:
        """Name of the relation (n) of SHACL instances of a class: by rdf:type and rdfs:subClassOf in the data."""
        closure = self._closure(class_iri)
        direct = self._views.instances(closure)
        if direct is not None:
            return self._relations.define(direct)
        only = "DISTINCT " if len(closure) > 1 else ""
        chosen = ", ".join(quoted(c) for c in closure)
        return self._relations.define(f"SELECT {only}s AS n FROM {self._views.relation(TYPE)} WHERE d <= {BLANK_CODE} AND v IN ({chosen})")

    @cached_property
    def _has_subclasses(self) -> bool:
        return self._views.connection.execute(f"SELECT 1 FROM {self._views.relation(SUBCLASS)} LIMIT 1").fetchall() != []

    def _closure(self, class_iri: str) -> tuple[str, ...]:
        if not self._has_subclasses:
            return (class_iri,)
        found = self._closures.get(class_iri)
        if found is None:
            subclass_of = self._views.relation(SUBCLASS)
            rows = self._views.connection.execute(
                f"WITH RECURSIVE below(c) AS (SELECT {quoted(class_iri)} UNION SELECT e.s FROM below JOIN {subclass_of} e ON e.v = below.c AND e.d <= {BLANK_CODE}) SELECT c FROM below ORDER BY c"
            ).fetchall()
            found = self._closures[class_iri] = tuple(r[0] for r in rows)
        return found
