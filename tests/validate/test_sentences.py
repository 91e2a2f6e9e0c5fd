"""Each constraint component has its sentences; none is left with a gap; paths read back as they were meant."""

from __future__ import annotations

import re
from pathlib import Path as FilePath

import pytest
from rdflib import Graph

from engine.shapes import sparql_path, turtle_path
from engine.shapes.paths import Alternative, Inverse, OneOrMore, Path, Predicate, Sequence, ZeroOrMore, ZeroOrOne
from engine.validate.authored_findings import column_of
from engine.validate.sentences import remedy, telling, what_was_met
from engine.validate.suggestions import meant, nearest_value, page_of

ROOT = FilePath(__file__).resolve().parent.parent.parent
CORE = (
    "Class", "Datatype", "NodeKind", "MinCount", "MaxCount", "MinExclusive", "MinInclusive", "MaxExclusive", "MaxInclusive", "MinLength", "MaxLength", "Pattern", "LanguageIn", "UniqueLang", "Equals",
    "Disjoint", "LessThan", "LessThanOrEquals", "Not", "And", "Or", "Xone", "Node", "QualifiedMinCount", "QualifiedMaxCount", "Closed", "HasValue", "In", "SPARQL", "Own",
)  # fmt: skip


@pytest.mark.parametrize("component", CORE)
@pytest.mark.parametrize("field", ["status", ""])
@pytest.mark.parametrize("limit", ["3", ""])
def test_a_sentence_has_no_gap(component: str, field: str, limit: str) -> None:
    said = what_was_met(component, "TheContract", "module/x", field, "met", limit)
    assert "``" not in said
    assert not {"{", "}"} & set(said)
    assert said == said.strip()
    assert "module/x" in said or f"`{field}`" in said
    mended = remedy(component, "TheContract", field or "it", limit, ("a", "b"))
    assert len(mended) > 8
    assert not {"{", "}"} & set(mended)


def test_a_long_value_is_cut_and_a_number_is_told_from_text() -> None:
    assert len(what_was_met("Pattern", "S", "f", "label", "x" * 500)) < 140
    assert "cannot be compared" in what_was_met("MinInclusive", "S", "f", "hours", "many", "1")
    assert "below 1" in what_was_met("MinInclusive", "S", "f", "hours", "0.5", "1")
    assert min(("Pattern", "Datatype", "MinLength"), key=telling) == "Datatype"


@pytest.mark.parametrize(("met", "allowed", "near"), [("aproved", ("draft", "approved"), "approved"), ("xyz", ("draft", "approved"), ""), ("", ("draft",), ""), ("DRAFT", ("draft", "approved"), "draft"), ("ab", ("ax", "bx"), "")])
def test_the_nearest_value_is_one_that_may_have_been_meant(met: str, allowed: tuple[str, ...], near: str) -> None:
    assert nearest_value(met, allowed) == near


def test_a_remedy_in_words_gives_its_name() -> None:
    assert meant("did you mean `brief-it`?") == "brief-it"
    assert meant("use one of a, b") == ""


@pytest.mark.parametrize("code", ["WED103", "DOC103", "VAL101"])
def test_the_link_of_a_code_leads_to_its_chapter(code: str) -> None:
    page, _, anchor = page_of(code, "").partition("#")
    headings = [line.removeprefix("## ") for line in (ROOT / page).read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert anchor in [re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in headings]
    assert page_of("SHP301", "ModuleLesson") == "docs/reference/contracts.md#modulelesson"


P, Q = Predicate("https://example.org/p"), Predicate("https://example.org/o#q")
PATHS: list[tuple[Path, str, str]] = [
    (P, "<https://example.org/p>", "<https://example.org/p>"), (Q, "q", "<https://example.org/o#q>"), (Inverse(Q), "^q", "[ sh:inversePath <https://example.org/o#q> ]"),
    (Sequence((Q, Inverse(Q))), "q/^q", "( <https://example.org/o#q> [ sh:inversePath <https://example.org/o#q> ] )"),
    (Alternative((Q, Sequence((Q, Q)))), "q|(q/q)", "[ sh:alternativePath ( <https://example.org/o#q> ( <https://example.org/o#q> <https://example.org/o#q> ) ) ]"),
    (ZeroOrMore(Alternative((Q, P))), "(q|<https://example.org/p>)*", "[ sh:zeroOrMorePath [ sh:alternativePath ( <https://example.org/o#q> <https://example.org/p> ) ] ]"),
    (OneOrMore(ZeroOrOne(Q)), "(q?)+", "[ sh:oneOrMorePath [ sh:zeroOrOnePath <https://example.org/o#q> ] ]"), (Inverse(Sequence((Q, Q))), "^(q/q)", "[ sh:inversePath ( <https://example.org/o#q> <https://example.org/o#q> ) ]"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "sparql", "turtle"), PATHS, ids=[s for _, s, _ in PATHS])
def test_a_path_in_sparql_and_in_turtle(path: Path, sparql: str, turtle: str) -> None:
    assert sparql_path(path, "https://example.org/o#") == sparql
    assert turtle_path(path) == turtle
    graph = Graph().parse(data=f"@prefix sh: <http://www.w3.org/ns/shacl#> . [] sh:resultPath {turtle} .", format="turtle")
    assert len(graph) >= 1
    full = sparql_path(path)
    Graph().query(f"SELECT * WHERE {{ ?s {full} ?o }}")


@pytest.mark.parametrize(("path", "column"), [("status", ("status", False)), ("hasWorkflow", ("has_workflow", False)), ("^teaches", ("teaches", True)), ("practisedBy/gradedBy", ("practised_by", False)), ("(a|b)", ("a", False)), ("^(teaches/x)", ("teaches", True)), ("", ("", False)), ("<https://example.org/p>", ("", False))])
def test_the_first_step_of_a_path_is_a_column(path: str, column: tuple[str, bool]) -> None:
    assert column_of(path) == column
