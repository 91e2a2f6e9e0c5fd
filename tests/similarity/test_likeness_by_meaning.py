"""Likeness by a sentence model: a word that no title holds finds its occupation by what it means, and nothing else of an answer depends on the model."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_titles import DAY, DOCUMENTS, NAMINGS, SETTINGS, WIDER
from tiny_model import MEANINGS, write_tiny_model

from engine.contracts import BadInput, Corrupt
from engine.rules import load_rulebook
from engine.similarity import (
    FILE,
    MEANING,
    VECTORS,
    LabelledConcept,
    LikenessSettings,
    Meaning,
    Ranker,
    Ranking,
    SentenceModel,
    SimilarityIndex,
    build_similarity,
    distinct_titles,
    read_model_folder,
    write_arrays,
)
from engine.similarity import meaning_arrays as arrays_of

COLUMNS = [name for name in Ranking.__dataclass_fields__ if name != "signals"]
WITH = LikenessSettings({**SETTINGS.weights, MEANING: 500_000, f"{MEANING}_best": 2_000_000}, SETTINGS.confidence, SETTINGS.least_known)
SYNONYM, MEANT = "papalote artisan", "occupation/kite-maker"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SentenceModel:
    return SentenceModel(read_model_folder(write_tiny_model(tmp_path_factory.mktemp("model"))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, model: SentenceModel) -> Path:
    place = tmp_path_factory.mktemp("index")
    build_similarity(place, NAMINGS, DOCUMENTS, WIDER, model)
    return place


@pytest.fixture(scope="module")
def ranker(folder: Path) -> Ranker:
    return Ranker(SimilarityIndex.open(folder), WITH)


def test_a_synonym_that_only_the_model_knows_is_found_with_it_and_not_without(ranker: Ranker, tmp_path: Path) -> None:
    build_similarity(tmp_path, NAMINGS, DOCUMENTS, WIDER)
    plain = Ranker(SimilarityIndex.open(tmp_path), SETTINGS)
    without, found = plain.rank([SYNONYM], 1), ranker.rank([SYNONYM], 1)
    assert plain.index.concepts[without.concept[0, 0]] != MEANT
    assert ranker.index.concepts[found.concept[0, 0]] == MEANT
    assert found.signals[found.signal[0, 0]] == f"{MEANING}_best"
    assert ranker.index.naming(int(found.naming[0, 0]))[0] == "Kite Maker"
    assert found.likeness[0, 0] > 980_000


def test_whether_a_text_is_a_title_is_told_by_letters_and_words_alone(ranker: Ranker, tmp_path: Path) -> None:
    build_similarity(tmp_path, NAMINGS, DOCUMENTS, WIDER)
    plain = Ranker(SimilarityIndex.open(tmp_path), SETTINGS)
    asked = ["kite maker", "zzz qqq", "moss and fern grower", SYNONYM]
    assert ranker.rank(asked).known.tolist() == plain.rank(asked).known.tolist()
    assert not ranker.rank([SYNONYM]).accepted[0]


def test_how_sure_an_answer_is_looks_at_letters_and_words_alone(ranker: Ranker, tmp_path: Path) -> None:
    """At equal points: the model's signals count in none of what the confidence was fitted on."""
    build_similarity(tmp_path, NAMINGS, DOCUMENTS, WIDER)
    agreeing = {target: {"agreement": 2_000_000, "odds": 500_000, "likeness": 1_000_000} for target in SETTINGS.confidence}
    mute = LikenessSettings({**SETTINGS.weights, MEANING: 0, f"{MEANING}_best": 0}, agreeing, SETTINGS.least_known)
    plain = Ranker(SimilarityIndex.open(tmp_path), LikenessSettings(SETTINGS.weights, agreeing, SETTINGS.least_known))
    asked = [SYNONYM, "kite tuner", "moss builder", "bell farmer"]
    for name in ("probability", "known", "minor_probability", "major_probability"):
        assert getattr(Ranker(ranker.index, mute).rank(asked), name).tolist() == getattr(plain.rank(asked), name).tolist(), name


def test_without_weights_for_it_the_model_moves_nothing(ranker: Ranker, folder: Path, tmp_path: Path) -> None:
    build_similarity(tmp_path, NAMINGS, DOCUMENTS, WIDER)
    assert (tmp_path / FILE).read_bytes() == (folder / FILE).read_bytes()
    one, other = Ranker(ranker.index, SETTINGS), Ranker(SimilarityIndex.open(tmp_path), SETTINGS)
    titles = [row.text for row in NAMINGS]
    for name in ("concept", "points", "probability", "known", "minor", "major"):
        assert getattr(one.rank(titles), name).tolist() == getattr(other.rank(titles), name).tolist(), name


@settings(max_examples=20, deadline=None)
@given(titles=st.lists(st.lists(st.sampled_from([*sorted(MEANINGS), "zzz"]), max_size=4).map(" ".join), min_size=1, max_size=50), place=st.integers(0, 49))
def test_a_title_is_ranked_the_same_alone_and_among_others(ranker: Ranker, titles: list[str], place: int) -> None:
    number = place % len(titles)
    together, alone = ranker.rank(titles, 4), ranker.rank([titles[number]], 4)
    for name in COLUMNS:
        assert getattr(together, name)[number].tolist() == getattr(alone, name)[0].tolist(), name


def test_the_nearest_are_those_of_the_plain_computation(model: SentenceModel) -> None:
    titles, asked = sorted({" ".join(pair) for a in MEANINGS for b in MEANINGS for pair in ((a,), (a, b))}), ["kite tester", "fern", "bell moss maker", "zzz"]
    found = Meaning(arrays_of(titles, model), model.files).best(asked, 7, 0)
    vectors = {text: [int(x) for x in model.vectors([text])[0]] for text in {*titles, *asked}}
    for number, text in enumerate(asked):
        told = []
        for place, title in enumerate(titles):
            dot, lengths = (sum(a * b for a, b in zip(vectors[x], vectors[y], strict=True)) for x, y in ((text, title), (text, text)))
            told.append((-round(1e6 * dot / ((lengths * sum(b * b for b in vectors[title])) ** 0.5 or 1)), place))
        expected = [(place, -score) for score, place in sorted(told)[:7] if score < 0]
        part = slice(found.bounds[number], found.bounds[number + 1])
        assert list(zip(found.documents[part].tolist(), found.scores[part].tolist(), strict=True)) == expected


@pytest.mark.parametrize("seed", range(6))
def test_the_nearest_by_cosine_are_missed_by_no_short_cut(model: SentenceModel, seed: int) -> None:
    """Vectors that lie close together and whose lengths differ as rounding makes them differ."""
    drawn = np.random.default_rng(seed)
    near = model.vectors(["kite maker"])[0] + drawn.normal(0, 40, (300, len(model.vectors(["kite"])[0])))
    vectors = np.rint(near * (drawn.uniform(3_985, 4_015, 300) / np.linalg.norm(near, axis=1))[:, None]).astype(np.int16)
    arrays = arrays_of([f"title {n}" for n in range(300)], model) | {"vectors": vectors}
    found = Meaning(arrays, model.files).best(["kite maker"], 5, 0)
    asked = [int(x) for x in model.vectors(["kite maker"])[0]]
    cosines = [round(1e6 * sum(a * int(b) for a, b in zip(asked, row, strict=True)) / float(sum(a * a for a in asked) * sum(int(b) ** 2 for b in row)) ** 0.5) for row in vectors]
    expected = sorted((-score, place) for place, score in enumerate(cosines))[:5]
    assert list(zip((-found.scores).tolist(), found.documents.tolist(), strict=True)) == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_never_matters(folder: Path, tmp_path: Path, model: SentenceModel, seed: int) -> None:
    mixed = random.Random(seed).sample(NAMINGS, len(NAMINGS))
    assert build_similarity(tmp_path, mixed, DOCUMENTS, WIDER, SentenceModel(model.files))[1] == VECTORS
    assert (tmp_path / VECTORS).read_bytes() == (folder / VECTORS).read_bytes()


def test_vectors_that_are_held_are_not_made_again(folder: Path, tmp_path: Path, model: SentenceModel, monkeypatch: pytest.MonkeyPatch) -> None:
    further = (*NAMINGS, LabelledConcept("Moss Bell Maker", "occupation/moss-grower", "alternate"))
    build_similarity(tmp_path / "whole", further, DOCUMENTS, WIDER, model)
    kept = Meaning.open(folder)
    assert kept is not None
    read: list[str] = []
    vectors = model.vectors
    monkeypatch.setattr(model, "vectors", lambda texts, *say: read.extend(texts) or vectors(texts, *say))
    build_similarity(tmp_path / "part", further, DOCUMENTS, WIDER, model, kept)
    assert [text for text in read if text != "marketing manager"] == ["moss bell maker"]
    assert (tmp_path / "part" / VECTORS).read_bytes() == (tmp_path / "whole" / VECTORS).read_bytes()


def test_vectors_and_model_must_belong_together(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "i")
    write_tiny_model(tmp_path / "i" / "model", {**MEANINGS, "kite": (1, 0, 0, 0, 0.2, 0)})
    with pytest.raises(Corrupt, match="SIM302"):
        SimilarityIndex.open(tmp_path / "i")


def test_vectors_of_other_titles_are_told(folder: Path, tmp_path: Path, model: SentenceModel) -> None:
    shutil.copytree(folder, tmp_path / "i")
    write_arrays(tmp_path / "i" / VECTORS, arrays_of(distinct_titles(NAMINGS)[1:], model))
    with pytest.raises(Corrupt, match="SIM302"):
        SimilarityIndex.open(tmp_path / "i")


def test_a_model_that_answers_otherwise_than_at_the_build_is_told(folder: Path, tmp_path: Path, model: SentenceModel) -> None:
    shutil.copytree(folder, tmp_path / "i")
    arrays = arrays_of(distinct_titles(NAMINGS), model)
    write_arrays(tmp_path / "i" / VECTORS, arrays | {"probe": np.roll(arrays["probe"], 2)})
    with pytest.raises(Corrupt, match="SIM303"):
        Ranker(SimilarityIndex.open(tmp_path / "i"), WITH).rank([SYNONYM])


def test_a_model_whose_files_were_taken_away_is_told(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "i")
    (tmp_path / "i" / "model" / "onnx" / "model.onnx").unlink()
    with pytest.raises(BadInput, match="SIM202"):
        SimilarityIndex.open(tmp_path / "i")


def test_the_pack_weighs_meaning_only_where_there_is_a_model(ranker: Ranker) -> None:
    rules = load_rulebook()
    plain, meant = LikenessSettings.of(rules, DAY), LikenessSettings.of(rules, DAY, with_meaning=True)
    assert {name: weight for name, weight in meant.weights.items() if not name.startswith(MEANING)} == plain.weights
    assert set(meant.weights) - set(plain.weights) == {MEANING, f"{MEANING}_best"}
    found = Ranker(ranker.index, meant).rank([SYNONYM, "Bell Tuner"], 1)
    assert [ranker.index.concepts[c] for c in found.concept[:, 0]] == [MEANT, "occupation/bell-tuner"]


def test_without_a_model_its_libraries_are_never_loaded(tmp_path: Path) -> None:
    build_similarity(tmp_path, NAMINGS, DOCUMENTS, WIDER)
    program = f"""
import sys
from pathlib import Path
sys.modules["onnxruntime"] = sys.modules["tokenizers"] = None  # importing them fails, as where the extra is not installed
from engine.rules import load_rulebook
from engine.similarity import LikenessSettings, Ranker, SimilarityIndex
from datetime import date
index = SimilarityIndex.open(Path({str(tmp_path)!r}))
print(index.concepts[Ranker(index, LikenessSettings.of(load_rulebook(), date(2026, 11, 21))).rank(["kite maker"], 1).concept[0, 0]])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "occupation/kite-maker"
