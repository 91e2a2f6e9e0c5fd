"""Patterns mean in the linear-time engine what the standard says, or are refused with a place; none is slow."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from growth import grows_in_step
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.shapes.sql.regular_expression import PatternRefused, prove_runnable, re2_of

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("regular_expressions.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def matches(engine: duckdb.DuckDBPyConnection, text: str, pattern: str, flags: str = "") -> bool:
    found = engine.execute("SELECT regexp_matches(?, ?)", [text, re2_of(pattern, flags)]).fetchone()
    assert found is not None
    return bool(found[0])


def named(kind: str) -> Any:
    cases = [c for c in CASES if kind in c]
    assert cases
    return pytest.mark.parametrize("case", cases, ids=[c["says"] for c in cases])


@named("matches")
def test_a_pattern_matches_what_the_standard_says(case: dict[str, Any], engine: duckdb.DuckDBPyConnection) -> None:
    flags = case.get("flags", "")
    prove_runnable(re2_of(case["pattern"], flags), engine)
    assert [t for t in case["matches"] if not matches(engine, t, case["pattern"], flags)] == []
    assert [t for t in case.get("not", []) if matches(engine, t, case["pattern"], flags)] == []


@named("refused")
def test_a_pattern_is_refused_with_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(PatternRefused) as refusal:
        re2_of(case["pattern"], case.get("flags", ""))
    assert case["refused"] in refusal.value.reason
    assert refusal.value.position == case["at"]
    assert refusal.value.part == ("flags" if "no flag" in case["refused"] else "pattern")


@named("unrunnable")
def test_the_engine_refuses_before_data_flows(case: dict[str, Any], engine: duckdb.DuckDBPyConnection) -> None:
    re2 = re2_of(case["pattern"], case.get("flags", ""))
    engine.execute("BEGIN")
    with pytest.raises(PatternRefused, match=case["unrunnable"]):
        prove_runnable(re2, engine)
    assert engine.execute("SELECT 1").fetchone() == (1,)  # the caller's transaction goes on
    engine.execute("COMMIT")


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a*)*b", "(x+x+)+y", "^(?:a{1,100}){1,9}$", "^(([a-z])+.)+[A-Z]$", "(.*)*=(.*)*;"])
def test_a_catastrophic_pattern_is_simply_run(pattern: str, engine: duckdb.DuckDBPyConnection) -> None:
    assert not matches(engine, "a" * 50_000 + "!", pattern)
    assert grows_in_step(lambda length: matches(engine, "a" * length + "!", pattern), 50_000)


def test_a_long_or_deep_pattern_is_translated_in_linear_time(engine: duckdb.DuckDBPyConnection) -> None:
    def refused(pattern: str) -> None:
        with pytest.raises(PatternRefused):
            re2_of(pattern)

    assert grows_in_step(lambda deep: re2_of("(" * deep + ")" * deep), 12_500)
    assert grows_in_step(lambda deep: refused("(" * deep), 12_500)
    assert grows_in_step(lambda deep: refused("[a-" * deep), 12_500)
    with pytest.raises(PatternRefused, match="cannot run"):
        prove_runnable(re2_of("(" * 5_000 + r"\w{50}" * 100 + "){2}" * 5_000), engine)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.text(alphabet="smixqg", max_size=3))
def test_any_text_is_translated_or_refused(engine: duckdb.DuckDBPyConnection, pattern: str, flags: str) -> None:
    refused: PatternRefused | None = None
    try:
        re2 = re2_of(pattern, flags)
    except PatternRefused as refusal:
        refused = refusal
    if refused is not None:
        assert 0 <= refused.position < len(flags if refused.part == "flags" else pattern)
    else:
        prove_runnable(re2, engine)  # what the translator passes, the engine can read


ALPHABET = "abAB01 -.\n"
CHARACTERS = st.sampled_from(list("abAB01 ") + [r"\.", r"\-", r"\n", r"\("])
CLASS_ITEMS = st.one_of(CHARACTERS, st.sampled_from(["a-b", "A-Z", "0-9", "a-z", r"\d", r"\s", r"\S", r"\D", "."]))
CLASSES = st.builds(lambda hat, items: f"[{hat}{''.join(items)}]", st.sampled_from(["", "^"]), st.lists(CLASS_ITEMS, min_size=1, max_size=4))
ATOMS = st.one_of(CHARACTERS, CLASSES, st.sampled_from([".", "^", "$", r"\d", r"\D", r"\s", r"\S", r"\b"]))
QUANTIFIERS = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,}", "{0,2}", "+?", "*?", "??"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pieces = st.builds(lambda open_, body, count: f"{open_}{body}){count}", st.sampled_from(["(", "(?:"]), inner, QUANTIFIERS)
    branch = st.lists(st.one_of(pieces, inner), min_size=1, max_size=3).map("".join)
    return st.lists(branch, min_size=1, max_size=3).map("|".join)


# Python repeats no anchor and no boundary that it can tell empty, so these stand without a quantifier
PIECES = st.builds(lambda atom, count: atom if atom in ("^", "$", r"\b") else atom + count, ATOMS, QUANTIFIERS)
PATTERNS = st.recursive(st.lists(PIECES, min_size=1, max_size=4).map("".join), _larger, max_leaves=5)
FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}


@settings(max_examples=400, deadline=None)
@given(PATTERNS, st.lists(st.text(alphabet=ALPHABET, max_size=10).filter(lambda t: not t.endswith("\n")), min_size=1, max_size=6), st.sets(st.sampled_from("ism")))
def test_on_common_ground_python_and_the_engine_agree(pattern: str, texts: list[str], flags: set[str]) -> None:
    option = re.ASCII
    for flag in flags:
        option |= FLAGS[flag]
    expected = [bool(re.search(pattern, text, option)) for text in texts]
    rows = duckdb.execute("SELECT regexp_matches(t, ?) FROM unnest(?) AS x(t)", [re2_of(pattern, "".join(sorted(flags))), texts]).fetchall()
    assert [bool(row[0]) for row in rows] == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=string.punctuation + "ab", max_size=12), st.text(alphabet=string.punctuation + "ab", max_size=30))
def test_a_quoted_pattern_is_a_part_of_the_text(part: str, text: str) -> None:
    found = duckdb.execute("SELECT regexp_matches(?, ?)", [text, re2_of(part, "q")]).fetchone()
    assert found == (part in text,)
