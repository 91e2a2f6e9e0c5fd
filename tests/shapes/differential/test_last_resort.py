"""The engine of last resort: what it answers, what it refuses, and what its process may not do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.term import URIRef

from engine.contracts import BadInput, EngineError, InputOutput
from engine.shapes import validate
from engine.shapes.fallback import FallbackLimits, judge_by_pyshacl
from engine.shapes.fallback.rdf_graphs import SHAPES, graph_of
from engine.shapes.fallback.shape_refusals import concerned, shape_refusals
from engine.shapes.fallback.sparql_refusals import sparql_refusals
from engine.shapes.paths import Inverse, Predicate, Sequence
from engine.shapes.results import ValidationResult
from engine.shapes.terms import SH, XSD, Blank, Iri, Literal

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PREFIXES = (
    "@prefix ex: <http://x/#> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
)
TARGET = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; "


def judged(folder: Path, shapes: str, data: str, limits: FallbackLimits | None = None, only: list[Iri] | None = None) -> list[ValidationResult]:
    """Results of Turtle texts, through the child process."""
    (folder / "shapes.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
    (folder / "data.ttl").write_text(PREFIXES + data, encoding="utf-8")
    return list(judge_by_pyshacl([folder / "data.ttl"], [folder / "shapes.ttl"], limits, only))


def brief(results: list[ValidationResult]) -> list[tuple[str, str | None, str]]:
    return [(r.focus.value, None if r.value is None else r.value.value, r.component.removeprefix(SH).removesuffix("ConstraintComponent")) for r in results]


def refusals(shapes: str, only: list[URIRef] | None = None) -> set[tuple[str, str]]:
    """Codes and words of what is refused in a shapes graph, without a process."""
    text = "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in ox.parse(PREFIXES + shapes, ox.RdfFormat.TURTLE))
    graph = graph_of(text, SHAPES)
    within = concerned(graph, only)
    return {(d.code, d.what) for d in (*shape_refusals(graph, within), *sparql_refusals(graph, within))}


# ---------------------------------------------------------------- answers


def test_results_come_back_as_values(tmp_path: Path) -> None:
    shapes = (
        TARGET + 'sh:node ex:T . ex:T sh:property [ sh:path ( [ sh:inversePath ex:q ] ex:p ) ; sh:maxCount 1 ; sh:message "zu viele"@DE , "too many" ; sh:severity sh:Warning ] .'
        ' ex:T sh:property [ sh:path ex:p ; sh:pattern "^\\\\w$" ] .'
    )
    (outer,) = judged(tmp_path, shapes, 'ex:a ex:p "_" . _:x ex:q ex:a . ex:c ex:q ex:a ; ex:p 01, 2 .'.replace("_:x ex:q ex:a .", "_:x ex:q ex:b ; ex:p _:x ."))
    assert (outer.focus, outer.value, outer.source_shape, outer.path) == (Iri("http://x/#a"), Iri("http://x/#a"), Iri("http://x/#S"), None)
    counted, matched = sorted(outer.detail, key=lambda r: r.component)
    assert (counted.path, counted.severity, counted.value) == (Sequence((Inverse(Predicate("http://x/#q")), Predicate("http://x/#p"))), SH + "Warning", None)
    assert counted.messages == (Literal("too many"), Literal("zu viele", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "de"))
    # `_` is no part of a word in SPARQL's expressions, though it is in Python's; anonymous shapes are numbered in the order of the file
    assert (matched.value, matched.component, matched.source_shape) == (Literal("_"), SH + "PatternConstraintComponent", Blank("b5"))


def test_only_the_shapes_asked_for_are_judged_with_all_that_they_refer_to(tmp_path: Path) -> None:
    shapes = (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:not ex:N . ex:N a sh:NodeShape ; sh:targetNode ex:a ; sh:nodeKind sh:IRI ."
        " ex:C a sh:NodeShape , ex:Kind ; sh:nodeKind sh:Literal . ex:Kind rdfs:subClassOf ex:Class . ex:Class rdfs:subClassOf rdfs:Class ."
    )
    data = "ex:a a ex:C ."
    assert brief(judged(tmp_path, shapes, data, only=[Iri("http://x/#S")])) == [("http://x/#a", "http://x/#a", "Not")]
    assert brief(judged(tmp_path, shapes, data)) == [("http://x/#a", "http://x/#a", "NodeKind"), ("http://x/#a", "http://x/#a", "Not")]


def test_a_component_is_asked_once_for_a_focus_node_and_keeps_its_messages_apart(tmp_path: Path) -> None:
    shapes = (
        "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:least ] ; sh:propertyValidator ["
        ' sh:message "{$this} has fewer than {$least}" ; sh:select "SELECT $this WHERE { FILTER NOT EXISTS { $this $PATH ?v . FILTER (?v >= $least) } }" ] .'
        " ex:S sh:targetNode ex:a , ex:b , ex:c ; sh:property [ sh:path ex:p ; ex:least 3 ] ."
    )
    found = judged(tmp_path, shapes, "ex:a ex:p 1 , 2 . ex:c ex:p 3 .")
    assert [(r.focus.value, r.component, [m.value for m in r.messages]) for r in found] == [
        (f"http://x/#{n}", "http://x/#C", [f"http://x/#{n} has fewer than 3"]) for n in "ab"
    ]  # fmt: skip


def test_an_ask_based_validator_names_the_value_that_it_refuses(tmp_path: Path) -> None:
    shapes = (
        "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:least ] ; sh:validator [ sh:message 'not {$least}: {?value}' ; sh:ask 'ASK { FILTER ( $value >= $least) }' ] ."
        " ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; ex:least 3 ] ."
    )
    found = judged(tmp_path, shapes, "ex:a ex:p 1 , 2 , 3 .")
    assert [(r.value, [m.value for m in r.messages]) for r in found] == [(Literal(n, XSD + "integer"), [f"not 3: {n}"]) for n in "12"]


def test_answers_do_not_change_from_run_to_run(tmp_path: Path) -> None:
    shapes = TARGET + "sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ; sh:maxCount 1 ; sh:minLength 9 ] , [ sh:path ex:q ; sh:minCount 1 ] ."
    data = "ex:a ex:p [] , [ ex:p [] ] , 1 , 2 ."
    before = os.environ.get("PYTHONHASHSEED")
    try:
        os.environ["PYTHONHASHSEED"] = "1"
        first = judged(tmp_path, shapes, data)
        os.environ["PYTHONHASHSEED"] = "2"
        assert judged(tmp_path, shapes, data) == first
    finally:
        os.environ.pop("PYTHONHASHSEED")
        if before is not None:
            os.environ["PYTHONHASHSEED"] = before
    assert len(first) == 10


def test_both_engines_stand_in_one_report_and_name_nodes_alike(tmp_path: Path) -> None:
    query = 'SELECT $this ?value WHERE { $this !<http://x/#q> ?value . FILTER isBlank(?value) }'
    shapes = TARGET + f"sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ] . ex:T a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:select '{query}' ] ."
    (tmp_path / "shapes.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
    for name, text in (("one", "ex:a ex:p [ ex:q 1 ] , _:x ."), ("two", "ex:a ex:p _:x .")):
        (tmp_path / f"{name}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    for files, names in ((["one"], ["anon-1", "x"]), (["one", "two"], ["anon-1", "f1-x", "f2-x"])):
        report = validate([tmp_path / f"{name}.ttl" for name in files], [tmp_path / "shapes.ttl"])
        assert dict(report.judged_by) == {Iri("http://x/#S"): "compiled", Iri("http://x/#T"): "pyshacl"}
        by_shape = {shape: [r.value for r in report.results if r.source_shape == shape] for shape in (Blank("b1"), Iri("http://x/#T"))}
        assert by_shape == {shape: [Blank(name) for name in names] for shape in by_shape}


# ---------------------------------------------------------------- refusals

SILENT = {
    "recursion": (TARGET + "sh:not ex:S .", "refers to itself"),
    "recursion by way of lists": (TARGET + "sh:or ( ex:T ) . ex:T sh:and ( [ sh:node ex:S ] ) .", "refers to itself"),
    "JavaScript": (TARGET + "sh:js [ sh:jsFunctionName 'f' ] .", "sh:js is not supported"),
    "an advanced target": (TARGET + "sh:target [ a sh:SPARQLTarget ] .", "sh:target is not supported"),
    "a rule": (TARGET + "sh:rule [ a sh:TripleRule ] .", "sh:rule is not supported"),
    "entailment": ("<http://x/#g> sh:entailment <http://x/#e> .", "sh:entailment is not supported"),
    "imports": ("<http://x/#g> owl:imports <http://localhost:9/> .", "owl:imports is not followed"),
    "a bad pattern": (TARGET + "sh:pattern '((' .", "cannot be run"),
    "a back-reference": (TARGET + "sh:pattern '(a)\\\\1' .", "cannot be run"),
    "a list without end": (TARGET + "sh:in _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 .", "sh:in is not a well-formed list"),
    "two bounds": (TARGET + "sh:minInclusive 1 , 2 .", "sh:minInclusive has several values"),
    "a count on a node shape": (TARGET + "sh:minCount 1 .", "sh:minCount on a node shape"),
    "closed by a number": (TARGET + "sh:closed '1'^^xsd:boolean .", "neither `true` nor `false`"),
    "a class of datatypes": (TARGET + "sh:datatype rdfs:Literal .", "a class of datatypes"),
    "a component without SPARQL": ("ex:C sh:parameter [ sh:path ex:m ] ; sh:validator [ a sh:JSValidator ] .", "sh:validator is no SPARQL validator"),
    "a parameter with two values": ("ex:C sh:parameter [ sh:path ex:m ] ; sh:validator [ sh:ask 'ASK {}' ] . ex:S ex:m 1 , 2 .", "the parameter <http://x/#m> has several values"),
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_what_pyshacl_would_pass_over_is_refused(name: str) -> None:
    shapes, words = SILENT[name]
    assert [code for code, what in refusals(shapes) if words in what] == ["SHP122"]


QUERIES = {
    "SERVICE asks": "SELECT $this WHERE { SERVICE <http://localhost:9/> { ?s ?p ?o } }",
    "SERVICE asks another computer": r"SELECT $this WHERE { OPTIONAL { SERVI\\u0043E SILENT ?where { ?s ?p ?o } } }",
    "FROM loads": "SELECT $this FROM <http://localhost:9/> WHERE { $this ?p ?o }",
    "FROM loads another": r"SELECT $this FR\\u004FM NAMED <http://localhost:9/> WHERE { $this ?p ?o }",
    "GRAPH reads": "SELECT $this WHERE { GRAPH ?g { $this ?p ?o } }",
    "MINUS does": "SELECT $this WHERE { $this ?p ?o FILTER NOT EXISTS { $this ?q ?r MINUS { $this ?q 1 } } }",
    "VALUES may": "SELECT $this WHERE { $this ?p ?o } VALUES ?o { 1 }",
    "a nested SELECT does not return $this": "SELECT $this WHERE { { SELECT * WHERE { $this ?p ?o } } }",
    "AS gives the pre-bound variable $this": "SELECT $this WHERE { { SELECT (1 AS ?this) WHERE { ?s ?p ?o } } }",
    "AS gives": "SELECT $this WHERE { BIND (1 AS ?currentShape) }",
    "a function that SPARQL does not have": "SELECT $this WHERE { $this ?p ?o FILTER (<http://x/#f>(?o)) }",
    "typed xsd:string": "SELECT $this WHERE { $this ?p ?o FILTER (?o = 'a'^^<http://www.w3.org/2001/XMLSchema#string>) }",
    "$shapesGraph is not bound": "SELECT $this WHERE { $this ?p $shapesGraph }",
    "would leave it unbound": "SELECT $this WHERE { ?s ?p ?o FILTER (?s=$currentShape) }",
    "cannot be parsed": "SELECT $this WHERE {",
    "cannot be parsed (": "DELETE WHERE { ?s ?p ?o }",
    "cannot be parsed (Expected": "LOAD <http://localhost:9/>",
    "is no SELECT query": "ASK { $this ?p ?o }",
}


@pytest.mark.parametrize("words", QUERIES)
def test_a_query_that_must_not_run_is_refused(words: str) -> None:
    found = refusals(f'{TARGET} sh:sparql [ sh:select """{QUERIES[words]}""" ] .')
    assert [code for code, what in found if words in what] == ["SHP123"]


def test_casts_and_honest_queries_are_not_refused() -> None:
    query = "PREFIX x: <http://www.w3.org/2001/XMLSchema#> SELECT $this (?o AS ?value) WHERE { $this $PATH ?o . { SELECT $this WHERE { $this ?p ?o } } FILTER (x:integer(?o) > 1) }"
    assert refusals(f'ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:sparql [ sh:select """{query}""" ] .') == set()


def test_shapes_that_are_not_asked_about_are_not_looked_at() -> None:
    shapes = (
        "ex:S sh:targetNode ex:a ; ex:least 1 ; sh:property ex:Q . ex:C sh:parameter [ sh:path ex:least ] ; sh:validator [ sh:ask 'ASK { MINUS { ?s ?p ?o } }' ] ."
        " ex:P sh:property ex:Q , ex:R . ex:Q sh:path ex:p ; sh:qualifiedValueShape ex:T ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ."
        " ex:R sh:path ex:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:js [] ] . ex:Other sh:targetNode ex:a ; sh:pattern '((' ; sh:sparql [ sh:select 'no' ] ."
    )
    found = refusals(shapes, [URIRef("http://x/#S")])
    assert {(code, words) for code, what in found for words in ("sh:js", "MINUS") if words in what} == {("SHP122", "sh:js"), ("SHP123", "MINUS")}
    assert (len(found), len(refusals(shapes, [URIRef("http://x/#T")])), len(refusals(shapes))) == (2, 0, 4)


def test_refusals_reach_the_caller_with_their_exit_code(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(BadInput) as refused:
            judged(tmp_path, TARGET + f"sh:sparql [ sh:select 'SELECT $this WHERE {{ SERVI\\\\u0043E <{address}> {{ ?s ?p ?o }} }}' ] .", "ex:a ex:p 1 .")
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert ({d.code for d in refused.value.diagnostics}, refused.value.exit_code) == ({"SHP123"}, 2)


# ---------------------------------------------------------------- limits and confinement


def test_a_query_without_end_is_stopped(tmp_path: Path) -> None:
    shapes = TARGET + "sh:sparql [ sh:select 'SELECT $this WHERE { $this ?p ?o FILTER regex(?o, \"^(a+)+$\") }' ] ."
    with pytest.raises(InputOutput, match="SHP125  pySHACL took longer than 2 s"):
        judged(tmp_path, shapes, f'ex:a ex:p "{"a" * 60}b" .', FallbackLimits(seconds=2))


def test_a_query_that_wants_all_memory_is_stopped(tmp_path: Path) -> None:
    doubled = "".join(f"BIND (CONCAT(?s{n}, ?s{n}) AS ?s{n + 1}) " for n in range(40))
    shapes = TARGET + f"sh:sparql [ sh:select 'SELECT $this WHERE {{ BIND (\"abcdefgh\" AS ?s0) {doubled} FILTER (STRLEN(?s40) > 0) }}' ] ."
    with pytest.raises(InputOutput, match="SHP125"):
        judged(tmp_path, shapes, "ex:a ex:p 1 .", FallbackLimits(memory_bytes=1 << 30))


ATTEMPTS = {
    "socket.getaddrinfo": "import socket; socket.getaddrinfo('localhost', 80)",
    "urllib.Request": "import urllib.request; urllib.request.urlopen('http://localhost:9/')",
    "subprocess.Popen": "import subprocess; subprocess.run(['true'])",
    "os.system": "import os; os.system('true')",
    "os.posix_spawn": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "os.fork": "import os; os.fork()",
    "os.exec": "import os; os.execv('/bin/true', ['true'])",
    "ctypes.dlopen": "import ctypes; ctypes.CDLL(None)",
    "os.remove": "import os; os.remove(given)",
    "opening": "open(other)",
    "opening ": "open(given, 'a')",
    "opening /": "import os; os.open(given, os.O_RDWR)",
    "listing": "import os; os.listdir(os.path.dirname(given))",
}


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a confined process records of each attempt, though each is swallowed on the spot."""
    folder = tmp_path_factory.mktemp("confined")
    (folder / "given.nt").write_text("given")
    (folder / "other.nt").write_text("other")
    program = "\n".join((
        "import json, os, subprocess, socket, urllib.request, sys", "from pathlib import Path", "try:\n    import ctypes\nexcept ImportError:\n    pass",
        "from engine.shapes.fallback.confinement import confine", "given, other, attempts = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])",
        "confinement, told = confine([Path(given)], 60, 1 << 31), {}", "assert open(given).read() == 'given'", "import wave, colorsys",
        "for name, code in attempts.items():\n    before = len(confinement.refused)\n    try:\n        exec(code)\n    except BaseException:\n        pass\n    told[name] = ' '.join(confinement.refused[before:])",
        "print(json.dumps(told))",
    ))  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(folder / "given.nt"), str(folder / "other.nt"), json.dumps(ATTEMPTS)], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert (folder / "given.nt").read_text() == "given"
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_confined_process_cannot_reach_outside_and_cannot_hide_that_it_tried(name: str, attempts: dict[str, str]) -> None:
    assert name.strip() in attempts[name]


def test_a_shape_that_nobody_wrote_is_not_judged_to_conform(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"SHP124.*no shape with a target <http://x/#Nobody>"):
        judged(tmp_path, TARGET + "sh:nodeKind sh:IRI .", "ex:a ex:p 1 .", only=[Iri("http://x/#Nobody")])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="SHP113"):
        judge_by_pyshacl([tmp_path / "nowhere.ttl"], "")


def test_a_typed_string_and_a_plain_one_are_one_term(tmp_path: Path) -> None:
    assert brief(judged(tmp_path, TARGET + f'sh:property [ sh:path ex:p ; sh:hasValue "a"^^<{XSD}string> ] .', 'ex:a ex:p "a" .')) == []
