"""A title whose telling word no published title holds: with a sentence model the occupation that it means is listed first, without one it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from filed_world import AS_OF, RULES, SENIORITIES, SOURCE, InventedFacts
from tiny_model import write_tiny_model

from engine.resolver import Resolver, TitleIndex, TitleRow, build_title_index
from engine.similarity import LabelledConcept, SentenceModel, build_similarity, read_model_folder

THINGS = ("moss", "fern", "bell", "lamp", "kite", "drum", "rope", "sail", "clay", "wool", "cork", "reed", "bone", "silk", "tile", "wax", "brass", "straw")
WORKS = ("maker", "tester", "grower", "tuner", "carver", "dyer", "binder", "packer", "sorter", "mender", "polisher", "weaver", "cutter", "painter", "seller", "moulder", "spinner", "washer")
NAMES = {f"occupation/{10 + n // 18:02d}-{1001 + n % 18:04d}.00": f"{thing.title()} {work.title()}" for n, (thing, work) in enumerate((t, w) for t in THINGS for w in WORKS)}
MEANT, ASKED = next(code for code, name in NAMES.items() if name == "Kite Maker").removeprefix("occupation/"), "Cometa Maker"


def meanings() -> dict[str, list[float]]:
    """Every word a direction of its own, but for one that means what another does."""
    words = [*THINGS, *WORKS]
    told = {word: [float(word == other) for other in words] for word in words}
    return told | {"cometa": told["kite"]}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same titles, indexed without a model and with one."""
    home = tmp_path_factory.mktemp("meaning")
    build_title_index(home / "titles.sqlite", [TitleRow(name, code, name, "canonical", *SOURCE) for code, name in NAMES.items()], SENIORITIES)
    namings = [LabelledConcept(name, code, "canonical") for code, name in NAMES.items()]
    build_similarity(home / "without", namings)
    build_similarity(home / "with", namings, model=SentenceModel(read_model_folder(write_tiny_model(home / "model", meanings()))))
    return {name: home / name for name in ("without", "with", "titles.sqlite")}


def resolver(folders: dict[str, Path], likeness: str) -> Resolver:
    return Resolver(TitleIndex(folders["titles.sqlite"], lambda: folders[likeness]), InventedFacts(), RULES, AS_OF)


def listed(folders: dict[str, Path], likeness: str, title: str = ASKED) -> list[str]:
    return [o.code for o in resolver(folders, likeness).resolve(title).occupations]


def test_it_is_listed_first_with_the_model_and_not_without(folders: dict[str, Path]) -> None:
    assert listed(folders, "with")[0] == MEANT
    assert MEANT not in listed(folders, "without")[:1]


def test_a_published_title_means_what_it_names_with_or_without(folders: dict[str, Path]) -> None:
    for code, name in list(NAMES.items())[::40]:
        assert listed(folders, "with", name) == listed(folders, "without", name) == [code.removeprefix("occupation/")]


def test_routes_in_any_batching_say_what_resolving_says(folders: dict[str, Path]) -> None:
    asked = [f"{one} {work}" for one in ("Cometa", "Kite", "Zzz") for work in WORKS]
    one = resolver(folders, "with")
    routes = resolver(folders, "with").route(asked)
    for title, route in zip(asked, routes, strict=True):
        found = one.resolve(title)
        assert (route.occupations, route.service_tier, route.confidence) == (tuple(o.code for o in found.occupations), found.service_tier, found.confidence)
    assert resolver(folders, "with").route(asked[::-1]) == routes[::-1]
