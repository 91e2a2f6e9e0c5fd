"""Ranking: what the graph knows finds what names alone do not; answers depend on nothing but the lists."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_occupations import CANDIDATES, KNOWLEDGE, TITLES, WORDS, asked, first, matcher

from engine.contracts import MICRO
from engine.matching import LabelRow, knowledge_of, run_lines

NOTHING = knowledge_of((), WORDS)


def test_a_known_occupation_is_matched_by_its_other_names() -> None:
    [answer] = asked(matcher(), "Lantern Planners")
    assert answer.question.expanded_by == "occupation/11-0001.00"
    assert answer.candidates[0].label == "street lamp planner"
    assert {s.signal for s in answer.candidates[0].signals} >= {"names", "written"}


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


def test_every_score_is_the_sum_of_its_signals() -> None:
    for answer in asked(matcher(examples=[("star counter", "own-1")]), *TITLES, best_per_concept=False):
        for candidate in answer.candidates:
            assert abs(candidate.score - sum(s.points for s in candidate.signals)) <= len(candidate.signals) + MICRO // 2 + 1_000  # one part of rounding each, and the label's own nearness


@pytest.mark.parametrize("best_per_concept", [False, True])
def test_a_batch_answers_as_each_alone_and_in_any_order_of_rows(best_per_concept: bool) -> None:
    shuffled = list(CANDIDATES)
    random.Random(3).shuffle(shuffled)
    together = asked(matcher(), *TITLES, best_per_concept=best_per_concept)
    again = asked(matcher(shuffled), *TITLES, best_per_concept=best_per_concept)
    alone = [asked(matcher(), title, best_per_concept=best_per_concept)[0] for title in TITLES]
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
