"""Coverage by cases: what each demand asks for, when a case meets it, and what is proven to be beyond any case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.contracts import BadInput
from engine.rules import Covered, Rulebook, coverage, run_cases

Book = Callable[..., Rulebook]
PACK = """
parameters:
  named: {unit: list, reason: r, values: [{from: 2026-01-01, value: [law, care]}]}
  least: {unit: share, reason: r, values: [{from: 2026-01-01, value: 0.5}]}
inputs:
  s: {type: share}
  w: {type: text, values: [a, b, c]}
  d: {type: list}
tables:
  t:
    description: d
    hit_policy: first
    uses: [d, w, s]
    outputs: {o: {type: text, values: [held, good, bad]}}
    rules:
      - {id: held, when: {d: contains any of $named}, then: {o: held}, because: s}
      - {id: good, when: {w: [a, b], s: ">= $least"}, then: {o: good}, because: s}
      - {id: rest, when: {}, then: {o: bad}, because: s}
"""
WHOLE = """
- {case: Law is held., table: t, given: {d: [law], w: a, s: 0.9}, expect: {o: held}}
- {case: Care is held., table: t, given: {d: [care], w: a, s: 0.9}, expect: {o: held}}
- {case: An a at one half is good., table: t, given: {d: [], w: a, s: 0.5}, expect: {o: good}}
- {case: A b is good., table: t, given: {d: [], w: b, s: 0.9}, expect: {o: good}}
- {case: A c is bad., table: t, given: {d: [], w: c, s: 0.9}, expect: {o: bad}}
- {case: A little is bad., table: t, given: {d: [], w: a, s: 0.4}, expect: {o: bad}}
"""


def lacking(rules: Rulebook) -> set[tuple[str, str, str]]:
    return {(i.demand.rule, i.demand.column, i.demand.kind) for i in coverage(rules).items if i.state != "covered"}


def test_cases_that_pin_everything_down_are_complete(book: Book) -> None:
    report = coverage(book(PACK, WHOLE))
    assert report.complete
    assert report.counts() == {"covered": len(report.items), "open": 0, "impossible": 0, "undecided": 0}
    assert {i.demand.kind for i in report.items} == {"row", "holds", "fails", "bound", "value", "output"}


@pytest.mark.parametrize(
    ("lost", "lacks"),
    [
        ("Law is held.", {("held", "d", "value")}),
        ("An a at one half is good.", {("good", "s", "bound"), ("good", "w", "value")}),
        ("A c is bad.", {("good", "w", "fails")}),
        ("A little is bad.", {("good", "s", "fails")}),
    ],
)
def test_without_a_case_its_demands_are_open(book: Book, lost: str, lacks: set[tuple[str, str, str]]) -> None:
    assert lacking(book(PACK, "\n".join(line for line in WHOLE.splitlines() if lost not in line))) == lacks


def test_a_case_counts_only_where_its_outcome_hangs_on_the_condition(book: Book) -> None:
    # both conditions fail at once: neither alone keeps the row from firing
    masked = WHOLE.replace("w: c, s: 0.9", "w: c, s: 0.4").replace("w: a, s: 0.4", "w: c, s: 0.3")
    assert lacking(book(PACK, masked)) == {("good", "w", "fails"), ("good", "s", "fails")}


def test_a_case_that_fails_covers_nothing(book: Book) -> None:
    rules = book(PACK, WHOLE.replace("w: c, s: 0.9}, expect: {o: bad}", "w: c, s: 0.9}, expect: {o: good}"))
    assert not run_cases(rules).passed
    assert lacking(rules) == {("good", "w", "fails")}


def test_an_open_demand_names_an_input_that_would_meet_it(book: Book) -> None:
    (found,) = (i for i in coverage(book(PACK, WHOLE.replace("w: c, s: 0.9", "w: c, s: 0.4"))).items if i.state == "open")
    assert isinstance(found, Covered)
    assert (found.demand.kind, found.place.file, found.place.line) == ("fails", "rules/sample/pack.yaml", 21)
    assert "w: c" in found.case
    assert "s: 0.5" in found.case


def test_what_no_input_can_tell_is_proven_and_not_asked_for(book: Book) -> None:
    rules = book(PACK.replace('{id: rest, when: {}', '{id: rest, when: {s: [missing, present]}'), WHOLE + "- {case: Nothing known is bad., table: t, given: {d: [], w: a}, expect: {o: bad}}\n")
    report = coverage(rules)
    assert report.complete
    assert {(i.demand.rule, i.demand.column, i.demand.kind) for i in report.items if i.state == "impossible"} >= {("rest", "s", "fails")}


SCORING = """
inputs: {a: {type: share}, b: {type: share}, h: {type: hours}}
scoring:
  score:
    subject: Module
    description: d
    factors:
      a: {uses: a, weight: 600, unit: share, range: [0, 1]}
      b: {uses: b, weight: 400, unit: share, range: [0, 1], transform: complement}
    order: [score desc, h asc, subject asc]
"""


@pytest.mark.parametrize(
    ("given", "expect", "lacks"),
    [
        ("{subject: m/a, a: 0.2, b: 0.1, h: 1}, {subject: m/b, a: 0.2, b: 0.1, h: 1}, {subject: m/c, a: 0.2, b: 0.1, h: 2}, {subject: m/d, a: 0.9, b: 0.1, h: 2}",
         '{subject: m/d, score: "0.9"}, {subject: m/a, score: "0.48"}, {subject: m/b, score: "0.48"}, {subject: m/c, score: "0.48"}', set()),
        ("{subject: m/a, a: 0.2, b: 1}", '{subject: m/a, score: "0.12"}', {("b", "", "weight"), ("", "score", "order"), ("", "h", "order"), ("", "subject", "order")}),
        ("{subject: m/a, a: 0.5, b: 0.1}", '{subject: m/a, score: "0.66"}', {("a", "", "transform"), ("", "score", "order"), ("", "h", "order"), ("", "subject", "order")}),
    ],
)  # fmt: skip
def test_weights_transforms_and_orders_are_demanded(book: Book, given: str, expect: str, lacks: set[tuple[str, str, str]]) -> None:
    assert lacking(book(SCORING, f"- {{case: c, scoring: score, given: [{given}], expect: [{expect}]}}\n")) == lacks


@pytest.mark.parametrize(
    ("case", "what"),
    [
        ("{case: New., table: t, like: No such case., expect: {o: bad}}", "no case of this table before it says so"),
        ("{case: New., table: t, like: Law is hold., expect: {o: bad}}", "no case of this table before it says so"),
        ("{case: New., table: t, facts: [{subject: r/a, w: a}], expect: [{subject: r/b, o: bad}]}", "no facts of `r/b`"),
        ("{case: New., table: t, facts: [{subject: r/a, w: a}], expect: [{subject: r/a, p: bad}]}", "no output `p`"),
    ],
)
def test_cases_that_lean_on_nothing_are_refused(book: Book, case: str, what: str) -> None:
    with pytest.raises(BadInput) as error:
        run_cases(book(PACK, f"{WHOLE}\n- {case}\n"))
    assert [(d.code, d.what) for d in error.value.diagnostics] == [("RUL153", what)]
    assert error.value.diagnostics[0].place.line == 9


def test_variations_and_small_fact_tables_are_cases_of_their_own(book: Book) -> None:
    more = """
- {case: Alike., table: t, like: A b is good., each: [{w: a}, {s: 0.5}], expect: {o: good}, fires: good}
- {case: Three., table: t, given: {d: []}, facts: [{subject: r/a, w: a, s: 1}, {subject: r/c, w: c, s: 1}], expect: [{subject: r/c, o: bad}, {subject: r/a, o: good, fires: good}]}
- {case: A title., title: sales associate, expect: {service_tier: serve_now}}
"""
    report = run_cases(book(PACK, WHOLE + more))
    assert [r.sentence for r in report.results][6:] == ["Alike. [w: a]", "Alike. [s: 0.5]", "Three. [r/c]", "Three. [r/a]", "A title."]
    assert [r.passed for r in report.results] == [True] * 10 + [False]
    assert report.passed, "a title that is not asked fails nothing"
    asked = run_cases(book(PACK, WHOLE + more), lambda title, _: {"service_tier": "serve_now" if title == "sales associate" else None})
    assert all(r.passed for r in asked.results)
    assert not run_cases(book(PACK, WHOLE + more), lambda _title, _day: {"service_tier": "exclude_or_not_icp"}).passed
