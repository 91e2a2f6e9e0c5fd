"""What the lint says of a table over all inputs, against going through every input one by one."""

from __future__ import annotations

import itertools
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from campaign_size import sized
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rule_oracle import CELLS

from engine.contracts import Diagnostic
from engine.rules import Rulebook, check, load_rulebook

HEAD = """pack: drawn
version: 1.0.0
owner: Test
description: d
inputs: {s: {type: share}, w: {type: text}, c: {type: count}, l: {type: list}}
tables:
  t:
    description: d
    hit_policy: POLICY
    uses: [s, w, c, l]
    outputs: {o: {type: text}}
    rules:
"""
# finer than every cell that is drawn: shares in eighths where cells cut at quarters, one text and one item that no cell names
VALUES: dict[str, list[Any]] = {
    "s": [*(Decimal(n) / 8 for n in range(9)), None],
    "w": ["low", "mid", "high", "none of these", None],
    "c": [*range(7), None],
    "l": [*(tuple(i for i in "abcz" if i in chosen) for size in range(5) for chosen in itertools.combinations("abcz", size)), None],
}
EVERY = {name: list(column) for name, column in zip(VALUES, zip(*itertools.product(*VALUES.values()), strict=True), strict=True)}
Row = dict[str, Any]


def rows() -> st.SearchStrategy[list[Row]]:
    row = st.lists(st.sampled_from("swcl"), unique=True, max_size=3).flatmap(lambda names: st.fixed_dictionaries({n: CELLS[n] for n in names}))
    return st.lists(row, min_size=1, max_size=5)


def loaded(drawn: list[Row], policy: str, folder: Path) -> Rulebook:
    pack = folder / "drawn"
    pack.mkdir(exist_ok=True)
    lines = [f"      - {{id: r{n}, when: {{{', '.join(f'{k}: {w.text!r}' for k, w in row.items())}}}, then: {{o: v{n}}}, because: s}}\n" for n, row in enumerate(drawn)]
    (pack / "pack.yaml").write_text(HEAD.replace("POLICY", policy) + "".join(lines), encoding="utf-8")
    return load_rulebook(folder)


def hits(drawn: list[Row], folder: Path) -> list[tuple[str, ...]]:
    """The rows that hold on every input there is."""
    return list(loaded(drawn, "collect", folder).decide("drawn", "t", EVERY, date.max, trace=False).hits)


def said(rulebook: Rulebook, code: str, folder: Path) -> list[Diagnostic]:
    (folder / "drawn" / "cases.yaml").write_text("[]\n", encoding="utf-8")
    return [d for d in check(rulebook).diagnostics if d.code == code]


def named(found: list[Diagnostic]) -> set[str]:
    return {d.what.split("`")[1] for d in found}


@settings(max_examples=sized(60, 1500), deadline=None)
@given(drawn=rows())
def test_rows_gaps_and_idle_conditions_are_what_going_through_every_input_finds(drawn: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held = hits(drawn, folder)
        rulebook = loaded(drawn, "first", folder)
        fired = {h[0] for h in held if h}
        assert named(said(rulebook, "RUL140", folder)) == {f"r{n}" for n in range(len(drawn))} - fired
        assert bool(said(rulebook, "RUL144", folder)) == (() in held)
        idle = {(n, column) for n, row in enumerate(drawn) for column, cell in row.items() if f"r{n}" in fired and cell.text != "any" and is_idle(drawn, n, column, held, folder)}
        found = said(loaded(drawn, "first", folder), "RUL149", folder)
        assert {(int(d.what.split("`r")[1].split("`")[0]), d.what.split("`")[1]) for d in found} == idle


def is_idle(drawn: list[Row], number: int, column: str, held: list[tuple[str, ...]], folder: Path) -> bool:
    """Whether the row fires on the same inputs without the condition."""
    wider = [{k: w for k, w in row.items() if (n, k) != (number, column)} for n, row in enumerate(drawn)]
    return [h[:1] for h in hits(wider, folder)] == [h[:1] for h in held]


@settings(max_examples=sized(40, 1000), deadline=None)
@given(drawn=rows())
def test_rows_that_can_meet_under_unique_are_what_going_through_every_input_finds(drawn: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held = hits(drawn, folder)
        met = {max(pair, key=lambda r: int(r[1:])) for h in held for pair in itertools.combinations(h, 2)}
        found = said(loaded(drawn, "unique", folder), "RUL146", folder)
        assert {d.what.split("`")[3] for d in found} == met


def test_the_gap_that_is_told_is_one(tmp_path: Path) -> None:
    (tmp_path / "drawn").mkdir()
    (tmp_path / "drawn" / "pack.yaml").write_text(HEAD.replace("POLICY", "first") + '      - {id: r0, when: {s: "< 0.5"}, then: {o: v}, because: s}\n      - {id: r1, when: {s: "> 0.5"}, then: {o: v}, because: s}\n', encoding="utf-8")
    (gap,) = said(load_rulebook(tmp_path), "RUL144", tmp_path)
    assert gap.what.startswith("no row of `t` holds on s: 0.5")
    assert "gaps:" in gap.fix


@pytest.mark.parametrize(("gaps", "code"), [("", "RUL144"), ("    gaps: Nothing is known there.\n", None)])
def test_a_gap_may_be_meant(tmp_path: Path, gaps: str, code: str | None) -> None:
    (tmp_path / "drawn").mkdir()
    text = HEAD.replace("    uses", f"{gaps}    uses").replace("POLICY", "first") + '      - {id: r0, when: {s: "< 0.5"}, then: {o: v}, because: s}\n'
    (tmp_path / "drawn" / "pack.yaml").write_text(text, encoding="utf-8")
    found = said(load_rulebook(tmp_path), "RUL144", tmp_path) + said(load_rulebook(tmp_path), "RUL152", tmp_path)
    assert [d.code for d in found] == ([code] if code else [])


def test_ten_thousand_rows_are_decided(tmp_path: Path) -> None:
    (tmp_path / "drawn").mkdir()
    lines = [f"      - {{id: r{n}, when: {{w: v{n}, c: {n % 7}}}, then: {{o: v}}, because: s}}\n" for n in range(9_999)]
    lines.append("      - {id: again, when: {w: v5, c: 5}, then: {o: v}, because: s}\n")
    (tmp_path / "drawn" / "pack.yaml").write_text(HEAD.replace("POLICY", "first") + "".join(lines), encoding="utf-8")
    rulebook = load_rulebook(tmp_path)
    assert [d.what for d in said(rulebook, "RUL140", tmp_path)] == ["row `again` is never reached"]
    assert said(rulebook, "RUL144", tmp_path)
    assert rulebook.decide("drawn", "t", {"w": ["v9"], "c": [2]}, date.max).fired == ("r9",)
