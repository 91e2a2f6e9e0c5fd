"""The title index: what is filed, how it is found, that it is the same from any order of rows."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from engine.contracts import BadInput, Corrupt
from engine.resolver import SeniorityTerm, TitleIndex, TitleRow, build_title_index

SOURCE = ("source/test@1", "row 1", "1", "CC0-1.0")
TITLES = [
    ("Florists", "occupation/01", "canonical"),
    ("Wedding Florist", "occupation/01", "alternate"),
    ("Flower Arranger (Floral Design Artist)", "occupation/01", "alternate"),
    ("Certified Bouquet Maker (CBM)", "occupation/01", "alternate"),
    ("Gardener (Nursery)", "occupation/02", "alternate"),
    ("Wedding Planner", "occupation/03", "alternate"),
    ("Wedding Planner", "occupation/04", "alternate"),
    ("Floral Manager", "role/floral-manager", "canonical"),
    ("orchids", "role/floral-manager", "specialism"),
    ("flower trade", "function/flowers", "term"),
]
ROWS = [TitleRow(text, target, target, kind, *SOURCE) for text, target, kind in TITLES]


@pytest.fixture
def index(tmp_path: Path) -> TitleIndex:
    path = tmp_path / "titles.sqlite"
    build_title_index(path, ROWS, [SeniorityTerm(("Manager",), "seniority/manager", 5)])
    return TitleIndex(path)


def test_plural_and_singular_meet(index: TitleIndex) -> None:
    assert [n.target for n in index.exact(["florist"])["florist"]] == ["occupation/01"]


@pytest.mark.parametrize("key", ["flower arranger", "floral design artist", "certified bouquet maker", "cbm"])
def test_both_names_of_a_bracketed_title_are_filed(index: TitleIndex, key: str) -> None:
    assert key in index.exact([key])


def test_a_one_word_qualifier_in_a_bracket_is_no_title(index: TitleIndex) -> None:
    assert index.exact(["nursery"]) == {}


def test_an_ambiguous_title_gives_all_it_names(index: TitleIndex) -> None:
    assert [n.target for n in index.exact(["wedding planner"])["wedding planner"]] == ["occupation/03", "occupation/04"]


def test_the_same_words_in_another_order_are_found(index: TitleIndex) -> None:
    assert {n.key for n in index.same_words(("florist", "wedding"))} == {"wedding florist"}


def test_specialisms_are_no_titles(index: TitleIndex) -> None:
    assert index.exact(["orchid"]) == {}
    assert index.specialisms("role/floral-manager") == {"orchid"}


def test_a_misspelt_word_finds_its_neighbour_and_a_strange_one_none(index: TitleIndex) -> None:
    assert index.spelled("bouqet", 850_000) == "bouquet"
    assert index.spelled("xylophone", 850_000) is None


def test_rare_words_weigh_more_and_unknown_ones_most(index: TitleIndex) -> None:
    assert index.weight("wedding") < index.weight("bouquet") < index.weight("zeppelin")


def test_keys_are_found_of_which_every_word_is_there(index: TitleIndex) -> None:
    found = [key for _, key, *_ in index.made_of(("wedding", "flower", "florist"))]
    assert "wedding florist" in found
    assert all(set(key.split()) <= {"wedding", "flower", "florist"} for key in found)


def test_seniorities_travel_with_the_index(index: TitleIndex) -> None:
    assert index.vocabulary.seniority[("manager",)].rank == 5


def _content(path: Path) -> list[str]:
    return list(sqlite3.connect(path).iterdump())


def test_any_order_of_rows_gives_one_content(tmp_path: Path) -> None:
    shuffled = ROWS * 2
    random.Random(7).shuffle(shuffled)
    build_title_index(tmp_path / "a.sqlite", ROWS)
    build_title_index(tmp_path / "b.sqlite", shuffled)
    assert _content(tmp_path / "a.sqlite") == _content(tmp_path / "b.sqlite")


def test_an_unknown_naming_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="RES002"):
        build_title_index(tmp_path / "t.sqlite", [TitleRow("Florist", "role/florist", "Florist", "nickname", *SOURCE)])


@pytest.mark.parametrize("content", [b"", b"no database at all, only text that is long enough to be read as one"])
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "titles.sqlite"
    path.write_bytes(content)
    with pytest.raises(Corrupt, match="RES003"):
        TitleIndex(path)


def test_an_index_without_titles_answers_nothing(tmp_path: Path) -> None:
    build_title_index(tmp_path / "t.sqlite", [])
    index = TitleIndex(tmp_path / "t.sqlite")
    assert index.exact(["florist"]) == {}
    assert list(index.made_of(("florist",))) == []
