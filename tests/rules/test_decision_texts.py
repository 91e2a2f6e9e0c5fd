"""Rows that some values alone do not stop, and decisions written once for many subjects; both against what the tables say in full."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput
from engine.rules import Rulebook, load_rulebook

DAY = date(2026, 11, 20)
RULES = load_rulebook()
TABLE = RULES.pack("title_evidence").tables["title_evidence"]
VALUES: dict[str, Any] = {
    "target_class": st.sampled_from(["role", "occupation", "soc", "function"]), "road": st.sampled_from(["exact", "head", "start", "term", "likeness"]), "dropped_rank": st.integers(0, 6),
    "coverage": st.integers(0, 10).map(lambda n: Decimal(n) / 10), "familiarity": st.integers(0, 10).map(lambda n: Decimal(n) / 10), "back": st.integers(0, 10).map(lambda n: Decimal(n) / 10),
    "head_titles": st.sampled_from([0, 29, 30, 31]), "shared_words": st.integers(0, 3), "head_general": st.booleans(), "strangers": st.integers(0, 2),
    "rest_declared": st.booleans(), "rest_unknown": st.booleans(), "untouched": st.booleans(), "audience": st.sampled_from(["inside", "held", "outside", None]),
    "naming": st.sampled_from(["canonical", "alias", "class_name", "reported"]), "unlike_titles": st.booleans(), "likelihood": st.sampled_from([None, Decimal("0.1"), Decimal("0.8"), Decimal(1)]),
}  # fmt: skip


@given(st.fixed_dictionaries(VALUES), st.lists(st.sampled_from(sorted(VALUES)), unique=True))
@settings(max_examples=300, deadline=None)
def test_a_row_that_holds_is_never_stopped_by_some_of_its_values(values: dict[str, Any], some: list[str]) -> None:
    result = RULES.decide("title_evidence", "title_evidence", {name: [value] for name, value in values.items()}, DAY)
    left = RULES.rows_left("title_evidence", "title_evidence", {name: values[name] for name in some}, DAY)
    every = RULES.rows_left("title_evidence", "title_evidence", values, DAY)
    assert left & every == every
    together = RULES.rows_left("title_evidence", "title_evidence", {}, DAY)
    assert together == (1 << len(TABLE.rules)) - 1
    for name in some:
        together &= RULES.rows_left("title_evidence", "title_evidence", {name: values[name]}, DAY)
    assert together == left
    fired = next((n for n, rule in enumerate(TABLE.rules) if every >> n & 1), None)
    assert result.fired[0] == (None if fired is None else TABLE.rules[fired].id)


def test_a_column_that_no_row_asks_stops_none() -> None:
    """A pack may come to ask less; whoever tells a column more is no worse off."""
    pack = RULES.pack("title_evidence")
    table = replace(TABLE, uses=tuple(name for name in TABLE.uses if name != "likelihood"), rules=tuple(rule for rule in TABLE.rules if all(column != "likelihood" for column, _ in rule.when)))
    fewer = Rulebook([*(p for p in RULES.packs.values() if p is not pack), replace(pack, tables={**pack.tables, table.name: table})])
    told = {"road": "exact", "likelihood": Decimal(1)}
    assert fewer.rows_left("title_evidence", "title_evidence", told, DAY) == fewer.rows_left("title_evidence", "title_evidence", {"road": "exact"}, DAY)


def test_a_misspelt_weight_is_refused_and_not_read_as_nothing() -> None:
    features = RULES.parameter("likeness", "near_confidence", DAY)
    assert RULES.weights("likeness", "near_confidence", tuple(features), DAY) == dict(sorted(features.items()))
    with pytest.raises(BadInput, match="RUL214"):
        RULES.weights("likeness", "near_confidence", [name for name in features if name != "margin"], DAY)


def test_a_misspelt_column_is_refused() -> None:
    with pytest.raises(BadInput, match="RUL203"):
        RULES.rows_left("title_evidence", "title_evidence", {"cover": Decimal(1)}, DAY)


@given(st.lists(st.tuples(st.sampled_from(["exact", "llm", "none"]), st.lists(st.sampled_from(["law", "health"]), max_size=2).map(tuple)), min_size=1, max_size=5), st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
@settings(max_examples=100, deadline=None)
def test_a_decision_written_once_has_the_id_of_every_subject_decided_so(facts: list[tuple[str, tuple[str, ...]]], subjects: list[str]) -> None:
    columns = {"fallback_tier": [tier for tier, _ in facts], "domains": [domains for _, domains in facts]}
    results = [RULES.decide("service", table, columns, DAY) for table in ("service_tier", "review_tags")]
    texts = RULES.decision_texts(results, DAY)
    assert len(texts) == len(facts)
    for subject in subjects:
        assert tuple(text.id_of(subject) for text in texts) == RULES.decision_ids(results, DAY, [subject] * len(facts))


def test_no_tables_make_no_decisions() -> None:
    assert RULES.decision_texts([], DAY) == ()


def test_half_a_character_has_no_canonical_form() -> None:
    (text,) = RULES.decision_texts([RULES.decide("service", "review_tags", {"fallback_tier": ["llm"]}, DAY)], DAY)
    with pytest.raises(BadInput, match="RUL210"):
        text.id_of("\ud800")


def test_results_of_several_sizes_are_refused() -> None:
    results = [RULES.decide("service", "review_tags", {"fallback_tier": ["llm"] * size}, DAY) for size in (1, 2)]
    with pytest.raises(BadInput, match="RUL204"):
        RULES.decision_texts(results, DAY)


def test_lines_are_the_rows_and_sentences_of_the_reasons() -> None:
    result = RULES.decide("service", "review_tags", {"fallback_tier": ["llm", "exact"], "domains": [("law", "health"), ()]}, DAY)
    assert [[(r.rule, r.sentence) for r in result.reasons(i)] for i in range(2)] == [list(result.lines(i)) for i in range(2)]
    assert len(result.lines(0)) == 3
