"""Routes of many titles: what they say is what resolving one title after the other says, in any batching, from the file and from memory."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from authored_world import authored_world, published_world
from filed_world import AS_OF, ROWS, RULES, SENIORITIES, SOURCE, InventedFacts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_golden_titles import CASES, resolver_of

from engine.resolver import Derivation, Resolver, Route, TitleIndex, TitleRow, build_title_index

MANY = 300  # a list so long that the whole index is read into memory first
WORDS = ["bouquet", "adviser", "petal", "person", "seed", "advocates", "senior", "manager", "tractor", "driver", "flower", "trade", "dragon", "bouqet", "associate", "-", ",", "#12", "of", "Reno"]
TARGETS = [
    *((f"occupation/{code}.00", kind) for code in ("41-0001", "23-0001", "53-0001") for kind in ("canonical", "alternate", "reported")), ("soc/23-0001", "alias"), ("soc/41-0002", "group_name"),
    ("role/bouquet-adviser", "canonical"), ("role/bouquet-adviser", "alias"), ("role/bouquet-adviser", "specialism"), ("role/draft-role", "alias"), ("function/flowers", "term"), ("archetype/specialist", "term"),
]  # fmt: skip
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
rows = st.builds(
    lambda text, named, suffix, confidence: TitleRow(text + suffix, named[0], named[0], named[1], *SOURCE, Decimal(confidence)),
    st.lists(st.sampled_from([w for w in WORDS if w.isalpha()]), min_size=1, max_size=4).map(" ".join), st.sampled_from(TARGETS), st.sampled_from(["", " m/f"]), st.sampled_from(["1", "0.5"]),
)  # fmt: skip


def resolver(folder: Path, filed: Sequence[TitleRow] = ROWS) -> Resolver:
    build_title_index(folder / "titles.sqlite", filed, SENIORITIES)
    return Resolver(TitleIndex(folder / "titles.sqlite"), InventedFacts(), RULES, AS_OF)


def said(found: Derivation) -> dict[str, Any]:
    """What a route says, put together from a derivation by hand."""
    answer = found.resolution
    plain = ("title", "normalized", "fallback_tier", "service_tier", "runtime_action", "outcome", "role", "ground", "function", "confidence", "caveats", "review_tags")
    return {name: getattr(answer, name) for name in plain} | {
        "occupation": answer.occupation and answer.occupation.code, "occupations": tuple(o.code for o in answer.occupations), "groups": tuple((g.code, g.chance) for g in answer.groups),
        "reasons": tuple(f"{'.'.join(filter(None, (r.pack, r.table, r.rule)))}: {r.sentence}" for r in answer.reasons),
    }  # fmt: skip


def shown(route: Route) -> dict[str, Any]:
    return {name: getattr(route, name) for name in Route.__slots__ if name != "decision_id"}


def assert_agree(one: Resolver, asked: Sequence[str], routes: Sequence[Route]) -> None:
    assert len(routes) == len(asked)
    for title, route in zip(asked, routes, strict=True):
        assert shown(route) == said(one.derive(title))


@given(st.lists(rows, max_size=12), st.lists(titles, min_size=1, max_size=12), st.integers(1, 12))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_routes_in_any_batching_say_what_resolving_one_title_says(tmp_path: Path, filed: list[TitleRow], asked: list[str], size: int) -> None:
    one, many = resolver(tmp_path, [*ROWS, *filed]), resolver(tmp_path, [*ROWS, *filed])
    routes = one.route(asked)
    assert_agree(one, asked, routes)
    repeated = many.route(asked * (MANY // len(asked) + 1))
    assert repeated[: len(asked)] == repeated[len(asked) : 2 * len(asked)] == routes
    assert tuple(r for start in range(0, len(asked), size) for r in many.route(asked[start : start + size])) == routes
    assert many.route(asked[::-1]) == routes[::-1]
    assert_agree(many, asked, routes)


def test_golden_titles_have_one_route_however_they_are_asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    asked = [c["title"] for c in CASES if c["graph"] == "wedge"]
    one, many = (resolver_of(authored_world(), tmp_path_factory.mktemp("wedge")) for _ in range(2))
    routes = many.route(asked)
    assert_agree(one, asked, routes)
    assert one.route(asked[:3]) == routes[:3]


def test_every_embedded_title_has_the_route_of_its_resolution(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = authored_world()
    asked = sorted({row.text for row in world.rows})
    one, many = (resolver_of(world, tmp_path_factory.mktemp("wedge")) for _ in range(2))
    assert_agree(one, asked[::9], many.route(asked)[::9])


@pytest.mark.published
def test_vacancy_titles_have_the_routes_of_their_resolutions(published_data: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with (published_data / "vacancy_titles" / "validation.csv").open(encoding="utf-8", newline="") as stream:
        asked = [row[1] for row in csv.reader(stream)][1:4000]
    world = published_world(published_data)
    one, many = (resolver_of(world, tmp_path_factory.mktemp("onet")) for _ in range(2))
    routes = many.route(asked)
    assert many.route(asked) == routes
    assert_agree(one, asked[::8], routes[::8])


@pytest.mark.parametrize("title", ["", " \t\n", "x" * 1_000_000, "\ud800 adviser", "💐", "‮Bouquet Adviser", "<b>Bouquet Adviser</b>", "'; DROP TABLE key; --", "MATCH (n) DETACH DELETE n", "花屋", "42"])
def test_whatever_comes_has_a_route(title: str, tmp_path: Path) -> None:
    asked = resolver(tmp_path)
    (route,) = asked.route([title])
    assert shown(route) == said(asked.derive(title))
    assert route.reasons


def test_no_titles_have_no_routes(tmp_path: Path) -> None:
    assert resolver(tmp_path).route([]) == ()


def test_an_id_is_of_the_title_and_of_what_was_decided_about_it(tmp_path: Path) -> None:
    asked = resolver(tmp_path)
    first, other, same = asked.route(["Bouquet Adviser", "bouquet adviser", "Bouquet Adviser"])
    assert first == same
    assert first.decision_id != other.decision_id
    (moved,) = resolver(tmp_path, [TitleRow("Bouquet Adviser", "role/bouquet-adviser", "Bouquet Adviser", "alias", *SOURCE)]).route(["Bouquet Adviser"])
    assert moved.decision_id != first.decision_id
    tiers = asked.derive("Bouquet Adviser").tiers
    tables = [tiers.fallback, tiers.service, tiers.tags, tiers.caveats]
    assert RULES.decision_ids(tables, AS_OF, ['["Bouquet Adviser", "role/bouquet-adviser"]']) == (first.decision_id,)


def test_two_records_for_one_thing_are_told_by_the_title_that_speaks(tmp_path: Path) -> None:
    """Where two lists name one thing with equal trust, the first title in the alphabet gives the reason; like titles need not share it."""
    filed = [
        TitleRow("Alpha Grower (AG)", "soc/41-0001", "Growers", "canonical", *SOURCE), TitleRow("AG", "soc/41-0001", "Growers", "alias", *SOURCE),
        TitleRow("Zinnia Grower (ZG)", "soc/41-0001", "Growers", "alias", *SOURCE), TitleRow("ZG", "soc/41-0001", "Growers", "canonical", *SOURCE),
    ]  # fmt: skip
    many = resolver(tmp_path, filed)
    assert_agree(resolver(tmp_path, filed), ["AG", "ZG"], many.route(["AG", "ZG"]))


def test_two_readings_that_name_one_role_are_told_by_the_title_that_speaks(tmp_path: Path) -> None:
    """The same where the two records are filed under different readings of the title: as written, and without the form."""
    named = [("Alpha Hand m/f", "0.5"), ("alpha hand", "1"), ("beta hand m/f", "0.5"), ("Beta Hand", "1")]
    filed = [TitleRow(text, "role/bouquet-adviser", "Bouquet Adviser", "alias", *SOURCE, Decimal(confidence)) for text, confidence in named]
    many = resolver(tmp_path, filed)
    asked = ["Alpha Hand m/f", "Beta Hand m/f"]
    assert_agree(resolver(tmp_path, filed), asked, many.route(asked))


@given(st.lists(rows, min_size=1, max_size=20), st.lists(st.sampled_from([*WORDS, "bouquets", "drago", "floweer", "persson"]), min_size=1, max_size=6), st.integers(500_000, 1_000_000))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_index_answers_alike_from_the_file_and_from_memory(tmp_path: Path, filed: list[TitleRow], words: list[str], least: int) -> None:
    build_title_index(tmp_path / "titles.sqlite", [*ROWS, *filed], SENIORITIES)
    cold, warm = TitleIndex(tmp_path / "titles.sqlite"), TitleIndex(tmp_path / "titles.sqlite")
    warm.warm_up()
    assert (cold.warm, warm.warm) == (False, True)
    asked = tuple(words)
    keys = [" ".join(words[:n]) for n in range(1, len(words) + 1)]
    assert list(cold.exact(keys).items()) == list(warm.exact(keys).items())
    assert cold.same_words(asked) == warm.same_words(asked)
    assert list(cold.made_of(asked)) == list(warm.made_of(asked))
    assert [cold.spelled(w, least) for w in words] == [warm.spelled(w, least) for w in words]
    assert [(cold.weight(w), cold.known(w), cold.heads(w), cold.goes_with(w, words[-1])) for w in words] == [(warm.weight(w), warm.known(w), warm.heads(w), warm.goes_with(w, words[-1])) for w in words]
    assert [cold.together(words[:n], head) for n in (1, 2) for head in (None, words[-1])] == [warm.together(words[:n], head) for n in (1, 2) for head in (None, words[-1])]
    targets = {row.target for row in filed}
    assert [(cold.label(t), cold.specialisms(t)) for t in targets] == [(warm.label(t), warm.specialisms(t)) for t in targets]
