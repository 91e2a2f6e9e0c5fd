"""What a list comes to is the same in whatever batches its answers came; what would move most titles up is asked as the rules say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from amended_rules import desk_with
from covered_lists import covered, invented, write_text
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ask import Desk
from engine.coverage import ANSWERS, Counted, counts_by, tally
from engine.graph import Snapshot
from engine.interfaces.cli.coverage_moves import moves_of, service_tiers, work_needs

WORDS = st.sampled_from(["clerk", "baker", "smith", "cooper", "wright", "tanner", "miller", "night clerk", "day baker"])
KINDS = st.sampled_from([("serve_now", "served", "a/b"), ("multi_llm_adjudication_required", "held", "c/d"), ("exclude_or_not_icp", "unmapped", "e/f"), ("exclude_or_not_icp", "unmapped", "e/g")])
ROWS = st.lists(st.tuples(WORDS, KINDS, st.integers(1, 9), st.lists(st.sampled_from(["p.t.a: x", "p.t.a: y", "p.t.b: x"]), max_size=3)), min_size=1, max_size=60)


def _answers(rows: Sequence[tuple[str, tuple[str, str, str], int, list[str]]]) -> Any:
    told = [
        {"title": f"{i:04d} {word}", "rows": n, "normalized": f"{i} {word}", "service_tier": tier, "fallback_tier": "none", "runtime_action": "x", "outcome": outcome, "decided_by": by, "reasons": reasons}
        for i, (word, (tier, outcome, by), n, reasons) in enumerate(rows)
    ]  # fmt: skip
    return pa.Table.from_pylist([{**dict.fromkeys(ANSWERS.names), **t} for t in told], ANSWERS).combine_chunks().to_batches()[0]


@settings(max_examples=150, deadline=None)
@given(ROWS, st.lists(st.integers(0, 60), max_size=8), st.sampled_from([1, 2, 3, 5, 100]))
def test_no_batching_moves_what_a_list_comes_to(rows: Any, cuts: list[int], most: int) -> None:
    batch = _answers(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "_MOST_ENDINGS", most)
        patch.setattr(tally, "_EXAMPLES", 3)
        found = []
        for places in (range(len(rows)), sorted({c for c in cuts if c < len(rows)}), ()):
            counted, ends = tally.Tally(), [*places, len(rows)]
            for start, end in zip([0, *ends], ends, strict=False):
                if end > start:
                    counted.add(batch.slice(start, end - start))
            found.append((counted.counted(), counted.endings(10), counted.reasons()))
    assert found[0] == found[1] == found[2]


def test_no_batching_moves_what_would_move_most(snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "_MOST_ENDINGS", 3)
    titles = write_text(tmp_path / "list.txt", [*invented(300), *(f"{a} {b}" for a in ("zzgrim", "zzgrom") for b in ("zzflarn", "zzblorp", "zzquib", "zzwopp", "zzsnee"))])
    found = []
    for batch in (1, 7, 1_000):
        met = covered(snapshot, titles, tmp_path / f"out-{batch}", batch=batch).gathered.tally
        found.append((met.endings(10), moves_of(Desk(snapshot), None, met.counted())))
    assert found[0] == found[1] == found[2]
    assert found[0][0]
    assert found[0][1]


@pytest.fixture(scope="module")
def groups(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> tuple[Counted, ...]:
    folder = tmp_path_factory.mktemp("grouped")
    return covered(snapshot, write_text(folder / "list.txt", [*invented(900, 120), "Attorney", "Attorney", "12345", "qwerty uiop"]), folder / "out").gathered.tally.counted()


def test_the_rules_say_which_titles_are_asked_and_of_how_many_it_is_told(snapshot: Snapshot, groups: tuple[Counted, ...], tmp_path: Path) -> None:
    usual = moves_of(Desk(snapshot), None, groups)
    assert 2 < len(usual) <= 15
    assert [m.counted for m in usual] == [g for g in groups if g.group.service_tier != "serve_now" and g.group.outcome not in ("outside", "not_a_title")][:15]
    assert {m.upward for m in usual} == {"serve_now", "serve_with_fallback"}
    fewer = moves_of(desk_with(snapshot, tmp_path / "fewer", ("value: 15}", "value: 2}")), None, groups)
    assert fewer == usual[:2]
    fallback = "{id: from_fallback, when: {service_tier: serve_with_fallback}, then: {upward: serve_now}"
    others = moves_of(desk_with(snapshot, tmp_path / "others", (fallback, fallback.replace("serve_now}", "stays}"))), None, groups)
    assert others
    assert {m.counted.group.service_tier for m in others} == {m.counted.group.service_tier for m in usual} - {"serve_with_fallback"}


def test_kinds_of_work_add_up_to_the_list_in_the_order_of_the_tiers(snapshot: Snapshot, groups: tuple[Counted, ...]) -> None:
    desk = Desk(snapshot)
    needs = work_needs(desk, None, groups)
    assert all(tuple(n.by_tier) == service_tiers(desk) for n in needs)
    for tier, count in counts_by(groups, "service_tier").items():
        assert sum(n.by_tier[tier].rows for n in needs) == count.rows
        assert sum(n.by_tier[tier].titles for n in needs) == count.titles
    assert [n.upward.rows for n in needs] == sorted((n.upward.rows for n in needs), reverse=True)
    assert all(n.upward.rows <= sum(c.rows for t, c in n.by_tier.items() if t != "serve_now") for n in needs)
