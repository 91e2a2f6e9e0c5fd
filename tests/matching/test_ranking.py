"""Ranking: what the graph knows finds what names alone do not; answers depend on nothing but the lists."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_occupations import CANDIDATES, KNOWLEDGE, SETTINGS, TITLES, WORDS, asked, first, matcher

from engine.contracts import MICRO, BadInput, Place
from engine.matching import LabelRow, knowledge_of, run_lines, settings_of
from engine.matching.settings import EXAMPLE_SIGNALS, SIGNALS
from engine.rules import Amendment, amended, load_rulebook

NOTHING = knowledge_of((), WORDS)


def test_a_known_occupation_is_matched_by_its_other_names() -> None:
    [answer] = asked(matcher(), "Lantern Planners")
    assert answer.question.expanded_by == "occupation/11-0001.00"
    assert answer.candidates[0].label == "street lamp planner"
    assert {s.signal for s in answer.candidates[0].signals} >= {"names", "written"}

DAY = date(2026, 11, 20)


@pytest.mark.parametrize("given", ["41-0002.00", "occupation/41-0002.00"])
def test_a_code_as_id_is_known_whatever_the_label_says(given: str) -> None:
    from engine.matching import questions_of

    made = matcher()
    [answer] = made.answers(questions_of([LabelRow(given, "whatever")], KNOWLEDGE, WORDS), 4, 4, False)
    assert (answer.question.expanded_by, first(answer)) == ("occupation/41-0002.00", "http://example.org/bbb")


def test_a_title_of_a_publisher_leads_over_the_bridge() -> None:
    bare = [LabelRow(row.id, row.label) for row in CANDIDATES]
    [answer] = asked(matcher(bare), "rain dealer")
    assert answer.over == "occupation/41-0002.00"
    assert first(answer) == "http://example.org/bbb"


def test_the_lists_own_alternative_labels_count_without_a_graph() -> None:
    [answer] = asked(matcher(knowledge=NOTHING), "lunar cleaner", knowledge=NOTHING)
    assert (first(answer), answer.candidates[0].label_matched) == ("own-1", "lunar cleaner")


def test_words_of_an_advertisement_do_not_count() -> None:
    plain, dressed = asked(matcher(), "kite prover", "URGENT Senior Kite Provers (Penang)")
    assert [(c.id, c.score) for c in plain.candidates] == [(c.id, c.score) for c in dressed.candidates]


def test_an_example_is_evidence_for_titles_like_it() -> None:
    without, beside = asked(matcher(), "puffin whisperer"), asked(matcher(examples=[("puffin whisperers", "own-1")]), "puffin whisperer of Wick")
    assert not any(s.signal.startswith("example") for s in without[0].candidates[0].signals)
    assert first(beside[0]) == "own-1"
    assert any(s.signal == "example_nearest" and s.points for s in beside[0].candidates[0].signals)


def test_being_the_only_candidate_makes_none_sure() -> None:
    [alone] = asked(matcher([LabelRow("z", "puffin whisperer")]), "star counter")
    assert (alone.candidates[0].signals, alone.candidates[0].score) == ((), 0)
    assert alone.candidates[0].confidence < MICRO // 10
    [met] = asked(matcher([LabelRow("z", "puffin whisperer"), LabelRow("y", "star counter"), LabelRow("x", "kite prover")]), "star counter")
    assert met.candidates[0].id == "y"
    assert met.candidates[0].confidence > met.candidates[1].confidence
def test_an_example_speaks_for_titles_of_the_same_occupation_that_share_no_word_with_it() -> None:
    [answer] = asked(matcher(examples=[("rain dealer", "own-1")]), "water hawker")
    told = {c.id: {s.signal for s in c.signals} for c in answer.candidates}
    assert [candidate for candidate, signals in told.items() if "example_occupations" in signals] == ["own-1"]
    assert not any(s.signal in ("example_words", "example_terms") for c in answer.candidates for s in c.signals)


def test_what_is_taught_of_a_concept_counts_as_one_of_its_labels() -> None:
    [answer] = asked(matcher(examples=[("puffin whisperer", "own-1"), ("duck feeder", "http://example.org/bbb")]), "duck whisperer of moons")
    taught = {c.id: s.strength for c in answer.candidates for s in c.signals if s.signal == "taught_words"}
    assert taught["own-1"] == MICRO  # a word of its label and one of its example
    assert 0 < taught["http://example.org/bbb"] < MICRO


def test_examples_weigh_by_how_near_the_nearest_is() -> None:
    far, near = SETTINGS.weights_at(np.array([0])), SETTINGS.weights_at(np.array([MICRO]))
    middle = SETTINGS.weights_at(np.array([MICRO // 2]))
    assert {name: int(weight[0]) for name, weight in far.items() if weight[0]} == dict(SETTINGS.far_from_examples)
    assert {name: int(weight[0]) for name, weight in near.items() if weight[0]} == dict(SETTINGS.near_examples)
    assert all(abs(2 * int(middle[name][0]) - int(far[name][0]) - int(near[name][0])) <= 2 for name in middle)


def test_more_examples_than_any_and_a_graph_without_occupations_are_allowed() -> None:
    [answer] = asked(matcher(knowledge=NOTHING, examples=[("puffin whisperer", "own-1")] * 40), "puffin whisperer", knowledge=NOTHING)
    assert first(answer) == "own-1"
    assert answer.over == ""


def test_every_score_is_the_sum_of_its_signals() -> None:
    for answer in asked(matcher(examples=[("star counter", "own-1")]), *TITLES, best_per_concept=False):
        for candidate in answer.candidates:
            assert abs(candidate.score - sum(s.points for s in candidate.signals)) <= len(candidate.signals) + MICRO // 2 + 1_000  # one part of rounding each, and the label's own nearness


@pytest.mark.parametrize("best_per_concept", [False, True])
@pytest.mark.parametrize("examples", [(), (("water hawker", "own-1"), ("moon sweepers", "own-1"), ("kite duck", "http://example.org/ccc"))], ids=["bare", "with examples"])
def test_a_batch_answers_as_each_alone_and_in_any_order_of_rows(examples: tuple[tuple[str, str], ...], best_per_concept: bool) -> None:
    shuffled = list(CANDIDATES)
    random.Random(3).shuffle(shuffled)
    together = asked(matcher(examples=examples), *TITLES, best_per_concept=best_per_concept)
    again = asked(matcher(shuffled, examples=examples[::-1]), *TITLES, best_per_concept=best_per_concept)
    alone = [asked(matcher(examples=examples), title, best_per_concept=best_per_concept)[0] for title in TITLES]
    for one, two, three in zip(together, again, alone, strict=True):
        assert one.candidates == two.candidates == three.candidates


def test_best_label_of_each_concept_comes_first() -> None:
    rows = [LabelRow(f"a{n}", label, "A") for n, label in enumerate(("kite tester", "kite inspector", "tester of kites"))] + [LabelRow("b0", "kite seller", "B"), LabelRow("b1", "seller of kite", "B")]
    [mixed] = asked(matcher(rows, knowledge=NOTHING), "kite inspector", knowledge=NOTHING)
    [parted] = asked(matcher(rows, knowledge=NOTHING), "kite inspector", best_per_concept=True, knowledge=NOTHING)
    assert [c.concept for c in mixed.candidates][:3] == ["A", "A", "A"]
    assert [c.id for c in parted.candidates][:1] == ["a1"]
    assert [c.concept for c in parted.candidates][:2] == ["A", "B"]
    assert sorted(c.id for c in parted.candidates) == sorted(row.id for row in rows)


def test_labels_without_concepts_are_grouped_by_the_occupations_they_name() -> None:
    rows = [LabelRow("1", "street lamp planner"), LabelRow("2", "light walker"), LabelRow("3", "rain merchant"), LabelRow("4", "Water hawkers")]
    made = matcher(rows)
    assert [(c.expanded_by, len(c.rows)) for c in made.concepts] == [("esco/aaa", 2), ("esco/bbb", 2)]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=12))
def test_any_text_is_answered_with_falling_scores_and_shares(titles: list[str]) -> None:
    answers = asked(MADE, *titles)
    assert len(answers) == len(titles)
    for answer in answers:
        assert sorted(c.id for c in answer.candidates) == sorted(row.id for row in CANDIDATES)
        assert all(0 <= c.confidence <= MICRO for c in answer.candidates)
        assert [c.score for c in answer.candidates] == sorted((c.score for c in answer.candidates), reverse=True)
    printed = [line.split() for line in run_lines(answers)]
    assert all(len(parts) == 6 for parts in printed)
    for answer in answers:
        own = [float(parts[4]) for parts in printed if parts[0] == answer.question.id]
        assert all(a > b for a, b in pairwise(own))


MADE = matcher()


def test_every_signal_that_speaks_is_one_that_the_rules_may_weigh() -> None:
    answers = asked(matcher(examples=[("star counter", "own-1"), ("water hawker", "own-1")]), *TITLES)
    told = {s.signal for answer in answers for candidate in answer.candidates for s in candidate.signals}
    assert told <= {*SIGNALS, *EXAMPLE_SIGNALS}
    assert len(told & set(SIGNALS)) > 4


def test_a_weight_of_a_signal_that_nobody_computes_is_refused() -> None:
    book = load_rulebook()
    today = book.parameter("matching", "signal_weights", DAY)
    changed = amended(book, [Amendment("matching", "signal_weights", DAY, {**today, "own_nmae": Decimal(1)}, False, Place("a test"))])
    with pytest.raises(BadInput, match="RUL214"):
        settings_of(changed, DAY)
