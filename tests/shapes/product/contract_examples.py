"""The shape files of the product, the small world of the conforming examples, and the edits that break it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph
import yaml
from contract_results import IDENTIFIERS, WIG, Broken
from rdflib import Graph

FOLDER = Path(__file__).resolve().parent.parent.parent.parent / "shapes"
GENERATED = ("references", "structure")
SUBJECTS = tuple(sorted(p.stem for p in FOLDER.glob("*.ttl") if p.stem not in GENERATED))
PREFIXES = f"BASE <{IDENTIFIERS}> PREFIX wig: <{WIG}> "
# names by which records find each other: beside another world they must not meet that world's
NAMES = re.compile(rf'(<[^>]*> <{re.escape(WIG)}(?:id|source|label|code|identifier|rank)> "(?:[^"\\]|\\.)*")(?:\^\^<[^>]*>)? \.')


@dataclass(frozen=True, slots=True)
class Example:
    """An edit of the world, the (shape, component) pairs that it breaks, and the records at which it does where they are named."""

    subject: str
    sentence: str
    update: str
    fires: frozenset[tuple[str, str]]
    at: frozenset[str] | None

    def told_by(self, broken: Iterable[Broken]) -> bool:
        """True where exactly that broke which the example names."""
        found = list(broken)
        return {(b.shape, b.component) for b in found} == self.fires and (self.at is None or {b.focus for b in found} == self.at)


def shapes_of(*names: str) -> Graph:
    """Some shape files as one shapes graph."""
    shapes = Graph()
    for name in names:
        shapes.parse(FOLDER / f"{name}.ttl")
    return shapes


def conforming(*subjects: str) -> str:
    """The conforming examples of some subjects, N-Triples."""
    return _lines(_store(subjects))


def world_of(example: Example) -> str:
    """The world of all conforming examples after an edit, N-Triples."""
    store = pyoxigraph.Store()
    store.bulk_load(_whole_world(), pyoxigraph.RdfFormat.N_TRIPLES)
    store.update(PREFIXES + example.update)
    return _lines(store)


def side_by_side(worlds: Sequence[str]) -> str:
    """Worlds in one graph that know nothing of each other: the records of world 7 stand under `~7/`, and what they are found by is marked with it."""
    return "\n".join(NAMES.sub(rf"\1@x-w{n} .", world).replace(f"<{IDENTIFIERS}", f"<{IDENTIFIERS}~{n}/") for n, world in enumerate(worlds))


def by_world(broken: Iterable[Broken], count: int) -> list[frozenset[Broken]]:
    """Results of worlds that stood side by side, one set for each."""
    found: list[set[Broken]] = [set() for _ in range(count)]
    for one in broken:
        number, _, focus = one.focus.removeprefix("~").partition("/")
        found[int(number)].add(Broken(focus, one.shape, one.component))
    return [frozenset(f) for f in found]


def _store(subjects: Iterable[str]) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    for subject in subjects:
        store.bulk_load(path=FOLDER / "examples" / f"{subject}.conforming.ttl", format=pyoxigraph.RdfFormat.TURTLE)
    return store


@cache
def _whole_world() -> bytes:
    return conforming(*SUBJECTS).encode()


def _lines(store: pyoxigraph.Store) -> str:
    written = store.dump(format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph())
    assert written is not None
    return "\n".join(sorted(written.decode().splitlines()))


@cache
def examples() -> tuple[Example, ...]:
    """Every violating example, by file, in the order of the file."""
    return tuple(_read())


def _read() -> Iterator[Example]:
    for subject in SUBJECTS:
        for written in yaml.safe_load((FOLDER / "examples" / f"{subject}.violating.yaml").read_text(encoding="utf-8")):
            fires = [written["fires"]] if isinstance(written["fires"], str) else written["fires"]
            pairs = frozenset((shape, component) for shape, _, component in (f.partition(".") for f in fires))
            assert set(written) <= {"example", "fires", "at", "update"}, written
            yield Example(subject, written["example"], written["update"], pairs, frozenset(written["at"]) if "at" in written else None)
