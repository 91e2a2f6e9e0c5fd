"""Pre-bound variables: $this everywhere in a query, $value of an ASK, parameters, and what SHACL appendix A forbids."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from random_queries import EX, PREFIXES
from small_views import SmallViews, connected

from engine.contracts import BadInput
from engine.shapes.sparql import CompiledQuery, NotCompiled, translate
from engine.shapes.terms import RDF, XSD, Blank, Iri, Literal, Term

A, B, C, D = (Iri(EX + n) for n in "abcd")
P, Q, LABEL = EX + "p", EX + "q", EX + "label"
TRIPLES: list[tuple[Term, str, Term]] = [
    (A, P, B), (B, P, C), (C, P, A), (D, P, D), (D, P, Blank("x")), (Blank("x"), Q, A), (A, LABEL, Literal("one")), (A, LABEL, Literal("eins", RDF + "langString", "de")),
    (B, LABEL, Literal("two", RDF + "langString", "en")), (C, Q, Literal("3", XSD + "integer")),
]  # fmt: skip


@pytest.fixture(scope="module")
def views() -> SmallViews:
    """Views over TRIPLES."""
    return SmallViews(connected(), TRIPLES)


def compiled(query: str, *, ask: bool = False, bindings: Mapping[str, Term] | None = None) -> CompiledQuery:
    """A query that has to compile."""
    outcome = translate(PREFIXES + query, ask=ask, bindings=bindings or {})
    assert isinstance(outcome, CompiledQuery), outcome
    return outcome


def focus_of(views: SmallViews, query: str, nodes: list[Term], bindings: Mapping[str, Term] | None = None) -> list[str]:
    """Keys of the focus nodes of all solutions, in order."""
    return sorted(r[0] for r in views.connection.execute(compiled(query, bindings=bindings).sql(views, views.focus(nodes))).fetchall())


# the queries of the W3C suite's folder pre-binding, and what follows from the definition of pre-binding
@pytest.mark.parametrize(("query", "expected"), [
    ("SELECT $this WHERE { FILTER ($this = ex:a) }", "a"),
    ("SELECT $this WHERE { { FILTER (false) } UNION { FILTER ($this = ex:a) } }", "a"),
    ("SELECT $this WHERE { { { FILTER ($this = ex:a) } FILTER bound($this) } FILTER (true) }", "a"),
    ("SELECT $this WHERE { BIND ($this AS ?that) . FILTER (?that = ex:a) }", "a"),
    ("SELECT $this WHERE { { FILTER (bound($this)) } $this ex:label 'one' FILTER (bound($this)) }", "a"),
    ("SELECT $this WHERE { { SELECT $this WHERE { FILTER ($this = ex:a) } } }", "a"),
    ("SELECT $this WHERE { FILTER NOT EXISTS { ?x ex:p ?y FILTER (?x = $this) } }", ""),
    ("SELECT $this WHERE { FILTER EXISTS { FILTER ($this = ex:b) } }", "b"),
    ("SELECT $this WHERE { FILTER EXISTS { ?x ex:p ?y FILTER NOT EXISTS { ?y ex:p ?z FILTER (?x != $this) } } }", "abcd"),
    ("SELECT $this WHERE { OPTIONAL { ?x ex:q $this } FILTER bound(?x) }", "a"),
    ("SELECT $this WHERE { OPTIONAL { ?y ex:label 'one' FILTER (?y = $this) } FILTER (!bound(?y)) }", "bcd"),
    ("SELECT $this WHERE { $this ex:p+ $this }", "abcd"),
    ("SELECT $this WHERE { $this ex:p/ex:p/ex:p $this }", "abcd"),
    ("SELECT $this WHERE { ?s ?any $this }", "aabcd"),
    ("SELECT $this (COUNT(?o) AS ?n) WHERE { $this ex:label ?o } GROUP BY $this HAVING (COUNT(?o) > 1)", "a"),
    ("SELECT DISTINCT $this WHERE { $this ?p ?o }", "abcd"),
    ("SELECT * WHERE { $this ex:label 'one' }", "a"),
])  # fmt: skip
def test_this(views: SmallViews, query: str, expected: str) -> None:
    """$this has its value in every part of a query."""
    assert focus_of(views, query, [A, B, C, D]) == [EX + n for n in expected]


def test_values_of_solutions(views: SmallViews) -> None:
    """?value, ?path and the texts for messages."""
    query = compiled("SELECT $this ?path ?value ?other WHERE { $this ?path ?value OPTIONAL { ?value ex:q ?other } FILTER (?path = ex:p) }")
    rows = sorted(views.connection.execute(query.sql(views, views.focus([D]))).fetchall())
    assert query.variables == ("this", "path", "value", "other")
    assert rows == [(D.value, "_:x", 1, "", P, [D.value, P, "_:x", A.value]), (D.value, D.value, 0, "", P, [D.value, P, D.value, None])]
    as_json = sorted(r[4] for r in views.connection.execute(query.result_rows(views, views.focus([D]))).fetchall())
    assert as_json[0] == f'{{"path":"{P}","bound":{{"this":"{D.value}","path":"{P}","value":"_:x","other":"{A.value}"}}}}'


def test_literal_and_blank_focus(views: SmallViews) -> None:
    """A focus node may be a literal, which is nobody's subject, or a blank node; a path of length zero begins at it."""
    three = Literal("3", XSD + "integer")
    nodes = [three, Blank("x"), C]
    key = '"3"5@'
    assert focus_of(views, "SELECT $this WHERE { ?s ex:q $this }", nodes) == [key]
    assert focus_of(views, "SELECT $this WHERE { $this ex:q ?o }", nodes) == ["_:x", C.value]
    assert focus_of(views, "SELECT $this WHERE { FILTER ($this = 3.0) }", nodes) == [key]
    assert focus_of(views, "SELECT $this WHERE { FILTER isBlank($this) }", nodes) == ["_:x"]
    assert focus_of(views, "SELECT $this WHERE { $this ex:p* ?o }", [three]) == [key]
    assert focus_of(views, "SELECT $this WHERE { FILTER ($this = 3.0) }", []) == []


def test_parameters(views: SmallViews) -> None:
    """Parameters are constants, wherever they stand; one that was not given is unbound."""
    query = "SELECT $this WHERE { $this $predicate ?label FILTER (langMatches(lang(?label), $lang)) FILTER NOT EXISTS { ?label $predicate $lang } }"
    assert focus_of(views, query, [A, B], {"predicate": Iri(LABEL), "lang": Literal("de")}) == [A.value]
    assert focus_of(views, query, [A, B], {"predicate": Literal("x"), "lang": Literal("de")}) == []
    optional = "SELECT $this WHERE { FILTER ($this = COALESCE($optional, ex:b)) }"
    assert focus_of(views, optional, [A, B]) == [B.value]
    assert focus_of(views, optional, [A, B], {"optional": A}) == [A.value]


def test_ask(views: SmallViews) -> None:
    """An ASK validator answers the pairs for which it is false, each once."""
    pairs: list[tuple[Term, Term]] = [(A, Literal("One")), (A, Literal("Two")), (B, Literal("Three")), (B, Literal("Three")), (B, Literal("One", RDF + "langString", "en"))]

    def false_for(query: str, bindings: Mapping[str, Term]) -> list[tuple[str, str, str]]:
        return sorted((r[0], r[1], r[3]) for r in views.connection.execute(compiled(query, ask=True, bindings=bindings).sql(views, "none", views.pairs(pairs))).fetchall())

    one = {"requiredParam": Literal("One")}
    # of the W3C suite, component/optional-001
    assert false_for('ASK { FILTER ($value != $requiredParam && $value != COALESCE(?optionalParam, "Three")) }', one) == [(A.value, "One", ""), (B.value, "Three", "")]
    assert false_for("ASK { FILTER isLiteral($value) }", {}) == []
    assert false_for("ASK { $this ex:label ?l FILTER (lang(?l) = lang($value)) }", {}) == [(B.value, "Three", "")]
    # of the W3C suite, component/validator-001
    hello = {"test1": Literal("T"), "test2": Literal("wo")}
    assert [r[1] for r in false_for("ASK { FILTER (?value = CONCAT($test1, $test2)) }", hello)] == ["One", "One", "Three"]
    assert false_for("ASK { FILTER NOT EXISTS { $this ex:label ?l FILTER (?l = $value) } }", {}) == []


@pytest.mark.parametrize(("query", "ask", "what"), [
    ("SELECT $this WHERE { $this ?x ?any MINUS { $this ?x 'Value' } }", False, "MINUS"),
    ("SELECT $this WHERE { VALUES ?any { true } }", False, "VALUES"),
    ("SELECT $this WHERE { } VALUES ?any { true }", False, "VALUES"),
    ("SELECT $this WHERE { $this ?x ?any SERVICE <http://example.org/> { ?a ?b ?c } }", False, "SERVICE"),
    ("SELECT $this WHERE { FILTER EXISTS { SERVI\\u0043E <http://example.org/> { ?a ?b ?c } } }", False, "SERVICE"),
    ("SELECT $this FROM <http://example.org/> WHERE { $this ?x ?any }", False, "FROM"),
    ("SELECT $this WHERE { $this ?x ?any { SELECT ?other ?b WHERE { ?other ?b ?c } } }", False, "?this"),
    ("SELECT $this WHERE { { SELECT * WHERE { FILTER ($this = ex:a) } } }", False, "?this"),
    ("SELECT $this WHERE { BIND (true AS $this) }", False, "AS ?this"),
    ("SELECT (ex:a AS ?this) WHERE { ?x ex:p ?y }", False, "AS ?this"),
    ("SELECT ?x WHERE { ?x ex:p ?y }", False, "$this"),
    ("ASK { BIND (true AS ?value) FILTER (isLiteral(?value)) }", True, "AS ?value"),
])  # fmt: skip
def test_forbidden(query: str, ask: bool, what: str) -> None:
    """What SHACL forbids is a failure, with its name."""
    with pytest.raises(BadInput) as refused:
        translate(PREFIXES + query, ask=ask, bindings={})
    assert [d.code for d in refused.value.diagnostics] == ["SHP221"]
    assert what in refused.value.diagnostics[0].what


@pytest.mark.parametrize("query", [
    "SELECT $this WHERE { $this", "SELECT $this WHERE { $this nowhere:p ?o }", "SELECT $this WHERE { $this <relative> ?o }", "ASK { }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DELETE WHERE { ?s ?p ?o }", "SELECT $this WHERE { FILTER (" + "(" * 60 + "1" + ")" * 60 + ") }", "SELECT $this WHERE { " + "$this ?p ?o . " * 4_000 + "}", "SELECT $this WHERE { " + "?s ?p ?o . " * 2_000 + "}",
])  # fmt: skip
def test_not_sparql(query: str) -> None:
    """What is no usable SELECT query is refused, quickly."""
    with pytest.raises(BadInput) as refused:
        translate(PREFIXES + query, ask=False, bindings={})
    assert [d.code for d in refused.value.diagnostics] == ["SHP220"]


@pytest.mark.parametrize(("query", "construct"), [
    ("SELECT $this WHERE { $this !ex:p ?o }", "negated property set"),
    ("SELECT $this WHERE { $this ex:p ?o } LIMIT 1", "LIMIT"),
    ("SELECT $this WHERE { GRAPH ?g { $this ex:p ?o } }", "GRAPH"),
    ("SELECT $this WHERE { GRAPH $shapesGraph { $this ex:p ?o } }", "$shapesGraph"),
    ("SELECT $this (SAMPLE(?o) AS ?value) WHERE { $this ex:p ?o } GROUP BY $this", "SAMPLE"),
    ("SELECT $this (GROUP_CONCAT(?o) AS ?value) WHERE { $this ex:p ?o } GROUP BY $this", "GROUPCONCAT"),
    ("SELECT $this (COUNT(?o) AS ?value) WHERE { $this ex:p ?o }", "aggregate without GROUP BY"),
    ("SELECT $this ?o (COUNT(?x) AS ?value) WHERE { $this ex:p ?o ; ex:q ?x } GROUP BY $this", "SAMPLE"),
    ("SELECT $this WHERE { $this ex:p ?o FILTER (xsd:integer(?o) > 1) }", "function call"),
    ("SELECT $this WHERE { $this ex:p ?o FILTER (year(?o) > 2000) }", "YEAR"),
    ("SELECT $this WHERE { $this ex:p ?o FILTER regex(?o, ?o) }", "REGEX"),
    ("SELECT $this WHERE { $this ex:p ?o FILTER (str(?o + 1) = '2') }", "STR"),
    ("SELECT $this WHERE { $this ex:p ?o FILTER (lang(?o) = 'en-US') }", "LANG"),
    ("SELECT $this WHERE { $this ex:p ?o BIND (?o / 2 AS ?h) ?x ex:p ?h }", "join"),
    ("SELECT $this WHERE { $this ex:p ?o FILTER EXISTS { { SELECT $this ?o WHERE { $this ex:p ?o } } } }", "subquery in EXISTS"),
    ("SELECT $this WHERE { $this ex:p ?o FILTER (?o > 123456789012345678901234567890) }", "literal"),
])  # fmt: skip
def test_not_compiled(query: str, construct: str) -> None:
    """What the standard allows and the subset lacks is named."""
    outcome = translate(PREFIXES + query, ask=False, bindings={})
    assert isinstance(outcome, NotCompiled)
    assert (outcome.construct, bool(outcome.reason)) == (construct, True)


def test_regular_expression_that_cannot_run() -> None:
    """A pattern beyond RE2 is refused like one of sh:pattern."""
    with pytest.raises(BadInput) as refused:
        translate(PREFIXES + "SELECT $this WHERE { $this ex:p ?o FILTER regex(?o, '(a)\\\\1') }", ask=False, bindings={})
    assert [d.code for d in refused.value.diagnostics] == ["SHP207"]
