"""Shapes files as triples with places: read by a parser that neither fetches nor opens anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.contracts import BadInput, Place
from engine.shapes.algebra import Shapes
from engine.shapes.reading.places import Places, subject_places
from engine.shapes.reading.shapes import shapes_of
from engine.shapes.reading.sparql_parts import OWL_IMPORTS
from engine.shapes.reading.statements import Triple
from engine.shapes.terms import OWL, RDF, Blank, Iri, Term
from engine.shapes.views import ReadingLimits, base_of, parsed_triples

# a shapes graph is written by hand or generated from a schema; what is larger is data
SHAPES_LIMITS = ReadingLimits(file_bytes=64 << 20)
TRIPLE_LIMIT = 100_000


@dataclass
class ShapesFiles:
    """Triples of some shapes files, with blank nodes numbered in the order of the files, and the places of their nodes."""

    triples: list[Triple] = field(default_factory=list)
    lines: set[str] = field(default_factory=set)
    _places: list[Places] = field(default_factory=list)
    _origin: dict[str, tuple[int, str]] = field(default_factory=dict)
    _ontologies: list[set[Term]] = field(default_factory=list)

    def place_of(self, node: Term, predicate: str | None = None, text: str | None = None) -> Place | None:
        """Where a node's statement (or an object of it) stands; None where no file has it at a known line."""
        if isinstance(node, Blank):
            number, label = self._origin.get(node.value, (0, ""))
            found = self._places[number].place_of(f"_:{label}", predicate, text) if label else None
            return found if found is not None and found.line else None
        for places in self._places:
            found = places.place_of(node.value, predicate, text)
            if found.line:
                return found
        return None

    def add(self, path: Path) -> None:
        """Read one file. Raises BadInput SHP110, SHP111 and InputOutput SHP112 as `parsed_triples` does."""
        base, before = base_of(path), len(self.triples)
        named: dict[str, str] = {}
        original: list[Triple] = []

        def numbered(term: Term) -> Term:
            if not isinstance(term, Blank):
                return term
            if term.value not in named:
                named[term.value] = f"b{len(self._origin) + 1}"
                self._origin[named[term.value]] = (len(self._places), term.value)
            return Blank(named[term.value])

        for subject, predicate, value in parsed_triples(path, SHAPES_LIMITS, base=base):
            original.append((subject, predicate, value))
            self.triples.append((numbered(subject), predicate, numbered(value)))
            if len(self.triples) > TRIPLE_LIMIT:
                raise BadInput.at("SHP112", f"the shapes graph has more than {TRIPLE_LIMIT:,} statements", why="it is held in memory as a whole", fix="give data as data, and only shapes as shapes", place=Place(str(path)))
        self._places.append(subject_places(path, path.read_text(encoding="utf-8", errors="replace"), original, base))
        self.lines |= {f"{s.n3()} <{p}> {o.n3()} ." for s, p, o in self.triples[before:]}
        self._ontologies.append({s for s, p, o in original if p == RDF + "type" and o == Iri(OWL + "Ontology")} - {o for _, p, o in original if p == OWL_IMPORTS})

    @property
    def given(self) -> frozenset[Term]:
        """Ontologies that stand in these files, each said by a file that does not import it."""
        return frozenset[Term]().union(*self._ontologies)


def read_shapes(paths: Sequence[Path]) -> Shapes:
    """The shapes of some files, read as one shapes graph.

    Raises BadInput with every fault: SHP110 and SHP111 where a file is no RDF or would reach outside itself, SHP2xx
    where a shape is ill-formed or asks for what is not supported.
    """
    files = ShapesFiles()
    for path in paths:
        files.add(path)
    where = Place(str(paths[0])) if len(paths) == 1 else Place(", ".join(p.name for p in paths))
    return shapes_of(files.triples, where, files.place_of, sorted(files.lines), files.given)
