"""How fast decision tables decide and scorings rank, over the same written out by hand: a loop in Python, sums and a partial sort in numpy."""

from __future__ import annotations

import os
import random
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from measuring import Tell, seconds_of

from engine.ask import Desk
from engine.contracts import digest_of
from engine.rules import Rulebook, TableResult, load_rulebook, millionths

SUBJECTS = 50_000
FACTORS = (200, 200, 150, 150, 75, 100, 125, -150)  # per mille
CANDIDATES, TOP = 20, 5
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


def _product_columns(rules: Rulebook, pack: str, tables: Iterable[str], size: int, seed: int) -> dict[str, list[Any]]:
    """Made-up values for the columns that tables of a pack of the product take from outside, whatever its editors make of it."""
    made, owner = random.Random(seed), rules.packs[pack]
    known = {column.name: column for kind, _, column in owner.all_columns() if kind != "table"}
    columns: dict[str, list[Any]] = {}
    for name in dict.fromkeys(name for table in tables for name in owner.tables[table].uses if name in known):
        kind, values = known[name].type, known[name].values
        if kind == "share":
            columns[name] = [Decimal(made.randrange(1_000_001)).scaleb(-6) for _ in range(size)]
        elif kind == "list":
            columns[name] = made.choices([(), ("nursing",), ("kitchen", "sales")], [8, 1, 1], k=size)
        elif kind == "flag":
            columns[name] = made.choices([True, False], k=size)
        else:
            columns[name] = made.choices([*values, None] if values else range(5), k=size)
    return columns


def _tiers(rules: Rulebook, titles: Mapping[str, list[Any]], ground: Mapping[str, list[Any]], trace: bool) -> tuple[TableResult, TableResult, TableResult]:
    """The product's tables, composed: for whom, how near to a role, how it is served."""
    fallback = rules.decide("fallback", "fallback_tier", titles, DAY, trace=trace)
    audience = fallback.upstream["title_audience"]
    given = {**ground, "fallback_tier": fallback.outputs["fallback_tier"], "audience": audience.outputs["title_audience"]}
    return audience, fallback, rules.decide("service", "service_tier", given, DAY, trace=trace)


def _drawn(results: Iterable[TableResult]) -> None:
    """Draw the whole trace: every row that did not fire with the cell that stopped it."""
    for result in results:
        deque(result.stops, 0)


def test_tiers_of_many_titles_with_trace_and_ids(benchmark: Any, tell: Tell) -> None:
    rules, size = load_rulebook(), 2_000 if benchmark.disabled else SUBJECTS
    titles = _product_columns(rules, "fallback", ("title_audience", "fallback_tier"), size, 5)
    ground = _product_columns(rules, "service", ("service_tier",), size, 6)
    subjects = [f"title {n}" for n in range(size)]

    def decide() -> tuple[str, ...]:
        results = _tiers(rules, titles, ground, True)
        _drawn(results)
        return rules.decision_ids(results, DAY, subjects)

    ids = benchmark(decide)
    results = _tiers(rules, titles, ground, False)
    assert rules.decision_ids(results, DAY, subjects) == ids
    assert len({*ids}) == size
    if benchmark.stats is not None:
        met = benchmark.stats.stats.median
        bodies = [[DAY, subject, [[r.evaluation.columns[c].value(n) for c in r.evaluation.columns] + [r.hits[n]] for r in results]] for n, subject in enumerate(subjects[:2_000])]
        tell(f"{SUBJECTS:,} tier decisions (3 tables), trace drawn, ids", met, "canonical JSON and digest alone, one by one", seconds_of(lambda: [digest_of(b) for b in bodies], 3) * SUBJECTS / 2_000)
        bare = seconds_of(lambda: rules.decision_ids(_tiers(rules, titles, ground, False), DAY, subjects), 9)
        kept = seconds_of(lambda: rules.decision_ids(_tiers(rules, titles, ground, True), DAY, subjects), 9)
        tell("the same, trace kept as columns and not drawn", kept, "without trace", bare)
        tell("the same, trace kept and every line of it drawn", met, "without trace", bare)


SCORING = (
    PACK
    + "scoring:\n  best:\n    subject: Module\n    description: d\n    factors:\n"
    + "".join(f"      f{n}: {{uses: f{n}, weight: {w}, unit: share, range: [0, 1]}}\n" for n, w in enumerate(FACTORS))
    + "    order: [score desc, hours asc, subject asc]\n"
).replace("tables:\n", "".join(f"  f{n}: {{type: share}}\n" for n in range(len(FACTORS))) + "  hours: {type: hours}\ntables:\n", 1)


def _by_hand_in_numpy(factors: list[Any]) -> Any:
    """Weighted sums of whole numbers and a partial sort, nothing checked and no tie broken."""
    totals = np.zeros_like(factors[0])
    for weight, factor in zip(FACTORS, factors, strict=True):
        totals += weight * factor
    best = np.take_along_axis(totals, np.argpartition(totals, CANDIDATES - TOP, axis=1)[:, CANDIDATES - TOP :], axis=1)
    return -np.sort(-best, axis=1)


def _by_hand_on_all_cores(factors: list[Any], step: int = 800) -> list[Any]:
    starts = range(0, len(factors[0]), step)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda start: _by_hand_in_numpy([f[start : start + step] for f in factors]), starts))


def test_the_best_five_of_twenty_candidates(benchmark: Any, tell: Tell, tmp_path: Path) -> None:
    """Scored decisions: one question each, eight factors of twenty candidates, exact ties broken by hours and key."""
    (tmp_path / "rules" / "measured").mkdir(parents=True)
    (tmp_path / "rules" / "measured" / "pack.yaml").write_text(SCORING, encoding="utf-8")
    rules, questions = load_rulebook(tmp_path / "rules"), 200 if benchmark.disabled else 100_000
    made = np.random.default_rng(7)
    columns: dict[str, Any] = {f"f{n}": made.integers(0, 1_000_001, questions * CANDIDATES) for n in range(len(FACTORS))}
    columns["hours"] = [Decimal(n % 4) for n in range(CANDIDATES)]
    keys = [f"module/{n:02}" for n in range(CANDIDATES)]

    def rank() -> Any:
        return rules.score_many("measured", "best", columns, DAY, keys, questions=questions, candidates=CANDIDATES, top=TOP)

    ranked = benchmark(rank)
    factors = [columns[f"f{n}"].reshape(questions, CANDIDATES) for n in range(len(FACTORS))]
    assert np.array_equal(ranked.scores, _by_hand_in_numpy(factors))
    assert [line.score for line in ranked.lines(7)] == list(ranked.scores[7])
    if benchmark.stats is not None:
        met = benchmark.stats.stats.median
        tell(f"{questions:,} scored decisions ({questions / met:,.0f} a second)", met, "numpy by hand, at once", seconds_of(lambda: _by_hand_in_numpy(factors), 9))
        tell("the same", met, "numpy by hand, in chunks on all cores", seconds_of(lambda: _by_hand_on_all_cores(factors), 9))


def test_values_become_millionths_once(benchmark: Any, tell: Tell) -> None:
    values = [Decimal(n * 7919 % 1_000_001).scaleb(-6) for n in range(2_000 if benchmark.disabled else 100_000)]
    made = benchmark(millionths, values)
    assert made[1] == 7919
    if benchmark.stats is not None:
        tell("100,000 decimals to millionths, once", benchmark.stats.stats.median, "a list of whole numbers to an array", seconds_of(lambda: np.array([int(v.scaleb(6)) for v in values]), 9))


@pytest.mark.parametrize("cell", ["{n}", '"[{n}..{n}]"'], ids=["values", "ranges"])
def test_ten_thousand_rows(cell: str, benchmark: Any, tell: Tell, tmp_path: Path) -> None:
    """A table of ten thousand rows over as many subjects that each fire another row; the limit is a tenth of it, ten times."""

    def book(size: int) -> Rulebook:
        head = PACK.partition("rules:")[0].replace("uses: [state, tier, audience, sureness, status, workflows, approvals]", "uses: [workflows]").replace("values: [\"now\", later, held, never]", "values: []")
        rows = "".join(f"      - {{id: r{n}, when: {{workflows: {cell.format(n=n)}}}, then: {{served: v{n}}}, because: s}}\n" for n in range(size))
        (tmp_path / str(size) / "measured").mkdir(parents=True)
        (tmp_path / str(size) / "measured" / "pack.yaml").write_text(head + "rules:\n" + rows, encoding="utf-8")
        return load_rulebook(tmp_path / str(size))

    most = 500 if benchmark.disabled else 10_000
    large, small = book(most), book(most // 10)
    columns, tenth = {"workflows": list(range(most))}, {"workflows": list(range(most // 10))}
    decided = benchmark(large.decide, "measured", "served", columns, DAY)
    assert decided.fired[-1] == f"r{most - 1}"
    if benchmark.stats is not None:
        tell(f"{most:,} rows over {most:,} subjects", benchmark.stats.stats.median, "a tenth of both, times ten", seconds_of(lambda: small.decide("measured", "served", tenth, DAY), 9) * 10)


def test_one_explained_title(benchmark: Any, tell: Tell, embedded_desk: Desk) -> None:
    """A title decided with reasons, trace and id, from facts that are loaded."""

    def decide() -> tuple[Any, str]:
        decision = embedded_desk.resolve("Senior Marketing Manager - Austin")
        return decision, decision.decision_id

    decision, _ = benchmark(decide)
    assert decision.outcome["service_tier"]
    assert decision.reasons
    if benchmark.stats is not None:
        tell("one explained title with its id (goal: 5 ms)", benchmark.stats.stats.median, "its canonical JSON and digest alone", seconds_of(lambda: decision.decision_id))
