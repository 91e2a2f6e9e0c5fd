"""Ranking concepts: what wins, how sure it is, what no text can break, and that neither order nor batch matters."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_titles import DAY, DOCUMENTS, NAMINGS, SETTINGS, WIDER

from engine.contracts import Corrupt, InputOutput
from engine.rules import load_rulebook
from engine.similarity import (
    FILE,
    ConceptText,
    LikenessSettings,
    Ranker,
    Ranking,
    SimilarityIndex,
    build_similarity,
    forms_of,
    plain_words,
    similarity_arrays,
)

COLUMNS = [name for name in Ranking.__dataclass_fields__ if name != "signals"]


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker(SimilarityIndex(similarity_arrays(NAMINGS, DOCUMENTS, WIDER)), SETTINGS)


@pytest.mark.parametrize(
    ("title", "concept", "matched"),
    [
        ("kite maker", "occupation/kite-maker", "Kite Maker"), ("Senior Kite Builder", "occupation/kite-maker", "Kite Builder"), ("Church Bells Tuning", "occupation/bell-tuner", "Church Bell Tuner"),
        ("Ferns Farmer", "occupation/fern-grower", "Fern Farmer"), ("roof moss man", "occupation/moss-grower", "Roof Moss Planter"), ("Chimes Tuner (Chime Tuner)", "occupation/bell-tuner", "Chime Tuner"),
    ],
)  # fmt: skip
def test_the_likest_occupation_comes_first_with_its_title(ranker: Ranker, title: str, concept: str, matched: str) -> None:
    found = ranker.rank([title], 3)
    assert ranker.index.concepts[found.concept[0, 0]] == concept
    written, stated = ranker.index.naming(int(found.naming[0, 0]))
    assert written == matched
    assert stated.startswith(concept)
    assert found.signals[found.signal[0, 0]] in SETTINGS.weights
    assert found.strength[0, 0] > 0
    assert found.accepted[0]


def test_texts_about_an_occupation_speak_where_its_titles_do_not(ranker: Ranker) -> None:
    assert ranker.index.concepts[ranker.rank(["bronze partials"], 1).concept[0, 0]] == "occupation/bell-tuner"


def test_an_ambiguous_title_shares_its_chances_and_its_group_is_surer(ranker: Ranker) -> None:
    clear, shared = ranker.rank(["Bell Tuner", "Fern and Moss Grower"], 5).probability[:, 0]
    found = ranker.rank(["Fern and Moss Grower"], 2)
    assert shared < clear
    assert {ranker.index.concepts[c] for c in found.concept[0]} == {"occupation/fern-grower", "occupation/moss-grower"}
    assert ranker.index.group(2, int(found.minor[0])) == "2-plants"
    assert ranker.index.group(3, int(found.major[0])) == "3-plants"
    assert found.probability[0, 0] <= found.minor_probability[0] <= found.major_probability[0]
    assert ranker.index.rivals(found.naming[0, :1]).tolist() == [2]


@pytest.mark.parametrize("text", ["", " ", "zzz qqq", "\U0001f600", "12345", "()", "((((", "<b>", "x" * 100_000, "日本"])
def test_what_is_like_nothing_is_not_accepted(ranker: Ranker, text: str) -> None:
    found = ranker.rank([text], 2)
    assert not found.accepted[0]
    assert found.concept.shape == (1, 2)


def test_probabilities_fall_and_stay_within_one(ranker: Ranker) -> None:
    found = ranker.rank([row.text for row in NAMINGS], 5).probability
    assert np.all(found[:, 1:].max(axis=1) <= found[:, 0])
    assert found.min() >= 0
    assert np.all(found.sum(axis=1) <= 1_000_005)


@settings(max_examples=25, deadline=None)
@given(titles=st.lists(st.text(alphabet="kite mosfrnbl()-", max_size=24), min_size=1, max_size=12), place=st.integers(0, 11))
def test_a_title_is_ranked_the_same_alone_and_among_others(ranker: Ranker, titles: list[str], place: int) -> None:
    number = place % len(titles)
    together, alone = ranker.rank(titles, 4), ranker.rank([titles[number]], 4)
    for name in COLUMNS:
        assert getattr(together, name)[number].tolist() == getattr(alone, name)[0].tolist(), name


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_never_matters(tmp_path: Path, seed: int) -> None:
    drawn = random.Random(seed)
    build_similarity(tmp_path / "one", NAMINGS, DOCUMENTS, WIDER)
    mixed = [drawn.sample(rows, len(rows)) for rows in (NAMINGS + NAMINGS[:3], DOCUMENTS, WIDER)]
    assert build_similarity(tmp_path / "other", *mixed) == (FILE,)
    assert (tmp_path / "one" / FILE).read_bytes() == (tmp_path / "other" / FILE).read_bytes()


def test_a_file_opens_by_memory_map_and_says_the_same(tmp_path: Path, ranker: Ranker) -> None:
    build_similarity(tmp_path, NAMINGS, DOCUMENTS, WIDER)
    opened = Ranker(SimilarityIndex.open(tmp_path), SETTINGS)
    titles = [row.text for row in NAMINGS]
    for name in COLUMNS:
        assert getattr(opened.rank(titles), name).tolist() == getattr(ranker.rank(titles), name).tolist(), name


@pytest.mark.parametrize("keep", [0, 10, 3_000])
def test_a_file_cut_short_is_told(tmp_path: Path, keep: int) -> None:
    build_similarity(tmp_path, NAMINGS, DOCUMENTS, WIDER)
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:keep])
    with pytest.raises(Corrupt, match="SIM301"):
        SimilarityIndex.open(tmp_path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="SIM402"):
        SimilarityIndex.open(tmp_path)


def test_an_index_of_nothing_answers_nothing() -> None:
    nobody = Ranker(SimilarityIndex(similarity_arrays([], [ConceptText("occupation/nobody", "text")])), SETTINGS)
    found = nobody.rank(["Kite Maker"])
    assert found.concept.shape == (1, 0)
    assert not found.accepted[0]
    assert found.minor.tolist() == [-1]
    assert nobody.rank([]).known.tolist() == []


def test_the_pack_gives_every_number(ranker: Ranker) -> None:
    told = LikenessSettings.of(load_rulebook(), DAY)
    assert set(told.confidence) == {"concept", "minor_group", "major_group", "title"}
    found = Ranker(ranker.index, told).rank(["Kite Maker"], 1)
    assert ranker.index.concepts[found.concept[0, 0]] == "occupation/kite-maker"


@pytest.mark.parametrize(
    ("title", "forms"),
    [
        ("Kite Maker", ("kite maker",)), ("Kite Sewer (KS)", ("kite sewer", "ks")), ("Sewer (of kites)", ("sewer", "of kites")), ("Sewer (kites)", ("sewer",)), ("(Sewer)", ("sewer",)),
        ("Kite's R&D Hand", ("kite r and d hand",)), ("C++ and C# Teacher", ("c++ and c# teacher",)), ("()", ("",)),
    ],
)  # fmt: skip
def test_forms_of_a_title(title: str, forms: tuple[str, ...]) -> None:
    assert forms_of(title) == forms
    assert all(plain_words(form) == form for form in forms)
