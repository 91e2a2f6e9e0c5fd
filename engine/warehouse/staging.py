"""A delivery into staged tables: the publisher's columns as text, and the line of every row.

Every line was checked before; what is judged here needs the whole table: equal keys, and rows that should be one and differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb

from engine.contracts import BadInput, Diagnostic, Place
from engine.sources import Delivery, Identity, Publisher, TableFile, TableLayout, table_faults
from engine.warehouse.findings import DropCount, Orphan, TableCount
from engine.warehouse.references import drop_orphans

MISSING = ("", "n/a")
MAX_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Staged:
    """Counts by file, and the rows that refer to what the delivery does not contain (they are in the counts too)."""

    counts: tuple[TableCount, ...]
    orphans: tuple[Orphan, ...]


def stage(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> Staged:
    """Create `<publisher>.<staged table>` for every layout; absent files give empty tables.

    Rows that refer to what the delivery lacks are left out and counted (see references.drop_orphans).
    Raises BadInput with every fault: SRC220 to SRC229 (lines), SRC250 (rows that contradict each other).
    """
    schema = delivery.publisher.schema
    connection.execute(f"CREATE SCHEMA {schema}")
    faults: list[Diagnostic] = []
    counts: list[TableCount] = []
    present = {t.layout.file: t for t in delivery.tables}
    for layout in delivery.publisher.tables:
        name, table = f'{schema}."{layout.staged_table}"', present.get(layout.file)
        if table is None:
            _empty(connection, name, layout)
            continue
        rows, met = table_faults(table)
        if met:
            faults.extend(met)
            continue
        _read(connection, name, table)
        for identity in layout.identities:
            faults.extend(_contradictions(connection, name, table, identity))
        dropped = _drop_duplicates(connection, name, layout)
        counts.append(TableCount(delivery.origin.key, layout.file, rows, rows - dropped, (DropCount("duplicate_key", dropped),) if dropped else ()))
    if faults:
        raise BadInput(*faults)
    orphans = drop_orphans(connection, delivery)
    return Staged(tuple(_without(count, orphans) for count in counts), orphans)


def stage_nothing(connection: duckdb.DuckDBPyConnection, publisher: Publisher) -> None:
    """Empty staged tables for a publisher that delivers nothing, so that others may join them."""
    connection.execute(f"CREATE SCHEMA {publisher.schema}")
    for layout in publisher.tables:
        _empty(connection, f'{publisher.schema}."{layout.staged_table}"', layout)


def _empty(connection: duckdb.DuckDBPyConnection, name: str, layout: TableLayout) -> None:
    columns = ", ".join(f'"{c.column}" VARCHAR' for c in layout.columns)
    connection.execute(f"CREATE TABLE {name} (_row BIGINT, {columns})")


def _without(count: TableCount, orphans: tuple[Orphan, ...]) -> TableCount:
    """The count of a file after its orphans went."""
    reasons: dict[str, int] = {}
    for orphan in orphans:
        if orphan.target == count.name:
            reasons[orphan.reason] = reasons.get(orphan.reason, 0) + orphan.count
    lost = tuple(DropCount(reason, number) for reason, number in sorted(reasons.items()))
    return replace(count, kept=count.kept - sum(reasons.values()), dropped=(*count.dropped, *lost))


def _read(connection: duckdb.DuckDBPyConnection, name: str, table: TableFile) -> None:
    """Read one checked file. Types are never guessed: a code such as 0123 must stay text."""
    layout = table.layout
    names = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(table.header)))
    wanted = {column: f"c{n}" for n, column in enumerate(table.positions) if column is not None}
    chosen = ", ".join(f'{wanted.get(c.column, "NULL::VARCHAR")} AS "{c.column}"' for c in layout.columns)
    quote = '"' if layout.quoted else ""
    connection.execute(
        f"""CREATE TABLE {name} AS SELECT row_number() OVER () + 1 AS _row, {chosen} FROM read_csv(
            ?, delim = ?, header = false, skip = 1, auto_detect = false, columns = {{{names}}}, quote = ?, escape = ?, nullstr = ?, allow_quoted_nulls = true)""",
        [str(table.path), layout.delimiter, quote, quote, list(MISSING)],
    )


def _drop_duplicates(connection: duckdb.DuckDBPyConnection, name: str, layout: TableLayout) -> int:
    """Keep the first row of each key in file order; answers how many went."""
    if not layout.keys:
        return 0
    keys = ", ".join(f'"{layout.column_of(k)}"' for k in layout.keys)
    surplus = f"SELECT _row FROM {name} QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY _row) > 1"
    total, distinct = _one(connection, f"SELECT (SELECT count(*) FROM {name}), (SELECT count(*) FROM (SELECT DISTINCT {keys} FROM {name}))")
    if total > distinct:
        connection.execute(f"DELETE FROM {name} WHERE _row IN ({surplus})")
    return total - distinct


def _contradictions(connection: duckdb.DuckDBPyConnection, name: str, table: TableFile, identity: Identity) -> Iterator[Diagnostic]:
    """Rows that share the identity and differ in what they must agree on (or are simply two, where nothing may repeat)."""
    key = _joined(table.layout, identity.columns)
    told = _joined(table.layout, identity.agree) if identity.agree else "CAST(_row AS VARCHAR)"
    found = connection.execute(f"""
        WITH marked AS (SELECT {key} AS key, {told} AS told, _row FROM {name})
        SELECT key, min(first_row), min(_row) FILTER (told <> first_told) FROM (
            SELECT *, first_value(_row) OVER w AS first_row, first_value(told) OVER w AS first_told
            FROM marked SEMI JOIN (SELECT key FROM marked GROUP BY key HAVING count(DISTINCT told) > 1) USING (key)
            WINDOW w AS (PARTITION BY key ORDER BY _row))
        GROUP BY key ORDER BY 2 LIMIT {MAX_EXAMPLES}""").fetchall()
    what = " and ".join(f"`{c}`" for c in identity.columns)
    different = " and ".join(f"`{c}`" for c in identity.agree)
    for value, line, other in found:
        said = f"with different {different}" if different else "twice"
        yield Diagnostic(
            Place(table.shown, int(other)), "SRC250", f"{what} {value} stands {said}: lines {line} and {other}", "one of the two is wrong, and nobody can tell which",
            "remove the wrong line, or fetch the file again",
        )  # fmt: skip


def _joined(layout: TableLayout, names: tuple[str, ...]) -> str:
    """SQL for several columns as one text."""
    columns = ", ".join(f"""coalesce("{layout.column_of(n)}", '')""" for n in names)
    return f"concat_ws(' ', {columns})"


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = connection.execute(sql).fetchone()
    return tuple(row) if row is not None else ()
