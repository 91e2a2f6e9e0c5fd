"""Cases beside packs: passed, failed, malformed; rows that none of them fires."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.contracts import BadInput
from engine.rules import Rulebook, check, run_cases

PACK = """
parameters:
  few: {unit: count, reason: r, values: [{from: 2026-01-01, value: 2}, {from: 2027-01-01, value: 3}]}
inputs:
  n: {type: count}
  tags: {type: list}
  s: {type: share}
tables:
  size:
    description: d
    hit_policy: first
    uses: [n]
    outputs: {size: {type: text, values: [small, large]}}
    rules:
      - {id: large, when: {n: ">= $few"}, then: {size: large}, because: many}
      - {id: small, when: {}, then: {size: small}, because: few}
  notes:
    description: d
    hit_policy: collect
    uses: [size, tags]
    outputs: {note: {type: text}}
    rules:
      - {id: big, when: {size: large}, then: {note: big}, because: big}
      - {id: odd, when: {tags: contains odd}, then: {note: odd}, because: odd}
scoring:
  score:
    subject: Module
    description: d
    factors: {s: {uses: s, weight: 1000, unit: share, range: [0, 1]}}
    order: [score desc, subject asc]
"""
CASES = """
- {case: Two is large at first., table: size, as_of: 2026-06-01, given: {n: 2}, expect: {size: large}, fires: large}
- {case: Two is small later., table: size, as_of: 2027-06-01, given: {n: 2}, expect: {size: small}}
- {case: Missing is small., table: size, given: {n: null}, fires: small}
- {case: Both notes., table: notes, given: {n: 5, tags: [odd]}, expect: {note: [big, odd]}, fires: [big, odd]}
- {case: No note., table: notes, given: {size: small}, expect: {note: []}, fires: []}
- {case: Ranked., scoring: score, given: [{subject: module/a, s: 0.25}, {subject: module/b, s: 1}, {subject: module/c}], expect: [{subject: module/b, score: "1"}, {subject: module/a, score: 0.25}, {subject: module/c, score: "0"}]}
"""
Book = Callable[..., Rulebook]


def test_cases_pass_and_every_row_fires(book: Book) -> None:
    rules = book(PACK, CASES)
    report = run_cases(rules)
    assert report.passed, [r for r in report.results if not r.passed]
    assert [r.sentence for r in report.results][:2] == ["Two is large at first.", "Two is small later."]
    assert report.results[1].place.line == 3
    assert report.unfired == ()
    assert check(rules).errors == ()


def test_a_failing_case_says_what_was_expected_and_met(book: Book) -> None:
    report = run_cases(book(PACK, '- {case: Wrong., table: size, given: {n: 9}, expect: {size: small}, fires: large}\n- {case: Score., scoring: score, given: [{subject: a, s: 0.5}], expect: [{subject: a, score: "0.6"}]}\n'))
    assert [(r.passed, r.expected, r.met) for r in report.results] == [(False, "size: small, fires: large", "size: large, fires: large"), (False, "a 0.6", "a 0.5")]
    assert {(u.table, u.rule) for u in report.unfired} == {("size", "small"), ("notes", "big"), ("notes", "odd")}


def test_a_case_counts_only_for_its_own_table(book: Book) -> None:
    report = run_cases(book(PACK, "- {case: Both., table: notes, given: {n: 5, tags: [odd]}, fires: [big, odd]}\n"))
    assert {(u.table, u.rule) for u in report.unfired} == {("size", "large"), ("size", "small"), ("score", "")}


def test_rules_that_refuse_make_their_case_fail(book: Book) -> None:
    report = run_cases(book(PACK, "- {case: Before all., table: size, as_of: 2020-01-01, given: {n: 1}, expect: {size: small}}\n"))
    assert not report.passed
    assert "no value in force" in report.results[0].met


@pytest.mark.parametrize(
    ("cases", "code"),
    [
        ("- {case: c, table: sise, given: {}, expect: {size: small}}", "RUL153"),
        ("- {case: c, table: size, given: {}, expect: {siz: small}}", "RUL153"),
        ("- {case: c, table: size, given: {}, fires: larg}", "RUL153"),
        ("- {case: c, table: size, given: {}}", "RUL153"),
        ("- {case: c, scoring: scores, given: [{subject: a}], expect: [{subject: a, score: 1}]}", "RUL153"),
        ("- {case: c, scoring: score, given: [{subject: a}], expect: [{subject: a, score: high}]}", "RUL153"),
        ("- {case: c, table: size, fires: small}\n- {case: c, table: size, fires: small}", "RUL153"),
        ("- {case: c, table: size, given: {m: 1}, fires: small}", "RUL203"),
        ("- {case: c, table: size, given: {n: 0.5}, fires: small}", "RUL205"),
        ("- {case: c, table: size, givn: {n: 1}, fires: small}", "RUL101"),
        ("- {table: size, fires: small}", "RUL102"),
        ("- 3", "RUL103"),
        ("case: c", "RUL103"),
    ],
)
def test_malformed_cases_are_refused_with_their_place(book: Book, cases: str, code: str) -> None:
    rules = book(PACK, cases + "\n")
    with pytest.raises(BadInput) as error:
        run_cases(rules)
    found = error.value.diagnostics[0]
    assert (found.code, found.place.file) == (code, "rules/sample/cases.yaml")
    assert found.place.line >= 1
    with pytest.raises(BadInput):
        check(rules)
