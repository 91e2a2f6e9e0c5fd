"""Contracts at column speed: compiled shapes over the same written by hand, over pySHACL, and loading over rdflib's parser."""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from measuring import Tell
from shapes_at_scale_by_hand import rows_by_hand
from shapes_at_scale_data import BASE, SEEDS, SHAPES, expected_results, seeded_record, write_data

from engine.shapes import Shapes, ValidationReport, read_shapes
from engine.shapes.run import judge
from engine.shapes.views import PredicateViews, RdfViews, open_rdf_views

TRIPLES, TENTH, FEW = 1_200_000, 120_000, 72_000
ROUNDS = 5


@pytest.fixture(scope="module")
def size(request: pytest.FixtureRequest) -> int:
    """Triples to judge: few in a run that measures nothing."""
    return TRIPLES if request.config.getoption("benchmark_enable") else FEW


@pytest.fixture(scope="module")
def data(size: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up data."""
    path = tmp_path_factory.mktemp("at_scale") / "data.nt"
    write_data(path, size)
    return path


@pytest.fixture(scope="module")
def tenth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tenth of it, for those who are slow."""
    path = tmp_path_factory.mktemp("a_tenth") / "data.nt"
    write_data(path, TENTH)
    return path


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Shapes:
    """30 property shapes and two SPARQL constraints."""
    path = tmp_path_factory.mktemp("shapes") / "shapes.ttl"
    path.write_text(SHAPES, encoding="utf-8")
    return read_shapes([path])


@pytest.fixture(scope="module")
def views(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RdfViews]:
    """The data as loaded."""
    with open_rdf_views([data], tmp_path_factory.mktemp("scratch")) as opened:
        yield opened


def _found(report: ValidationReport, views: PredicateViews) -> list[tuple[Any, ...]]:
    rows = [(r.focus, *(views.triple(r.value) if r.value is not None else (None, None, None)), _component(r.component)) for r in report.results]
    return sorted(((views.triple(focus)[0], *rest) for focus, *rest in rows), key=str)


def _component(iri: str) -> str:
    return iri.rpartition("#")[2].removesuffix("ConstraintComponent")


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def test_compiled_shapes(benchmark: Any, tell: Tell, size: int, shapes: Shapes, views: RdfViews, tenth: Path, tmp_path: Path) -> None:
    first = _seconds(lambda: judge(shapes, views, statements=views.triples))
    report = benchmark.pedantic(lambda: judge(shapes, views, statements=views.triples), rounds=ROUNDS)
    assert abs(views.triples - size) < size / 50
    assert {(str(views.triple(r.focus)[0]), _component(r.component)) for r in report.results} == expected_results()
    assert len(report.results) >= len(SEEDS)
    assert _found(report, views) == sorted(rows_by_hand(views), key=str)
    if benchmark.stats is not None:
        hand = statistics.median(_seconds(lambda: rows_by_hand(views)) for _ in range(ROUNDS))
        tell(f"32 compiled shapes over {views.triples:,} triples (goal 2 x)", benchmark.stats.stats.median, "the same by hand in SQL", hand)
        tell("  the same, the first time", first, "the same by hand in SQL", hand)
        theirs = _by_pyshacl(tenth)
        with open_rdf_views([tenth], tmp_path) as small:
            ours = statistics.median(_seconds(lambda: judge(shapes, small)) for _ in range(ROUNDS))
        tell(f"pySHACL over {TENTH:,} triples", theirs, "compiled, the same triples", ours)
        tell(f"pySHACL over {size:,} triples, as ten times a tenth (goal 500 x)", theirs * size / TENTH, "compiled, all of them", benchmark.stats.stats.median)


def _by_pyshacl(data: Path) -> float:
    """Seconds of pySHACL's judging alone; it must find the same."""
    import pyshacl
    from rdflib import Graph, Namespace

    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it tells of every literal that is broken on purpose
    graph, shape_graph = Graph().parse(data, format="nt"), Graph().parse(data=SHAPES, format="turtle")
    started = time.perf_counter()
    _, found, _ = pyshacl.validate(graph, shacl_graph=shape_graph, inference="none", inplace=True)
    seconds = time.perf_counter() - started
    sh = Namespace("http://www.w3.org/ns/shacl#")
    met = {(str(found.value(r, sh.focusNode)), _component(str(found.value(r, sh.sourceConstraintComponent)))) for r in found.subjects(sh.resultSeverity, None)}
    # of a decimal that is none it reports the lower bound and lets the upper pass (SHACL 4.3: what cannot be compared violates both)
    ill_formed = [seeded_record(n) for n, seed in enumerate(SEEDS) if seed.predicate == "importance" and len(seed.components) > 1]
    assert expected_results() - met == {(f"{BASE}task/{n}", "MaxInclusive") for n in ill_formed}
    assert met <= expected_results()
    return seconds


def test_loading(benchmark: Any, tell: Tell, size: int, data: Path, tenth: Path, tmp_path: Path) -> None:
    def load() -> int:
        with open_rdf_views([data], tmp_path) as opened:
            return opened.triples

    assert abs(benchmark.pedantic(load, rounds=3) - size) < size / 50
    if benchmark.stats is None:
        return
    from rdflib import Graph

    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    theirs = _seconds(lambda: Graph().parse(tenth, format="nt")) * size / TENTH
    turtle = tmp_path / "data.ttl"
    turtle.write_bytes(data.read_bytes())
    ours_turtle = _seconds(lambda: open_and_count(turtle, tmp_path))
    theirs_turtle = _seconds(lambda: Graph().parse(tenth, format="turtle")) * size / TENTH
    tell(f"rdflib parses {size:,} triples of N-Triples, as ten times a tenth (goal 10 x)", theirs, "loaded as predicate views", benchmark.stats.stats.median)
    tell(f"rdflib parses {size:,} triples of Turtle, as ten times a tenth (goal 10 x)", theirs_turtle, "loaded as predicate views", ours_turtle)


def open_and_count(path: Path, folder: Path) -> int:
    """Load a file and let go of it."""
    with open_rdf_views([path], folder) as opened:
        return opened.triples
