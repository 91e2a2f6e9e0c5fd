"""Basic graph patterns: triple patterns as one join over predicate views, then the property paths that recur.

Sequences become triple patterns with fresh variables and inversions are turned, as SPARQL 1.1 section 18.2.2.4 says, so
that only alternatives and repeated paths are walked. A walk is seeded by a constant, a pre-bound variable or the solutions
of the other triple patterns, in this order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from rdflib.paths import Path
from rdflib.term import BNode, Identifier, URIRef, Variable

from engine.shapes.paths import Inverse, Predicate, inverted
from engine.shapes.paths import Path as AlgebraPath
from engine.shapes.paths import Sequence as PathSequence
from engine.shapes.sparql.kinds import ANY, NODES, Kind, Kinds
from engine.shapes.sparql.paths import nodes, path_of, walked
from engine.shapes.sparql.program import PreBound, Program
from engine.shapes.sparql.query_text import term_of
from engine.shapes.sparql.relations import UNIT, Column, Relation, joined, selected, stored
from engine.shapes.sparql.values import TermValue, same
from engine.shapes.terms import Iri, Term

_IRIS: Kinds = frozenset((Kind.IRI,))
# a variable's name, or a term
Place = str | Term
Triple = tuple[Place, AlgebraPath | str | None, Place]


class BasicPattern:
    """One basic graph pattern over a program's views, with the variables that are bound before it."""

    def __init__(self, program: Program, pre: PreBound) -> None:
        self._program, self._pre = program, pre
        self._fresh = count()
        self._simple: list[Triple] = []
        self._walks: list[tuple[Place, AlgebraPath, Place]] = []
        self._nodes: set[str] = set()

    def relation(self, triples: Iterable[tuple[Identifier, Identifier | Path, Identifier]], *, spine: bool) -> Relation:
        """Solutions of the pattern. On the `spine` of a query they are restricted at once, elsewhere when it is needed."""
        for s, p, o in triples:
            self._add(self._place(s), p, self._place(o))
        names = {place for triple in (*self._simple, *self._walks) for place in triple if isinstance(place, str)}
        # where a path of length zero may begin: the data has these as subjects or objects
        self._nodes = {place for s, _, o in self._simple for place in (s, o) if isinstance(place, str)}
        restricting = spine and bool(names & self._pre.columns.keys())
        found = self._joined(restricting)
        for subject, path, object_ in self._walks:
            found = self._walked(found, subject, path, object_)
        # blank nodes and the joints of sequences are no variables to anybody else
        return replace(found, columns={name: column for name, column in found.columns.items() if not name.startswith("_:")})

    def _place(self, term: Identifier) -> Place:
        if isinstance(term, Variable):
            return self._program.constants.get(str(term), str(term))
        # a blank node of a pattern is a variable that nothing else can name
        return f"_:{term}" if isinstance(term, BNode) else term_of(term)

    def _add(self, subject: Place, predicate: Identifier | Path, object_: Place) -> None:
        if isinstance(predicate, Variable):
            place = self._place(predicate)
            if isinstance(place, str):
                self._simple.append((subject, place, object_))
            else:
                # a pre-bound predicate that is no IRI matches nothing
                self._simple.append((subject, Predicate(place.value) if isinstance(place, Iri) else None, object_))
        else:
            assert isinstance(predicate, (Path, URIRef))
            self._add_path(subject, path_of(predicate), object_)

    def _add_path(self, subject: Place, path: AlgebraPath, object_: Place) -> None:
        match path:
            case Predicate():
                self._simple.append((subject, path, object_))
            case Inverse(Predicate() as forward):
                self._simple.append((object_, forward, subject))
            case PathSequence(steps):
                places: list[Place] = [subject, *(f"_:step{next(self._fresh)}" for _ in steps[1:]), object_]
                for step, start, end in zip(steps, places, places[1:], strict=False):
                    self._add_path(start, step, end)
            case _:
                self._walks.append((subject, path, object_))

    # ------------------------------------------------------------ triple patterns

    def _joined(self, restricting: bool) -> Relation:
        sources: list[str] = []
        conditions: list[str] = []
        occurrences: dict[str, list[TermValue]] = defaultdict(list)
        if restricting:
            sources.append(f"{self._pre.relation} p")
            for name, column in self._pre.columns.items():
                occurrences[name].append(column.term("p"))
        for number, (subject, predicate, object_) in enumerate(self._simple):
            alias = f"t{number}"
            if isinstance(predicate, str):
                sources.append(f"{self._program.views.everything()} {alias}")
                occurrences[predicate].append(TermValue(_IRIS, key=f"{alias}.p", certain=True))
            elif isinstance(predicate, Predicate):
                sources.append(f"{self._program.views.relation(predicate.iri)} {alias}")
            else:
                sources.append(f"{self._program.views.everything()} {alias}")
                conditions.append("FALSE")
            for place, cell in ((subject, _subject(alias)), (object_, _object(alias))):
                if isinstance(place, str):
                    occurrences[place].append(cell)
                else:
                    conditions.append(_is_constant(cell, self._program.constant(place)))
        if not sources:
            return Relation(UNIT, {})
        columns: dict[str, Column] = {}
        items: list[str] = []
        for name, cells in occurrences.items():
            # node keys join faster than terms in parts
            chosen = min(cells, key=lambda c: c.key is None)
            conditions += [same(chosen, other) for other in cells if other is not chosen]
            kinds = frozenset.intersection(*(c.kinds for c in cells))
            columns[name], more = stored(self._program.number(name), TermValue(kinds, chosen.key, chosen.parts, certain=True))
            items += more
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return Relation(selected(items, f"FROM {', '.join(sources)}{where}"), columns, restricting)

    # ------------------------------------------------------------ walks

    def _walked(self, found: Relation, subject: Place, path: AlgebraPath, object_: Place) -> Relation:
        """Join the solutions so far with a path that is walked from whichever end is known."""
        program = self._program
        backwards, seeds, found = self._start(found, subject, object_)
        pairs = walked(inverted(path) if backwards else path, seeds, program)
        start, end = ("b", "a") if backwards else ("a", "b")
        conditions, items, columns = [], [], dict[str, Column]()
        for place, name in ((subject, start), (object_, end)):
            cell = TermValue(ANY, key=f"w.{name}", certain=True)
            if not isinstance(place, str):
                conditions.append(_is_constant(cell, program.constant(place)))
            elif place in columns:
                conditions.append("w.a = w.b")
            else:
                columns[place], more = stored(program.number(place), cell)
                items += more
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        self._nodes.update(columns)
        return joined(found, Relation(selected(items, f"FROM {pairs} w{where}"), columns))

    def _start(self, found: Relation, subject: Place, object_: Place) -> tuple[bool, str | None, Relation]:
        """Whether to walk backwards, from which nodes, and the solutions so far, named where they are read twice."""
        ends: Sequence[tuple[bool, Place]] = ((False, subject), (True, object_))
        for backwards, place in ends:
            if not isinstance(place, str):
                return backwards, f"(SELECT {self._program.constant(place).node} AS n)", found
        for backwards, place in ends:
            if place in self._pre.columns:
                return backwards, self._pre.seeds(str(place)), found
        for backwards, place in ends:
            if place in found.columns:
                named = Relation(self._program.define(f"SELECT * FROM {found.sql}"), found.columns, found.restricted)
                seeds = f"SELECT DISTINCT {found.columns[str(place)].term().node} AS n FROM {named.sql}"
                return backwards, f"({seeds})" if place in self._nodes else f"(SELECT n FROM ({seeds}) SEMI JOIN {nodes(self._program)} USING (n))", named
        return False, None, found


def _subject(alias: str) -> TermValue:
    return TermValue(NODES, key=f"{alias}.s", certain=True)


def _object(alias: str) -> TermValue:
    return TermValue(ANY, parts=(f"{alias}.v", f"{alias}.d", f"{alias}.l"), certain=True)


def _is_constant(cell: TermValue, constant: TermValue) -> str:
    return same(cell, constant) if cell.kinds & constant.kinds else "FALSE"


def variables_of(triples: Iterable[tuple[Identifier, Identifier | Path, Identifier]]) -> Iterator[str]:
    """Names of the variables of triple patterns."""
    for triple in triples:
        yield from (str(term) for term in triple if isinstance(term, Variable))
