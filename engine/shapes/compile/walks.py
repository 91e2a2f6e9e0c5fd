"""Property paths as relations: from (f, n), a focus node and where the walk stands, to the values (f, v, d, l)."""

from __future__ import annotations

from engine.shapes.paths import Alternative, Inverse, OneOrMore, Path, Predicate, Sequence, ZeroOrMore, ZeroOrOne, normal
from engine.shapes.sql.relations import Relations
from engine.shapes.terms import BLANK_CODE, IRI_CODE
from engine.shapes.views.predicate_views import PredicateViews

# the kind of a subject, which is never a literal
SUBJECT_KIND = f"CASE WHEN starts_with({{0}}, '_:') THEN {BLANK_CODE} ELSE {IRI_CODE} END"


class Walks:
    """Walks over one set of views, defined as relations."""

    def __init__(self, relations: Relations, views: PredicateViews) -> None:
        self._relations = relations
        self._views = views

    def values(self, path: Path, focus: str, within: frozenset[str] | None = None) -> str:
        """SQL of the values (f, v, d, l) of a path from each node of a relation with column f, all of the classes `within`; rows distinct."""
        return self._step(normal(path), f"(SELECT f, f AS n FROM {focus})", within, distinct=True)

    def _step(self, path: Path, start: str, within: frozenset[str] | None = None, *, distinct: bool = False) -> str:
        views = self._views
        match path:
            case Predicate(iri):
                only = "" if distinct else "DISTINCT "
                return f"SELECT {only}w.f, e.v, e.d, e.l FROM {start} w JOIN {views.relation(iri, within)} e ON e.s = w.n"
            case Inverse(Predicate(iri)):
                only = "" if distinct else "DISTINCT "
                # the few nodes of the walk are taken apart, not the many objects put together
                apart = f"(SELECT f, key_v(n) AS v, key_d(n) AS d, key_l(n) AS l FROM {start})"
                return f"SELECT {only}w.f, e.s AS v, {SUBJECT_KIND.format('e.s')} AS d, '' AS l FROM {apart} w JOIN {views.relation(iri)} e ON e.v = w.v AND e.d = w.d AND e.l = w.l"
            case Sequence(steps):
                reached = start
                for step in steps[:-1]:
                    through = self._relations.define(self._step(step, reached, within))
                    within = None
                    reached = f"(SELECT DISTINCT f, node_key(v, d, l) AS n FROM {through})"
                return self._step(steps[-1], reached)
            case Alternative(choices):
                return " UNION ".join(f"({self._step(c, start, within)})" for c in choices)
            case ZeroOrOne(step):
                return f"SELECT f, key_v(n) AS v, key_d(n) AS d, key_l(n) AS l FROM {start} UNION ({self._step(step, start, within)})"
            case ZeroOrMore(step):
                return self._repeated(step, f"SELECT f, n FROM {start}")
            case OneOrMore(step):
                first = self._relations.define(self._step(step, start, within))
                return self._repeated(step, f"SELECT f, node_key(v, d, l) AS n FROM {first}")
            case _:
                raise AssertionError(f"{path!r} was not brought into normal form")

    def _repeated(self, step: Path, start: str) -> str:
        edges = self._relations.define(self.edges(step))
        reached = self._relations.define(f"{start} UNION SELECT w.f, e.n2 FROM self w JOIN {edges} e ON e.n1 = w.n", recursive=True)
        return f"SELECT f, key_v(n) AS v, key_d(n) AS d, key_l(n) AS l FROM {reached}"

    def edges(self, path: Path) -> str:
        """SQL of all pairs (n1, n2) of nodes of the data that the path joins."""
        match path:
            case Predicate(iri):
                return f"SELECT s AS n1, node_key(v, d, l) AS n2 FROM {self._views.relation(iri)}"
            case Inverse(Predicate(iri)):
                return f"SELECT node_key(v, d, l) AS n1, s AS n2 FROM {self._views.relation(iri)}"
            case _:
                everything = self._views.everything()
                nodes = self._relations.define(f"SELECT s AS f FROM {everything} UNION SELECT node_key(v, d, l) FROM {everything}")
                return f"SELECT f AS n1, node_key(v, d, l) AS n2 FROM ({self._step(path, f'(SELECT f, f AS n FROM {nodes})')})"
