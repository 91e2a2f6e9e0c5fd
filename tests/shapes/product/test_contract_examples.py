"""Every contract fires on its violating examples exactly as they say, and the conforming examples break none."""

from __future__ import annotations

from collections import Counter

import pytest
from contract_examples import GENERATED, SUBJECTS, Example, by_world, conforming, examples, shapes_of, side_by_side, world_of
from contract_results import SH, Broken, opened, results_by_pyshacl, results_of
from rdflib import RDF, RDFS, Graph
from written_constraints import COMPONENTS, named_shapes, text, unknown_terms, written_constraints


@pytest.fixture(scope="module")
def broken() -> dict[Example, frozenset[Broken]]:
    """What breaks in the world of each example: all of them judged in one go."""
    with opened(side_by_side([world_of(e) for e in examples()])) as worlds:
        found = [by_world(results_of(worlds, shapes_of(s)), len(examples())) for s in SUBJECTS]
    return {example: frozenset().union(*parts) for example, *parts in zip(examples(), *found, strict=True)}


def test_the_small_world_breaks_no_contract_at_all() -> None:
    with opened(conforming(*SUBJECTS)) as world:
        assert results_of(world, shapes_of(*SUBJECTS, *GENERATED)) == frozenset()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_conforming_example_alone_breaks_none_of_its_own_contracts_and_meets_each(subject: str) -> None:
    shapes = shapes_of(subject)
    with opened(conforming(subject)) as data:
        assert results_of(data, shapes) == frozenset()
    data_graph = Graph().parse(data=conforming(subject), format="nt")
    for shape, kind in ((s, k) for k in ("targetClass", "targetSubjectsOf", "targetObjectsOf") for s in shapes.subjects(SH[k])):
        met = [*data_graph.subjects(RDF.type, None)] if kind == "targetClass" else list(data_graph)
        wanted = set(shapes.objects(shape, SH[kind]))
        seen = set(data_graph.objects(None, RDF.type)) if kind == "targetClass" else set(data_graph.predicates())
        assert met, subject
        assert wanted & seen, f"{shape} has nothing to judge in {subject}.conforming.ttl"


@pytest.mark.parametrize("example", examples(), ids=[f"{e.subject}: {e.sentence}" for e in examples()])
def test_an_edit_breaks_what_it_says_and_nothing_else(example: Example, broken: dict[Example, frozenset[Broken]]) -> None:
    met = broken[example]
    assert {f"{b.shape}.{b.component}" for b in met} == {f"{s}.{c}" for s, c in example.fires}
    if example.at is not None:
        assert {b.focus for b in met} == example.at


def test_every_constraint_is_fired_by_an_example(broken: dict[Example, frozenset[Broken]]) -> None:
    fired = {(b.shape, b.component) for found in broken.values() for b in found}
    shapes = shapes_of(*SUBJECTS)
    asked = {(w.shape, w.component): w for w in written_constraints(shapes) if w.component and not w.inner}
    never = [w.told for pair, w in asked.items() if pair not in fired]
    assert never == [], "no example fires these: write one into shapes/examples"
    assert fired <= set(asked), "a result of a constraint that nobody counted"
    assert len(asked) > 100


def test_examples_are_told_apart_by_their_sentences() -> None:
    assert [s for s, n in Counter(e.sentence for e in examples()).items() if n > 1] == []


def test_every_contract_says_what_to_mend_and_why() -> None:
    shapes = shapes_of(*SUBJECTS)
    assert unknown_terms(shapes_of(*SUBJECTS, *GENERATED)) == set()
    members = {m for p in ("or", "and", "xone", "not") for head in shapes.objects(None, SH[p]) for m in (shapes.items(head) if p != "not" else [head])}
    for shape in named_shapes(shapes):
        assert text(shapes, shape, RDFS.label), shape
        asks = [p for p in COMPONENTS if p != "sparql" and (shape, SH[p], None) in shapes] or (None, SH.sparql, shape) in shapes
        if asks and shape not in members:
            message, why = text(shapes, shape, SH.message), text(shapes, shape, SH.description)
            assert message, shape
            assert message[0].islower(), f"{shape}: an instruction, written as the others are"
            assert why.endswith("."), shape


def test_no_shape_stands_in_two_files() -> None:
    files: Counter[object] = Counter(n for s in (*SUBJECTS, *GENERATED) for n in set(shapes_of(s).subjects(RDF.type, SH.NodeShape)) | set(shapes_of(s).subjects(SH.path)) if n.toPython().startswith("http"))
    assert [n for n, count in files.items() if count > 1] == []


@pytest.mark.campaign
@pytest.mark.parametrize("example", examples(), ids=[f"{e.subject}: {e.sentence}" for e in examples()])
def test_pyshacl_finds_the_same(example: Example, broken: dict[Example, frozenset[Broken]]) -> None:
    assert results_by_pyshacl(Graph().parse(data=world_of(example), format="nt"), shapes_of(*SUBJECTS)) == broken[example]
