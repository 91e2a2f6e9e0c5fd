"""Which decisions a patch would move, by which change and through what; compared with leaving changes out by brute force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from patched_world import naming, written

from engine.ask import Desk
from engine.compare import DecisionMove, WhatIf, what_if
from engine.contracts.learner import LearnerProfile
from engine.graph import Snapshot
from engine.patches import Patch, overlay_of

ASKED = ("Marketing Manager", "brand steward", "brand manager", "Content Marketer", "Customer Success Manager", "Attorney", "asdf")
CHANGES: tuple[dict[str, Any], ...] = (
    *naming("brand steward", "add"),
    {"change": "replace", "parameter": "service.serve_confidence", "from": "2026-11-20", "value": 0.999999},
    {"change": "replace", "record": "module/sup-brief-the-assistant", "property": "effort_hours", "value": 39},
)


def brute(desk: Desk, title: str) -> tuple[object, ...]:
    """All that is compared of a title, asked one by one and without anything kept."""
    told = desk.plan(LearnerProfile(title=title)).outcome
    occupation = told["occupation"] or {}
    path = tuple((s["module"], s["score"]) for s in told.get("path", {}).get("steps", ())) if told["ground"] else ()
    return (told["fallback_tier"], told["service_tier"], told["runtime_action"], told["role"], told["ground"], occupation.get("code"), path)


@pytest.fixture(scope="module")
def patch(base: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Patch:
    modules = Desk(base).graph.execute("MATCH (m:Module) WHERE m.id STARTS WITH 'module/sup-brief' RETURN m.id ORDER BY m.id").rows
    changes = [dict(c, record=modules[0][0]) if c.get("property") == "effort_hours" else c for c in CHANGES]
    return written(tmp_path_factory.mktemp("patch"), *changes)


@pytest.fixture(scope="module")
def found(base: Snapshot, patch: Patch) -> WhatIf:
    return what_if(base, patch, ASKED)


def moves(found: WhatIf) -> dict[str, DecisionMove]:
    return {m.title: m for m in found.moves}


@pytest.mark.campaign
def test_moves_and_their_changes_are_those_of_brute_force(found: WhatIf, base: Snapshot, patch: Patch) -> None:
    before = {t: brute(Desk(base), t) for t in ASKED}
    with overlay_of(base, patch.changes, judge=False) as overlay:
        after = {t: brute(Desk(overlay.snapshot), t) for t in ASKED}
    moved = [t for t in ASKED if before[t] != after[t]]
    assert [m.title for m in found.moves] == moved
    needed: dict[str, list[int]] = {t: [] for t in moved}
    for change in patch.changes:
        # a naming cannot stand without its title
        rest = [c for c in patch.changes if c.number != change.number and not (change.number == 1 and c.number == 2)]
        with overlay_of(base, rest, judge=False) as overlay:
            desk = Desk(overlay.snapshot)
            for title in moved:
                if brute(desk, title) != after[title]:
                    needed[title].append(change.number)
    assert {t: m.moved_by for t, m in moves(found).items()} == {t: tuple(numbers) for t, numbers in needed.items()}
    assert [c.moves for c in found.changes] == [sum(c.number in n for n in needed.values()) for c in patch.changes]
    assert {n for m in found.moves for n in m.moved_by} == {1, 2, 3, 4}, "each change moves something, or this shows nothing"


def test_a_move_names_the_parameter_the_row_and_the_fact(found: WhatIf) -> None:
    steward, success = moves(found)["brand steward"], moves(found)["Customer Success Manager"]
    assert "role" in steward.moved
    assert (steward.before.role, steward.after.role) == ("", "role/marketing-manager")
    assert ("fact", "leading role") in {(m.kind, m.name) for m in steward.movers}
    assert any(m.kind == "row" and m.name == "fallback.fallback_tier" for m in steward.movers)
    assert any(m.kind == "factor" and "module/sup-brief" in m.name and m.name.endswith(": affordability") for m in success.movers)


def test_what_is_unknown_before_and_after_does_not_move(found: WhatIf) -> None:
    assert not {"asdf", "Attorney"} & set(moves(found))
    assert found.asked == len(ASKED)


def test_a_move_that_either_of_two_changes_makes_is_ascribed_to_neither_alone(base: Snapshot, tmp_path: Path) -> None:
    raised = [
        {"change": "replace", "parameter": "service.least_workflows", "from": "2026-11-20", "value": 90},
        {"change": "replace", "parameter": "service.serve_confidence", "from": "2026-11-20", "value": 1},
    ]
    both = what_if(base, written(tmp_path, *raised), ["Marketing Manager", "brand manager"])
    alone = [what_if(base, written(tmp_path, change), ["Marketing Manager", "brand manager"]) for change in raised]
    for title, move in moves(both).items():
        single = [title in moves(one) and moves(one)[title].after == move.after for one in alone]
        assert (move.moved_by == ()) == all(single)
    assert moves(both)


def test_titles_default_to_authored_ones_and_the_journal_and_a_later_value_is_told(base: Snapshot, tmp_path: Path) -> None:
    later = {"change": "add", "parameter": "service.least_workflows", "from": "2027-01-01", "value": 90}
    patch = written(tmp_path, later)
    quiet = what_if(base, patch, None, ["a title somebody asked"])
    assert quiet.moves == ()
    assert quiet.asked > 200
    assert "2027-01-01" in quiet.notes[0]
    loud = what_if(base, patch, ["Marketing Manager"], as_of="2027-01-01")
    (move,) = loud.moves
    assert move.after.service_tier != move.before.service_tier == "serve_now"
    assert ("parameter", "service.least_workflows", "2", "90") in {(m.kind, m.name, m.before, m.after) for m in move.movers}
    assert loud.notes == ()
