"""Which decisions two versions of the rules move: exactly those that move when every decision is computed from scratch, and by what."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from edited_rules import FEW, TITLES, Edit, edited, from_scratch, moved, revision

from engine.compare import COMPARED, RuleRevision, RulesDifference, mixed, rule_changes, rules_difference
from engine.graph import GraphStore, Snapshot, Workspace
from engine.rules import Rulebook, load_rulebook

DAY = date(2026, 11, 21)
WEIGHTS = {"match": 200, "importance": 200, "applicability": 150, "value": 150, "affordability": 75, "ease": 100, "confidence": 125, "risk_penalty": -150}
LEAST_WORKFLOWS = "A path through fewer than two workflows is no picture of a job.\n    values:\n      - {from: 2026-11-20, value: "


def weight(factor: str, by: int) -> Edit:
    uses = "risk" if factor == "risk_penalty" else factor
    return "ranking", f"{factor}: {{uses: {uses}, weight: {WEIGHTS[factor]},", f"{factor}: {{uses: {uses}, weight: {WEIGHTS[factor] + by},"


SERVE = ("service", "reach it.\n    values:\n      - {from: 2026-11-20, value: 0.85}", "reach it.\n    values:\n      - {from: 2026-11-20, value: 0.95}")
TRUST = ("fallback", "value: 0.97}", "value: 0.9}")
SINGLE: dict[str, Edit] = {
    **{f"weight of {factor}": weight(factor, 10) for factor in WEIGHTS},
    "threshold of service": SERVE,
    "least workflows": ("service", LEAST_WORKFLOWS + "2}", LEAST_WORKFLOWS + "5}"),
    "base trust": TRUST,
    "trust in a road": ("title_evidence", "{exact: 1.0, declared: 1.0,", "{exact: 0.9, declared: 1.0,"),
    "trust in a list": ("title_evidence", "alias: 0.98,", "alias: 0.5,"),
    "a word of a licensed field": ("fallback", "value: [nursing, nurse,", "value: [footwear, nursing, nurse,"),
    "assumed hours": ("ranking", "{from: 2026-11-20, value: 20}", "{from: 2026-11-20, value: 8}"),
    "a cell": ("service", 'approvals: ">= 1", workflows: ">= 1"', 'approvals: ">= 1", workflows: ">= 7"'),
    "an outcome": ("fallback", "then: {fallback_tier: alias}", "then: {fallback_tier: llm}"),
    "a fact": ("service", "count(DISTINCT w.id) AS workflows", "count(DISTINCT w.id) * 0 + 1 AS workflows"),
    "a fact that ranks": ("ranking", "sum(importance) AS importance_sum", "sum(importance) / 2 AS importance_sum"),
    "wording": ("service", "because: the text is not a job title", "because: this is no job title"),
    "a value of a later day": ("fallback", "- {from: 2026-11-20, value: 0.97}", "- {from: 2026-11-20, value: 0.97}\n      - {from: 2027-01-01, value: 0.5}"),
}


@pytest.fixture(scope="module")
def snapshot(workspace: Workspace) -> Snapshot:
    return workspace.required()


@pytest.fixture(scope="module")
def graph(snapshot: Snapshot) -> Iterator[GraphStore]:
    with snapshot.open_graph() as opened:
        yield opened


@pytest.fixture(scope="module")
def product() -> Rulebook:
    return Rulebook.from_json(load_rulebook().to_json())  # without its folder: no cases are run


@pytest.fixture(scope="module")
def as_it_is(snapshot: Snapshot, graph: GraphStore, product: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, Any]]:
    return from_scratch(snapshot, graph, product, TITLES, DAY, tmp_path_factory.mktemp("facts") / "product")


def compared(snapshot: Snapshot, product: Rulebook, tmp_path: Path, *edits: Edit, titles: Sequence[str] = TITLES) -> tuple[RulesDifference, Rulebook]:
    after = revision(tmp_path / "after", edits)
    return rules_difference(RuleRevision("before", "the product's rules", "", product), after, snapshot, titles, DAY), after.rulebook


def test_the_titles_are_of_every_kind(as_it_is: Mapping[str, Mapping[str, Any]]) -> None:
    assert len({a["service_tier"] for a in as_it_is.values()}) == 4
    assert sum(bool(a["path"]) for a in as_it_is.values()) >= 8


@pytest.mark.parametrize("name", list(SINGLE))
def test_a_single_change_moves_exactly_the_decisions_that_move_from_scratch(
    name: str, snapshot: Snapshot, graph: GraphStore, product: Rulebook, as_it_is: Mapping[str, Mapping[str, Any]], tmp_path: Path
) -> None:
    found, after = compared(snapshot, product, tmp_path, SINGLE[name])
    anew = from_scratch(snapshot, graph, after, TITLES, DAY, tmp_path / "facts")
    assert {m.title: m.aspects for m in found.moves} == moved(as_it_is, anew)
    for move in found.moves:
        assert {a: getattr(move.before, a) for a in COMPARED} == as_it_is[move.title]
        assert {a: getattr(move.after, a) for a in COMPARED} == anew[move.title]
        assert [r.change for r in move.because] == list(found.changes)
    assert len(found.changes) == 1
    assert bool(found.moves) == (name not in ("wording", "a value of a later day"))
    assert found.aspects == {a: sum(a in m.aspects for m in found.moves) for a in COMPARED}


SEVERAL: dict[str, tuple[Edit, ...]] = {
    "apart": (weight("match", 10), SERVE, ("title_evidence", "start: 0.95, head: 0.85", "start: 0.95, head: 0.3")),
    "one hides the other": (("service", LEAST_WORKFLOWS + "2}", LEAST_WORKFLOWS + "50}"), SERVE, TRUST),
    "any two of three": (
        ("title_evidence", "{exact: 1.0, declared: 1.0,", "{exact: 0.95, declared: 1.0,"), ("title_evidence", "alias: 0.98,", "alias: 0.93,"),
        ("title_evidence", "segment: 0.95, explanation", "segment: 0.9, explanation"),
    ),
    "only together": (
        ("service", "because: the work is regulated, so reviewers decide", "because: the work is regulated, so reviewers decide\n"
         "      - id: sure_alias\n        when: {fallback_tier: alias}\n"
         "        then: {service_tier: serve_now, runtime_action: plan_local_synthetic, outcome: served}\n        because: another name of a role"),
        ("fallback", "then: {fallback_tier: exact}", "then: {fallback_tier: alias}"),
    ),
    "a fact and the cell that reads it": (
        ("service", "count(DISTINCT w.id) AS workflows", "count(DISTINCT w.id) * 0 + 1 AS workflows"),
        ("service", 'approvals: ">= 1", workflows: ">= 1"', 'approvals: ">= 1", workflows: ">= 2"'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(SEVERAL))
def test_the_changes_named_for_a_move_are_those_that_trying_every_subset_names(name: str, snapshot: Snapshot, graph: GraphStore, product: Rulebook, tmp_path: Path) -> None:
    edits = SEVERAL[name]
    found, _ = compared(snapshot, product, tmp_path, *edits, titles=FEW)
    worlds = {}
    for number, chosen in enumerate(itertools.product((False, True), repeat=len(edits))):
        rulebook = load_rulebook(edited(tmp_path / f"subset_{number}", [e for e, taken in zip(edits, chosen, strict=True) if taken]))
        worlds[chosen] = from_scratch(snapshot, graph, rulebook, FEW, DAY, tmp_path / f"facts_{number}")
    nothing, everything = (False,) * len(edits), (True,) * len(edits)
    whole = moved(worlds[nothing], worlds[everything])
    assert {m.title: m.aspects for m in found.moves} == whole
    assert whole
    parts = [part_of(found, product, edit, tmp_path / f"only_{i}") for i, edit in enumerate(edits)]
    assert len(found.changes) == len(edits)
    for move in found.moves:
        named = {parts.index(r.change.name): r for r in move.because}
        for i in range(len(edits)):
            alone = moved(worlds[nothing], worlds[tuple(j == i for j in range(len(edits)))]).get(move.title, ())
            without = moved(worlds[everything], worlds[tuple(j != i for j in range(len(edits)))]).get(move.title, ())
            expected = tuple(a for a in move.aspects if a in alone), tuple(a for a in move.aspects if a in without)
            met = (named[i].alone, named[i].needed) if i in named else ((), ())
            assert met == expected, (move.title, edits[i])
        told = {a for r in move.because for a in (*r.alone, *r.needed)}
        left = tuple(a for a in move.aspects if a not in told)
        joint = {i for i, r in named.items() if r.together}
        assert all(r.together in ((), left) for r in move.because)
        assert bool(joint) == bool(left)
        for dropped in (None, *sorted(joint)) if left else ():
            world = worlds[tuple(i in joint and i != dropped for i in range(len(edits)))][move.title]
            assert all(world[a] == worlds[everything][move.title][a] for a in left) == (dropped is None)
    if name == "any two of three":
        assert any("service_tier" in r.together for m in found.moves for r in m.because)


def part_of(found: RulesDifference, product: Rulebook, edit: Edit, folder: Path) -> str:
    """The name of the change that an edit makes."""
    (change,) = rule_changes(product, load_rulebook(edited(folder, [edit])))
    assert change in found.changes
    return change.name


def test_the_row_that_fired_and_the_first_cell_stand_beside_the_move(snapshot: Snapshot, product: Rulebook, tmp_path: Path) -> None:
    found, _ = compared(snapshot, product, tmp_path, SERVE)
    move = next(m for m in found.moves if m.title == "Sales Associate - Brooklyn, NY")
    assert (move.before.service_tier, move.after.service_tier) == ("serve_now", "serve_with_fallback")
    assert next((r.table, r.before, r.after) for r in move.rows) == ("service.service_tier", ("authored_and_deep",), ("authored_but_unsure",))
    assert move.cell is not None
    assert (move.cell.row, move.cell.cell, move.cell.met_before, move.cell.met_after) == ("authored_and_deep", "match", "0.931", "0.931")
    assert ("0.85" in move.cell.test_before, "0.95" in move.cell.test_after) == (True, True)


def test_a_weight_is_told_with_the_factor_it_weighs(snapshot: Snapshot, product: Rulebook, tmp_path: Path) -> None:
    found, _ = compared(snapshot, product, tmp_path, weight("ease", 10))
    cell = found.moves[0].cell
    assert cell is not None
    assert (cell.table, cell.cell, cell.test_before, cell.test_after) == ("ranking.module_score", "ease", "100", "110")


def test_rows_that_are_new_gone_or_asked_earlier_are_told_as_such(snapshot: Snapshot, product: Rulebook, tmp_path: Path) -> None:
    row = "      - {id: role_by_alias, when: {best_claim: alias, roles: 1}, then: {fallback_tier: alias}, because: the title is another name of one authored role}\n"
    gone, _ = compared(snapshot, product, tmp_path / "gone", ("fallback", row, ""))
    assert {m.cell.sentence for m in gone.moves if m.cell} == {"row role_by_alias of fallback.fallback_tier is gone"}
    new = rules_difference(RuleRevision("gone", "", "", gone.after.rulebook), RuleRevision("product", "", "", product), snapshot, TITLES, DAY)
    assert {m.title for m in new.moves} == {m.title for m in gone.moves}
    assert {m.cell.sentence for m in new.moves if m.cell} == {"row role_by_alias of fallback.fallback_tier is new"}
    anchor = "      - {id: nothing_known, when: {best_claim: missing}"
    earlier, _ = compared(snapshot, product, tmp_path / "earlier", ("fallback", "{id: weak, when: {strength: \"< $least_strength\"}", "{id: weak, when: {strength: present}"), ("fallback", anchor, anchor))
    assert all(m.cell and m.cell.row == "weak" for m in earlier.moves)


@pytest.mark.parametrize("edits", [*SEVERAL.values(), tuple(e for n, e in SINGLE.items() if n not in ("a value of a later day", "a cell"))], ids=[*SEVERAL, "everything"])
def test_all_changes_taken_over_give_the_other_version_and_none_gives_the_same(edits: tuple[Edit, ...], product: Rulebook, tmp_path: Path) -> None:
    after = load_rulebook(edited(tmp_path / "after", edits))
    changes = rule_changes(product, after)
    assert rule_changes(mixed(product, after, changes), after) == ()
    assert rule_changes(mixed(product, after, ()), product) == ()
    assert rule_changes(mixed(after, product, changes), product) == ()


def test_a_rulebook_of_a_snapshot_differs_in_nothing_from_the_packs_it_was_made_of(product: Rulebook) -> None:
    assert rule_changes(Rulebook.from_json(product.to_json()), product) == ()
