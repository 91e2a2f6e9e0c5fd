"""What a result says: every level of its detail, and messages with just the values that its query bound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from engine.shapes import Edit, EditableViews, FollowingValidation, Iri, Literal, ValidationReport, ValidationResult, read_shapes, validate
from engine.shapes.terms import RDF

EX = "http://example.org/"
PREFIXES = f"@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
A, P = Iri(EX + "a"), EX + "p"


def judged(folder: Path, shapes: str, data: str) -> ValidationReport:
    (folder / "shapes.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
    (folder / "data.ttl").write_text(PREFIXES + data, encoding="utf-8")
    return validate([folder / "data.ttl"], [folder / "shapes.ttl"], fallback=False)


def levels(results: Sequence[ValidationResult]) -> int:
    """How deep detail goes: 1 for results without any."""
    return 1 + max(levels(r.detail) for r in results) if results else 0


# ---------------------------------------------------------------- detail

NESTED = {
    "nodes": "ex:S{n} a sh:NodeShape ; sh:node ex:S{m} .",
    "conjunctions": "ex:S{n} a sh:NodeShape ; sh:and ( ex:S{m} ) .",
    "walks": "ex:S{n} a sh:NodeShape ; sh:property ex:P{n} . ex:P{n} sh:path ex:p ; sh:node ex:S{m} .",
}
# a shape and its property shape are two levels of reading, of which one gives a result
REACHED = {"nodes": 20, "conjunctions": 20, "walks": 14}


@pytest.mark.parametrize("form", NESTED)
def test_no_level_of_detail_is_left_out(form: str, tmp_path: Path) -> None:
    depth = REACHED[form]
    shapes = "ex:S0 sh:targetNode ex:a . " + " ".join(NESTED[form].format(n=n, m=n + 1) for n in range(depth)) + f" ex:S{depth} a sh:NodeShape ; sh:in ( ex:other ) ."
    report = judged(tmp_path, shapes, "ex:a ex:p ex:a .")
    assert len(report.results) == 1
    assert levels(report.results) == depth + 1
    with duckdb.connect() as connection:
        following = FollowingValidation(read_shapes([tmp_path / "shapes.ttl"]), EditableViews(connection, [(A, P, A)]))
        assert following.report.results == report.results


def test_a_language_may_have_any_name(tmp_path: Path) -> None:
    """Languages stand in the column in which rows of another kind once carried a mark."""
    (tmp_path / "shapes.ttl").write_text(
        PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:uniqueLang true ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ] .", encoding="utf-8"
    )  # fmt: skip
    statements = [(A, RDF + "type", Iri(EX + "C")), *((A, P, Literal(text, RDF + "langString", "link")) for text in ("one", "two"))]
    with duckdb.connect() as connection:
        following = FollowingValidation(read_shapes([tmp_path / "shapes.ttl"]), EditableViews(connection, statements))
        assert sorted(r.component.rsplit("#", 1)[-1] for r in following.report.results) == ["MinCountConstraintComponent"] * 2 + ["UniqueLangConstraintComponent"]
        following.apply(Edit(removed=(statements[2],)))
        assert [r.component.rsplit("#", 1)[-1] for r in following.report.results] == ["MinCountConstraintComponent"]


# ---------------------------------------------------------------- messages

ASKING = (
    'ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:message "{message}" ; sh:select """'
    'SELECT $this ?one ?two WHERE {{ $this <http://example.org/one> ?one ; <http://example.org/two> ?two }}""" ] .'
)


@pytest.mark.parametrize(
    ("message", "one", "two", "told"),
    [
        ("{?one} and {$two}", "1", "2", "1 and 2"),
        ("{?one} and {?two}", "{?two}", "{?one}", "{?two} and {?one}"),
        ("{?one}", "{$two}{?this}", "2", "{$two}{?this}"),
        ("{?other} {?one", "1", "2", "{?other} {?one"),
        ("{{?one}}", "1", "2", "{1}"),
        ("{?one}", "\\\\1 \\\\g<0>", "2", "\\1 \\g<0>"),
    ],
)
def test_what_a_value_says_is_not_filled_in_again(message: str, one: str, two: str, told: str, tmp_path: Path) -> None:
    report = judged(tmp_path, ASKING.format(message=message), f'ex:a ex:one "{one}" ; ex:two "{two}" .')
    assert [m.value for r in report.results for m in r.messages] == [told]
