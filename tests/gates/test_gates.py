"""Gates open on evidence alone, and say everything that keeps them closed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_facts import store_facts

from engine.contracts import BadInput, Receipt
from engine.gates import GateReport, ReleaseState, gates_by_subject, release_gate, require_open_build, snapshot_gates
from engine.rules import FactStore, Rulebook, load_rulebook

RULEBOOK: Rulebook = load_rulebook()
GOOD: dict[str, dict[str, dict[str, Any]]] = {
    "gates.editorial_state": {key: {"status": "approved", "approvals": 1} for key in ("rubric/r", "module/m", "role/a")},
    "gates.rubric_criteria": {"rubric/r": {"criteria": 13, "weight_sum": Decimal(1), "musts": 3}},
    "gates.approved_workflows": {"role/a": {"workflows": 3}},
    "gates.module_rubric": {"module/m": {"module_rubric": "rubric/r"}},
    "gates.source_terms": {"source/wedge@1.0.0": {"allowed_use": "ship"}},
}
RECEIPT = Receipt(
    product_version="0", releases={"wedge": "1.0.0"}, release_date="2026-11-20", inputs=(), counts={"Role": 1}, dropped={}, gaps=(), records={}, record_digest="r",
    rules_digest="u", shapes_digest="s", ontology_digest="o", attributions=(),
)  # fmt: skip
READY = ReleaseState(rules_sound=True, recomputed=True, learner_data="none", approved_by="Release editor")


def changed(fact: str, subject: str, **columns: Any) -> dict[str, dict[str, dict[str, Any]]]:
    return {**GOOD, fact: {**GOOD.get(fact, {}), subject: {**GOOD.get(fact, {}).get(subject, {}), **columns}}}


@pytest.fixture
def store(tmp_path: Path) -> Any:
    def make(told: dict[str, dict[str, dict[str, Any]]]) -> FactStore:
        return store_facts(tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite", RULEBOOK, told)

    return make


def report(facts: FactStore, judged: int | None = 40, violations: int | None = 0) -> GateReport:
    return snapshot_gates(facts, RULEBOOK, RECEIPT, judged, violations)


def closed(found: GateReport) -> dict[str, tuple[str, ...]]:
    return {f"{g.gate} {g.subject}": g.rules for g in found.closed}


def test_sound_content_with_approvals_is_open(store: Any) -> None:
    found = report(store(GOOD))
    assert found.closed == ()
    assert found.counts() == {"build": (1, 0), "rubric": (1, 0), "title": (1, 0), "module": (1, 0)}
    assert all(g.reasons == () for g in found.gates)
    assert require_open_build(found) is found


def test_a_withdrawn_approval_of_a_rubric_closes_what_leans_on_it(store: Any) -> None:
    found = closed(report(store(changed("gates.editorial_state", "rubric/r", approvals=0))))
    assert found == {"rubric rubric/r": ("no_approval_on_record",), "module module/m": ("rubric_closed",)}


def test_a_module_without_a_rubric_and_a_rubric_without_criteria_are_closed(store: Any) -> None:
    assert closed(report(store({**GOOD, "gates.module_rubric": {}}))) == {"module module/m": ("rubric_closed",)}
    assert closed(report(store({**GOOD, "gates.rubric_criteria": {}})))["rubric rubric/r"] == ("few_criteria", "weights_not_whole", "nothing_is_a_must")


def test_a_scenario_stays_closed_until_an_approval_of_it_can_be_recorded(store: Any) -> None:
    told = {**GOOD, "gates.scenario_state": {"scenario/s": {"scenario_status": "approved", "scenario_rubric": "rubric/r", "material_use": "ship"}}}
    found = report(store(told))
    assert closed(found) == {"practice scenario/s": ("no_approval_on_record",)}
    assert not gates_by_subject(found.gates, "practice")["scenario/s"].open


@pytest.mark.parametrize(("judged", "violations", "rule"), [(0, 0, "unjudged"), (None, 0, "unjudged"), (40, 1, "broken"), (40, None, "broken")])
def test_a_build_that_was_not_judged_or_broke_a_contract_is_not_made_current(store: Any, judged: int | None, violations: int | None, rule: str) -> None:
    found = report(store(GOOD), judged, violations)
    assert closed(found) == {"build snapshot": (rule,)}
    with pytest.raises(BadInput, match="RUL170"):
        require_open_build(found)


def test_a_source_without_terms_closes_the_build(store: Any) -> None:
    assert closed(report(store({**GOOD, "gates.source_terms": {}}))) == {"build snapshot": ("terms_unstated",)}


def test_a_release_needs_all_of_it(store: Any) -> None:
    facts = store(GOOD)
    gate = release_gate(facts, RULEBOOK, report(facts), RECEIPT, READY)
    assert (gate.open, gate.rules) == (True, ())
    bare = release_gate(facts, RULEBOOK, report(facts), RECEIPT, ReleaseState())
    assert bare.rules == ("rules_unsound", "not_recomputed", "learner_data_not_told", "nobody_approved")


def test_a_source_that_may_not_ship_closes_the_release_and_not_the_build(store: Any) -> None:
    facts = store(changed("gates.source_terms", "source/wedge@1.0.0", allowed_use="runtime"))
    found = report(facts)
    assert found.closed == ()
    assert release_gate(facts, RULEBOOK, found, RECEIPT, READY).rules == ("sources_may_not_ship",)


def test_one_closed_title_closes_the_release(store: Any) -> None:
    facts = store(changed("gates.editorial_state", "role/a", status="draft"))
    assert release_gate(facts, RULEBOOK, report(facts), RECEIPT, READY).rules == ("titles_closed",)


@given(
    columns=st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(["draft", "in_review", "approved", "retired"]), "approvals": st.integers(0, 2), "criteria": st.integers(0, 20),
            "weight_sum": st.sampled_from([Decimal("0.9"), Decimal(1), Decimal("1.1")]), "musts": st.integers(0, 2),
        },
    )
)  # fmt: skip
def test_a_rubric_is_open_where_every_piece_of_evidence_is_there_and_nowhere_else(columns: dict[str, Any]) -> None:
    found = RULEBOOK.decide("gates", "rubric", {k: [v] for k, v in columns.items()}, date(2026, 11, 20), size=1)
    complete = columns.get("status") == "approved" and columns.get("approvals", 0) > 0 and columns.get("criteria", 0) >= 5 and columns.get("weight_sum") == 1 and columns.get("musts", 0) > 0
    assert found.outputs["rubric_gate"][0] == int(complete)


def test_rules_from_before_there_were_gates_are_told_from_a_fault(store: Any) -> None:
    older = Rulebook([pack for name, pack in RULEBOOK.packs.items() if name != "gates"])
    with pytest.raises(BadInput, match="RUL172"):
        snapshot_gates(store(GOOD), older, RECEIPT, 40, 0)
