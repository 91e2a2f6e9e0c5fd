"""From title to resolution in a small invented world, under the real rule packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import prod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.contracts import digest_of
from engine.resolver import Resolution, SeniorityTerm, TitleIndex, TitleRow, build_title_index, resolve
from engine.rules import load_rulebook

AS_OF = date(2026, 11, 20)
SOURCE = ("source/test@1", "row 1", "1", "CC0-1.0")
RULES = load_rulebook()
TITLES = [
    ("Bouquet Adviser", "role/bouquet-adviser", "canonical"),
    ("bouquet clerk", "role/bouquet-adviser", "alias"),
    ("shared name", "role/bouquet-adviser", "alias"),
    ("shared name", "role/draft-role", "alias"),
    ("Draft Role", "role/draft-role", "canonical"),
    ("wedding", "role/bouquet-adviser", "specialism"),
    ("flower trade", "function/flowers", "term"),
    ("Flower Broker", "occupation/41-0001.00", "canonical"),
    ("Petal Person", "occupation/41-0001.00", "alternate"),
    ("Petal Person", "occupation/41-0002.00", "alternate"),
    ("Petal Person", "occupation/23-0001.00", "alternate"),
    ("Petal Person", "occupation/41-0003.00", "alternate"),
    ("Seed Advocates", "occupation/23-0001.00", "canonical"),
    ("seed advocate", "soc/23-0001", "alias"),
    ("Tractor Drivers", "occupation/53-0001.00", "canonical"),
    ("Split Person", "occupation/41-0001.00", "alternate"),
    ("Split Person", "occupation/53-0001.00", "alternate"),
    ("Groundless Person", "occupation/41-0009.00", "canonical"),
]
TERMS = [("senior", 3), ("junior", 1), ("supervisor", 4), ("manager", 5), ("director", 6), ("chief", 3), ("chief", 5)]


class InventedFacts:
    """Facts of the invented world: classes by code, one function with its archetype, one role approved and one in draft."""

    def columns(self, fact: str, subjects: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        return {
            "audience.class_of_work": self._classes,
            "fallback.nearest_ground": lambda keys: {"ground": [None if "0009" in k or "41-" not in k else "function/flowers" for k in keys]},
            "fallback.function_archetype": lambda keys: {"function_archetype": ["archetype/specialist" for _ in keys]},
            "fallback.role_standing": self._roles,
            "service.ground_depth": self._depth,
        }[fact](subjects)

    @staticmethod
    def _classes(keys: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        codes = [k.partition("/")[2][:7] for k in keys]
        return {"detailed": codes, "broad": [None for _ in keys], "minor": [None for _ in keys], "major": [c[:2] + "-0000" for c in codes]}

    @staticmethod
    def _roles(keys: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        return {
            "role_function": ["function/flowers" for _ in keys], "role_archetype": ["archetype/specialist" for _ in keys],
            "family": ["family/flowers" for _ in keys], "role_occupation": ["occupation/41-0001.00" for _ in keys], "role_occupation_name": ["Flower Brokers" for _ in keys],
        }  # fmt: skip

    @staticmethod
    def _depth(keys: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        return {"status": ["draft" if "draft" in k else "approved" for k in keys], "workflows": [4 for _ in keys], "approvals": [1 for _ in keys]}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TitleIndex:
    path = tmp_path_factory.mktemp("index") / "titles.sqlite"
    rows = [TitleRow(text, target, target, kind, *SOURCE) for text, target, kind in TITLES]
    build_title_index(path, rows, [SeniorityTerm((word,), f"seniority/{word}-{rank}", rank) for word, rank in TERMS])
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
    answer = ask("petal person", index)
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
