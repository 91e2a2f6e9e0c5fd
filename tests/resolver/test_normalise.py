"""What the normaliser takes off, keeps and hands on as keys."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.resolver import SeniorityTerm, Vocabulary, load_vocabulary, normalise

TERMS = {"senior": 3, "junior": 1, "associate": 2, "lead": 4, "supervisor": 4, "assistant manager": 4, "manager": 5, "director": 6, "head of": 6, "vice president": 7}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary(SeniorityTerm(tuple(words.split()), f"seniority/{rank}", rank) for words, rank in TERMS.items())


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Florist - 1755724", "florist"),
        ("Florist (req 123)", "florist"),
        ("Florist #A-991", "florist"),
        ("Florist (R) JR100293", "florist"),
        ("Part-Time Florist", "florist"),
        ("florist, full time", "florist"),
        ("Florists", "florist"),
        ("<b>Florist</b>", "florist"),
        ("Ｆｌｏｒｉｓｔ", "florist"),
        ("Flo\u200brist\u202e", "florist"),
        ("Florist | Contoso | Boise, ID", "florist"),
        ("Florist at Contoso", "florist"),
        ("Florist 20 hours", "florist"),
        ("Retail Salespersons", "retail salesperson"),
        ("Saleswoman", "salesperson"),
        ("Plant Mgr", "plant manager"),
        ("Field Tech", "field technician"),
        ("Tech Writers", "technical writer"),
        ("Florist II", "florist"),
        ("Head of Flowers", "head of flower"),
        ("Café Florist", "cafe florist"),
    ],
)
def test_shortest_reading(title: str, text: str, vocabulary: Vocabulary) -> None:
    assert normalise(title, vocabulary).text == text


@pytest.mark.parametrize(
    ("title", "kind", "text"),
    [
        ("Florist - 1755724", "requisition", "1755724"),
        ("Florist (night shift)", "shift", "night shift"),
        ("Seasonal Florist", "employment_form", "seasonal"),
        ("Florist - Dallas", "segment", "Dallas"),
        ("Florist - Reno, NV", "location", "NV"),
        ("Florist (weddings and events)", "explanation", "weddings and events"),
        ("Florist III", "level", "iii"),
        ("Global Florist", "scope", "global"),
    ],
)
def test_what_is_taken_off_is_kept_as_a_fact(title: str, kind: str, text: str, vocabulary: Vocabulary) -> None:
    assert (kind, text) in {(s.kind, s.text) for s in normalise(title, vocabulary).stripped}


@pytest.mark.parametrize(("title", "reason"), [("", "empty"), (" \t\n", "empty"), ("12345", "no letters"), ("🙂🙂", "no letters"), ("x" * 301, "300"), ("a" * 1_000_000, "300"), ("<i></i>", "no words")])
def test_what_is_no_title_is_refused_with_a_reason(title: str, reason: str, vocabulary: Vocabulary) -> None:
    refused = normalise(title, vocabulary)
    assert reason in refused.refused
    assert refused.variants == ()


def test_variants_come_least_dropped_first(vocabulary: Vocabulary) -> None:
    variants = normalise("Senior Flower Manager - Reno", vocabulary).variants
    keys = [v.key for v in variants]
    assert variants[0].dropped == ()
    assert keys.index("senior flower manager") < keys.index("flower manager") < keys.index("flower")


def test_rank_tells_management_from_level(vocabulary: Vocabulary) -> None:
    rank = {v.key: v.rank for v in normalise("senior flower manager", vocabulary).variants}
    assert (rank["senior flower manager"], rank["flower manager"], rank["flower"]) == (0, 3, 5)


def test_a_lower_seniority_word_stays_when_a_higher_one_goes(vocabulary: Vocabulary) -> None:
    assert "flower associate" in {v.key for v in normalise("senior flower associate", vocabulary).variants}


def test_seniority_around_the_work_is_read_together(vocabulary: Vocabulary) -> None:
    assert "flower" in {v.key for v in normalise("assistant flower manager", vocabulary).variants}


def test_seniority_alone_never_stands_for_a_title(vocabulary: Vocabulary) -> None:
    keys = {v.key: v.rank for v in normalise("Director, Flowers", vocabulary).variants}
    assert "director" not in keys
    assert keys["flower"] == 6


def test_a_word_of_the_form_of_employment_may_belong_to_the_title(vocabulary: Vocabulary) -> None:
    keys = [v.key for v in normalise("Travel Agent - Reno", vocabulary).variants]
    assert keys.index("travel agent") < keys.index("agent")


def test_trace_names_the_steps_that_did_something(vocabulary: Vocabulary) -> None:
    assert [step for step, _ in normalise("<b>Part-Time Florist</b> #22 - Reno", vocabulary).trace] == ["unicode", "requisition", "segment", "case", "employment_form", "head"]


@given(st.text(max_size=310))
@settings(max_examples=300, deadline=None)
def test_any_text_is_answered_and_never_stripped_to_nothing(title: str) -> None:
    result = normalise(title, load_vocabulary([SeniorityTerm(("senior",), "seniority/senior", 3)]))
    if result.refused:
        assert result.variants == ()
    else:
        assert result.text
        assert all(v.key for v in result.variants)
        assert len({v.key for v in result.variants}) == len(result.variants)


@given(st.lists(st.sampled_from(["senior", "sales", "manager", "of", "-", ",", "part-time", "#123", "(nights)", "II", "and", "&", "@", "Reno"]), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_case_and_blanks_never_matter(words: list[str]) -> None:
    vocabulary = load_vocabulary([SeniorityTerm(("senior",), "seniority/senior", 3), SeniorityTerm(("manager",), "seniority/manager", 5)])
    plain, shouted = normalise(" ".join(words), vocabulary), normalise("  ".join(words).upper(), vocabulary)
    assert [v.key for v in plain.variants] == [v.key for v in shouted.variants]
