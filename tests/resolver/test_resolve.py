"""From title to resolution in a small invented world, under the real rule packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import prod
from pathlib import Path
from typing import Any

import pytest
from filed_world import AS_OF, ROWS, RULES, SENIORITIES, SOURCE, InventedFacts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.contracts import digest_of
from engine.resolver import Resolution, Resolver, TitleIndex, TitleRow, build_title_index, resolve


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TitleIndex:
    path = tmp_path_factory.mktemp("index") / "titles.sqlite"
    build_title_index(path, ROWS, SENIORITIES)
    return TitleIndex(path)


def ask(title: str, index: TitleIndex) -> Resolution:
    return resolve(title, index, InventedFacts(), RULES, AS_OF)


@pytest.mark.parametrize(
    ("title", "fallback_tier", "service_tier", "outcome"),
    [
        ("Bouquet Adviser", "exact", "serve_now", "served"),
        ("bouquet adviser #4711", "exact", "serve_now", "served"),
        ("Bouquet Adviser - Reno", "alias", "serve_now", "served"),
        ("Bouquet Adviser Reno", "alias", "serve_now", "served"),
        ("Senior Bouquet Clerk, part-time", "alias", "serve_now", "served"),
        ("wedding bouquet adviser", "alias", "serve_now", "served"),
        ("Bouqet Adviser", "alias", "serve_now", "served"),
        ("Bouquet Adviser Manager", "function", "serve_with_fallback", "served"),
        ("Bouquet Adviser Supervisor", "function", "serve_with_fallback", "served"),
        ("Director of Flower Trade", "function", "serve_with_fallback", "served"),
        ("Flower Broker", "function", "serve_with_fallback", "served"),
        ("Draft Role", "exact", "multi_llm_adjudication_required", "held"),
        ("Shared Name", "llm", "multi_llm_adjudication_required", "held"),
        ("Seed Advocate", "llm", "multi_llm_adjudication_required", "held"),
        ("wild seed advocate", "llm", "multi_llm_adjudication_required", "held"),
        ("Split Person", "llm", "multi_llm_adjudication_required", "held"),
        ("Groundless Person", "llm", "multi_llm_adjudication_required", "held"),
        ("Bouquet Adviser, Seed Advocate", "llm", "multi_llm_adjudication_required", "held"),
        ("Tractor Driver", "none", "exclude_or_not_icp", "outside"),
        ("neural lace wrangler", "none", "exclude_or_not_icp", "unmapped"),
        ("???", "none", "exclude_or_not_icp", "not_a_title"),
        ("", "none", "exclude_or_not_icp", "not_a_title"),
        ("flower flower flowers", "none", "exclude_or_not_icp", "not_a_title"),
        ("Bouquet Clerk, Seasonal", "alias", "serve_now", "served"),
        ("Bouquet Clerk - Securities", "llm", "multi_llm_adjudication_required", "held"),
        ("Chief Bouquet Clerk", "alias", "serve_now", "served"),
        ("Bouquet Clerk Chief", "function", "serve_with_fallback", "served"),
    ],
)
def test_tier_of_a_title(title: str, fallback_tier: str, service_tier: str, outcome: str, index: TitleIndex) -> None:
    answer = ask(title, index)
    assert (answer.fallback_tier, answer.service_tier, answer.outcome) == (fallback_tier, service_tier, outcome)


def test_an_ambiguous_title_names_no_occupation_and_lists_all(index: TitleIndex) -> None:
    answer = ask("petal person", index)
    assert answer.occupation is None
    assert [o.share for o in answer.occupations] == [Decimal("0.250000")] * 4
    assert answer.fallback_tier == "function"
    assert answer.review_tags == ("legal",)
    assert any("several occupations" in c for c in answer.caveats)


def test_a_title_of_one_occupation_names_it(index: TitleIndex) -> None:
    answer = ask("flower broker", index)
    assert answer.occupation is not None
    assert (answer.occupation.code, answer.role) == ("41-0001.00", None)


def test_a_served_role_carries_its_ground_family_and_evidence(index: TitleIndex) -> None:
    answer = ask("bouquet clerk", index)
    assert (answer.role, answer.ground, answer.family, answer.function) == ("role/bouquet-adviser", "role/bouquet-adviser", "family/flowers", "function/flowers")
    assert [e.record for e in answer.evidence] == ["role/bouquet-adviser"]
    assert answer.evidence[0].licence == "CC0-1.0"


def test_confidence_is_the_product_that_its_arithmetic_tells(index: TitleIndex) -> None:
    answer = ask("Bouquet Adviser", index)
    left, _, right = answer.confidence_arithmetic[-1].partition(" = ")
    factors = [Decimal(factor) for factor in left.split(" x ")]
    assert len(factors) == 4
    assert answer.confidence == Decimal(right) == prod(factors).quantize(Decimal("0.000001"), rounding="ROUND_DOWN")


def test_no_reading_is_certain_and_sentences_tell_percent(index: TitleIndex) -> None:
    answer = ask("Bouquet Adviser", index)
    assert answer.confidence == RULES.parameter("fallback", "base_trust", AS_OF) < 1
    assert answer.confidence_arithmetic[1] == "100 % of the votes stand behind the ground."
    assert "75 % of the votes are for work we write for" in [r.sentence for r in ask("petal person", index).reasons]


def test_the_records_own_confidence_enters_the_confidence_but_moves_no_tier(tmp_path: Path) -> None:
    rows = [TitleRow("Bouquet Adviser", "role/bouquet-adviser", "Bouquet Adviser", "canonical", *SOURCE, Decimal("0.4"))]
    build_title_index(tmp_path / "titles.sqlite", rows)
    doubtful = ask("Bouquet Adviser", TitleIndex(tmp_path / "titles.sqlite"))
    assert doubtful.service_tier == "serve_now"
    assert doubtful.confidence == Decimal("0.4") * RULES.parameter("fallback", "base_trust", AS_OF)


def test_a_role_names_the_occupation_that_it_maps_to_although_no_title_names_it(tmp_path: Path) -> None:
    build_title_index(tmp_path / "titles.sqlite", [TitleRow("Bouquet Adviser", "role/bouquet-adviser", "Bouquet Adviser", "canonical", *SOURCE)])
    answer = ask("Bouquet Adviser", TitleIndex(tmp_path / "titles.sqlite"))
    assert answer.occupation is not None
    assert (answer.occupation.code, answer.occupation.title) == ("41-0001.00", "Flower Brokers")


def test_reasons_name_the_rows_that_fired_in_order(index: TitleIndex) -> None:
    assert [r.rule for r in ask("Bouquet Adviser", index).reasons] == ["canonical_name", "authored_role", "role_by_name", "authored_and_deep"]


def test_a_refused_title_says_why(index: TitleIndex) -> None:
    assert "no letters" in ask("12345", index).reasons[-1].sentence


def test_the_trace_tells_which_cell_stopped_an_earlier_row(index: TitleIndex) -> None:
    line = next(t for t in ask("Draft Role", index).trace if t["table"] == "service_tier")
    assert line["fired"] == "question_for_reviewers"
    assert {"rule": "authored_and_deep", "input": "status", "test": "approved", "met": "draft"} in line["stops"]


def test_equal_questions_have_equal_digests(index: TitleIndex) -> None:
    assert digest_of(ask("petal person - Reno", index)) == digest_of(ask("petal person - Reno", index))


WORDS = ["bouquet", "adviser", "petal", "person", "seed", "advocate", "senior", "manager", "tractor", "driver", "flower", "trade", "dragon", "-", ",", "#12", "of"]


@given(st.one_of(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join), st.text(max_size=60)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_title_has_one_tier_and_only_a_served_one_a_ground(index: TitleIndex, title: str) -> None:
    answer = ask(title, index)
    assert answer.runtime_action in ("plan_local_synthetic", "hold_for_review", "block_not_icp", "block_unknown_title")
    assert (answer.ground is not None) == (answer.runtime_action == "plan_local_synthetic")
    assert answer.service_tier != "serve_now" or answer.role is not None
    assert (answer.role is not None) == (answer.fallback_tier in ("exact", "alias"))
    assert 0 <= answer.confidence <= 1
    assert answer.reasons
    digest_of(answer)


class _Unmapped(InventedFacts):
    """The same world with a role that its authors mapped to no occupation."""

    @staticmethod
    def _roles(keys: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        return {**InventedFacts._roles(keys), "role_occupation": [None for _ in keys], "role_occupation_name": [None for _ in keys]}


def test_of_titles_that_are_one_once_read_the_one_written_so_goes_first(tmp_path: Path) -> None:
    """`Rep` and `Representative` are one word to the index; what the text says is not forgotten, and no candidate leads for it."""
    filed = [TitleRow("Moss Rep", "occupation/41-0001.00", "A", "alternate", *SOURCE), TitleRow("Moss Representative", "occupation/41-0009.00", "B", "alternate", *SOURCE)]
    build_title_index(tmp_path / "titles.sqlite", filed, SENIORITIES)
    asked = Resolver(TitleIndex(tmp_path / "titles.sqlite"), InventedFacts(), RULES, AS_OF)
    for title, first in (("moss rep", "41-0001.00"), ("MOSS REP (remote)", "41-0001.00"), ("Moss Representative", "41-0009.00"), ("moss representative - 4711", "41-0009.00")):
        (route,) = asked.route([title])
        found = asked.resolve(title)
        assert [o.code for o in found.occupations] == list(route.occupations)
        assert (route.occupations[0], len(route.occupations), route.occupation) == (first, 2, None), title
    assert {o.share for o in asked.resolve("moss reps").occupations} == {Decimal("0.5")}  # written as neither


def test_a_role_mapped_to_no_occupation_lists_those_that_publishers_name_and_none_leads(tmp_path: Path) -> None:
    filed = [TitleRow("Moss Rep", "role/bouquet-adviser", "Bouquet Adviser", "alias", *SOURCE), TitleRow("Moss Rep", "occupation/41-0001.00", "A", "alternate", *SOURCE)]
    build_title_index(tmp_path / "titles.sqlite", filed, SENIORITIES)
    for facts, codes, leading in ((InventedFacts(), ("41-0001.00",), "41-0001.00"), (_Unmapped(), ("41-0001.00",), None)):
        asked = Resolver(TitleIndex(tmp_path / "titles.sqlite"), facts, RULES, AS_OF)
        (route,) = asked.route(["moss rep"])
        assert (route.role, route.occupations, route.occupation) == ("role/bouquet-adviser", codes, leading)


def test_a_settled_name_of_an_occupation_speaks_before_publishers_listings(tmp_path: Path) -> None:
    """What reviewers agreed on is an alias of the occupation; without it the same listings leave the title ambiguous."""
    listed = [TitleRow("Petal Rep", f"occupation/41-000{n}.00", f"O{n}", "alternate", *SOURCE) for n in (1, 2, 3)]
    settled = TitleRow("Petal Rep", "occupation/23-0001.00", "Settled", "alias", *SOURCE)
    for filed, codes, leading in ((listed, 3, None), ([*listed, settled], 1, "23-0001.00")):
        build_title_index(tmp_path / f"{codes}.sqlite", filed, SENIORITIES)
        asked = Resolver(TitleIndex(tmp_path / f"{codes}.sqlite"), InventedFacts(), RULES, AS_OF)
        (route,) = asked.route(["petal rep - Reno"])
        found = asked.resolve("petal rep - Reno")
        assert (len(route.occupations), route.occupation) == (codes, leading)
        assert (found.occupation and found.occupation.code, found.service_tier) == (leading, route.service_tier)


def test_words_that_are_shared_are_shown_and_claim_nothing(index: TitleIndex) -> None:
    found = ask("bouquet wizard", index)
    assert found.outcome == "unmapped"
    assert "role/bouquet-adviser" in {a.record for a in found.alternatives}
    assert not found.occupations
    bound = RULES.rows_left("title_evidence", "title_evidence", {"road": "shared_words", "naming": "alternate"}, AS_OF)
    assert bound == 0  # no row of the table can hold for such a record
    (route,) = Resolver(index, InventedFacts(), RULES, AS_OF).route(["bouquet wizard"])
    assert (route.outcome, route.reasons) == (found.outcome, tuple(f"{'.'.join(filter(None, (r.pack, r.table, r.rule)))}: {r.sentence}" for r in found.reasons))
