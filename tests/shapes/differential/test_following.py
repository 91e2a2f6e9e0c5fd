"""A report that follows edits equals a full run, whatever was edited."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from campaign_size import sized
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_data import pairs

from engine.contracts import BadInput, Place
from engine.ontology import NAMESPACE, load_schema
from engine.shapes import Edit, EditableViews, FollowingValidation, Shapes, read_shapes, shape_files
from engine.shapes.reading.shapes import shapes_of
from engine.shapes.records import RecordViews
from engine.shapes.terms import RDF, Literal, Term
from engine.sources import embedded_soc, load_ledger, read_wedge
from engine.warehouse import Warehouse

Statement = tuple[Term, str, Term]
TYPE = RDF + "type"
EDITED = sized(50, 500)


def whole_run(shapes: Shapes, statements: Sequence[Statement]) -> FollowingValidation:
    """A run over all statements, from nothing."""
    with duckdb.connect() as connection:
        return FollowingValidation(shapes, EditableViews(connection, statements))


def random_edit(statements: Sequence[Statement], choose: random.Random) -> Edit:
    """Up to three changes: a statement goes, comes back with another object or subject, or a node changes its class."""
    removed, added = list[Statement](), list[Statement]()
    nodes = [t for s, _, o in statements for t in (s, o)]
    subjects = [n for n in nodes if not isinstance(n, Literal)]
    for _ in range(choose.randint(1, 3)):
        subject, predicate, value = choose.choice(statements)
        match choose.randrange(5):
            case 0:
                removed.append((subject, predicate, value))
            case 1:
                added.append((choose.choice(subjects), predicate, choose.choice(nodes)))
            case 2:
                removed.append((subject, predicate, value))
                added.append((subject, predicate, choose.choice(nodes)))
            case 3:
                removed.append((subject, predicate, value))
                added.append((choose.choice(subjects), predicate, value))
            case 4:
                types = [(s, p, o) for s, p, o in statements if p == TYPE]
                if types:
                    removed.append(choose.choice(types))
                    added.append((choose.choice(subjects), TYPE, choose.choice(types)[2]))
    return Edit(tuple(removed), tuple(added))


def edited(statements: Sequence[Statement], edit: Edit) -> list[Statement]:
    """Statements after an edit: what is both removed and added stays."""
    added = dict.fromkeys(edit.added)
    kept = [s for s in statements if s not in edit.removed or s in added]
    known = set(kept)
    return [*kept, *(s for s in added if s not in known)]


EDITS = given(pairs(), st.integers(0, 2**32))
AT_ITS_OWN_PACE = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=12, **AT_ITS_OWN_PACE)
@EDITS
def test_following_small_graphs_equals_full_runs(pair: tuple[tuple[Statement, ...], tuple[Statement, ...]], seed: int) -> None:
    """Random shapes over random data, five edits each: the same results, detail included."""
    _follow(pair, seed)


@pytest.mark.campaign
@pytest.mark.timeout(1_500)
@settings(max_examples=sized(40, 100), **AT_ITS_OWN_PACE)
@EDITS
def test_following_hundreds_of_edits_of_small_graphs(pair: tuple[tuple[Statement, ...], tuple[Statement, ...]], seed: int) -> None:
    """The same, hundreds of edits long."""
    _follow(pair, seed)


def _follow(pair: tuple[tuple[Statement, ...], tuple[Statement, ...]], seed: int) -> None:
    shapes_graph, data = _shapes_and_data(pair)
    if shapes_graph is None or not data:
        return
    choose, statements = random.Random(seed), list(dict.fromkeys(data))
    with duckdb.connect() as connection:
        following = FollowingValidation(shapes_graph, EditableViews(connection, statements))
        for _ in range(5):
            edit = random_edit(statements, choose)
            following.apply(edit)
            statements = edited(statements, edit)
            assert Counter(following.report.results) == Counter(whole_run(shapes_graph, statements).report.results), edit
            if not statements:
                return


def _shapes_and_data(pair: tuple[tuple[Statement, ...], tuple[Statement, ...]]) -> tuple[Shapes | None, tuple[Statement, ...]]:
    data, shapes = pair
    try:
        return shapes_of(shapes, Place("random")), data
    except BadInput:
        return None, data


def authored_statements() -> list[Statement]:
    """This installation's authored content, as the statements that its records make."""
    schema, ledger = load_schema(), load_ledger()
    with tempfile.TemporaryDirectory() as scratch, Warehouse(Path(scratch), schema) as warehouse:
        warehouse.load_rows(embedded_soc(ledger))
        warehouse.load_rows(read_wedge(ledger).rows)
        warehouse.reconcile()
        views = RecordViews(warehouse, schema)
        rows = views.connection.execute(f"SELECT s, p, v, d, l FROM {views.everything()} ORDER BY ALL").fetchall()
        return [(views.term(s, 0, ""), p, views.term(v, d, language)) for s, p, v, d, language in rows]


def test_an_edit_of_one_module_judges_few_nodes_again() -> None:
    """Taking the exercise from a module is found, and few of thousands of focus nodes are looked at; putting it back mends it."""
    statements = authored_statements()
    shapes = read_shapes(shape_files())
    with duckdb.connect() as connection:
        following = FollowingValidation(shapes, EditableViews(connection, statements))
        assert following.report.conforms
        every = following.judged_nodes
        practised = next(s for s in statements if s[1] == NAMESPACE + "practisedBy")
        following.apply(Edit(removed=(practised,)))
        assert (practised[0], "MinCountConstraintComponent") in {(r.focus, r.component.rsplit("#", 1)[-1]) for r in following.report.results}
        assert 0 < following.judged_nodes < every / 20
        following.apply(Edit(added=(practised,)))
        assert following.report.conforms


@pytest.mark.campaign
@pytest.mark.timeout(3_000)
def test_hundreds_of_edits_of_the_authored_content() -> None:
    """Edits without a break, each step followed; every 25th is held against a full run, so that what was missed before would show."""
    statements, shapes, choose = authored_statements(), read_shapes(shape_files()), random.Random(20_261_121 + sized(EDITED, 0))
    steps, whole = list[float](), list[float]()
    with duckdb.connect() as connection:
        following = FollowingValidation(shapes, EditableViews(connection, statements))
        for step in range(1, EDITED + 1):
            edit = random_edit(statements, choose)
            following.apply(edit)
            steps.append(following.seconds)
            statements = edited(statements, edit)
            if step % 25 == 0:
                fresh = whole_run(shapes, statements)
                whole.append(fresh.seconds)
                assert Counter(following.report.results) == Counter(fresh.report.results), f"after step {step}"
    print(f"an edit followed: median {sorted(steps)[EDITED // 2] * 1000:.0f} ms; a full run: median {sorted(whole)[len(whole) // 2] * 1000:.0f} ms; {len(following.report.results)} results at the end")
    assert len(following.report.results) > EDITED / 25  # random edits leave traces
