"""Titles that are filed nowhere word for word, in a world large enough to liken them: what is meant for sure, what is only like it, and what is no title."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from likened_world import MATERIALS, TITLES, TRADES, likened_world
from test_routes import assert_agree

from engine.resolver import Resolver
from engine.similarity import Ranker, Ranking

CODES = {titles[0].lower(): concept.partition("/")[2] for concept, titles in TITLES.items()}
ASKED = [
    "Amber Turner", "Ambre Turner", "turner, amber", "Senior Velvt Packer - 4711", "velvet packing hand", "zzz qqq", "obsidian gilders wanted", "copper person", "granit grindr",
    "Martian amber turner", "slate hand roller", "washing of kelp", "quartz", "", "💐", "Slate Roller / Kelp Washer", "we need a marble cuter for nights", "Jasper Grader II", "https://example.com",
]  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    return likened_world(tmp_path_factory.mktemp("likened"))


@pytest.fixture
def likened(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The batches that the index of likeness is asked from now on."""
    asked: list[Sequence[str]] = []
    rank = Ranker.rank

    def spied(self: Ranker, titles: Sequence[str], top: int = 10) -> Ranking:
        asked.append(titles)
        return rank(self, titles, top)

    monkeypatch.setattr(Ranker, "rank", spied)
    return asked


@pytest.fixture(scope="module")
def ambiguous(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    """The same world where `Amber Turner` is a title of two occupations."""
    return likened_world(tmp_path_factory.mktemp("ambiguous"), {f"occupation/{CODES['velvet packer']}": ("Amber Turner",)})


def slip(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


@given(st.sampled_from(MATERIALS), st.sampled_from(TRADES), st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_slip_of_the_hand_leads_to_the_occupation_that_is_meant_and_is_not_called_exact(world: Resolver, material: str, trade: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(trade) - 3))
    (route,) = world.route([f"{material} {slip(trade, at)}"])
    if slip(trade, at) != trade:
        assert route.occupations[0] == CODES[f"{material} {trade}"]
        assert Decimal("0.5") < route.confidence < 1


def test_what_is_meant_for_sure_is_answered_without_asking_what_it_resembles(world: Resolver, likened: list[Sequence[str]]) -> None:
    sure, unsure = world.route(["Granit Grindr", "Martian amber turner"])
    assert [list(titles) for titles in likened] == [["martian amber turner"]]
    assert (sure.occupations, sure.occupation) == ((CODES["granite grinder"],), CODES["granite grinder"])
    assert unsure.occupations[0] == CODES["amber turner"]
    assert unsure.occupation is None
    assert unsure.confidence < sure.confidence < 1


def test_texts_that_are_one_once_read_are_asked_once(world: Resolver, likened: list[Sequence[str]]) -> None:
    one, two, three = world.route(["velvet packing help", "velvet packing help - 4711", "Velvet Packing Help (remote)"])
    assert len(likened[0]) == 1
    assert one.occupations == two.occupations == three.occupations


@pytest.mark.parametrize("title", ["zzz qqq", "https://example.com", "one two three", "4711"])
def test_what_is_no_title_gets_no_plan_and_lists_nothing(world: Resolver, title: str) -> None:
    (route,) = world.route([title])
    assert route.outcome in ("unmapped", "not_a_title")
    assert (route.occupations, route.occupation, route.confidence) == ((), None, 0)


def test_one_word_of_a_title_says_little(world: Resolver) -> None:
    (route,) = world.route(["quartz"])
    assert route.occupation is None
    assert route.confidence < Decimal("0.2")


@given(st.lists(st.sampled_from(ASKED), min_size=1, max_size=8), st.integers(1, 8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_batching_says_what_resolving_one_title_says(world: Resolver, asked: list[str], size: int) -> None:
    routes = world.route(asked)
    assert_agree(world, asked, routes)
    assert tuple(r for start in range(0, len(asked), size) for r in world.route(asked[start : start + size])) == routes


def test_a_long_list_read_at_once_says_the_same(world: Resolver, tmp_path_factory: pytest.TempPathFactory) -> None:
    asked = [*ASKED, *(f"{slip(material, 1)} {trade}" for material in MATERIALS for trade in TRADES)]
    fresh = likened_world(tmp_path_factory.mktemp("again"))
    routes = fresh.route(asked)
    assert len(asked) > 400
    assert_agree(world, asked[::7], routes[::7])


def test_words_of_rank_of_several_words_tell_no_work(world: Resolver) -> None:
    for title in ("Entry-Level Amber Turner", "Senior Amber Turner", "Amber Turner (Entry Level)"):
        (route,) = world.route([title])
        assert route.occupations[0] == CODES["amber turner"], title


@pytest.mark.parametrize(("title", "asked"), [("Amber Turner", 0), ("AMBER TURNER HAND", 0), ("Amber Turner (Kelp Washer)", 1)])
def test_only_a_title_that_is_filed_in_part_is_likened(world: Resolver, likened: list[Sequence[str]], title: str, asked: int) -> None:
    (route,) = world.route([title])
    assert sum(map(len, likened)) == asked
    assert route.occupations[0] == CODES["amber turner"]


def test_of_a_title_that_names_several_occupations_a_slip_picks_none(ambiguous: Resolver) -> None:
    """Spelled right it names two alike; one letter wrong must not make it name the one with the lower code."""
    right, wrong = ambiguous.route(["Amber Turner", "Ambr Turner"])
    assert right.occupation is None
    assert set(right.occupations) == {CODES["amber turner"], CODES["velvet packer"]}
    assert set(right.occupations) <= set(wrong.occupations)
    assert wrong.occupation is None
    assert wrong.confidence < Decimal("0.9")  # a slip in a title that names one is surer


def test_pay_by_the_hour_names_no_department(world: Resolver) -> None:
    bare, paid = world.route(["Ambr Turner", "Ambr Turner - $22/hr"])
    assert (bare.occupations, bare.confidence) == (paid.occupations, paid.confidence)


@pytest.mark.parametrize("title", ["Ambr Turner", "Granit Grindr - Nights", "amber turner kelp"])
def test_nothing_near_is_surer_than_what_is_filed(world: Resolver, title: str) -> None:
    filed, near = world.route(["Amber Turner", title])
    assert near.confidence <= filed.confidence


def test_what_a_title_is_like_names_no_occupation_that_its_own_records_do_not(world: Resolver) -> None:
    """The head is known by records of its own; a misspelt second trade may be likelier, but the title is not taken as that."""
    for title in ("Amber Turner, Kelp Washr", "Amber Turner | Granit Grindr"):
        (route,) = world.route([title])
        assert route.occupation in (None, CODES["amber turner"])


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Amber Turner / Klep Wahser", ("inside", 2)), ("Amber Turner (Kelp Washer)", ("inside", 2)), ("Klep Wahser / Amber Turner", ("inside", 2)),
        ("Amber Turner (Klep Wahser)", (None, 0)), ("Amber Turner - Boise", (None, 0)), ("Amber Turner", (None, 0)),
    ],
    ids=["misspelt behind the head", "in brackets", "a misspelt head", "brackets are read as written", "a name", "alone"],
)  # fmt: skip
def test_a_misspelt_part_or_one_in_brackets_is_a_second_job(world: Resolver, title: str, told: tuple[str | None, int]) -> None:
    votes = world.facts_of(title).votes
    assert (votes["second_job"], votes["second_job_words"]) == told
    assert_agree(world, [title], world.route([title]))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    """The same world with a short title, one of one word, and one that names six occupations alike."""
    several = {f"occupation/41-{place:04}.00": ("Quartzer",) for place in range(43, 49)}
    return likened_world(tmp_path_factory.mktemp("short"), {"occupation/41-0042.00": ("AFC", "Foundryman"), **several})


def test_an_employer_that_is_named_like_a_trade_names_no_occupation(short: Resolver) -> None:
    for title in ("Foundryman at Klep Wahser Inc", "AFC at Kelp Washer Inc"):
        (route,) = short.route([title])
        assert route.occupations[0] == "41-0042.00", title


def test_a_few_letters_near_a_title_name_nothing(short: Resolver) -> None:
    """`quartzy` is near a title of six occupations and like others a little; `abc` is near a short one."""
    assert short.route(["AFC"])[0].occupations == ("41-0042.00",)
    for route in short.route(["abc", "12345 67890 abc", "quartzy"]):
        assert (route.occupations, route.confidence) == ((), 0), route.title


def test_one_misspelt_word_lists_what_its_record_names(short: Resolver) -> None:
    right, wrong = short.route(["Quartzer", "Qartzer"])
    assert set(wrong.occupations) == set(right.occupations)
    assert wrong.occupation is None
    assert wrong.confidence <= right.confidence
