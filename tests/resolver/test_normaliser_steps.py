"""The normaliser step by step: its cases, its word lists, and what holds for any title."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.resolver import STEP_NAMES, NormalisedTitle, SeniorityTerm, Vocabulary, load_vocabulary, normalise, trace_of, vocabulary_lists
from engine.rules import load_rulebook

TERMS = {
    "senior": 3, "junior": 1, "associate": 2, "lead": 4, "supervisor": 4, "assistant manager": 4, "manager": 5, "director": 6, "head of": 6, "vice president": 7, "intern": 1,
}  # fmt: skip
SENIORITIES = tuple(SeniorityTerm(tuple(words.split()), f"seniority/{rank}", rank) for words, rank in TERMS.items())
VOCABULARY = load_vocabulary(SENIORITIES)
CASES: list[dict[str, Any]] = yaml.load(Path(__file__).with_name("normaliser_cases.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
NOT_STEPS = {"matching"}  # lists that the keys and the candidates read


def told(title: NormalisedTitle) -> dict[str, Any]:
    facts = [[s.kind, s.text, s.value] if s.value else [s.kind, s.text] for s in title.stripped]
    return {"key": title.text, "seniority": title.seniority and title.seniority.seniority, "facts": facts, "steps": [list(step) for step in title.trace]}


@pytest.mark.parametrize("case", CASES, ids=lambda c: ascii(c["title"]))
def test_a_title_step_by_step(case: dict[str, Any]) -> None:
    assert told(normalise(case["title"], VOCABULARY)) == {"seniority": None, **{name: value for name, value in case.items() if name != "title"}}


def test_every_step_has_cases() -> None:
    assert {step for case in CASES for step, _ in case["steps"]} == set(STEP_NAMES)


def test_every_kind_of_fact_weighs_something() -> None:
    kinds = {fact[0] for case in CASES for fact in case["facts"]}
    kept = load_rulebook().parameter("title_evidence", "kept_share", max(v.since for v in load_rulebook().packs["title_evidence"].parameters["kept_share"].values))
    assert kinds <= set(kept)


def lists_of(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths of the lists; a mapping of words is one list, a mapping of lists is several."""
    if isinstance(value, dict) and any(isinstance(inner, (dict, list)) or name in ("markup", "endings", "apostrophes", "joined") for name, inner in value.items()):
        for name, inner in value.items():
            yield from lists_of(inner, (*path, name))
    else:
        yield path


LISTS = [path for path in lists_of(vocabulary_lists()) if path[0] not in NOT_STEPS]


def seen(title: NormalisedTitle, step: str) -> tuple[Any, ...]:
    """What a step did to a title."""
    return ([s for s in title.stripped if s.step == step], [after for name, after in title.trace if name == step])


@pytest.mark.parametrize("path", LISTS, ids=".".join)
def test_each_list_is_used_by_the_step_that_names_it(path: tuple[str, ...]) -> None:
    lists = copy.deepcopy(dict(vocabulary_lists()))
    holder = lists
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = type(holder[path[-1]])()
    without = load_vocabulary(SENIORITIES, lists)
    assert path[0] in STEP_NAMES
    assert any(seen(normalise(c["title"], VOCABULARY), path[0]) != seen(normalise(c["title"], without), path[0]) for c in CASES)


def test_the_lists_stand_in_the_order_of_the_steps() -> None:
    named = [name for name in vocabulary_lists() if name not in NOT_STEPS]
    assert named == [step for step in STEP_NAMES if step in named]


def test_an_abbreviation_is_one_written_word() -> None:
    abbreviation = vocabulary_lists()["abbreviation"]
    plain = load_vocabulary()
    for short, long in {**abbreviation["anywhere"], **abbreviation["last"]}.items():
        assert normalise(f"zz {short}", plain).variants[0].words[1:] == normalise(f"zz {long}", plain).variants[0].words[1:], short


WORDS = ["Florist", "florists", "Flower", "Mktg", "Sr", "Manager", "Head of", "of", "and", "&", "II", "3", "(nights)", "[Reno, NV]", "(m/f/d)", "H/F", "Gärtner/in", "$20/hr", "#A-123", "1755724", "part-time",
         "Seasonal", "night shift", "global", "bilingual", "Spanish speaking", "urgent", "wanted", "Kuala Lumpur", "Contoso LLC", "O'Hara", "e-commerce", "<b>", "\u202e", "\u200b", "é", "🌷", "at", "@", "-", "–", "|", ",", "/", ":", "(", ")"]  # fmt: skip
TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
ANY_TITLE = st.one_of(TITLES, st.text(max_size=60), st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Z", "C")), max_size=40))


@given(ANY_TITLE)
@settings(max_examples=300, deadline=None)
def test_nothing_invisible_leaves_a_title(title: str) -> None:
    found = normalise(title, VOCABULARY)
    texts = [found.text, *found.segments, *(v.key for v in found.variants), *(s.text for s in found.stripped), *(after for _, after in found.trace)]
    assert not [c for text in texts for c in text if unicodedata.category(c) in ("Cc", "Cf")]


@given(ANY_TITLE)
@settings(max_examples=300, deadline=None)
def test_steps_that_see_no_cue_would_have_changed_nothing(title: str) -> None:
    found = normalise(title, VOCABULARY)
    assert trace_of(title, VOCABULARY, every=True) == found.trace
    if len(found.trace) > 1 and not found.refused:
        assert found.trace[-1][1].strip(" -–—|,:;/@*.·•") == found.text


def single_words(text: str) -> set[str]:
    """Every word of a text by itself, in its canonical form."""
    plain = normalise(f"zz {text} zz", load_vocabulary())
    words = plain.variants[0].words[1:-1] if plain.variants else ()
    return {normalise(w, VOCABULARY).variants[0].key if w.isalpha() else w for w in words}


@given(TITLES)
@settings(max_examples=300, deadline=None)
def test_what_was_taken_off_and_what_is_left_are_all_the_words(title: str) -> None:
    found = normalise(title, VOCABULARY)
    if not found.refused:
        loose = {*vocabulary_lists()["matching"]["stop_words"], *vocabulary_lists()["segment"]["words"]}
        whole = set().union(*map(single_words, found.variants[0].key.split()))
        kept = set().union(*map(single_words, [found.text, *(s.text for s in found.stripped)]))
        assert whole - loose <= kept


# what one step leaves may stand where another looks first: a place before a level, `of` at the end
SETTLED = [w for w in WORDS if w not in ("at", "(", ")", "/", "of", "and", "&", "Head of", "Kuala Lumpur")]


@given(st.lists(st.sampled_from(SETTLED), max_size=4).map(lambda words: " ".join(("Florist", *words))))
@settings(max_examples=300, deadline=None)
def test_a_reading_reads_as_itself(title: str) -> None:
    found = normalise(title, VOCABULARY)
    if not found.refused:
        again = normalise(found.text, VOCABULARY)
        assert again.refused or again.text == found.text


def test_the_vocabulary_forgets_no_word_that_it_still_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.resolver.words._REMEMBERED", 2)
    small: Vocabulary = load_vocabulary(SENIORITIES)
    for case in CASES:
        assert told(normalise(case["title"], small)) == told(normalise(case["title"], VOCABULARY))
