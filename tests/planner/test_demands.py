"""What the law asks: by jurisdiction, sector and day; what is not known is said and never read as freedom."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts import BadInput
from engine.contracts.legal import LegalAnswer
from engine.planner import legal_demands
from engine.rules import Rulebook, load_rulebook

DAY = date(2026, 11, 21)
ROOT = Path(__file__).resolve().parents[2]
RULEBOOK = load_rulebook()


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return RULEBOOK


def ask(*jurisdictions: str, sector: str | None = None, work: tuple[str, ...] = ("archetype/team-leader",), day: date = DAY) -> LegalAnswer:
    return legal_demands(RULEBOOK, jurisdictions, sector, work, day)


def test_a_member_of_the_union_has_the_law_of_the_union_and_a_stated_gap() -> None:
    found = ask("DE")
    assert [(c.coverage, c.also) for c in found.coverage] == [("wider_law_only", "EU")]
    assert "its own law is not covered" in found.coverage[0].because
    assert {d.jurisdiction for d in found.demands} == {"EU"}
    assert found.demands == ask("EU").demands


@pytest.mark.parametrize("name", ["CH", "Atlantis", "US-ZZ", "any", "missing", "> 3", "{asked}"])
def test_a_jurisdiction_that_is_not_kept_is_never_free_of_rules(name: str) -> None:
    found = ask(name)
    assert found.demands == ()
    assert found.coverage[0].coverage == "not_covered"
    assert "rules may well apply" in found.coverage[0].because
    assert any("none of the jurisdictions named" in line for line in found.not_asked)


def test_a_state_brings_federal_law_and_a_city_is_found_by_its_other_names() -> None:
    assert {d.jurisdiction for d in ask("california", sector="health").demands} == {"US", "US-CA"}
    for name in ("NYC", "new  york city", "us-nyc"):
        assert [d.policy for d in ask(name).demands] == ["nyc_employment_tools"]


def test_the_day_decides_the_status_and_its_weight() -> None:
    def standing(day: date) -> tuple[str, str]:
        (found,) = ask("US-CO", day=day).demands
        return found.status, found.weight

    assert standing(date(2026, 12, 31)) == ("adopted_not_yet_applying", "coming")
    assert standing(date(2027, 1, 1)) == ("in_force", "binding_as_reported")


def test_rules_of_finance_are_asked_in_finance_and_their_absence_is_told() -> None:
    work = ("family/marketing-growth",)
    assert "us_adviser_marketing" in {d.policy for d in ask("US", sector="finance", work=work).demands}
    unsaid = ask("US", work=work)
    assert "us_adviser_marketing" not in {d.policy for d in unsaid.demands}
    assert any("no sector was named" in line for line in unsaid.not_asked)


def test_an_unknown_sector_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="PRF104") as refused:
        ask("EU", sector="finanse")
    assert "finance" in refused.value.diagnostics[0].fix


def test_no_jurisdiction_asks_nothing_and_says_so() -> None:
    found = ask(sector="finance")
    assert found.demands == ()
    assert "no jurisdiction was named" in found.not_asked[0]


@given(jurisdictions=st.lists(st.sampled_from(["EU", "DE", "UK", "US", "US-CA", "US-CO", "US-IL", "NYC", "CH", "US-TX"]), max_size=5), sector=st.sampled_from([None, "finance", "health", "education", "retail"]))
def test_demands_are_those_of_the_parts_each_once(jurisdictions: list[str], sector: str | None) -> None:
    together = ask(*jurisdictions, sector=sector)
    parts = {d for j in jurisdictions for d in ask(j, sector=sector).demands}
    assert set(together.demands) == parts
    assert len(together.demands) == len(parts)
    assert all(d.citation and d.checked and d.timing and d.status and d.verification for d in together.demands)
    assert [c.asked for c in together.coverage] == list(dict.fromkeys(jurisdictions))


def test_nothing_that_was_not_read_in_the_law_itself_is_binding() -> None:
    works = ("family/customer-support", "family/marketing-growth", "archetype/team-leader", "domain/finance", "domain/health", "domain/minors", "function/growth-and-revenue")
    demands = [d for s in ("finance", "health") for d in ask("EU", "UK", "US", "US-CA", "US-CO", "US-IL", "US-NYC", sector=s, work=works).demands]
    assert {d.policy for d in demands} == {rule.id for rule in RULEBOOK.pack("policy").tables["demands"].rules}
    assert not any(d.weight == "binding" for d in demands)
    assert all(d.weight == "unsettled" for d in demands if d.verification == "remembered")


def test_a_record_and_the_rule_about_the_same_provision_agree(rulebook: Rulebook) -> None:
    records = yaml.safe_load((ROOT / "graph_data/ground/policies.yaml").read_text(encoding="utf-8"))["policies"]
    rows = {rule.id: dict(rule.then) for rule in rulebook.pack("policy").tables["demands"].rules}
    for record in records:
        row = rows[record["id"].replace("-", "_")]
        assert (row["jurisdiction"], row["effect"], row["verification"]) == (record["jurisdiction"], record["effect"], record["verification"])
        assert record["citation"].startswith(row["citation"])
        if "effective" in record:
            parameter = rulebook.pack("policy").parameters[row["status"].removeprefix("$")]
            assert record["effective"] in [v.since for v in parameter.values if v.value == "in_force"]
