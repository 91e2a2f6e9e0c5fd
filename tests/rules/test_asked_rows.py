"""What the rows of a table need of one subject, and the stretches on which its tests change no verdict."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.rules import load_rulebook, row_needs, telling_values

RULES = load_rulebook()
AS_OF = date(2026, 11, 20)


def test_all_cells_of_all_rows_are_met_also_behind_the_first_that_fails() -> None:
    values = {"fallback_tier": "alias", "audience": "inside", "status": "draft", "workflows": 1, "approvals": 1, "match": Decimal("0.9")}
    row = next(r for r in row_needs(RULES, "service", "service_tier", values, AS_OF) if r.rule == "authored_and_deep")
    assert [(n.input, n.met) for n in row.needs if not n.holds] == [("status", "draft"), ("workflows", 1)]
    assert row.says["service_tier"] == "serve_now"
    assert not row.holds


def test_a_missing_value_is_met_as_missing_and_a_row_without_cells_holds() -> None:
    rows = row_needs(RULES, "service", "service_tier", {}, AS_OF)
    assert rows[-1].holds
    assert next(n for n in rows[0].needs).met is None


def test_the_stretches_of_a_share_end_at_the_bounds_in_force() -> None:
    told = telling_values(RULES, "fallback", ["title_audience"], AS_OF)
    least = RULES.parameter("fallback", "inside_share", AS_OF)
    assert told["votes_inside"] == ((Decimal(0), least - Decimal("0.000001")), (least, Decimal(1)))


def test_of_words_each_way_in_which_the_tests_come_out_is_told_once() -> None:
    told = telling_values(RULES, "service", ["service_tier"], AS_OF)
    assert len(told["status"]) == 2
    assert ("approved",) in told["status"]
