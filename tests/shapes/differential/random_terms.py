"""The small world of random graphs: few nodes, predicates and classes, so that things meet; literals of every kind."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.shapes.terms import RDF, RDFS, XSD, Blank, Iri, Literal, Term

EX = "urn:x:"
Triple = tuple[Term, str, Term]
TYPE, SUBCLASS = RDF + "type", RDFS + "subClassOf"


def ex(name: str) -> Iri:
    """An IRI of the small world."""
    return Iri(EX + name)


def typed(value: str, datatype: str) -> Literal:
    """A literal with a datatype of XML Schema."""
    return Literal(value, XSD + datatype)


def tagged(value: str, language: str) -> Literal:
    """A literal with a language; tags are kept in lower case by every reader."""
    return Literal(value, RDF + "langString", language.lower())


NODES: tuple[Term, ...] = (ex("a"), ex("b"), ex("c"), Blank("n1"), Blank("n2"))
PREDICATES = tuple(EX + n for n in "pqr")
CLASSES = tuple(ex(n) for n in "CDE")
STRINGS = tuple(Literal(v) for v in ("", "a", "b", "ab", "abc", "A", "a b", "\u00e9", "12", "1", "x\ny", "urn:x:a", "\U0001f600"))
TAGGED = tuple(tagged(v, t) for v, t in (("a", "en"), ("b", "EN"), ("abc", "en"), ("a", "de"), ("b", "de"), ("ab", "de-AT"), ("a", "EN-us"), ("c", "en-US"), ("", "fr")))
NUMBERS = tuple(typed(v, t) for v, t in (
    ("0", "integer"), ("1", "integer"), ("01", "integer"), ("-1", "integer"), ("2", "integer"), ("+2", "integer"), ("12345678901234567890", "integer"), ("1.0", "decimal"), ("1.5", "decimal"), ("-0.5", "decimal"), ("2.", "decimal"),
    ("1.0E0", "double"), ("1.5e0", "double"), ("INF", "double"), ("-INF", "double"), ("NaN", "double"), ("0.1", "float"), ("0.1", "decimal"), ("1", "float"), ("2", "long"), ("3", "int"), ("1", "byte"), ("4", "nonNegativeInteger"), ("5", "positiveInteger"), ("255", "unsignedByte"),
))  # fmt: skip
MOMENTS = tuple(typed(v, t) for v, t in (
    ("2020-01-01", "date"), ("2020-01-02", "date"), ("2019-12-31", "date"), ("2020-01-01T00:00:00", "dateTime"), ("2020-01-01T12:00:00", "dateTime"), ("2020-01-01T12:00:00Z", "dateTime"),
    ("2020-01-01T12:00:00+05:00", "dateTime"), ("2020-01-03T00:00:00.5Z", "dateTime"), ("10:00:00", "time"), ("11:30:00", "time"), ("2020", "gYear"), ("2021", "gYear"), ("2020-02", "gYearMonth"), ("P1D", "dayTimeDuration"), ("P1Y", "yearMonthDuration"), ("P1Y2M", "duration"),
))  # fmt: skip
ILL_TYPED = tuple(typed(v, t) for v, t in (
    ("abc", "integer"), ("1.5", "integer"), ("x", "decimal"), ("maybe", "boolean"), ("2020-13-01", "date"), ("2020-02-30", "date"), ("noon", "dateTime"), ("300", "byte"), ("-1", "nonNegativeInteger"), ("one", "double"),
    ("1_0", "integer"), (" 1 ", "integer"), ("1e5", "decimal"), ("INF", "decimal"), ("nan", "double"), ("infinity", "float"), ("2020-01-01", "dateTime"), ("2020-01-01 00:00:00", "dateTime"), ("TRUE", "boolean"),
))  # fmt: skip
OTHERS = (typed("true", "boolean"), typed("false", "boolean"), typed("1", "boolean"), typed("urn:x:a", "anyURI"), typed("0aff", "hexBinary"), typed("plain", "token"), Literal("v", EX + "datatype"), Literal("w", EX + "datatype"))
LITERALS = (*STRINGS, *TAGGED, *NUMBERS, *MOMENTS, *ILL_TYPED, *OTHERS)

kinds = st.one_of(*(st.sampled_from(pool) for pool in (STRINGS, TAGGED, NUMBERS, NUMBERS, MOMENTS, ILL_TYPED, OTHERS)))
literals = kinds
nodes = st.sampled_from(NODES)
terms = st.one_of(nodes, nodes, literals)
predicates = st.sampled_from(PREDICATES)
classes = st.sampled_from(CLASSES)
