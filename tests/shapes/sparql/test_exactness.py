"""Numbers and times at the edge: exact within the stated digits, refused beyond, never rounded; and statements that hold together."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from random_queries import EX, PREFIXES
from small_views import SmallViews, connected

from engine.shapes.sparql import CompiledQuery, refused_at_run, translate
from engine.shapes.sparql.string_functions import SPECIAL
from engine.shapes.terms import XSD, Iri, Literal, Term

A, B, C = (Iri(EX + n) for n in "abc")
N, P = EX + "n", EX + "p"
_CONNECTION = connected()
Row = tuple[str, str | None, int | None]


def rows(query: str, triples: list[tuple[Term, str, Term]], focus: list[Term]) -> list[Row]:
    """(focus key, text and code of ?value) of each solution, in order."""
    compiled = translate(PREFIXES + query, ask=False, bindings={})
    assert isinstance(compiled, CompiledQuery), compiled
    views = SmallViews(_CONNECTION, triples)
    return sorted((r[0], r[1], r[2]) for r in _CONNECTION.execute(compiled.sql(views, views.focus(focus))).fetchall())


def numbers(*texts: str, datatype: str = "decimal", subject: Iri = A) -> list[tuple[Term, str, Term]]:
    """Triples with ex:n."""
    return [(subject, N, Literal(t, XSD + datatype)) for t in texts]


def test_sums_are_exact() -> None:
    """A tenth ten times is one, which it is not in doubles."""
    tenths = [(A, N, Iri(f"{EX}w{i}")) for i in range(10)] + [(Iri(f"{EX}w{i}"), P, Literal("0.1", XSD + "decimal")) for i in range(10)]
    query = "SELECT $this (SUM(?w) AS ?value) WHERE {{ $this ex:n ?c . ?c ex:p ?w }} GROUP BY $this HAVING (SUM(?w) {} 1.0)"
    assert rows(query.format("!="), tenths, [A]) == []
    assert rows(query.format("="), tenths, [A]) == [(A.value, "1", 6)]


def test_many_digits() -> None:
    """18 digits after the point and 20 before are counted with, and are different from their neighbours."""
    near = numbers("0.000000000000000001", "99999999999999999999")
    assert rows("SELECT $this ?value WHERE { $this ex:n ?value FILTER (?value > 0) }", near, [A]) == [(A.value, "0.000000000000000001", 6), (A.value, "99999999999999999999", 6)]
    assert rows("SELECT $this (SUM(?n) AS ?value) WHERE { $this ex:n ?n } GROUP BY $this", near, [A]) == [(A.value, "99999999999999999999.000000000000000001", 6)]
    assert rows("SELECT $this ?value WHERE { $this ex:n ?value FILTER (?value = 1) }", numbers("1.000000000000000001", "000000000000000000000001.0"), [A]) == [(A.value, "000000000000000000000001.0", 6)]


@pytest.mark.parametrize(("query", "values"), [
    ("SELECT $this WHERE { $this ex:n ?n FILTER (?n > 0) }", ["0.0000000000000000001"]),
    ("SELECT $this WHERE { $this ex:n ?n FILTER (?n > 0) }", ["100000000000000000000"]),
    ("SELECT $this WHERE { $this ex:n ?n FILTER (?n * ?n > 0) }", ["0.0000000001"]),
    ("SELECT $this WHERE { $this ex:n ?n FILTER (?n * ?n > 0) }", ["99999999999"]),
    ("SELECT $this WHERE { $this ex:n ?n FILTER (?n + ?n > 0) }", ["99999999999999999999"]),
    ("SELECT $this WHERE { $this ex:n ?n FILTER (1 / ?n > 0) }", ["170.5"]),
    ("SELECT $this (SUM(?n) AS ?value) WHERE { $this ex:n ?n } GROUP BY $this", ["99999999999999999998", "99999999999999999999"]),
])  # fmt: skip
def test_beyond_the_digits(query: str, values: list[str]) -> None:
    """What would have to be rounded stops the statement, in words that the caller knows."""
    with pytest.raises(duckdb.Error) as stopped:
        rows(query, numbers(*values), [A])
    assert refused_at_run(stopped.value)


def test_other_errors_are_not_refusals() -> None:
    """A broken statement is no reason to ask another engine."""
    with pytest.raises(duckdb.Error) as stopped:
        _CONNECTION.execute("SELECT nothing FROM nowhere")
    assert refused_at_run(stopped.value) is None


def test_mixed_extremes_are_refused() -> None:
    """MIN and MAX of numbers, of strings, and of what cannot be compared."""
    query = "SELECT $this (MIN(?n) AS ?value) WHERE { $this ex:n ?n } GROUP BY $this"
    assert rows(query, [*numbers("1.50", "10"), *numbers("1.5e0", datatype="double")], [A]) == [(A.value, "1.50", 6)]
    assert rows(query, [(A, N, Literal("b")), (A, N, Literal("a"))], [A]) == [(A.value, "a", 2)]
    with pytest.raises(duckdb.Error) as stopped:
        rows(query, [*numbers("1"), (A, N, Literal("a"))], [A])
    assert "MIN" in (refused_at_run(stopped.value) or "")


def test_quotients_and_averages() -> None:
    """Quotients keep 18 digits; an average of integers is a decimal."""
    assert rows("SELECT $this ?value WHERE { $this ex:n ?n BIND (?n / 3 AS ?value) }", numbers("1"), [A]) == [(A.value, "0." + "3" * 18, 6)]
    assert rows("SELECT $this ?value WHERE { $this ex:n ?n BIND (?n / 0.75 AS ?value) }", numbers("-2.5"), [A]) == [(A.value, "-3." + "3" * 18, 6)]
    averages = rows("SELECT $this (AVG(?n) AS ?value) WHERE { $this ex:n ?n } GROUP BY $this", [*numbers("1", "2", "4", datatype="integer"), *numbers("1.1", "1.3", subject=B)], [A, B])
    assert [Decimal(v or "0").quantize(Decimal("1e-15")) for _, v, _ in averages] == [Decimal("2.333333333333333"), Decimal("1.200000000000000")]


def test_doubles_are_summed_alike_in_every_run() -> None:
    """Whatever the order of the rows; exact numbers beside them are added first."""
    values = [(A, N, Literal(t, XSD + "double")) for t in ("1e16", "1.0", "-1e16", "0.1")] + numbers("0.2")
    query = "SELECT $this (SUM(?n) AS ?value) WHERE { $this ex:n ?n } GROUP BY $this"
    answers = {tuple(rows(query, order, [A])) for order in (values, values[::-1], sorted(values, key=repr))}
    assert len(answers) == 1


def test_letters_of_no_single_counterpart() -> None:
    """UCASE and LCASE stop at letters whose full mapping the database does not know, and only there."""
    query = "SELECT $this ?value WHERE { $this ex:n ?n BIND (UCASE(?n) AS ?value) }"
    assert rows(query, [(A, N, Literal("straße".replace("ß", "ss") + " é"))], [A]) == [(A.value, "STRASSE É", 2)]
    with pytest.raises(duckdb.Error) as stopped:
        rows(query, [(A, N, Literal("straße"))], [A])
    assert refused_at_run(stopped.value)
    everything = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    assert {c for c in everything if len(c.upper()) != 1} == set(SPECIAL["upper"])
    assert {c for c in everything if len(c.lower()) != 1} | {"Σ"} == set(SPECIAL["lower"])


@pytest.mark.parametrize(("query", "expected"), [
    # variables that may be unbound where EXISTS sees them: an unbound one is free
    ("SELECT $this WHERE { $this ex:p ?o OPTIONAL { ?o ex:q ?x } FILTER EXISTS { ?x ex:r ?z } }", "ab"),
    ("SELECT $this WHERE { $this ex:p ?o OPTIONAL { ?o ex:q ?x } FILTER NOT EXISTS { ?x ex:r ex:z } }", ""),
    ("SELECT $this WHERE { $this ex:p ?o OPTIONAL { ?o ex:q ?x } FILTER EXISTS { ?s ex:r ?z FILTER (?s = ?x) } }", "a"),
    # joined on a variable that only one side binds
    ("SELECT $this WHERE { $this ex:p ?o OPTIONAL { ?o ex:q ?x } ?x ex:r ?z }", "ab"),
    ("SELECT $this WHERE { { $this ex:p ?o } UNION { $this ex:q ?x } { ?x ex:r ?z } }", "ab"),
    # OPTIONAL whose filter sees the outer variables, with EXISTS and arithmetic in it
    ("SELECT $this WHERE { $this ex:p ?o OPTIONAL { ?o ex:q ?x FILTER EXISTS { ?x ex:r ?z FILTER ($this = ex:a) } } FILTER (bound(?x)) }", "a"),
    ("SELECT $this WHERE { $this ex:k ?k OPTIONAL { ?s ex:k ?l FILTER (?l + 1.6 > ?k + 2.5 * 1) } FILTER (!bound(?l)) }", "b"),
    # EXISTS in a BIND, a HAVING over a group key, a group by a variable that may be unbound
    ("SELECT $this WHERE { $this ex:p ?o BIND (EXISTS { ?o ex:q ?x } AS ?found) FILTER (?found) }", "a"),
    ("SELECT $this ?x (COUNT(?o) AS ?n) WHERE { $this ex:p ?o OPTIONAL { ?o ex:q ?x } } GROUP BY $this ?x HAVING (COUNT(?x) = 0)", "b"),
    ("SELECT $this (COUNT(*) AS ?n) WHERE { $this ?p ?o } GROUP BY $this (isIRI(?o) AS ?node) HAVING (?node && COUNT(*) = 1)", "ab"),
    # variable names differ by case
    ("SELECT $this WHERE { $this ex:p ?o . ?O ex:q ?x FILTER (?o = ?O) }", "a"),
    # a blank node of a pattern is a variable of that pattern only
    ("SELECT $this WHERE { $this ex:p _:o . _:o ex:q [] }", "a"),
    ("SELECT $this WHERE { $this (ex:p|ex:k)/ex:q/ex:r ?z . ?x (ex:p|ex:k)/ex:q ?y }", "a"),
])  # fmt: skip
def test_patterns(query: str, expected: str) -> None:
    """Patterns whose variables are unbound in places, and others that are easily got wrong."""
    triples: list[tuple[Term, str, Term]] = [
        (A, P, Iri(EX + "o")), (B, P, Iri(EX + "u")), (Iri(EX + "o"), EX + "q", Iri(EX + "x")), (Iri(EX + "x"), EX + "r", Iri(EX + "z")),
        (A, EX + "k", Literal("1", XSD + "integer")), (B, EX + "k", Literal("2", XSD + "integer")),
    ]  # fmt: skip
    assert [f for f, _, _ in rows(query, triples, [A, B, C])] == [EX + n for n in expected]
