"""How fast decision tables decide, over the same table written out by hand as a loop in Python."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from measuring import Tell, seconds_of

from engine.rules import Rulebook, load_rulebook

SUBJECTS = 50_000
DAY = date(2026, 11, 20)
# a table of the shape that decides how a title is served; its own pack, so that editors may change theirs
PACK = """
pack: measured
version: 1.0.0
owner: Test
description: A pack to measure.
parameters:
  serve: {unit: share, reason: For the measure., values: [{from: 2026-01-01, value: 0.85}]}
  fall_back: {unit: share, reason: For the measure., values: [{from: 2026-01-01, value: 0.3}]}
  least: {unit: count, reason: For the measure., values: [{from: 2026-01-01, value: 2}]}
inputs:
  state: {type: text, values: [title, not_a_title]}
  tier: {type: text, values: [first, second, third, fourth, fifth, last]}
  audience: {type: text, values: [inside, held, outside, mixed]}
  sureness: {type: share}
  status: {type: text, values: [draft, approved]}
  workflows: {type: count}
  approvals: {type: count}
tables:
  served:
    description: How a title is served.
    hit_policy: first
    uses: [state, tier, audience, sureness, status, workflows, approvals]
    outputs:
      served: {type: text, values: ["now", later, held, never]}
    rules:
      - {id: no_title, when: {state: not_a_title}, then: {served: never}, because: no title}
      - {id: outside, when: {audience: outside}, then: {served: never}, because: outside}
      - {id: unknown, when: {tier: last}, then: {served: never}, because: unknown}
      - {id: regulated, when: {audience: held}, then: {served: held}, because: regulated}
      - id: deep
        when: {tier: [first, second], audience: inside, status: approved, approvals: ">= 1", workflows: ">= $least", sureness: ">= $serve"}
        then: {served: "now"}
        because: "{workflows} workflows, sureness {sureness}"
      - id: unsure
        when: {tier: [first, second], audience: inside, status: approved, approvals: ">= 1", workflows: ">= $least", sureness: ">= $fall_back"}
        then: {served: later}
        because: "sureness {sureness} only"
      - id: ground
        when: {tier: [third, fourth], audience: inside, status: approved, approvals: ">= 1", workflows: ">= 1", sureness: ">= $fall_back"}
        then: {served: later}
        because: "known by {tier}"
      - {id: question, when: {}, then: {served: held}, because: everything else}
"""


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    """The pack above, loaded."""
    (tmp_path / "rules" / "measured").mkdir(parents=True)
    (tmp_path / "rules" / "measured" / "pack.yaml").write_text(PACK, encoding="utf-8")
    return load_rulebook(tmp_path / "rules")


def _columns(size: int) -> dict[str, list[Any]]:
    """Made-up titles in every state that the table knows."""
    made = random.Random(7)
    return {
        "state": made.choices(["title", "not_a_title"], [19, 1], k=size),
        "tier": made.choices(["first", "second", "third", "fourth", "fifth", "last"], k=size),
        "audience": made.choices(["inside", "held", "outside", "mixed", None], [6, 1, 1, 1, 1], k=size),
        "sureness": [Decimal(made.randrange(1_000_001)).scaleb(-6) for _ in range(size)],
        "status": made.choices(["approved", "draft", None], [8, 1, 1], k=size),
        "workflows": made.choices(range(7), k=size),
        "approvals": made.choices([0, 1, 2], k=size),
    }


def _by_hand(columns: Mapping[str, list[Any]]) -> list[str]:
    """The table as somebody in a hurry would write it: the limit, and the check of what was decided."""
    serve, fall_back, decided = Decimal("0.85"), Decimal("0.3"), []
    for state, tier, audience, sureness, status, workflows, approvals in zip(*columns.values(), strict=True):
        approved = audience == "inside" and status == "approved" and approvals >= 1
        named = tier in ("first", "second") and workflows >= 2
        if state == "not_a_title" or audience == "outside" or tier == "last":
            decided.append("never")
        elif audience == "held":
            decided.append("held")
        elif named and approved and sureness >= serve:
            decided.append("now")
        elif approved and sureness >= fall_back and (named or (tier in ("third", "fourth") and workflows >= 1)):
            decided.append("later")
        else:
            decided.append("held")
    return decided


@pytest.mark.parametrize("trace", [False, True], ids=["no trace", "with its trace"])
def test_a_table_over_many_subjects(trace: bool, benchmark: Any, tell: Tell, book: Rulebook) -> None:
    columns = _columns(2_000 if benchmark.disabled else SUBJECTS)
    decided = benchmark(book.decide, "measured", "served", columns, DAY, trace=trace)
    assert list(decided.outputs["served"]) == _by_hand(columns)
    if benchmark.stats is not None:
        tell(f"a table of 8 rows over {SUBJECTS:,} subjects, {'with' if trace else 'no'} trace", benchmark.stats.stats.median, "the same by hand in Python", seconds_of(lambda: _by_hand(columns), 9))


def test_the_decision_of_one_subject(benchmark: Any, tell: Tell, book: Rulebook) -> None:
    columns = _columns(1)
    decided = benchmark(book.decide, "measured", "served", columns, DAY)
    assert list(decided.outputs["served"]) == _by_hand(columns)
    if benchmark.stats is not None:
        tell("the same table for one subject, with its trace", benchmark.stats.stats.median, "the same by hand in Python", seconds_of(lambda: _by_hand(columns)))


def test_the_tables_of_one_title(benchmark: Any, tell: Tell) -> None:
    """The packs of the product: both tables of `fallback` and the one of `service` that decides how a title is served."""
    rules = load_rulebook()
    given, one = {"best_claim": ["exact"], "roles": [1]}, _columns(1)

    def decide() -> tuple[Any, Any]:
        tier = rules.decide("fallback", "fallback_tier", given, DAY)
        return tier, rules.decide("service", "service_tier", {"title_state": ["title"], "fallback_tier": list(tier.outputs["fallback_tier"])}, DAY)

    tier, service = benchmark(decide)
    assert (tier.fired[0], service.outputs["service_tier"][0]) == ("role_by_name", "multi_llm_adjudication_required")
    if benchmark.stats is not None:
        tell("fallback and service tier of one title, with trace", benchmark.stats.stats.median, "eight rows by hand in Python", seconds_of(lambda: _by_hand(one)))
