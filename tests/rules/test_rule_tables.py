"""Decision tables: outcomes, missing values, hit policies, composition, trace, parameters by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts import BadInput, EngineError
from engine.rules import Rulebook

DAY = date(2026, 11, 20)
D = Decimal


def code(error: pytest.ExceptionInfo[EngineError]) -> str:
    return error.value.diagnostics[0].code


def test_a_decision_carries_row_sentence_bindings_and_stops(service: Rulebook) -> None:
    result = service.decide("sample", "tier", {"domains": [()], "signal": ["alias"], "confidence": [D("0.91")], "workflows": [3]}, DAY)
    assert result.outputs == {"tier": ("now",), "trust": (D("0.85"),)}
    assert result.fired == ("deep",)
    assert result.sentences == ("3 workflows, confidence 0.91, at least 0.85, so now",)
    reason = result.reason(0)
    assert (reason.pack, reason.version, reason.table, reason.rule, reason.sentence) == ("sample", "1.0.0", "tier", "deep", result.sentences[0])
    assert reason.bindings == {"confidence": D("0.91"), "signal": "alias", "workflows": 3, "$serve_confidence": D("0.85")}
    assert [(s.rule, s.input, s.test, s.met) for s in result.stops[0]] == [("excluded", "audience", "outside", "inside"), ("held", "audience", "held", "inside")]
    assert result.upstream["audience"].fired == ("inside",)


def test_cells_are_tested_in_the_order_of_uses_whatever_order_the_row_has(service: Rulebook) -> None:
    result = service.decide("sample", "tier", {"domains": [()], "signal": ["none"], "confidence": [D("0.1")], "workflows": [0]}, DAY)
    assert result.fired == (None,)
    assert result.outputs == {"tier": (None,), "trust": (None,)}
    assert result.sentences == ("",)
    stops = {s.rule: s for s in result.stops[0]}
    assert (stops["deep"].input, stops["deep"].met) == ("signal", "none")
    assert stops["weak"].input == "signal"
    assert result.reason(0).rule == ""
    assert "no row of `tier` holds" in result.reason(0).sentence


def test_a_given_output_of_another_table_is_taken_as_given(service: Rulebook) -> None:
    result = service.decide("sample", "tier", {"audience": ["outside", None]}, DAY)
    assert result.outputs["tier"] == ("exclude", None)
    assert result.upstream == {}


def test_many_subjects_equal_one_at_a_time(service: Rulebook) -> None:
    columns: dict[str, list[Any]] = {
        "domains": [(), ("law",), ("clinical", "art"), None, ()],
        "signal": ["alias", "alias", None, "canonical", None],
        "confidence": [D("0.85"), D(1), None, D("0.6"), D("0.6")],
        "workflows": [3, 3, 3, None, 2],
    }
    whole = service.decide("sample", "tier", columns, DAY)
    for i in range(5):
        one = service.decide("sample", "tier", {n: [v[i]] for n, v in columns.items()}, DAY)
        assert (one.fired[0], one.sentences[0], one.stops[0], one.reason(0)) == (whole.fired[i], whole.sentences[i], whole.stops[i], whole.reason(i))
    assert whole.fired == ("deep", "held", "excluded", "weak", None)


def test_a_parameter_holds_from_its_day(service: Rulebook) -> None:
    columns = {"signal": ["alias"], "confidence": [D("0.87")], "workflows": [3]}
    assert service.decide("sample", "tier", columns, date(2026, 12, 31)).outputs["tier"] == ("now",)
    assert service.decide("sample", "tier", columns, date(2027, 1, 1)).outputs["tier"] == (None,)
    assert service.parameter("sample", "serve_confidence", date(2027, 6, 1)) == D("0.9")
    assert service.parameter("sample", "regulated", DAY) == ("law", "medicine")
    with pytest.raises(BadInput) as error:
        service.decide("sample", "tier", columns, date(2025, 1, 1))
    assert code(error) == "RUL202"


ONE_CELL = """
parameters:
  few: {{unit: count, reason: r, values: [{{from: 2026-01-01, value: 2}}]}}
  words: {{unit: list, reason: r, values: [{{from: 2026-01-01, value: [a, b]}}]}}
inputs:
  x: {{type: {kind}}}
tables:
  t:
    description: d
    hit_policy: first
    uses: [x]
    outputs: {{y: {{type: text}}}}
    rules: [{{id: r, when: {{x: {cell}}}, then: {{y: hit}}, because: "met {{x}}"}}]
"""
CELLS: list[tuple[str, str, list[Any], list[Any]]] = [
    ("text", "a", ["a"], ["b", None]),
    ("text", "[a, b]", ["a", "b"], ["c", None]),
    ("text", '"[a, b]"', ["a", "b"], ["c", None]),
    ("text", "$words", ["a", "b"], ["c", None]),
    ("text", "[missing, a]", [None, "a"], ["b"]),
    ("text", "missing", [None], ["a"]),
    ("text", "present", ["a"], [None]),
    ("text", "any", ["a", None], []),
    ("text", '"-"', ["a", None], []),
    ("text", "not a", ["b"], ["a", None]),
    ("text", '"not [a, b]"', ["c"], ["a", "b", None]),
    ("text", "not $words", ["c"], ["a", None]),
    ("text", "not present", [None], ["a"]),
    ("text", "not missing", ["a"], [None]),
    ("text", "not not a", ["a"], ["b", None]),
    ("count", "3", [3], [2, 4, None]),
    ("count", '">= $few"', [2, 3], [1, None]),
    ("count", '"not > 3"', [3, 0], [4, None]),
    ("number", '"[-1..2.5)"', [D(-1), D("2.4999999"), 0], [D("2.5"), D(-2), None]),
    ("number", '"(1..2]"', [2, D("1.000001")], [1, None]),
    ("number", '"]1..2["', [D("1.5")], [1, 2, None]),
    ("number", '"(1..$few]"', [2], [1, 3, None]),
    ("share", "0.5", [D("0.50"), D("0.5")], [D("0.6"), None]),
    ("share", '"not [0.2..0.4]"', [D("0.1"), 1], [D("0.2"), None]),
    ("flag", "true", [True], [False, None]),
    ("flag", "not true", [False], [True, None]),
    ("list", "contains a", [("a",), ("b", "a")], [(), ("b",), None]),
    ("list", "contains any of $words", [("a",), ("z", "b")], [("z",), (), None]),
    ("list", '"contains any of z, a"', [("a",), ["z"]], [("b",), None]),
    ("list", "not contains a", [(), ("b",)], [("a",), None]),
    ("level", "[1, 2]", [1, 2], [3, None]),
]


@pytest.mark.parametrize(("kind", "cell", "holds", "fails"), CELLS, ids=[f"{k} {c}" for k, c, _, _ in CELLS])
def test_unary_tests(book: Callable[..., Rulebook], kind: str, cell: str, holds: list[Any], fails: list[Any]) -> None:
    rules = book(ONE_CELL.format(kind=kind, cell=cell))
    for values, expected in ((holds, "hit"), (fails, None)):
        assert rules.decide("sample", "t", {"x": values}, DAY).outputs["y"] == (expected,) * len(values) if values else True


COLLECT = """
inputs: {{x: {{type: count}}}}
tables:
  t:
    description: d
    hit_policy: {policy}
    {aggregate}
    uses: [x]
    outputs: {{y: {{type: {kind}}}}}
    rules:
      - {{id: one, when: {{x: ">= 1"}}, then: {{y: {first}}}, because: at least one}}
      - {{id: two, when: {{x: ">= 2"}}, then: {{y: {second}}}, because: at least two}}
"""


@pytest.mark.parametrize(
    ("aggregate", "kind", "values", "expected"),
    [
        ("aggregate: list", "text", ("a", "b"), ((), ("a",), ("a", "b"))),
        ("", "text", ("a", "b"), ((), ("a",), ("a", "b"))),
        ("aggregate: count", "text", ("a", "b"), (0, 1, 2)),
        ("aggregate: sum", "share", ("0.7", "0.6"), (None, D("0.7"), D("1.3"))),
        ("aggregate: min", "count", ("4", "3"), (None, 4, 3)),
        ("aggregate: max", "count", ("4", "3"), (None, 4, 4)),
    ],
)
def test_collect_gathers_all_hits(book: Callable[..., Rulebook], aggregate: str, kind: str, values: tuple[str, str], expected: tuple[Any, ...]) -> None:
    rules = book(COLLECT.format(policy="collect", aggregate=aggregate, kind=kind, first=values[0], second=values[1]))
    result = rules.decide("sample", "t", {"x": [0, 1, 2]}, DAY)
    assert result.outputs["y"] == expected
    assert result.hits == ((), ("one",), ("one", "two"))
    assert result.fired == (None, "one", "one")
    assert result.sentences[2] == "at least one at least two"
    assert [r.rule for r in result.reasons(2)] == ["one", "two"]
    assert [s.rule for s in result.stops[1]] == ["two"]


def test_unique_refuses_two_hits_and_names_both(book: Callable[..., Rulebook]) -> None:
    rules = book(COLLECT.format(policy="unique", aggregate="", kind="text", first="a", second="b"))
    assert rules.decide("sample", "t", {"x": [0, 1]}, DAY).outputs["y"] == (None, "a")
    with pytest.raises(BadInput) as error:
        rules.decide("sample", "t", {"x": [1, 2]}, DAY)
    assert code(error) == "RUL206"
    assert "`one` and `two`" in str(error.value)
    assert "position 1" in str(error.value)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"confidence": [0.9]}, "RUL205"),
        ({"confidence": [D("1.5")]}, "RUL205"),
        ({"confidence": [D("NaN")]}, "RUL205"),
        ({"confidence": [D("sNaN")]}, "RUL205"),
        ({"confidence": [D("Infinity")]}, "RUL205"),
        ({"confidence": [True]}, "RUL205"),
        ({"confidence": [D(1), True]}, "RUL205"),
        ({"signal": ["aliass"]}, "RUL205"),
        ({"workflows": [-1]}, "RUL205"),
        ({"workflows": [D(1)]}, "RUL205"),
        ({"domains": ["law"]}, "RUL205"),
        ({"note": [["a"]]}, "RUL205"),
        ({"audience": ["everyone"]}, "RUL205"),
        ({"confidenc": [None]}, "RUL203"),
        ({"confidence": [None], "workflows": [1, 2]}, "RUL204"),
    ],
)
def test_what_a_caller_passes_is_checked(service: Rulebook, columns: dict[str, list[Any]], expected: str) -> None:
    table = "tier"
    if "note" in columns:
        service.decide("sample", table, {"note": [None]}, DAY)  # a column of the pack that the table does not use is no fault
        return
    with pytest.raises(BadInput) as error:
        service.decide("sample", table, columns, DAY)
    assert code(error) == expected
    assert error.value.diagnostics[0].fix


def test_unknown_names_are_answered_with_the_nearest(service: Rulebook) -> None:
    for call in (
        lambda: service.decide("sampel", "tier", {}, DAY),
        lambda: service.decide("sample", "teir", {}, DAY),
        lambda: service.parameter("sample", "serve_confidense", DAY),
        lambda: service.score("sample", "module_score", {}, DAY, []),
    ):
        with pytest.raises(BadInput) as error:
            call()
        assert code(error) == "RUL201"


def test_without_columns_one_subject_is_decided_or_as_many_as_asked(service: Rulebook) -> None:
    assert service.decide("sample", "audience", {}, DAY).outputs["audience"] == ("inside",)
    assert service.decide("sample", "audience", {}, DAY, size=3).size == 3
    assert service.decide("sample", "audience", {"domains": []}, DAY).outputs["audience"] == ()


def test_ten_thousand_rows_are_decided(book: Callable[..., Rulebook]) -> None:
    rows = "".join(f'      - {{id: r{n}, when: {{x: {n}}}, then: {{y: v{n}}}, because: s}}\n' for n in range(10_000))
    rules = book("inputs: {x: {type: count}}\ntables:\n  t:\n    description: d\n    hit_policy: first\n    uses: [x]\n    outputs: {y: {type: text}}\n    rules:\n" + rows)
    assert rules.decide("sample", "t", {"x": [9999, 50_000]}, DAY).outputs["y"] == ("v9999", None)


@pytest.mark.parametrize("cell", ["{n}", '">= {n}"', '"not < {n}"', '"[{n}..{n}]"', '"[{n}, 20000]"'])
def test_ten_thousand_rows_of_any_test_decide_ten_thousand_subjects(book: Callable[..., Rulebook], cell: str) -> None:
    size = 300 if "not" in cell else 10_000  # a negated test has to be tried on every value
    rows = "".join(f"      - {{id: r{n}, when: {{x: {cell.format(n=n)}}}, then: {{y: v{n}}}, because: s}}\n" for n in reversed(range(size)))
    rules = book("inputs: {x: {type: count}}\ntables:\n  t:\n    description: d\n    hit_policy: first\n    uses: [x]\n    outputs: {y: {type: text}}\n    rules:\n" + rows)
    result = rules.decide("sample", "t", {"x": [*range(size), None]}, DAY)
    assert result.outputs["y"] == (*(f"v{n}" for n in range(size)), None)
    assert [len(result.stops[n]) for n in (0, size - 1, size)] == [size - 1, 0, size]


@pytest.mark.parametrize("last", [D("NaN"), D("sNaN"), D("Infinity"), D("1.000001"), D("-0.5"), 0.5, True, "0.5"])
def test_one_bad_value_among_thousands_is_named(service: Rulebook, last: Any) -> None:
    with pytest.raises(BadInput) as error:
        service.decide("sample", "tier", {"confidence": [D(n).scaleb(-4) for n in range(5_000)] + [last]}, DAY)
    assert code(error) == "RUL205"
    assert "position 5000" in str(error.value)


def test_ids_of_composed_tables_follow_rules_day_inputs_and_subject(service: Rulebook) -> None:
    columns: dict[str, list[Any]] = {"domains": [(), ("law",)], "signal": ["alias"] * 2, "confidence": [D("0.86")] * 2, "workflows": [3, 3]}
    result = service.decide("sample", "tier", columns, DAY)
    ids = service.decision_ids([result], DAY, ["a", "b"])
    assert len({*ids}) == 2
    assert service.decision_ids([result.upstream["audience"], result], DAY, ["a", "b"]) == ids, "a table stands once, after what it rests on"
    assert service.decision_ids([result], date(2026, 11, 21), ["a", "b"])[0] != ids[0]
    assert service.decision_ids([result], DAY, ["c", "b"]) == (service.decision_ids([result], DAY, ["c", "d"])[0], ids[1])
    nearly = service.decide("sample", "tier", {**columns, "confidence": [D("0.860001"), D("0.860")]}, DAY)
    assert service.decision_ids([nearly], DAY, ["a", "b"])[0] != ids[0]
    assert service.decision_ids([nearly], DAY, ["a", "b"])[1] == ids[1], "the same number with a zero more is the same decision"
    with pytest.raises(BadInput) as error:
        service.decision_ids([result], DAY, ["a"])
    assert code(error) == "RUL204"


@pytest.mark.parametrize(("given", "subject"), [({"workflows": [2**53]}, "a"), ({"note": ["\ud800"]}, "a"), ({}, "\ud800")])
def test_what_has_no_canonical_form_gets_no_id(book: Callable[..., Rulebook], given: dict[str, list[Any]], subject: str) -> None:
    rules = book("inputs: {workflows: {type: count}, note: {type: text}}\ntables:\n  t: {description: d, hit_policy: first, uses: [workflows, note], outputs: {y: {type: text}}, rules: [{id: r, when: {workflows: present}, then: {y: a}, because: b}, {id: s, when: {note: present}, then: {y: a}, because: b}]}\n")
    result = rules.decide("sample", "t", given, DAY)
    with pytest.raises(BadInput) as error:
        rules.decision_ids([result], DAY, [subject])
    assert code(error) == "RUL210"


@pytest.mark.parametrize(("share", "said"), [("0.833333", "83 %"), ("0.999", "99 %"), ("0.001", "1 %"), ("1", "100 %"), ("0", "0 %")])
def test_a_sentence_may_ask_for_percent(book: Callable[..., Rulebook], share: str, said: str) -> None:
    rules = book("""
parameters:
  p: {unit: share, reason: r, values: [{from: 2026-01-01, value: 0.85}]}
inputs: {x: {type: share}}
tables:
  t:
    description: d
    hit_policy: first
    uses: [x]
    outputs: {o: {type: text}}
    rules: [{id: r, when: {x: present}, then: {o: v}, because: "{x %} beside {$p %}, exactly {x}"}]
""")
    assert rules.decide("sample", "t", {"x": [D(share)]}, DAY).sentences == (f"{said} beside 85 %, exactly {share}",)
