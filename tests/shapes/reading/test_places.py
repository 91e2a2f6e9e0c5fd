"""Places in Turtle: every statement and every object is found where it stands, and no text brings the scanner down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph
import pytest
from growth import grows_in_step
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import Place
from engine.shapes.reading.places import Places, subject_places
from engine.shapes.terms import RDF, Blank, Iri, Literal, Term

EX = "http://example.org/"
FILE = Path("shapes.ttl")
SHAPES = '''@prefix sh: <http://www.w3.org/ns/shacl#> .
PREFIX ex: <http://example.org/>
# a comment with <brackets> and "quotes .
ex:Person a sh:NodeShape ;
  sh:property [ sh:path ex:name ; sh:pattern "^a" ] ,
              [ sh:path ex:code ; sh:pattern "(((" ; sh:minCount 2 ] ;
  sh:or ( [ sh:class ex:A ]
          [ sh:not [ sh:class ex:B, "b" ] ] ) ;
  sh:description """two
lines, with a ] and a . and "quotes" in them""" .

[ sh:targetClass ex:Nameless ;
    sh:nodeKind sh:Foo ] .
<http://example.org/Late> sh:in ( ) ; sh:flags 'x\\ty'@en, "z"^^ex:t .ex:Same.line sh:minCount -1.5.
@base <http://other.org/dir/> .
<#relative> sh:path <file> .
'''
SH = "http://www.w3.org/ns/shacl#"


def place(places: Places, subject: str, predicate: str | None = None, text: str | None = None) -> tuple[int, int]:
    found = places.place_of(subject, predicate and SH + predicate, text)
    assert found.file == "shapes.ttl"
    return found.line, found.column


def term(value: pyoxigraph.Term | pyoxigraph.Triple) -> Term:
    if isinstance(value, pyoxigraph.NamedNode):
        return Iri(value.value)
    if isinstance(value, pyoxigraph.BlankNode):
        return Blank(value.value)
    assert isinstance(value, pyoxigraph.Literal)
    return Literal(value.value, value.datatype.value)


def parsed(text: str) -> list[tuple[Term, str, Term]]:
    return [(term(q.subject), q.predicate.value, term(q.object)) for q in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ((EX + "Person",), (4, 1)),
        ((EX + "Person", "property"), (5, 15)),
        ((EX + "Person", "pattern"), (5, 46)),
        ((EX + "Person", "pattern", "((("), (6, 46)),
        ((EX + "Person", "minCount", "2"), (6, 66)),
        ((EX + "Person", "or"), (7, 9)),
        ((EX + "Person", "class", EX + "A"), (7, 22)),
        ((EX + "Person", "class", EX + "B"), (8, 31)),
        ((EX + "Person", "class", "b"), (8, 37)),
        ((EX + "Person", "description"), (9, 18)),
        ((EX + "Late",), (14, 1)),
        ((EX + "Late", "in", RDF + "nil"), (14, 33)),
        ((EX + "Late", "flags", "x\ty"), (14, 48)),
        ((EX + "Late", "flags", "z"), (14, 59)),
        ((EX + "Same.line", "minCount", "-1.5"), (14, 95)),
        (("http://other.org/dir/#relative",), (16, 1)),
        (("http://other.org/dir/#relative", "path", "http://other.org/dir/file"), (16, 21)),
        # what is not there falls back: to the predicate, to the statement
        ((EX + "Person", "pattern", "never written"), (5, 46)),
        ((EX + "Person", "lessThan"), (4, 1)),
    ],
)  # fmt: skip
def test_a_place_is_told_from_the_text_alone(question: tuple[str, ...], expected: tuple[int, int]) -> None:
    assert place(subject_places(FILE, SHAPES), *question) == expected


def test_what_nobody_wrote_is_placed_in_the_file() -> None:
    assert subject_places(FILE, SHAPES).place_of(EX + "Nobody", SH + "path") == Place("shapes.ttl")


def test_statements_stand_in_the_order_of_the_file() -> None:
    found = subject_places(FILE, SHAPES).subjects
    assert [(s.removeprefix(EX), p.line) for s, p in found.items()] == [("Person", 4), ("Late", 14), ("Same.line", 14), ("http://other.org/dir/#relative", 16)]


def test_nodes_without_a_name_are_told_by_the_parsers_triples() -> None:
    triples = parsed(SHAPES)
    places = subject_places(FILE, SHAPES, triples)

    def node(predicate: str, value: Term) -> str:
        subject = next(s for s, p, o in triples if p == SH + predicate and o == value)
        assert isinstance(subject, Blank)
        return f"_:{subject.value}"

    code, nameless, inner = node("pattern", Literal("(((")), node("targetClass", Iri(EX + "Nameless")), node("class", Iri(EX + "B"))
    assert place(places, code) == (6, 15)
    assert place(places, code, "path") == (6, 25)
    assert place(places, code, "lessThan") == (6, 15)
    assert place(places, nameless) == (12, 1)
    assert place(places, nameless, "nodeKind") == (13, 17)
    assert place(places, inner) == (8, 20)
    cells = [o for s, p, o in triples if p == SH + "or" and isinstance(o, Blank)]
    assert place(places, f"_:{cells[0].value}") == (7, 9)


@pytest.mark.parametrize("path", sorted((Path(__file__).resolve().parents[3] / "shapes").rglob("*.ttl")), ids=lambda p: p.name)
def test_every_node_and_value_of_the_products_own_shapes_has_its_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    triples = parsed(text)
    places, lines = subject_places(path, text, triples), text.split("\n")
    assert triples
    for subject, predicate, value in triples:
        if isinstance(value, Blank) or predicate in (RDF + "first", RDF + "rest"):
            continue
        found = places.place_of(subject.value if isinstance(subject, Iri) else f"_:{subject.value}", predicate, value.value)
        there = lines[found.line - 1][found.column - 1 :]
        assert there.startswith(('"', "'")) or re.split(r"[:/#]", value.value)[-1][:8] in there


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts(line_end: str) -> None:
    text = line_end.join(["<http://example.org/a> <http://example.org/p> 1 .", '<http://example.org/b> <http://example.org/p> "é😀" , 2 .'])
    places = subject_places(Path("d.nt"), text)
    assert places.place_of(EX + "b", EX + "p", "2") == Place("d.nt", 2, 54)


def test_other_formats_are_placed_in_their_file() -> None:
    assert subject_places(Path("shapes.jsonld"), '{"@id": "x"}').place_of("x") == Place("shapes.jsonld")


def test_named_graphs_are_passed_through() -> None:
    text = "PREFIX ex: <http://example.org/>\nGRAPH ex:g {\n ex:a ex:p 1 }\nex:h { ex:b ex:p 2 . ex:c ex:p 3 }\n"
    places = subject_places(Path("d.trig"), text)
    assert [places.place_of(EX + name).line for name in "abc"] == [3, 4, 4]


# ---------------------------------------------------------------- any text

BITS = ['"', '"""', "'", "'''", "\\", "<", ">", "<http://e/>", "@prefix ", "PREFIX", "@base", "@en", "^^", "[", "]", "(", ")", "{", "}", ";", ",", ".", "#", "\n", "\r", " "]
BITS += ["ex:", "ex:a", "a", "_:b", ":", "1", ".5", "-1e3", "true", "GRAPH", "\\u0041", "%", "\x00", "\ufeff", "é", "😀", "<<", "{|", "http://[x"]


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(BITS), max_size=60).map("".join), st.lists(st.sampled_from(BITS), max_size=30).map(" ".join)))
def test_any_text_is_survived(text: str) -> None:
    triples: list[tuple[Term, str, Term]] = [(Iri("ex:a"), "ex:a", Blank("x")), (Blank("x"), "a", Blank("y")), (Blank("y"), "a", Literal("1"))]
    places = subject_places(FILE, text, triples, "http://example.org/")
    lines = text.count("\n") + text.count("\r") + 1
    for subject in [*places.subjects, "_:x", "_:y", "nobody"]:
        for found in (places.place_of(subject), places.place_of(subject, "a"), places.place_of(subject, "ex:a", "1")):
            assert found.file == "shapes.ttl"
            assert 0 <= found.line <= lines


@pytest.mark.parametrize(
    "bit",
    ['"', '"\\', "'\"", "'''\\", "<", "<a", "<\\u0041", ".", "a.", "..a", "[", "(", "((1", "([", "[a ", "@a-", "^^", "#", "{", "a:", "\n", "[]", "(1) ", "a b c ;"],
)
def test_no_text_is_slow(bit: str) -> None:
    assert grows_in_step(lambda length: subject_places(FILE, bit * (length // len(bit))).place_of("a", "b", "c"), 25_000)


def test_a_huge_literal_is_passed_over() -> None:
    text = f'<{EX}a> <{EX}p> "{chr(92)}n' + "\\n" * 2_500_000 + f'" .\n<{EX}b> <{EX}p> """' + 'x"\n' * 1_000_000 + f'""" , 7 .\n<{EX}c> <{EX}p> 1 .'
    places = subject_places(FILE, text)
    assert places.place_of(EX + "b", EX + "p", "7") == Place("shapes.ttl", 1_000_002, 7)
    assert places.place_of(EX + "c").line == 1_000_003


def test_a_huge_literal_is_read_in_step_with_its_length() -> None:
    assert grows_in_step(lambda length: subject_places(FILE, f'<{EX}a> <{EX}p> "{chr(92)}n' + "\\n" * length + f'" .\n<{EX}b> <{EX}p> """' + 'x"\n' * length + '""" .'), 100_000)


# ---------------------------------------------------------------- generated Turtle


@dataclass
class Written:
    """Turtle as it grows: each literal is a number of its own, so that its place is known without looking."""

    text: str = "@prefix ex: <http://example.org/> .\n@prefix : <http://example.org/> .\n"
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    statements: dict[str, tuple[int, int]] = field(default_factory=dict)

    def here(self) -> tuple[int, int]:
        return self.text.count("\n") + 1, len(self.text) - self.text.rfind("\n")


VALUES = st.recursive(
    st.sampled_from(["number", "text", "long", "iri", "nil"]),
    lambda inner: st.one_of(st.lists(inner, min_size=1, max_size=3).map(lambda v: ("list", v)), st.lists(st.tuples(st.sampled_from("pqr"), inner), max_size=3).map(lambda v: ("node", v))),
    max_leaves=8,
)
STATEMENTS = st.lists(st.lists(st.tuples(st.sampled_from("pqr"), st.lists(VALUES, min_size=1, max_size=3)), min_size=1, max_size=3), min_size=1, max_size=5)
GAPS = st.sampled_from([" ", "\n", "\t ", " # note [ ( \"\n", "\n\n  "])


def write(out: Written, value: object, gap: list[str]) -> None:
    def space() -> None:
        gap.append(gap.pop(0))
        out.text += gap[0]

    space()
    if isinstance(value, tuple):
        kind, parts = value
        out.text += "(" if kind == "list" else "["
        for part in parts:
            if kind == "list":
                write(out, part, gap)
            else:
                out.text += f" ex:{part[0]}"
                write(out, part[1], gap)
                space()
                out.text += ";"
        space()
        out.text += ")" if kind == "list" else "]"
        return
    number = str(len(out.places) + 1000)
    key = {"text": f"t\n{number}", "long": f'l"\n{number}', "iri": EX + "i" + number}.get(str(value), number)
    out.places[key] = out.here()
    written = {"text": f"'t\\n{number}'@en-GB", "long": f'"""l"\n{number}"""', "iri": f":i{number}", "nil": f"( ) , {number}", "number": number}
    if value == "nil":
        out.text += "( )"
        del out.places[key]
    else:
        out.text += written[str(value)]


@settings(max_examples=150, deadline=None)
@given(STATEMENTS, st.lists(GAPS, min_size=1, max_size=7), st.lists(st.booleans(), min_size=5, max_size=5))
def test_in_generated_turtle_everything_is_found(statements: list[list[tuple[str, list[object]]]], gap: list[str], named: list[bool]) -> None:
    out = Written()
    for number, (pairs, has_name) in enumerate(zip(statements, named, strict=False)):
        if has_name:
            out.statements[f"{EX}s{number}"] = out.here()
        out.text += f"ex:s{number}" if has_name else f"[ ex:begins 's{number}' ]"
        for predicate, values in pairs:
            out.text += f" ex:{predicate}"
            for value in values:
                write(out, value, gap)
                out.text += " ,"
            out.text = out.text.removesuffix(",") + ";"
        out.text += ".\n"
    triples = parsed(out.text)
    places = subject_places(FILE, out.text, triples)
    assert {s: (p.line, p.column) for s, p in places.subjects.items()} == out.statements
    for subject, predicate, value in triples:
        if isinstance(value, Blank) or (key := value.value) not in out.places:
            continue
        owner = subject.value if isinstance(subject, Iri) else f"_:{subject.value}"  # type: ignore[union-attr]
        found = places.place_of(owner, predicate, key)
        assert (found.line, found.column) == out.places[key]
