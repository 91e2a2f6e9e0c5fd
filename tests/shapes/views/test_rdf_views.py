"""RDF files as predicate views: every format, every term, every triple once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts import BadInput, InputOutput
from engine.shapes.terms import DATATYPE_CODES, OTHER_CODES, RDF, XSD, Blank, Iri, Literal, Term
from engine.shapes.views import RdfViews, ViewLimits, open_rdf_views, parsed_triples, rdf_files, rdf_views

EX = "http://example.org/"
Triple = tuple[Term, str, Term]


def _asked(views: RdfViews, relation: str) -> list[tuple[Term, Term]]:
    """Subjects and objects of a relation as terms, by way of the macros that take node keys apart."""
    rows = views.connection.execute(f"SELECT key_v(s), key_d(s), key_l(s), v, d, l FROM {relation} ORDER BY ALL").fetchall()
    return [(views.term(*row[:3]), views.term(*row[3:])) for row in rows]


def _all(views: RdfViews) -> list[Triple]:
    rows = views.connection.execute(f"SELECT s, p, v, d, l FROM {views.everything()} ORDER BY ALL").fetchall()
    return [(Blank(s[2:]) if s.startswith("_:") else Iri(s), p, views.term(*value)) for s, p, *value in rows]


@contextmanager
def _opened(text: str | bytes, suffix: str = ".ttl", **options: Any) -> Iterator[RdfViews]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"data{suffix}"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        with open_rdf_views([path], Path(folder), **options) as views:
            yield views


@pytest.fixture(params=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both roads of a file: as a small one, and as one that takes a child process, several chunks and a database on disk."""
    if request.param == "large":
        monkeypatch.setattr(rdf_files, "_SMALL", -1)
        monkeypatch.setattr(rdf_files, "CHUNK", 150)
        monkeypatch.setattr(rdf_views, "_IN_MEMORY", -1)
        monkeypatch.setattr("engine.shapes.views.predicate_tables.ROW_GROUP", 2048)
    return str(request.param)


TERMS = f"""@prefix ex: <{EX}> . @prefix xsd: <{XSD}> .
ex:s ex:p ex:o, "plain", "typed string"^^xsd:string, "42"^^xsd:integer, "042"^^xsd:integer, "x"^^ex:datatype, "hello"@EN-us, "mönch 😀"@de, "" ;
  ex:q "a \\"quoted\\" and \\\\ back", "two\\nlines\\r\\t", "@en", "^^<x>", "_:no", "<no>", "\\u0000\\u0001\\u007F\\uFFFF" .
_:x ex:p _:x .
"""
MEANT = {
    "p": {
        Iri(EX + "o"), Literal("plain"), Literal("typed string"), Literal("42", XSD + "integer"), Literal("042", XSD + "integer"), Literal("x", EX + "datatype"),
        Literal("hello", RDF + "langString", "en-us"), Literal("mönch 😀", RDF + "langString", "de"), Literal(""),
    },
    "q": {Literal(v) for v in ('a "quoted" and \\ back', "two\nlines\r\t", "@en", "^^<x>", "_:no", "<no>", "\0\x01\x7f\uffff")},
}  # fmt: skip


@pytest.mark.usefixtures("size")
def test_every_kind_of_term_comes_back() -> None:
    with _opened(TERMS) as views:
        assert views.triples == 17
        assert {o for s, o in _asked(views, views.relation(EX + "p")) if s == Iri(EX + "s")} == MEANT["p"]
        assert {o for _, o in _asked(views, views.relation(EX + "q"))} == MEANT["q"]
        assert [t for t in _all(views) if t[0] == Blank("x")] == [(Blank("x"), EX + "p", Blank("x"))]
        assert all(views.term(*views.triple(t)) == t for t in MEANT["p"] | MEANT["q"])
        with views.connection.cursor() as cursor:
            rows = [cursor.execute(f"SELECT count(node_key(v, d, l)) FROM {r}").fetchall() for r in (views.relation(EX + "q"), views.everything(), views.relation(EX + "none"))]
        assert rows == [[(7,)], [(17,)], [(0,)]]
        assert (views.code(XSD + "integer"), views.code(EX + "datatype")) == (DATATYPE_CODES[XSD + "integer"], OTHER_CODES)
        assert views.code(EX + "unheard of") == OTHER_CODES + 1
        assert views.code(EX + "unheard of") == OTHER_CODES + 1


_texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(['"', "\\", "\\n", "\n", "\r", "\0", '" .\n', "_:a", "<a>", "'", "\\u0041", "é", "\U0010ffff"])
_iris = st.text("abcXYZ019/#-._~%éß😀:@!$&'()*+,;=?", max_size=8).map(lambda t: EX + t.replace("%", "%20").replace("#", "_"))
_literals = (
    st.builds(Literal, _texts, st.sampled_from([XSD + "string", XSD + "integer", XSD + "gYear", EX + "datatype", "urn:other"]))
    | st.builds(Literal, _texts, st.just(RDF + "langString"), st.sampled_from(["en", "de-at", "x-1", "zh-hant-tw"]))
)
_blanks = st.sampled_from(["a", "b1", "x.y", "ü-1", "anon-1", "anon-2", "c" * 32]).map(Blank)
_triples = st.tuples(_iris.map(Iri) | _blanks, st.sampled_from([EX + "p", EX + "q", "urn:r"]) | _iris, _iris.map(Iri) | _blanks | _literals)


@settings(max_examples=60, deadline=None)
@given(st.lists(_triples, min_size=1, max_size=12))
def test_random_triples_come_back(triples: list[Triple]) -> None:
    lines = "".join(f"{s.n3()} <{p}> {o.n3()} .\n" for s, p, o in triples)
    with _opened(lines, ".nt") as views:
        named = {t.value: t.value for triple in triples for t in (triple[0], triple[2]) if isinstance(t, Blank)}
        order = [t.value for triple in triples for t in (triple[0], triple[2]) if isinstance(t, Blank) and (t.value.startswith("anon-") or len(t.value) == 32)]
        named.update({label: f"anon-{n}" for n, label in enumerate(dict.fromkeys(order), 1)})

        def meant(term: Term) -> Term:
            return Blank(named[term.value]) if isinstance(term, Blank) else term

        whole = {(meant(s), p, meant(o)) for s, p, o in triples}
        found = _all(views)
        assert len(found) == len(set(found)) == views.triples
        assert set(found) == whole
        for predicate in {p for _, p, _ in triples}:
            assert set(_asked(views, views.relation(predicate))) == {(s, o) for s, p, o in whole if p == predicate}


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize(("suffix", "form"), [(".ttl", ox.RdfFormat.TURTLE), (".nt", ox.RdfFormat.N_TRIPLES), (".jsonld", ox.RdfFormat.JSON_LD), (".rdf", ox.RdfFormat.RDF_XML), (".trig", ox.RdfFormat.TRIG), (".nq", ox.RdfFormat.N_QUADS)])
def test_every_format_says_the_same(suffix: str, form: ox.RdfFormat) -> None:
    lines = "".join(f'<{EX}s{n}> <{EX}p{n % 3}> "text {n} <&> \\"é\\""@en .\n<{EX}s{n}> <{EX}p{n % 3}> _:b{n % 5} .\n<{EX}s{n}> <{EX}number> "{n % 4}"^^<{XSD}integer> .\n' for n in range(40))
    quads = list(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    data = ox.serialize(quads if form.supports_datasets else [q.triple for q in quads], format=form)
    assert data is not None
    with _opened(lines, ".nt") as meant, _opened(data, suffix) as views:
        assert views.triples == meant.triples == 120
        assert [t for t in _all(views) if not isinstance(t[2], Blank)] == [t for t in _all(meant) if not isinstance(t[2], Blank)]
        assert len({t[2] for t in _all(views) if isinstance(t[2], Blank)}) == 5


@pytest.mark.parametrize(("suffix", "text"), [
    (".trig", "@prefix e: <http://e/> . e:g1 { e:a e:p 1 . _:x e:p 2 } e:g2 { e:a e:p 1 . _:x e:p 3 } e:a e:p 4 ."),
    (".nq", '<http://e/a> <http://e/p> "1" <http://e/g1> .\n<http://e/a> <http://e/p> "1" <http://e/g2> .\n<http://e/a> <http://e/p> "2" .\n_:x <http://e/p> "2" _:g .\n_:x <http://e/p> "3" .'),
    (".jsonld", '[{"@id":"http://e/g","@graph":[{"@id":"http://e/a","http://e/p":[1,1,4]}]},{"@id":"http://e/a","http://e/p":1},{"@id":"_:x","http://e/p":[2,3]}]'),
])  # fmt: skip
def test_named_graphs_are_merged(suffix: str, text: str) -> None:
    with _opened(text, suffix) as views:
        assert views.triples == 4
        assert len({s for s, _, _ in _all(views)}) == 2


@pytest.mark.usefixtures("size")
def test_a_repeated_triple_counts_once(tmp_path: Path) -> None:
    for name in ("one.nt", "two.nt"):
        (tmp_path / name).write_text(f'<{EX}a> <{EX}p> "1" .\n' * 7 + f'<{EX}a> <{EX}q> "1"@en .\n<{EX}a> <{EX}q> "1"@EN .\n')
    with open_rdf_views([tmp_path / "one.nt", tmp_path / "two.nt"], tmp_path, predicates=frozenset({EX + "p"})) as views:
        assert views.triples == len(_all(views)) == 2


@pytest.mark.usefixtures("size")
def test_blank_nodes_of_two_files_never_meet(tmp_path: Path) -> None:
    for name in ("one.ttl", "two.ttl"):
        (tmp_path / name).write_text(f"@prefix e: <{EX}> . _:x e:p [ e:q _:x ] . [] e:p _:anon-1 . e:list e:p (1 2) .")
    files = [tmp_path / "one.ttl", tmp_path / "two.ttl"]
    met = []
    for _ in range(2):
        with open_rdf_views(files, tmp_path) as views:
            met.append(_all(views))
    assert met[0] == met[1], "two runs over the same files must say the same"
    blanks = {t.value for s, _, o in met[0] for t in (s, o) if isinstance(t, Blank)}
    assert {b for b in blanks if not b.startswith("anon-")} == {"f1-x", "f2-x"}
    assert {b for b in blanks if b.startswith("anon-")} == {f"anon-{n}" for n in range(1, 11)}
    with open_rdf_views(files[:1], tmp_path) as views:
        assert {t.value for s, _, o in _all(views) for t in (s, o) if isinstance(t, Blank)} == {"x", *(f"anon-{n}" for n in range(1, 6))}


def test_predicates_not_named_and_those_past_the_tables_are_found_too(tmp_path: Path) -> None:
    path = tmp_path / "many.nt"
    path.write_text("".join(f'<{EX}s{n}> <{EX}p{n}> "{n}" .\n' for n in range(300)))
    for predicates in (None, frozenset({EX + "p1", EX + "p299", EX + "absent"})):
        with open_rdf_views([path], tmp_path, predicates) as views:
            for n in (0, 1, 150, 299):
                assert _asked(views, views.relation(f"{EX}p{n}")) == [(Iri(f"{EX}s{n}"), Literal(str(n)))]
            assert _asked(views, views.relation(EX + "absent")) == []
            assert _asked(views, views.relation("it's not there")) == []
            assert len(_all(views)) == views.triples == 300


def test_a_graph_without_triples_can_be_asked() -> None:
    with _opened("# nothing yet\n") as views:
        assert (views.triples, _all(views), _asked(views, views.relation(EX + "p"))) == (0, [], [])


def test_long_literals_and_many_lines_at_the_edges_of_chunks(tmp_path: Path) -> None:
    texts = ["ä" * 3_000_000, "\\n" * 1_000_000, "x" * (8 << 20), "y" * (9 << 20), *("z" * n for n in range(200))]
    (tmp_path / "long.nt").write_text("".join(f'<{EX}s> <{EX}p> "{t}" .\n' for t in texts))
    with open_rdf_views([tmp_path / "long.nt"], tmp_path) as views:
        met = views.connection.execute(f"SELECT v FROM {views.relation(EX + 'p')}").fetchall()
        assert {v for (v,) in met} == {t.replace("\\n", "\n") for t in texts}


def test_relative_iris_are_taken_against_the_place_of_the_file(tmp_path: Path) -> None:
    place = tmp_path.resolve().as_uri()
    for name, text in {"a.ttl": f"<> <{EX}p> <b> .", "a.jsonld": f'{{"@id":"","{EX}p":{{"@id":"b"}}}}', "a.rdf": f'<r:RDF xmlns:r="{RDF}" xmlns:e="{EX}"><r:Description r:about=""><e:p r:resource="b"/></r:Description></r:RDF>'}.items():
        (tmp_path / name).write_text(text)
        with open_rdf_views([tmp_path / name], tmp_path) as views:
            assert _all(views) == [(Iri(f"{place}/{name}"), EX + "p", Iri(f"{place}/b"))]


@pytest.mark.usefixtures("size")
def test_the_database_reads_and_writes_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with _opened(TERMS, limits=ViewLimits(memory="100MB", threads=1)) as views:
        for statement in (
            f"SELECT * FROM read_csv('{tmp_path}/secret.csv')", f"COPY {views.relation(EX + 'p')} TO '{tmp_path}/out.csv'", f"ATTACH '{tmp_path}/other.db'",
            "SET enable_external_access = true", "INSTALL fts", "LOAD fts",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                views.connection.execute(statement)
        assert views.connection.execute("SELECT current_setting('threads')").fetchall() == [(1,)]
        wide = views.connection.execute("SELECT count(*) FROM (SELECT DISTINCT hash(i), repeat('x', 50) || i FROM range(1_000_000) t(i))").fetchall()
        assert wide == [(1_000_000,)], "what does not fit into memory goes to the scratch folder"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["secret.csv"]


def test_the_scratch_folder_is_left_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdf_views, "_IN_MEMORY", -1)
    (tmp_path / "a.ttl").write_text(TERMS)
    with open_rdf_views([tmp_path / "a.ttl"], tmp_path):
        assert len(list(tmp_path.glob("*/views.duckdb"))) == 1
    (tmp_path / "b.ttl").write_text(TERMS + "<")
    with pytest.raises(BadInput), open_rdf_views([tmp_path / "b.ttl"], tmp_path):
        pass
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.ttl", "b.ttl"]
    with pytest.raises(InputOutput, match="SHP114"), open_rdf_views([tmp_path / "a.ttl"], tmp_path / "absent"):
        pass


def test_a_database_that_runs_full_is_no_empty_graph(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("".join(f'<{EX}{n}> <{EX}p> "{n} {"x" * 90}" .\n' for n in range(60_000)))
    limits = ViewLimits(memory="1MB")
    with pytest.raises(InputOutput, match="SHP114"), open_rdf_views([tmp_path / "a.nt"], tmp_path, limits=limits):
        pass


@pytest.mark.usefixtures("size")
def test_who_stops_early_leaves_nobody_behind(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("".join(f"<{EX}{n}> <{EX}p> <{EX}{n}> .\n" for n in range(200_000)))
    found = parsed_triples(tmp_path / "a.nt")
    assert next(found) == (Iri(EX + "0"), EX + "p", Iri(EX + "0"))
    found.close()


@pytest.mark.usefixtures("size")
def test_triples_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(TERMS)
    found = list(parsed_triples(tmp_path / "a.ttl", base=EX))
    assert {o for _, p, o in found if p == EX + "q"} == MEANT["q"]
    assert {o for s, p, o in found if p == EX + "p" and s == Iri(EX + "s")} == MEANT["p"]
    assert found[0] == (Iri(EX + "s"), EX + "p", Iri(EX + "o"))
