"""Rows of one checked file into its staged table: tab text by the database, other forms from the columns that were read before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa

from engine.contracts import Diagnostic, Place
from engine.sources import TableContent, TableFile, TableLayout, read_table

MISSING = ("", "n/a")
_VIEW = "rows_read"


def create_empty(connection: duckdb.DuckDBPyConnection, name: str, layout: TableLayout) -> None:
    """The staged table of a file that was not delivered."""
    columns = ", ".join(f'"{c.column}" VARCHAR' for c in layout.columns)
    connection.execute(f"CREATE TABLE {name} (_row BIGINT, {columns}, _file VARCHAR)")


def contents(tables: Sequence[TableFile], scratch: Path) -> Generator[TableContent, None, None]:
    """Contents of the files in order, each checked while the database is still busy with the one before it."""
    with ThreadPoolExecutor(1) as pool:
        ahead = deque(pool.submit(read_table, table, scratch) for table in tables[:1])
        for table in (*tables[1:], None):
            content = ahead.popleft().result()
            if table is not None:
                ahead.append(pool.submit(read_table, table, scratch))
            yield content


def create_filled(connection: duckdb.DuckDBPyConnection, name: str, table: TableFile, content: TableContent) -> tuple[Diagnostic, ...]:
    """Create the staged table of a file without faults, with `_row`, the layout's columns and `_file`.

    Types are never guessed: a code such as 0123 must stay text. Answers SRC274 where the database reads other rows than were checked.
    """
    try:
        if content.records is not None:
            columns = {"_row": pa.array(content.records.lines, pa.int64()), **{c: pa.array(v, pa.string()) for c, v in content.records.columns.items()}}
            _from_arrow(connection, name, table, pa.table(columns))
        elif content.arrow is not None:
            with pa.OSFile(str(content.arrow), "rb") as stream:
                _from_arrow(connection, name, table, pa.ipc.open_file(stream).read_all())
        else:
            _from_text(connection, name, table)
    except (duckdb.IOException, duckdb.OutOfMemoryException):
        raise
    except (duckdb.Error, pa.ArrowException) as error:
        return (Diagnostic(Place(table.shown), "SRC274", f"the database cannot read the file: {str(error).splitlines()[0][:200]}", fix="fetch the file again"),)
    ((met,),) = connection.execute(f"SELECT count(*) FROM {name}").fetchall()
    if met == content.rows:
        return ()
    return (Diagnostic(Place(table.shown), "SRC274", f"the database reads {met} rows where {content.rows} were checked", "two readers do not agree on what a row is", "fetch the file again"),)


def _from_text(connection: duckdb.DuckDBPyConnection, name: str, table: TableFile) -> None:
    names = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(table.header)))
    wanted = {column: f"c{n}" for n, column in enumerate(table.positions) if column is not None}
    chosen = ", ".join(f'{wanted.get(c.column, "NULL::VARCHAR")} AS "{c.column}"' for c in table.layout.columns)
    connection.execute(
        f"""CREATE TABLE {name} AS SELECT row_number() OVER () + {int(table.header_row)} AS _row, {chosen}, ? AS _file FROM read_csv(
            ?, delim = ?, header = false, skip = {int(table.header_row)}, auto_detect = false, columns = {{{names}}}, quote = '', escape = '', nullstr = ?)""",
        [table.name, _literal(table.path), table.layout.delimiter, list(MISSING)],
    )


def _literal(path: Path) -> str:
    """The path for a reader that takes `*`, `?` and `[` for patterns, and `~` for a home: it must read this one file."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path.absolute()))


def _from_arrow(connection: duckdb.DuckDBPyConnection, name: str, table: TableFile, rows: pa.Table) -> None:
    missing = ", ".join(f"'{m}'" for m in MISSING)
    chosen = ", ".join(
        f'CASE WHEN "{c.column}" NOT IN ({missing}) THEN "{c.column}" END AS "{c.column}"' if c.column in rows.column_names else f'NULL::VARCHAR AS "{c.column}"'
        for c in table.layout.columns
    )
    with connection.cursor() as cursor:  # a view can only be registered where no answer is unfinished
        cursor.register(_VIEW, rows)
        cursor.execute(f"CREATE TABLE {name} AS SELECT _row, {chosen}, ? AS _file FROM {_VIEW}", [table.name]).fetchall()
