"""The evaluator against an oracle that walks row by row, subject by subject, and shares no code with it."""

from __future__ import annotations

import operator
import tempfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput, canonical_json, digest_of
from engine.rules import Rulebook, TableResult, load_rulebook

DAY = date(2026, 11, 20)
MANY = 2_000  # as often as makes a list of subjects long enough to be decided over arrays
LEVELS = ["low", "mid", "high"]
SIGNS = {">=": operator.ge, ">": operator.gt, "<": operator.lt, "<=": operator.le}


@dataclass
class Written:
    """A cell as text for the pack and as data for the oracle."""

    text: str
    shape: tuple[Any, ...]


def number() -> st.SearchStrategy[str]:
    return st.sampled_from(["0", "0.25", "0.5", "0.75", "1"])


def share_cell() -> st.SearchStrategy[Written]:
    compare = st.tuples(st.sampled_from(list(SIGNS)), number()).map(lambda t: Written(f"{t[0]} {t[1]}", ("cmp", t[0], Decimal(t[1]))))
    ranged = st.tuples(st.sampled_from("[("), number(), number(), st.sampled_from("])")).map(
        lambda t: Written(f"{t[0]}{min(t[1], t[2])}..{max(t[1], t[2])}{t[3]}", ("range", t[0] == "[", Decimal(min(t[1], t[2])), Decimal(max(t[1], t[2])), t[3] == "]"))
    )
    return compare | ranged | number().map(lambda n: Written(n, ("in", [Decimal(n)])))


def text_cell() -> st.SearchStrategy[Written]:
    many = st.lists(st.sampled_from(LEVELS), min_size=1, max_size=2)
    return many.map(lambda m: Written(f"[{', '.join(m)}]", ("in", m))) | st.sampled_from(LEVELS).map(lambda v: Written(v, ("in", [v])))


def list_cell() -> st.SearchStrategy[Written]:
    return st.sampled_from(["a", "b"]).map(lambda v: Written(f"contains {v}", ("contains", [v]))) | st.just(Written("contains any of a, c", ("contains", ["a", "c"])))


def any_cell(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    fixed = st.sampled_from([Written("missing", ("missing",)), Written("present", ("present",)), Written("any", ("any",))])
    plain = inner | fixed
    return plain | plain.map(lambda w: Written(f"not {w.text}", ("not", w.shape)))


CELLS = {"s": any_cell(share_cell()), "w": any_cell(text_cell()), "c": any_cell(st.integers(0, 4).map(lambda n: Written(f"> {n}", ("cmp", ">", n)))), "l": any_cell(list_cell())}
ROW = st.fixed_dictionaries({}, optional=CELLS)
SUBJECT = st.fixed_dictionaries(
    {
        "s": st.none() | st.sampled_from([Decimal(n) for n in ("0", "0.25", "0.3", "0.5", "0.75", "1")]),
        "w": st.none() | st.sampled_from(LEVELS),
        "c": st.none() | st.integers(0, 5),
        "l": st.none() | st.lists(st.sampled_from(["a", "b", "c"]), max_size=2).map(tuple),
    }
)


def oracle_test(shape: tuple[Any, ...], value: Any) -> bool | None:
    """Three answers: yes, no, cannot say."""
    kind = shape[0]
    if kind == "any":
        return True
    if kind == "missing":
        return value is None
    if kind == "present":
        return value is not None
    if kind == "not":
        inner = oracle_test(shape[1], value)
        return None if inner is None else not inner
    if value is None:
        return None
    if kind == "cmp":
        return bool(SIGNS[shape[1]](value, shape[2]))
    if kind == "range":
        _, low_in, low, high, high_in = shape
        return (value > low or (low_in and value == low)) and (value < high or (high_in and value == high))
    if kind == "contains":
        return any(item in value for item in shape[1])
    return any(value == item for item in shape[1])


def oracle_row(row: dict[str, Written], subject: dict[str, Any]) -> str | None:
    """None where the row holds, else the first column in the order s, w, c, l that stops it."""
    for column in "swcl":
        if column in row and oracle_test(row[column].shape, subject[column]) is not True:
            return column
    return None


def rulebook(rows: list[dict[str, Written]], policy: str) -> Rulebook:
    lines = ["pack: sample", "version: 1.0.0", "owner: t", "description: d", "inputs:"]
    lines += ["  s: {type: share}", "  w: {type: text, values: [low, mid, high]}", "  c: {type: count}", "  l: {type: list}"]
    lines += ["tables:", "  t:", "    description: d", f"    hit_policy: {policy}", "    uses: [s, w, c, l]", "    outputs: {y: {type: text}}", "    rules:"]
    for n, row in enumerate(rows):
        cells = ", ".join(f'{name}: "{cell.text}"' for name, cell in reversed(list(row.items())))
        lines.append(f"      - {{id: r{n}, when: {{{cells}}}, then: {{y: v{n}}}, because: 'row {n}: {{s}} {{w}} {{c}} {{l}}'}}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "sample"
        folder.mkdir()
        (folder / "pack.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return load_rulebook(folder.parent)


@settings(max_examples=120, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=6), subjects=st.lists(SUBJECT, min_size=1, max_size=12), policy=st.sampled_from(["first", "collect", "unique"]))
def test_columns_decide_as_rows_would(rows: list[dict[str, Written]], subjects: list[dict[str, Any]], policy: str) -> None:
    rules = rulebook(rows, policy)
    columns = {name: [subject[name] for subject in subjects] for name in "swcl"}
    held = [[n for n, row in enumerate(rows) if oracle_row(row, subject) is None] for subject in subjects]
    if policy == "unique" and any(len(h) > 1 for h in held):
        for times in (1, MANY):
            with pytest.raises(BadInput, match="RUL206"):
                rules.decide("sample", "t", {name: values * times for name, values in columns.items()}, DAY)
        return
    result = rules.decide("sample", "t", columns, DAY)
    for i, (hits, subject) in enumerate(zip(held, subjects, strict=True)):
        counted = hits[:1] if policy == "first" else hits
        assert result.hits[i] == tuple(f"r{n}" for n in counted)
        expected = tuple(f"v{n}" for n in counted) if policy == "collect" else (f"v{counted[0]}" if counted else None)
        assert result.outputs["y"][i] == expected
        tried = range(counted[0]) if policy == "first" and counted else [n for n in range(len(rows)) if n not in counted]
        assert [(s.rule, s.input) for s in result.stops[i]] == [(f"r{n}", oracle_row(rows[n], subject)) for n in tried]
        assert all(s.met == subject[s.input] for s in result.stops[i])
    silent = rules.decide("sample", "t", columns, DAY, trace=False)
    assert silent == result
    assert said_of(silent, rules) == said_of(result, rules), "the trace changes what is decided"
    assert list(silent.stops) == [()] * len(subjects)
    carried = Rulebook.from_json(rules.to_json())
    again = carried.decide("sample", "t", columns, DAY)
    assert carried.digest == rules.digest
    assert again == result
    assert list(again.stops) == list(result.stops)


def said_of(result: TableResult, rules: Rulebook) -> bytes:
    """Everything that a result says, as bytes."""
    subjects = [f"subject {n}" for n in range(result.size)]
    reasons = [result.reasons(n) for n in range(result.size)]
    return canonical_json([result.outputs, result.fired, result.hits, list(result.sentences), reasons, rules.decision_ids([result], DAY, subjects)])


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=6), subjects=st.lists(SUBJECT, min_size=1, max_size=12), policy=st.sampled_from(["first", "collect"]))
def test_a_thousand_subjects_take_the_road_of_one(rows: list[dict[str, Written]], subjects: list[dict[str, Any]], policy: str) -> None:
    rules = rulebook(rows, policy)
    columns = {name: [subject[name] for subject in subjects] for name in "swcl"}
    few = rules.decide("sample", "t", columns, DAY)
    many = rules.decide("sample", "t", {name: values * MANY for name, values in columns.items()}, DAY)
    size = len(subjects)
    assert many.size == size * MANY
    assert many.outputs == {name: values * MANY for name, values in few.outputs.items()}
    assert (many.fired, many.hits, many.sentences) == (few.fired * MANY, few.hits * MANY, tuple(few.sentences) * MANY)
    assert list(many.stops) == list(few.stops) * MANY
    assert [many.stops[-n] for n in range(1, size + 1)] == [few.stops[-n] for n in range(1, size + 1)]
    assert [many.reasons(n - size) for n in range(size)] == [few.reasons(n) for n in range(size)]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=5), subjects=st.lists(SUBJECT, min_size=1, max_size=8), policy=st.sampled_from(["first", "collect"]), name=st.text(st.characters(codec="utf-8"), max_size=6))
def test_an_id_is_the_digest_of_what_was_decided(rows: list[dict[str, Written]], subjects: list[dict[str, Any]], policy: str, name: str) -> None:
    rules = rulebook(rows, policy)
    columns = {column: [subject[column] for subject in subjects] for column in "swcl"}
    result = rules.decide("sample", "t", columns, DAY)
    keys = [f"{name}{n}" for n in range(len(subjects))]
    ids = rules.decision_ids([result], DAY, keys)
    for n, (key, subject) in enumerate(zip(keys, subjects, strict=True)):
        body = {
            "as_of": DAY, "subject": key,
            "tables": [{
                "fired": result.hits[n], "inputs": {column: subject[column] for column in "swcl"}, "outputs": {"y": result.outputs["y"][n]},
                "pack": "sample", "rules": rules.digest, "table": "t",
            }],
        }  # fmt: skip
        assert ids[n] == f"decision/{digest_of(body)[:32]}"
        alone = rules.decide("sample", "t", {column: [value] for column, value in subject.items()}, DAY, trace=False)
        assert rules.decision_ids([alone], DAY, [key]) == (ids[n],)
    many = rules.decide("sample", "t", {column: values * MANY for column, values in columns.items()}, DAY)
    assert rules.decision_ids([many], DAY, keys * MANY) == ids * MANY
