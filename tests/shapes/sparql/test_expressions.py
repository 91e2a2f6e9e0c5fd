"""Values of expressions: as the standards say, with constants and with the same terms read from data."""

from __future__ import annotations

import re

import pytest
from expression_cases import AGREED, RDFLIB_DIFFERS, Case
from other_engines import RdflibEngine, comparable
from random_queries import EX, PREFIXES
from small_views import SmallViews, connected

from engine.shapes.sparql import CompiledQuery, translate
from engine.shapes.terms import RDF, XSD, Iri, Literal, Term

FOCUS = Iri(EX + "focus")
_TOKEN = re.compile(r"'[^']*'(?:@[\w-]+|\^\^\w+:\w+)?|\bex:[ab]\b|(?<![\w.])\d+(?:\.\d+)?(?:e\d+)?(?![\w.])|\btrue\b|\bfalse\b")
_CONNECTION = connected()
_AT_ONCE = 20
_WORDS = {"xsd:": XSD, "ex:": EX}


def test_constants() -> None:
    """Every case over constants."""
    cases = [*AGREED, *RDFLIB_DIFFERS]
    assert _wrong(cases, _values([(c.expression, []) for c in cases])) == []


def test_terms_from_data() -> None:
    """Every case once more with each constant read from data, where nothing is known of it beforehand."""
    cases = [c for c in (*AGREED, *RDFLIB_DIFFERS) if "regex(" not in c.expression]
    assert _wrong(cases, _values([_from_data(c.expression, n) for n, c in enumerate(cases)])) == []


def _wrong(cases: list[Case], values: list[object]) -> list[str]:
    return [f"{c.expression}: {v} instead of {c.value} ({c.clause})" for c, v in zip(cases, values, strict=True) if v != comparable(_term(c.value))]


@pytest.mark.parametrize(("cases", "agrees"), [(AGREED, True), (RDFLIB_DIFFERS, False)], ids=["agrees", "differs"])
def test_rdflib(cases: list[Case], agrees: bool) -> None:
    """The list of cases on which rdflib differs is what it says; one that rdflib mends has to move."""
    engine = RdflibEngine([])
    moved = [c.expression for c in cases if (_by_rdflib(engine, c) == comparable(_term(c.value))) is not agrees]
    assert not moved


def _by_rdflib(engine: RdflibEngine, case: Case) -> object:
    try:
        answer = engine.select(f"{PREFIXES} SELECT ?value WHERE {{ BIND({case.expression} AS ?value) }}", None, ())
    except Exception as error:  # an engine that fails does not agree
        return error
    return next(iter(answer))[0] if answer else None


def _values(expressions: list[tuple[str, list[tuple[Term, str, Term]]]]) -> list[object]:
    """Values of expressions over their triples, many to a query."""
    found: dict[int, object] = {}
    for start in range(0, len(expressions), _AT_ONCE):
        chosen = list(enumerate(expressions))[start : start + _AT_ONCE]
        branches = [f"{{ {' '.join(f'$this <{p}> ?{p.removeprefix(EX)} .' for _, p, _ in triples)} BIND({e} AS ?value) BIND({n} AS ?case) }}" for n, (e, triples) in chosen]
        compiled = translate(f"{PREFIXES} SELECT $this ?value ?case WHERE {{ {' UNION '.join(branches)} }}", ask=False, bindings={})
        assert isinstance(compiled, CompiledQuery), compiled
        views = SmallViews(_CONNECTION, [t for _, (_, triples) in chosen for t in triples])
        for _, v, d, l, _, bound in _CONNECTION.execute(compiled.sql(views, views.focus([FOCUS]))).fetchall():  # noqa: E741
            found[int(bound[2])] = comparable(views.term(v, d, l) if d is not None else None)
    return [found[n] for n in range(len(expressions))]


def _from_data(expression: str, case: int) -> tuple[str, list[tuple[Term, str, Term]]]:
    triples: list[tuple[Term, str, Term]] = []

    def variable(found: re.Match[str]) -> str:
        name = f"k{case}_{len(triples)}"
        triples.append((FOCUS, EX + name, _term(found.group()) or FOCUS))
        return f"?{name}"

    return _TOKEN.sub(variable, expression), triples


def _term(written: str) -> Term | None:
    """A term as the cases write it; None for an error."""
    if not written:
        return None
    if written.startswith("ex:"):
        return Iri(EX + written[3:])
    if written in ("true", "false"):
        return Literal(written, XSD + "boolean")
    if not written.startswith("'"):
        return Literal(written, XSD + ("double" if "e" in written else "decimal" if "." in written else "integer"))
    text, _, rest = written[1:].partition("'")
    if rest.startswith("@"):
        return Literal(text, RDF + "langString", rest[1:].lower())
    if rest:
        prefix, _, name = rest[2:].partition(":")
        return Literal(text, _WORDS[prefix + ":"] + name)
    return Literal(text)
