"""Published record files read back as lexical tables, changed row by row and written again: what lies over a snapshot, never the snapshot.

Typed records go back to the text they came from without loss: decimals hold at most six fraction digits and were quantised once,
so the digests of tables that nobody touched are the digests of the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from engine.contracts import BadInput, InputOutput, Place
from engine.ontology import PropertyDef, Schema, load_schema
from engine.warehouse import records
from engine.warehouse.findings import RecordDigests
from engine.warehouse.incoming import column_types, key_columns
from engine.warehouse.macros import create_macros
from engine.warehouse.reconciliation import KIND_COLUMN, MAY_DANGLE
from engine.warehouse.warehouse import MEMORY_LIMIT, THREADS

Cell = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, order=True)
class LooseLink:
    """A relationship one of whose ends is no record: its table, ends, the absent one, and the source that states it."""

    target: str
    start: str
    end: str
    absent: str
    source: str
    source_ref: str


@contextmanager
def _machine() -> Iterator[None]:
    """What the machine refuses reaches the door as InputOutput WHS103."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise InputOutput.at("WHS103", f"the machine refused: {str(error).splitlines()[0]}", why="memory is full, or a file cannot be read", fix="make room and try again") from None


class PublishedRecords:
    """Record files of a folder in a DuckDB of their own. Use as a context manager; the files are read once and not held open."""

    def __init__(self, folder: Path, schema: Schema | None = None) -> None:
        """Raises BadInput WHS130 where a file is missing or has other columns than the ontology, InputOutput WHS103."""
        self._schema = schema or load_schema()
        self.connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": THREADS, "memory_limit": MEMORY_LIMIT})
        self.connection.execute("SET enable_progress_bar = false")
        create_macros(self.connection)
        self.connection.execute("CREATE SCHEMA lexical")
        with _machine():
            for target in self._schema.targets():
                self._read(target, folder / f"{target}.parquet")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory back."""
        self.connection.close()

    def _read(self, target: str, path: Path) -> None:
        typed = {p.column: p for p in (*self._schema.columns(target), *self._schema.provenance)}
        columns = ", ".join(_lexical(name, kind, typed.get(name)) for name, kind in column_types(self._schema, target).items())
        address = str(path).replace("'", "''")
        try:
            self.connection.execute(f"""CREATE TABLE lexical."{target}" AS SELECT {columns} FROM read_parquet('{address}')""")
        except (duckdb.BinderException, duckdb.ConversionException, duckdb.InvalidInputException) as error:
            raise self._foreign(target, str(error)) from None
        except duckdb.IOException as error:
            if not path.is_file():
                raise self._foreign(target, "the file is not there") from None
            raise error

    def _foreign(self, target: str, why: str) -> BadInput:
        found = BadInput.at(
            "WHS130", f"the records of {target} are not those of this ontology", why=why.splitlines()[0][:200], fix="build anew with `wig build`", place=Place(f"records/{target}.parquet")
        )
        assert isinstance(found, BadInput)
        return found

    def lexical_rows(self, target: str, columns: Sequence[str] | None = None, batch: int = 10_000) -> Iterator[list[tuple[object, ...]]]:
        """Rows of a record table in key order, in batches, as Warehouse.lexical_rows."""
        names = ", ".join(f'"{name}"' for name in (columns or column_types(self._schema, target)))
        keys = ", ".join(f'"{c}"' for c in key_columns(self._schema, target))
        with self.connection.cursor() as cursor:
            cursor.execute(f'SELECT {names} FROM lexical."{target}" ORDER BY {keys}, derived_by, source_ref')
            while rows := cursor.fetchmany(batch):
                yield rows

    def find(self, target: str, identity: Mapping[str, str]) -> tuple[Mapping[str, Cell], ...]:
        """Rows whose columns hold these values, whole, in order of their naming kind."""
        names = list(column_types(self._schema, target))
        order = f'ORDER BY "{KIND_COLUMN}"' if KIND_COLUMN in names else ""
        found = self.connection.execute(f'SELECT * FROM lexical."{target}" WHERE {_same(identity)} {order}', list(identity.values())).fetchall()
        return tuple({name: tuple(cell) if isinstance(cell, list) else cell for name, cell in zip(names, row, strict=True)} for row in found)

    def take(self, target: str, identity: Mapping[str, str]) -> None:
        """Remove the rows whose columns hold these values."""
        self.connection.execute(f'DELETE FROM lexical."{target}" WHERE {_same(identity)}', list(identity.values()))

    def put(self, target: str, row: Mapping[str, Cell]) -> None:
        """Add one row; columns that are not given are missing."""
        names = column_types(self._schema, target)
        cells = [list(cell) if isinstance(cell, tuple) else cell for cell in map(row.get, names)]
        self.connection.execute(f'INSERT INTO lexical."{target}" VALUES ({", ".join("?" for _ in names)})', cells)

    def links_of(self, key: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
        """Every relationship that begins or ends at a record: its table and its ends, in order."""
        cls = self._schema.class_of_key(key)
        found = set()
        for table in self._schema.association_tables():
            wanted = [f'"{end}" = $1' for end, name in (("from", table.start), ("to", table.end)) if name == cls]
            if wanted:
                found |= {(table.target, *row) for row in self.connection.execute(f'SELECT "from", "to" FROM lexical."{table.target}" WHERE {" OR ".join(wanted)}', [key]).fetchall()}
        return tuple((target, {"from": start, "to": end}) for target, start, end in sorted(found))

    def loose_links(self, classes: Iterable[str]) -> tuple[LooseLink, ...]:
        """Relationships that lead to or from records of these classes which are not there, in order."""
        loose: list[LooseLink] = []
        wanted = set(classes)
        for table in self._schema.association_tables():
            for end, name in (("from", table.start), ("to", table.end)):
                if name in wanted:
                    rows = self.connection.execute(
                        f"""SELECT r."from", r."to", r."{end}", r.source, r.source_ref FROM lexical."{table.target}" r ANTI JOIN lexical."{name}" c ON r."{end}" = c.id"""
                    ).fetchall()
                    loose += [LooseLink(table.target, *map(str, row)) for row in rows]
        return tuple(sorted(set(loose)))

    def drop_loose(self, link: LooseLink) -> None:
        """Let go of a relationship that leads nowhere, as a build does with those of publishers."""
        self.take(link.target, {"from": link.start, "to": link.end, "source_ref": link.source_ref})

    def write(self, folder: Path, targets: Sequence[str]) -> RecordDigests:
        """Write some record tables as typed Parquet with their digests; see records.write_records for what it raises."""
        with _machine():
            return records.write_records(self.connection, self._schema, folder, targets)


def may_dangle(target: str) -> bool:
    """Whether a relationship of this table may lead to a record that nobody delivered."""
    return target == MAY_DANGLE


def _same(identity: Mapping[str, str]) -> str:
    return " AND ".join(f'"{name}" = ${n}' for n, name in enumerate(identity, 1))


def _lexical(name: str, kind: str, definition: PropertyDef | None) -> str:
    """SQL for a typed column as the text it was written from."""
    if definition is None or definition.datatype != "decimal" or definition.many:
        return f'CAST("{name}" AS {kind}) AS "{name}"'
    # a double holds fifteen digits, so six of them behind the point come back as they were
    return f"""regexp_replace(rtrim(CAST(CAST("{name}" AS DECIMAL(21, 6)) AS VARCHAR), '0'), '\\.$', '') AS "{name}\""""
