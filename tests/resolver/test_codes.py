"""A code for a title: today's, one that another replaced, one that was split, and one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest
from authored_world import World, authored_world

from engine.resolver import Resolution, Resolver, TitleIndex, build_title_index, load_vocabulary, normalise, published_codes
from engine.rules import load_rulebook

AS_OF = date(2026, 11, 21)
STAMPS = {"today": ("source/taxonomy@2", "occupations.csv:1", "2", "CC-BY-4.0", "1"), "crosswalk": ("source/crosswalk@2", "from_1_to_2.csv:7", "2", "CC-BY-4.0", "1")}
TODAY = {"15-1251.00": "Loom Programmers", "15-1252.00": "Loom Developers", "15-1299.00": "Loom Workers", "15-1299.01": "Loom Planners"}
GROUPS = {"15-1251": "Loom Programmers", "15-1252": "Loom Developers", "15-1299": "Loom Workers, All Other"}
FORMER = {"15-9001.00": ["15-1251.00"], "15-9002.00": ["15-1252.00", "15-1299.00"], "15-9003.00": ["15-1251.00"], "15-1252.00": ["15-1251.00"], "15-9001": ["15-1251"], "15-9004": ["15-1299"]}


class Records:
    """Occupations, classes of work and a crosswalk, as a warehouse hands them on."""

    def __init__(self) -> None:
        now, then = STAMPS["today"], STAMPS["crosswalk"]
        self._rows: dict[str, list[dict[str, Any]]] = {
            "Occupation": [_named(f"occupation/{code}", code, label, now) for code, label in TODAY.items()],
            "OccupationGroup": [_named(f"soc/{code}", code, label, now) for code, label in GROUPS.items()],
            "FormerCode": [_named(f"former/one-{code}", code, code, then) for code in FORMER],
            "REPLACED_BY.FormerCode.Occupation": [_link(f"former/one-{old}", f"occupation/{new}", then) for old, several in FORMER.items() for new in several if "." in new],
            "REPLACED_BY.FormerCode.OccupationGroup": [_link(f"former/one-{old}", f"soc/{new}", then) for old, several in FORMER.items() for new in several if "." not in new],
        }

    def lexical_rows(self, target: str, columns: Sequence[str] | None = None, batch: int = 10_000) -> Iterable[Sequence[tuple[Any, ...]]]:  # noqa: ARG002 - one batch
        yield [tuple(row[name] for name in columns or ()) for row in self._rows[target]]


def _stamped(stamp: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(("source", "source_ref", "release", "licence", "confidence"), stamp, strict=True))


def _named(key: str, code: str, label: str, stamp: tuple[str, ...]) -> dict[str, str]:
    return {"id": key, "code": code, "label": label, **_stamped(stamp)}


def _link(old: str, new: str, stamp: tuple[str, ...]) -> dict[str, str]:
    return {"from": old, "to": new, **_stamped(stamp)}


@pytest.fixture(scope="module")
def resolver(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    world: World = authored_world()
    for code in TODAY:
        for fact in ("audience.class_of_work", "fallback.nearest_ground"):
            world.state(fact, f"occupation/{code}", **world.facts[fact][f"soc/{code[:7]}"])
    path = tmp_path_factory.mktemp("codes") / "titles.sqlite"
    build_title_index(path, [*world.rows, *published_codes(Records())], world.seniorities)
    return Resolver(TitleIndex(path), world, load_rulebook(), AS_OF)


def occupations(answer: Resolution) -> tuple[str | None, set[str]]:
    return answer.occupation and answer.occupation.code, {o.code for o in answer.occupations}


@pytest.mark.parametrize(
    ("code", "leads", "candidates", "row"),
    [
        ("15-1251.00", "15-1251.00", {"15-1251.00"}, "current_code"),
        (" 15-1251.00\n", "15-1251.00", {"15-1251.00"}, "current_code"),
        ("15-1251", "15-1251.00", {"15-1251.00"}, "current_code"),
        ("15-1299", None, {"15-1299.00", "15-1299.01"}, "current_code"),  # a class of several occupations
        ("15-9001.00", "15-1251.00", {"15-1251.00"}, "former_code"),
        ("15-9003.00", "15-1251.00", {"15-1251.00"}, "former_code"),  # merged with the one before
        ("15-9001", "15-1251.00", {"15-1251.00"}, "former_code"),
        ("15-9004", None, {"15-1299.00", "15-1299.01"}, "former_code"),
        ("15-9002.00", None, {"15-1252.00", "15-1299.00"}, "split_code"),
        ("15-1252.00", "15-1252.00", {"15-1252.00"}, "current_code"),  # what is still in use means what it means today
    ],
)
def test_a_code_resolves_to_what_stands_for_it_today(code: str, leads: str | None, candidates: set[str], row: str, resolver: Resolver) -> None:
    answer = resolver.resolve(code)
    assert occupations(answer) == (leads, candidates)
    assert answer.reasons[0].rule == row
    assert answer.normalized == code.strip()


@pytest.mark.parametrize(("code", "source"), [("15-1251.00", "source/taxonomy@2"), ("15-9001.00", "source/crosswalk@2"), ("15-9002.00", "source/crosswalk@2")])
def test_the_reason_and_the_evidence_name_who_states_it_and_in_which_release(code: str, source: str, resolver: Resolver) -> None:
    answer = resolver.resolve(code)
    assert source in answer.reasons[0].sentence
    assert {(e.source, e.release) for e in answer.evidence} == {(source, "2")}


def test_a_code_is_served_as_the_name_of_its_occupation_would_be(resolver: Resolver) -> None:
    answer = resolver.resolve("15-1251.00")
    assert (answer.fallback_tier, answer.service_tier) == ("function", "serve_with_fallback")


def test_routes_of_codes_say_the_same(resolver: Resolver) -> None:
    codes = [*TODAY, *GROUPS, *FORMER, "15-0000", "99-9999.99"]
    for route in resolver.route(codes):
        answer = resolver.resolve(route.title)
        assert (route.fallback_tier, route.occupation, route.occupations, route.confidence) == (answer.fallback_tier, occupations(answer)[0], tuple(o.code for o in answer.occupations), answer.confidence)
        assert route.reasons[0].endswith(answer.reasons[0].sentence)


def test_an_unknown_code_is_unknown(resolver: Resolver) -> None:
    answer = resolver.resolve("99-9999.99")
    assert (answer.outcome, answer.runtime_action, answer.occupations) == ("unmapped", "block_unknown_title", ())


@pytest.mark.parametrize("text", ["15-12", "151252", "15-1252.0", "15-1252.000", "١٥-1252", "15-1252 / 15-1253"])
def test_other_numbers_are_no_title(text: str) -> None:
    assert normalise(text, load_vocabulary()).refused == "it holds no letters"


def test_codes_lend_their_digits_to_no_title(resolver: Resolver) -> None:
    assert resolver.resolve("loom 15 1251").occupations == ()
