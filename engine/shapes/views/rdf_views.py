"""RDF files as predicate views: one table a predicate in a scratch database, loaded in one stream.

In: files of Turtle, N-Triples, N-Quads, TriG, JSON-LD or RDF/XML. Out: `RdfViews`. Refuses to know: shapes, and what is
asked of the tables.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from engine.contracts import InputOutput, Place
from engine.shapes.terms import Term
from engine.shapes.views.node_keys import create_node_keys
from engine.shapes.views.predicate_tables import ROW_GROUP, PredicateTables, quoted
from engine.shapes.views.rdf_files import ReadingLimits, file_bytes, format_of, read_lines
from engine.shapes.views.statement_columns import StatementColumns
from engine.shapes.views.term_codes import TermCodes

_DATABASE = "rdf_views"
_IN_MEMORY = 32 << 20  # files that are smaller together need no database on disk


@dataclass(frozen=True, slots=True)
class ViewLimits:
    """What loading and judging may cost: the files' limits, the database's memory and its spill to disk (with units), threads."""

    reading: ReadingLimits = field(default_factory=ReadingLimits)
    memory: str = "700MB"
    spill: str = "32GB"
    threads: int = 2


class RdfViews:
    """Predicate views over RDF files (see PredicateViews). `triples` counts distinct statements."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, codes: TermCodes, tables: PredicateTables, triples: int) -> None:
        self.connection, self.triples = connection, triples
        self._codes, self._nothing, self._everything, self._relations = codes, tables.nothing, tables.everything, tables.relations()

    def relation(self, predicate: str, within: frozenset[str] | None = None) -> str:  # noqa: ARG002
        """SQL of a relation s, v, d, l for a predicate IRI; an empty one where no such triple is. Classes are not kept apart here."""
        return self._relations.get(predicate, self._nothing)

    def everything(self) -> str:
        """SQL of a relation s, p, v, d, l over all triples."""
        return self._everything

    def instances(self, classes: Sequence[str]) -> None:
        """Nothing: RDF knows instances by rdf:type alone."""

    def code(self, datatype: str) -> int:
        """Code of a datatype IRI in column d; one that no statement uses gets a number too."""
        return self._codes.code(datatype)

    def triple(self, term: Term) -> tuple[str, int, str]:
        """A term as (v, d, l)."""
        return self._codes.triple(term)

    def term(self, v: str, d: int, l: str) -> Term:  # noqa: E741
        """The term that stands in (v, d, l)."""
        return self._codes.term(v, d, l)

    def iri_text(self, v: str) -> str:
        """The column expression itself: an IRI stands as its text."""
        return v


@contextlib.contextmanager
def open_rdf_views(
    files: Sequence[Path], folder: Path, predicates: frozenset[str] | None = None, limits: ViewLimits | None = None, named_format: str | None = None
) -> Iterator[RdfViews]:
    """Files as one data graph: named graphs are merged into it, blank nodes of different files are kept apart.

    `folder` is for scratch: where the files are large a database is made in it, and removed at the end. `predicates`
    are those that will be asked for and get a table of their own (None: all, as far as 128 go; the others are found too, but slower).
    `named_format` holds for all files; else each file's suffix says. Relative IRIs are taken against the file's place.
    Blank nodes keep the label of their file, behind `f1-`, `f2-` and so on where there are several files; those that
    have none are `anon-1`, `anon-2` in the order in which they appear. Raises BadInput SHP110 to SHP113 and InputOutput
    SHP114 as read_lines says, before anything can be asked. The database reads no file and no network afterwards.
    """
    asked = limits or ViewLimits()
    given = [(path, format_of(path, named_format)) for path in files]
    large = sum(file_bytes(path, asked.reading) for path in files) > _IN_MEMORY
    with _scratch(folder) as scratch, contextlib.closing(_connection(scratch, asked)) as connection:
        yield _load(connection, scratch / "views.duckdb" if large else None, given, predicates, asked.reading)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    try:
        made = tempfile.TemporaryDirectory(prefix="rdf-views-", dir=folder)
    except OSError as error:
        why = "triples that do not fit into memory are kept on disk while they are judged"
        raise InputOutput.at("SHP114", f"nothing can be written here: {error.strerror}", why=why, fix="give a folder that can be written", place=Place(str(folder))) from None
    with made as path:
        yield Path(path)


def _connection(scratch: Path, limits: ViewLimits) -> duckdb.DuckDBPyConnection:
    config: dict[str, Any] = {
        "threads": limits.threads, "memory_limit": limits.memory, "temp_directory": str(scratch / "spill"), "max_temp_directory_size": limits.spill,
        "autoinstall_known_extensions": False, "autoload_known_extensions": False, "allow_community_extensions": False,
    }  # fmt: skip
    return duckdb.connect(":memory:", config=config)


def _load(connection: duckdb.DuckDBPyConnection, database: Path | None, files: list[tuple[Path, str]], predicates: frozenset[str] | None, limits: ReadingLimits) -> RdfViews:
    codes, tables = TermCodes(), PredicateTables(connection, predicates, _DATABASE if database is not None else "")
    try:
        if database is not None:
            connection.execute(f"ATTACH {quoted(str(database))} AS {_DATABASE} (ROW_GROUP_SIZE {ROW_GROUP})")
        create_node_keys(connection)
        for number, (path, form) in enumerate(files, 1):
            columns = StatementColumns(codes, Place(str(path)), f"f{number}-" if len(files) > 1 else "")
            with contextlib.closing(read_lines(path, form, limits)) as chunks:
                for chunk in chunks:
                    tables.add(*columns.cut(chunk))
        triples = tables.finish()
        if database is not None:
            connection.execute(f"CHECKPOINT {_DATABASE}")
            pa.default_memory_pool().release_unused()  # what loading needed is wanted for judging
        connection.execute("SET enable_external_access = false")  # cannot be turned on again
    except duckdb.Error as error:
        raise InputOutput.at("SHP114", f"the triples cannot be kept: {error}", why="a graph that was not loaded whole must not be judged", fix="free disk space or raise the memory limit") from None
    return RdfViews(connection, codes, tables, triples)
