"""Without any one of its constraints or targets the shapes no longer do what the examples say: nothing in them is idle."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from contract_examples import GENERATED, SUBJECTS, by_world, conforming, examples, shapes_of, side_by_side, world_of
from contract_results import Broken, opened, results_of
from rdflib import Graph
from schema_violations import Violations, violations_of
from written_constraints import Written, rooted, without, written_constraints

from engine.ontology import load_schema
from engine.shapes.views import RdfViews


@cache
def business() -> Graph:
    return shapes_of(*SUBJECTS)


@cache
def generated() -> Graph:
    return shapes_of(*GENERATED)


WRITTEN = written_constraints(business())
DERIVED = written_constraints(generated())


@pytest.fixture(scope="module")
def worlds() -> Iterator[RdfViews]:
    """The world of every example and the conforming one, side by side."""
    with opened(side_by_side([*(world_of(e) for e in examples()), conforming(*SUBJECTS)])) as views:
        yield views


@pytest.fixture(scope="module")
def records() -> Iterator[tuple[RdfViews, Violations]]:
    """Records that break what the ontology asks."""
    made = violations_of(load_schema())
    with opened("\n".join(made.lines)) as views:
        yield views, made


@cache
def shapes_in(shapes: Graph) -> frozenset[str]:
    """Names of the shapes that may speak."""
    return frozenset(w.shape for w in written_constraints(shapes))


@cache
def found_in(worlds: RdfViews, shapes: Graph) -> list[frozenset[Broken]]:
    """What shapes find in each world; asked once for all constraints that stand below the same targeted shapes."""
    return by_world(results_of(worlds, shapes), len(examples()) + 1)


def noticed(worlds: RdfViews, written: Written) -> bool:
    """Whether the examples, or the conforming world, show that a constraint or target is gone."""
    whole = rooted(business(), written)
    asked, before = shapes_in(whole), found_in(worlds, whole)
    after = by_world(results_of(worlds, without(whole, written)), len(examples()) + 1)
    for example, had, has in zip(examples(), before, after, strict=False):
        others = {(s, c) for s, c in example.fires if s not in asked}
        # what the other shapes say of this world is not touched by the deletion
        assert {(b.shape, b.component) for b in had} | others == example.fires
        if {(b.shape, b.component) for b in has} | others != example.fires or (example.at is not None and _foci(has) != _foci(had)):
            return True
    return bool(after[-1])


def _foci(found: frozenset[Broken]) -> set[str]:
    return {b.focus for b in found}


def lost(records: tuple[RdfViews, Violations], written: Written) -> bool:
    """Whether a record that must break a generated shape no longer does, or a sound one does, without a constraint or target."""
    views, made = records
    whole = rooted(generated(), written)
    asked = shapes_in(whole)
    has = results_of(views, without(whole, written))
    return bool({b for b in made.expected if b.shape in asked} - has) or any(b.focus in made.sound for b in has)


@pytest.mark.parametrize("written", WRITTEN[::9], ids=lambda w: w.told)
def test_a_deleted_constraint_is_noticed(written: Written, worlds: RdfViews) -> None:
    assert noticed(worlds, written)


@pytest.mark.parametrize("written", DERIVED[::60], ids=lambda w: w.told)
def test_a_deleted_generated_constraint_is_noticed(written: Written, records: tuple[RdfViews, Violations]) -> None:
    assert lost(records, written)


@pytest.mark.campaign
@pytest.mark.timeout(1_800)
def test_every_deleted_constraint_is_noticed(worlds: RdfViews) -> None:
    assert [w.told for w in WRITTEN if not noticed(worlds, w)] == []


@pytest.mark.campaign
@pytest.mark.timeout(1_800)
def test_every_deleted_generated_constraint_is_noticed(records: tuple[RdfViews, Violations]) -> None:
    assert [w.told for w in DERIVED if not lost(records, w)] == []
