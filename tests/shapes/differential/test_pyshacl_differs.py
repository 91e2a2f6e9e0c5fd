"""Cases in which pySHACL contradicts the specification: the compiler follows the specification, and pySHACL still errs as written.

A case that pySHACL no longer gets wrong fails here, so that it can be taken out of the list and out of the mends.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml
from pyshacl_oracle import OracleSilent, judged_by_pyshacl
from random_terms import EX, Triple
from two_engines import judged_by_compiler

from engine.shapes.results import ValidationResult
from engine.shapes.terms import RDF, RDFS, SH, XSD, Blank, Iri, Literal, Term

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).resolve().parent / "pyshacl_differs.yaml").read_text(encoding="utf-8"))
PREFIXES = "".join(f"@prefix {name}: <{space}> .\n" for name, space in (("ex", EX), ("sh", SH), ("rdf", RDF), ("rdfs", RDFS), ("xsd", XSD)))


def read(turtle: str) -> list[Triple]:
    """Triples of a Turtle text with the usual prefixes."""
    return [(_term(q.subject), q.predicate.value, _term(q.object)) for q in ox.parse(PREFIXES + turtle, ox.RdfFormat.TURTLE)]


def _term(node: Any) -> Term:
    if isinstance(node, ox.Literal):
        return Literal(node.value, node.datatype.value, node.language or "")
    return Iri(node.value) if isinstance(node, ox.NamedNode) else Blank(node.value)


def told(results: list[ValidationResult]) -> list[str]:
    """Results as a case writes them: component, focus node, value."""
    return sorted(f"{r.component.removeprefix(SH).removesuffix('ConstraintComponent')} {_written(r.focus)} {_written(r.value)}" for r in results)


def _written(term: Term | None) -> str:
    match term:
        case None:
            return "-"
        case Literal(value, datatype, language):
            return f'"{value}"' + (f"@{language}" if language else "" if datatype == XSD + "string" else f"^^xsd:{datatype.removeprefix(XSD)}")
        case Iri(value):
            return f"ex:{value.removeprefix(EX)}" if value.startswith(EX) else f"<{value}>"
        case Blank(value):
            return f"_:{value}"


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_the_compiler_follows_the_specification_where_pyshacl_does_not(case: dict[str, Any]) -> None:
    data, shapes = read(case["data"]), read(case["shapes"])
    assert told(list(judged_by_compiler(data, shapes).results)) == sorted(case["specification"])
    if isinstance(case["pyshacl"], str):
        with pytest.raises(OracleSilent) as silent:
            judged_by_pyshacl(data, shapes, as_it_is=True)
        assert str(silent.value) == case["pyshacl"]
    else:
        assert told(judged_by_pyshacl(data, shapes, as_it_is=True)) == sorted(case["pyshacl"])
    assert case["pyshacl"] != case["specification"]


@pytest.mark.parametrize("case", [c for c in CASES if c["oracle"] == "mended"], ids=lambda c: c["name"])
def test_a_mend_makes_pyshacl_follow_the_specification(case: dict[str, Any]) -> None:
    assert told(judged_by_pyshacl(read(case["data"]), read(case["shapes"]))) == sorted(case["specification"])


def test_every_case_names_a_clause_and_what_becomes_of_it() -> None:
    assert len({c["name"] for c in CASES}) == len(CASES) > 25
    assert [c["name"] for c in CASES if len(c["clause"]) < 10 or (c["oracle"] != "mended" and len(c["oracle"]) < 20)] == []
