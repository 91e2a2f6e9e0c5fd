"""Everything that the ontology asks of a record is asked by the generated shapes, and fires."""

from __future__ import annotations

import pytest
from contract_examples import GENERATED, shapes_of
from contract_results import Broken, opened, results_of
from schema_violations import Violations, violations_of
from written_constraints import written_constraints

from engine.ontology import load_schema


@pytest.fixture(scope="module")
def made() -> Violations:
    return violations_of(load_schema())


@pytest.fixture(scope="module")
def found(made: Violations) -> frozenset[Broken]:
    with opened("\n".join(made.lines)) as data:
        return frozenset().union(*(results_of(data, shapes_of(name)) for name in GENERATED))


def test_what_the_ontology_asks_fires_where_it_is_broken(made: Violations, found: frozenset[Broken]) -> None:
    assert sorted(made.expected - found) == []
    assert len(made.expected) > 800


def test_a_record_as_the_ontology_wants_it_breaks_nothing(made: Violations, found: frozenset[Broken]) -> None:
    assert [b for b in sorted(found) if b.focus in made.sound or b.focus.endswith("/sound")] == []


def test_the_generated_shapes_ask_for_nothing_that_no_record_breaks(made: Violations) -> None:
    asked = {(w.shape, w.component) for name in GENERATED for w in written_constraints(shapes_of(name)) if w.component and not w.inner}
    assert sorted(asked - {(b.shape, b.component) for b in made.expected}) == []
    assert sorted({(b.shape, b.component) for b in made.expected} - asked) == []
