"""A shapes graph as read: statements by subject and predicate, lists, and the faults that were met on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.contracts import Place
from engine.shapes.terms import RDF, XSD, Blank, Iri, Literal, Term

FIRST, REST, NIL, TYPE = RDF + "first", RDF + "rest", Iri(RDF + "nil"), RDF + "type"
LIST_LIMIT = 20_000
Triple = tuple[Term, str, Term]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something ill-formed or not supported: the shape that has it (None: the graph as a whole), the fact, why it matters, how to mend it.

    `at` is the statement that shows it, where one does: subject, predicate, and the object where it is one of several.
    """

    code: str
    shape: Term | None
    what: str
    why: str
    fix: str
    at: tuple[Term, str, Term | None] | None = None


@dataclass
class Statements:
    """Triples of a shapes graph, indexed; objects of a subject and predicate in the order of their text, so that nothing depends on the file's."""

    place: Place
    by_subject: dict[Term, dict[str, list[Term]]] = field(default_factory=dict)
    _by_object: dict[str, dict[Term, list[Term]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    faults: list[Fault] = field(default_factory=list)
    _seen: set[Triple] = field(default_factory=set)

    def add(self, triples: Iterable[Triple]) -> None:
        """Index triples; a repeated triple counts once."""
        for triple in triples:
            if triple not in self._seen:
                self._seen.add(triple)
                subject, predicate, value = triple
                self.by_subject.setdefault(subject, {}).setdefault(predicate, []).append(value)
                self._by_object[predicate][value].append(subject)

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Values of a predicate, in the order in which they were read."""
        return self.by_subject.get(subject, {}).get(predicate, [])

    def subjects(self, predicate: str, value: Term | None = None) -> list[Term]:
        """Subjects that have the predicate (with that value)."""
        found = self._by_object.get(predicate, {})
        return list(dict.fromkeys(found.get(value, []))) if value is not None else list(dict.fromkeys(s for ss in found.values() for s in ss))

    def is_a(self, subject: Term, classes: Iterable[str]) -> bool:
        """Whether a type of the subject is one of the classes."""
        return any(isinstance(t, Iri) and t.value in classes for t in self.objects(subject, TYPE))

    def fault(self, shape: Term | None, code: str, what: str, *, why: str, fix: str, at: tuple[Term, str, Term | None] | None = None) -> None:
        """Collect a fault."""
        self.faults.append(Fault(code, shape, what, why, fix, at))

    def members(self, head: Term, shape: Term) -> tuple[Term, ...]:
        """Members of a well-formed RDF list; an ill-formed one is a fault (SHP205) and has no members."""
        found: list[Term] = []
        seen: set[Term] = set()
        node = head
        while node != NIL:
            first, rest = self.objects(node, FIRST), self.objects(node, REST)
            if isinstance(node, Literal) or node in seen or len(first) != 1 or len(rest) != 1 or len(found) >= LIST_LIMIT:
                reason = "runs in a circle" if node in seen else "is not a list" if not first and not rest and not found else "has a cell without exactly one rdf:first and one rdf:rest"
                reason = f"has more than {LIST_LIMIT:,} members" if len(found) >= LIST_LIMIT else reason
                self.fault(shape, "SHP205", f"the list {head.n3()} {reason}", why="a list that cannot be read to its end says nothing certain", fix="write it as ( a b c ), ending in rdf:nil")
                return ()
            seen.add(node)
            found.append(first[0])
            node = rest[0]
        if self.objects(NIL, FIRST) or self.objects(NIL, REST):
            self.fault(shape, "SHP205", f"the list {head.n3()} ends in rdf:nil, and rdf:nil goes on", why="a list that cannot be read to its end says nothing certain", fix="take rdf:first and rdf:rest of rdf:nil away")
        return tuple(found)

    def boolean(self, subject: Term, predicate: str) -> bool | None:
        """A boolean parameter; None where it is absent or no boolean (the caller says what then)."""
        values = self.objects(subject, predicate)
        if len(values) != 1 or not isinstance(values[0], Literal) or values[0].datatype != XSD + "boolean":
            return None
        return {"true": True, "1": True, "false": False, "0": False}.get(values[0].value)


def node_term(text: Term) -> bool:
    """Whether a term can be a subject."""
    return isinstance(text, (Iri, Blank))
