"""Whichever statement the database cannot finish while contracts are judged: it is told as what it is, and nothing conforms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.contracts import InputOutput
from engine.ontology import load_schema
from engine.shapes import Edit, EditableViews, FollowingValidation, Iri, Literal, judge_records, read_shapes
from engine.shapes.records import LexicalRecords
from engine.shapes.run import judge
from engine.shapes.terms import RDF, RDFS

EX = "http://example.org/"
SHAPES = f"""@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:node ex:T ] , [ sh:path [ sh:oneOrMorePath ex:p ] ; sh:maxCount 3 ; sh:class ex:C ] .
ex:T a sh:NodeShape ; sh:nodeKind sh:IRI ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .
"""
STATEMENTS = [
    (Iri(EX + "D"), RDFS + "subClassOf", Iri(EX + "C")),
    *((Iri(f"{EX}a{n}"), RDF + "type", Iri(EX + "D")) for n in range(9)),
    *((Iri(f"{EX}a{n}"), EX + "p", Iri(f"{EX}a{n + 1}")) for n in range(9)),
    (Iri(EX + "a3"), EX + "p", Literal("no node")),
]
SCHEMA = load_schema()
ROW = {"id": "source/one@1", "label": "", "source": "source/one@1", "release": "1", "licence": "CC-BY-4.0", "confidence": "2", "derived_by": "one.two", "source_ref": "one.csv:1"}
ENDS_OR_KEY = {True: ('"from" VARCHAR', '"to" VARCHAR'), False: ("id VARCHAR",)}


class Refusing:
    """A connection of which one statement fails, as on a full disk; `asked` counts statements, cursors' too."""

    def __init__(self, connection: Any, fails: int, count: list[int] | None = None) -> None:
        self._connection, self._fails, self._count = connection, fails, count if count is not None else [0]

    @property
    def asked(self) -> int:
        return self._count[0]

    def execute(self, *arguments: Any) -> Any:
        self._count[0] += 1
        if self._count[0] == self._fails:
            raise duckdb.IOException("IO Error: Could not write all bytes to file: No space left on device")
        return self._connection.execute(*arguments)

    @contextmanager
    def cursor(self) -> Iterator[Refusing]:
        with self._connection.cursor() as cursor:
            yield Refusing(cursor, self._fails, self._count)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.fixture(scope="module")
def shapes_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shapes") / "shapes.ttl"
    path.write_text(SHAPES, encoding="utf-8")
    return path


def refused_at_each(use: Callable[[int], int]) -> int:
    """Let the first statement fail, then the second, and so on to the last; answers how many there are."""
    every = use(0)
    for number in range(1, every + 1):
        with pytest.raises(InputOutput) as refused:
            use(number)
        assert [d.code for d in refused.value.diagnostics] == ["SHP130"]
        assert "No space left" in refused.value.diagnostics[0].what
    return every


def test_no_statement_of_a_run_may_fail_unseen(shapes_file: Path) -> None:
    read = read_shapes([shapes_file])

    def use(fails: int) -> int:
        with duckdb.connect() as connection:
            views = EditableViews(connection, STATEMENTS)
            views.connection = proxy = Refusing(connection, fails)  # type: ignore[assignment]
            assert not judge(read, views).conforms
            return proxy.asked

    assert refused_at_each(use) >= 5


def test_no_statement_of_following_may_fail_unseen(shapes_file: Path) -> None:
    read = read_shapes([shapes_file])

    def use(fails: int) -> int:
        with duckdb.connect() as connection:
            views = EditableViews(connection, STATEMENTS)
            views.connection = proxy = Refusing(connection, fails)  # type: ignore[assignment]
            following = FollowingValidation(read, views)
            following.apply(Edit(removed=(STATEMENTS[-1],), added=((Iri(EX + "a9"), EX + "p", Iri(EX + "a0")),)))
            return proxy.asked

    assert refused_at_each(use) >= 12


def test_a_refused_edit_leaves_no_report_until_it_is_made(shapes_file: Path) -> None:
    """What was found before the edit is no longer true, and what was not judged does not conform."""
    read = read_shapes([shapes_file])
    edit = Edit(removed=(STATEMENTS[-1],), added=((Iri(EX + "a9"), EX + "p", Iri(EX + "a0")), (Iri(EX + "a9"), EX + "new", Iri(EX + "a0"))))
    with duckdb.connect() as connection:
        views = EditableViews(connection, STATEMENTS)
        views.connection = counted = Refusing(connection, 0)  # type: ignore[assignment]
        following = FollowingValidation(read, views)
        begun = counted.asked
        following.apply(edit)
        expected, every = following.report.results, counted.asked - begun
    for number in range(1, every + 1):
        with duckdb.connect() as connection:
            views = EditableViews(connection, STATEMENTS)
            following = FollowingValidation(read, views)
            views.connection = Refusing(connection, number)  # type: ignore[assignment]
            with pytest.raises(InputOutput, match="SHP130"):
                following.apply(edit)
            with pytest.raises(InputOutput, match="SHP130"):
                assert following.report.conforms
            following.apply(edit)
            assert following.report.results == expected


class Records:
    """Staged records behind a connection that fails."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection


def test_no_statement_of_judging_records_may_fail_unseen(tmp_path: Path) -> None:
    wig = "https://w3id.org/work-intelligence-graph/ontology#"
    path = tmp_path / "contracts.ttl"
    path.write_text(
        f"""@prefix wig: <{wig}> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <{EX}> .
        ex:Row a sh:NodeShape ; sh:targetClass wig:Source ; sh:property [ sh:path wig:label ; sh:minLength 1 ] .
        ex:Kind a sh:NodeShape ; sh:targetClass wig:Source ; sh:property [ sh:path wig:licence ; sh:in ( "none" ) ] .
        ex:Whole a sh:NodeShape ; sh:targetClass wig:Source ; sh:property [ sh:path ( wig:source [ sh:inversePath wig:source ] ) ; sh:maxCount 0 ] .
        """,
        encoding="utf-8",
    )

    def use(fails: int) -> int:
        with duckdb.connect() as connection:
            connection.execute("CREATE SCHEMA lexical")
            for target in SCHEMA.targets():
                columns = [f"{c.column} VARCHAR{'[]' if c.many else ''}" for c in (*SCHEMA.columns(target), *SCHEMA.provenance)]
                connection.execute(f'CREATE TABLE lexical."{target}" ({", ".join([*ENDS_OR_KEY["." in target], *columns])})')
            connection.execute(f'INSERT INTO lexical."Source" ({", ".join(ROW)}) VALUES ({", ".join("?" * len(ROW))})', list(ROW.values()))
            records: LexicalRecords = Records(proxy := Refusing(connection, fails))
            report = judge_records(records, SCHEMA, [path], "source/wedge@")
            assert {v.shape for v in report.violations} == {"Row", "Kind", "Whole"}
            return proxy.asked

    assert refused_at_each(use) >= 10


def test_too_little_memory_is_told_as_such(shapes_file: Path, tmp_path: Path) -> None:
    """The machine itself refuses, not a stand-in for it."""
    with duckdb.connect(tmp_path / "statements.duckdb") as connection:
        views = EditableViews(connection)
        views.put([(Iri(EX + "a"), RDF + "type", Iri(EX + "C")), (Iri(EX + "a"), EX + "p", Iri(EX + "b"))])
        table = views.relation(EX + "p")
        connection.execute(f"INSERT INTO {table} SELECT '{EX}n' || n, '{EX}m' || (n * 7919 % 400000), 0, '' FROM range(400000) t(n)")
        connection.execute(f"INSERT INTO {views.relation(RDF + 'type')} SELECT '{EX}n' || n, '{EX}C', 0, '' FROM range(400000) t(n)")
        connection.execute("CHECKPOINT")
        connection.execute("SET temp_directory = ''")
        connection.execute("SET memory_limit = '20MB'")
        with pytest.raises(InputOutput) as refused:
            judge(read_shapes([shapes_file]), views)
    assert [(d.code, bool(d.fix)) for d in refused.value.diagnostics] == [("SHP130", True)]
    assert "Out of Memory" in refused.value.diagnostics[0].what
