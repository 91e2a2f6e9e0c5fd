"""The corrupter damages as it says, equally everywhere, and shares no vocabulary with what is tested on its titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from corrupted import clear_titles, corrupted
from corrupter import DAMAGES, OF_LETTERS, Choice, corrupt, vocabulary
from hypothesis import given, settings
from hypothesis import strategies as st
from new_titles import new_titles
from onet_titles import key_of

import engine.resolver

TITLES = st.lists(st.sampled_from(["Yarn", "Inspector", "Knitting", "Assistant", "Loom", "Weaver", "and", "of"]), min_size=1, max_size=5).map(" ".join)
# English has one word for each of these, whoever writes about jobs; nothing else may be in both vocabularies
FORCED = {
    "employment": {"contract", "full time", "hybrid", "nights", "part time", "remote", "temporary", "weekends"},
    "seniority_before": {"entry level", "junior", "senior", "sr"},
    "seniority_after": {"ii", "iii", "level 2"},
}
# generic nouns for a place of work, which stand beside an invented name, and the states that stand beside a town
GENERIC = {"branch", "campus", "site", "store", "unit", "clinic", "plaza", "group", "team"}
STATES = {"georgia", "ks", "la", "mi", "mn", "ms", "nd", "ny", "pa", "tn", "tx", "wa"}


def _texts(node: Any) -> Iterator[str]:
    """Every text of a document, names of mappings too."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield str(name)
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
    elif node is not None:
        yield str(node)


@pytest.fixture(scope="module")
def product() -> set[str]:
    """Every entry of the normaliser's vocabulary, as letters and digits."""
    path = Path(engine.resolver.__file__).with_name("vocabulary.yaml")
    return {key_of(text) for text in _texts(yaml.safe_load(path.read_text(encoding="utf-8")))} - {""}


def test_the_vocabularies_share_what_english_forces_and_nothing_else(product: set[str]) -> None:
    assert len(product) > 100
    shared = {name: {key_of(entry) for entry in entries} & product for name, entries in vocabulary().items()}
    for name, entries in shared.items():
        assert entries <= FORCED.get(name, set()), f"{name}: both vocabularies hold {sorted(entries - FORCED.get(name, set()))}"


def test_no_name_of_a_town_or_firm_is_known_to_the_normaliser(product: set[str]) -> None:
    words = {word for text in product for word in text.split()}
    named = {word for kind in ("cities", "branches") for entry in vocabulary()[kind] for word in key_of(entry).split() if not any(c.isdigit() for c in word)}
    assert not (named & words) - GENERIC - STATES


def test_no_list_of_abbreviations_exists() -> None:
    assert sorted(vocabulary()) == ["branches", "cities", "employment", "prefixes", "requisitions", "seniority_after", "seniority_before"]


def test_equal_seeds_give_equal_damage_on_every_machine() -> None:
    found = [corrupt("Knitting Machine Inspector", 7, n) for n in range(4)]
    assert found == [corrupt("Knitting Machine Inspector", 7, n) for n in range(4)]
    assert [Choice(7, "Weaver", 0).below(1000) for _ in range(2)] == [Choice(7, "Weaver", 0).below(1000)] * 2
    # SHA-256 decides, so this stays as it is
    assert Choice(7, "Weaver", 0).below(1000) == 420
    assert corrupt("Knitting Machine Inspector", 7).title == FIXED


FIXED = "Knitting Mahine Inspector"


@settings(deadline=None)
@given(TITLES, st.integers(0, 5), st.integers(0, 50))
def test_damage_is_real_and_of_the_kinds_it_says(title: str, seed: int, number: int) -> None:
    found = corrupt(title, seed, number)
    assert 1 <= len(found.kinds) <= 2
    assert found.title != title
    assert set(found.kinds) <= set(DAMAGES)
    assert len(set(found.kinds)) == len(found.kinds)
    assert sum(kind in OF_LETTERS for kind in found.kinds) <= 1


@settings(deadline=None)
@given(TITLES, st.integers(0, 200))
def test_a_slip_keeps_the_first_letter_and_moves_length_by_one_at_most(title: str, number: int) -> None:
    found = corrupt(title, 3, number)
    if len(found.kinds) == 1 and found.kinds[0] in OF_LETTERS[:4]:
        assert abs(len(found.title) - len(title)) <= 1
        assert [w[0] for w in found.title.split()] == [w[0] for w in title.split()]


def test_every_kind_of_damage_is_done() -> None:
    done = Counter(kind for n in range(2_000) for kind in corrupt("Knitting Machine Inspector", 1, n).kinds)
    assert set(done) == set(DAMAGES)
    assert min(done.values()) > 60


def _release(folder: Path, alternate: list[tuple[str, str, str]]) -> Path:
    folder.mkdir()
    rows = "".join(f"{code}\tany\t{title}\t{short}\t08\n" for code, title, short in alternate)
    (folder / "Alternate Titles.txt").write_text("O*NET-SOC Code\tTitle\tAlternate Title\tShort Title\tSource(s)\n" + rows, encoding="utf-8")
    (folder / "Occupation Data.txt").write_text("O*NET-SOC Code\tTitle\tDescription\n11-0001.00\tWeavers\t.\n11-0002.00\tYarn Buyers\t.\n", encoding="utf-8")
    return folder


def test_new_titles_are_those_of_no_name_of_the_earlier_release(tmp_path: Path) -> None:
    earlier = _release(tmp_path / "1", [("11-0001.00", "Loom Hand", "n/a"), ("11-0001.00", "Loom Artist (LA)", "LA")])
    later = _release(tmp_path / "2", [
        ("11-0001.00", "Loom-Hand", ""), ("11-0001.00", "LA", ""), ("11-0001.00", "Yarn Buyers", ""), ("11-0001.00", "Weave Lead", ""), ("11-0002.00", "Weave/Lead", "WL"),
    ])  # fmt: skip
    assert new_titles(earlier, later) == [("Weave Lead", ("11-0001.00", "11-0002.00"))]


def test_corrupted_titles_are_made_of_clear_ones_and_name_nothing_else(tmp_path: Path) -> None:
    folder = _release(tmp_path / "1", [("11-0001.00", "Loom Hand", ""), ("11-0002.00", "Loom Hand", ""), ("11-0002.00", "Yarn Agent (Wool)", ""), ("11-0001.00", "Senior Yarn Buyers", "")])
    assert clear_titles(folder) == {"Senior Yarn Buyers": "11-0001.00", "Weavers": "11-0001.00", "Yarn Buyers": "11-0002.00"}
    found = list(corrupted(folder, 40, 1))
    assert len(found) == len({d.title for d, _ in found}) == 40
    assert all(key_of(d.title) != "senior yarn buyers" or code == "11-0001.00" for d, code in found)
    assert found == list(corrupted(folder, 40, 1))
    assert found != list(corrupted(folder, 40, 2))


@pytest.mark.published
def test_the_new_titles_of_30_1_are_as_many_as_the_docs_say(published_data: Path) -> None:
    found = new_titles(published_data / "onet_29_1", published_data / "onet_30_1")
    assert len(found) == 1_418
    assert sum(len(codes) > 1 for _, codes in found) == 26
