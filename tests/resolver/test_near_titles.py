"""Published titles that stand in a text, all but for their spelling; invented titles and slips."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from engine.resolver import TitleIndex, TitleRow, build_title_index, normalise
from engine.resolver.likeness import LikenessWeights
from engine.resolver.near_titles import NearTitles
from engine.resolver.near_words import NearWords
from engine.rules import load_rulebook

SOURCE = ("source/invented@1", "row 1", "1", "CC0")
TITLES = ("Wedding Florist", "Kite Repair Technician", "Harbour Pilot Dispatcher", "Glass Marble Polisher", "Lantern Keeper", "Saddle Stitcher")
COSTS = LikenessWeights.of(load_rulebook(), date(2026, 11, 20)).costs


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> NearTitles:
    path = tmp_path_factory.mktemp("near") / "titles.sqlite"
    build_title_index(path, [TitleRow(title, f"occupation/99-{n:04}.00", title, "canonical", *SOURCE) for n, title in enumerate(TITLES)])
    return NearTitles(TitleIndex(path), COSTS)


def first(near: NearTitles, title: str) -> str | None:
    found = near.found(normalise(title, near._vocabulary), 3)
    return found[0].key if found else None


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Weding Florist", "wedding florist"), ("Wedding Flroist", "wedding florist"), ("florist, weddings", "wedding florist"), ("Kite Rpr Tchncn", "kite repair technician"),
        ("Kite Repai. Technician", "kite repair technician"), ("Dispatcher Harbour Pilto", "harbour pilot dispatcher"), ("Come and work as a Saddle Sticher", "saddle stitcher"),
    ],
)  # fmt: skip
def test_a_title_is_found_all_but_for_its_spelling(near: NearTitles, title: str, key: str) -> None:
    assert first(near, title) == key


@pytest.mark.parametrize("title", ["", "Zeppelin", "42", "Marble Juggler"])
def test_other_words_find_none(near: NearTitles, title: str) -> None:
    assert first(near, title) is None


@given(st.sampled_from(TITLES), st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_neighbouring_letters_swapped_in_a_long_word_find_the_title(near: NearTitles, title: str, data: st.DataObject) -> None:
    words = title.split()
    place = max(range(len(words)), key=lambda n: len(words[n]))
    at = data.draw(st.integers(1, len(words[place]) - 3))
    word = words[place]
    words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert first(near, " ".join(words)) == first(near, title)


LETTERS = st.text("abcde", min_size=1, max_size=9)


@given(st.lists(LETTERS, min_size=1, max_size=30), st.lists(LETTERS, min_size=1, max_size=30))
@settings(max_examples=150, deadline=None)
def test_words_read_together_are_read_as_each_alone(filed: list[str], asked: list[str]) -> None:
    forms = {"deb": filed[0]}
    alone, together = NearWords(filed, COSTS, forms), NearWords(filed, COSTS, forms)
    together.learn(asked)
    for word in asked:
        assert together.near(word) == alone.near(word)
        distances = {other: OSA.distance(word, other) for other in set(filed)}
        slips = 2 if len(word) >= 6 and word not in filed else 1
        reached = {o for o, apart in distances.items() if 0 < apart <= slips and min(len(word), len(o)) >= 3}
        assert reached - {text for text, _ in alone.near(word)} == set()


@given(st.lists(st.lists(st.sampled_from(["wedding", "kite", "harbour", "glass", "keeper", "stitcher", "florist"]), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=25, unique=True), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_best_few_are_the_first_of_all(tmp_path: Path, filed: list[str], data: st.DataObject) -> None:
    path = tmp_path / "titles.sqlite"
    build_title_index(path, [TitleRow(title, f"occupation/99-{n:04}.00", title, "canonical", *SOURCE) for n, title in enumerate(filed)])
    index = TitleIndex(path)
    some = NearTitles(index, COSTS)
    asked = data.draw(st.lists(st.sampled_from(["weding", "kite", "harbor", "glass", "keper", "as", "a", "florist", "stitcher", "zebra"]), min_size=1, max_size=7).map(" ".join))
    normal = normalise(asked, index.vocabulary)
    every = some.found(normal, 1_000)
    for limit in (1, 2, 6):
        assert some.found(normal, limit) == every[:limit]
    index.warm_up()
    assert some.found(normal, 6) == every[:6]
    index.close()
