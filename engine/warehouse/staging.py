"""A delivery into staged tables: the publisher's columns as text, and the line of every row.

Every line was checked before; what is judged here needs the whole table: equal keys, and rows that should be one and differ.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from engine.contracts import BadInput, Diagnostic, InputOutput, Place
from engine.sources import Delivery, Identity, Publisher, TableFile, TableLayout
from engine.warehouse.findings import DropCount, Orphan, TableCount
from engine.warehouse.references import drop_orphans
from engine.warehouse.staged_rows import contents, create_empty, create_filled

MAX_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Staged:
    """Counts by file, and the rows that refer to what the delivery does not contain (they are in the counts too)."""

    counts: tuple[TableCount, ...]
    orphans: tuple[Orphan, ...]


def stage(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> Staged:
    """Create `<publisher>.<staged table>` for every layout; absent files give empty tables.

    Rows that refer to what the delivery lacks are left out and counted (see references.drop_orphans).
    Raises BadInput with every fault: of the files (see sources.read_table), SRC250 (rows that contradict each other), SRC274 (the
    database reads other rows than were checked), SRC278 (rows of another table). Then nothing of the delivery stays staged.
    """
    schema = delivery.publisher.schema
    connection.execute(f"CREATE SCHEMA {schema}")
    try:
        with tempfile.TemporaryDirectory(prefix="converted-") as scratch:
            return _staged(connection, delivery, Path(scratch))
    except BaseException as error:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")
        if isinstance(error, OSError):
            raise InputOutput.at("SRC202", f"cannot use the scratch folder: {error.strerror}", fix="make room or permit writing there", place=Place(tempfile.gettempdir())) from None
        raise


def _staged(connection: duckdb.DuckDBPyConnection, delivery: Delivery, scratch: Path) -> Staged:
    faults: list[Diagnostic] = []
    counts: list[TableCount] = []
    present = {t.layout.staged_table: t for t in delivery.tables}
    with closing(contents(delivery.tables, scratch)) as ahead:  # in layout order, as the tables are; nothing reads on where this ends early
        for layout in delivery.publisher.tables:
            name, table = f'{delivery.publisher.schema}."{layout.staged_table}"', present.get(layout.staged_table)
            if table is None:
                create_empty(connection, name, layout)
                continue
            content = next(ahead)
            met = content.faults or create_filled(connection, name, table, content)
            if met:
                faults.extend(met)
                continue
            faults.extend(_strangers(connection, name, table))
            for identity in layout.identities:
                faults.extend(_contradictions(connection, name, table, identity))
            dropped = _drop_duplicates(connection, name, layout)
            counts.append(TableCount(delivery.origin.key, table.name, content.rows, content.rows - dropped, (DropCount("duplicate_key", dropped),) if dropped else ()))
    if faults:
        raise BadInput(*faults)
    orphans = drop_orphans(connection, delivery)
    return Staged(tuple(_without(count, orphans) for count in counts), orphans)


def stage_nothing(connection: duckdb.DuckDBPyConnection, publisher: Publisher) -> None:
    """Empty staged tables for a publisher that delivers nothing, so that others may join them."""
    connection.execute(f"CREATE SCHEMA {publisher.schema}")
    for layout in publisher.tables:
        create_empty(connection, f'{publisher.schema}."{layout.staged_table}"', layout)


def _without(count: TableCount, orphans: tuple[Orphan, ...]) -> TableCount:
    """The count of a file after its orphans went."""
    reasons: dict[str, int] = {}
    for orphan in orphans:
        if orphan.target == count.name:
            reasons[orphan.reason] = reasons.get(orphan.reason, 0) + orphan.count
    lost = tuple(DropCount(reason, number) for reason, number in sorted(reasons.items()))
    return replace(count, kept=count.kept - sum(reasons.values()), dropped=(*count.dropped, *lost))


def _strangers(connection: duckdb.DuckDBPyConnection, name: str, table: TableFile) -> Iterator[Diagnostic]:
    """SRC278 at the first row that does not hold a word which every row of this table holds."""
    for column, word in table.layout.constants:
        staged = f'"{table.layout.column_of(column)}"'
        row = connection.execute(f"SELECT _row, coalesce({staged}, ''), count(*) OVER () FROM {name} WHERE {staged} IS DISTINCT FROM ? ORDER BY _row LIMIT 1", [word]).fetchone()
        if row is not None:
            yield Diagnostic(
                Place(table.shown, int(row[0])), "SRC278", f"`{column}` is `{str(row[1])[:200]}` where every row has `{word}`, in {row[2]} rows from this one on",
                "the file is another table under this name, or was damaged", "put the right file in its place, or fetch it again",
            )  # fmt: skip


def _drop_duplicates(connection: duckdb.DuckDBPyConnection, name: str, layout: TableLayout) -> int:
    """Keep the first row of each key in file order; answers how many went."""
    if not layout.keys or any(not i.agree and set(i.columns) <= set(layout.keys) for i in layout.identities):
        return 0  # no keys, or none can repeat: that was judged as a contradiction
    keys = ", ".join(f'"{layout.column_of(k)}"' for k in layout.keys)
    surplus = f"SELECT _row FROM {name} QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY _row) > 1"
    total, different = _one(connection, f"SELECT count(*), count(DISTINCT hash({keys})) FROM {name}")
    if total == different:
        return 0  # equal keys have equal hashes
    total, distinct = _one(connection, f"SELECT (SELECT count(*) FROM {name}), (SELECT count(*) FROM (SELECT DISTINCT {keys} FROM {name}))")
    if total > distinct:
        connection.execute(f"DELETE FROM {name} WHERE _row IN ({surplus})")
    return total - distinct


def _contradictions(connection: duckdb.DuckDBPyConnection, name: str, table: TableFile, identity: Identity) -> Iterator[Diagnostic]:
    """Rows that share the identity and differ in what they must agree on (or are simply two, where nothing may repeat)."""
    group = ", ".join(f'"{table.layout.column_of(n)}"' for n in identity.columns)
    if not identity.agree:
        total, distinct = _one(connection, f"SELECT count(*), count(DISTINCT hash({group})) FROM {name}")
        if total == distinct:
            return
    differ = " OR ".join(f"""min(coalesce("{c}", '')) <> max(coalesce("{c}", ''))""" for c in map(table.layout.column_of, identity.agree)) or "count(*) > 1"
    if not connection.execute(f"SELECT 1 FROM {name} GROUP BY {group} HAVING {differ} LIMIT 1").fetchall():
        return
    key = _values(table.layout, identity.columns)
    told = _values(table.layout, identity.agree) if identity.agree else "[CAST(_row AS VARCHAR)]"
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
            Place(table.shown, int(other)), "SRC250", f"{what} {' '.join(value)[:200]} stands {said}: lines {line} and {other}", "one of the two is wrong, and nobody can tell which",
            "remove the wrong line, or fetch the file again",
        )  # fmt: skip


def _values(layout: TableLayout, names: tuple[str, ...]) -> str:
    """SQL for several columns as one list: joined to one text, different values could look the same."""
    columns = ", ".join(f"""coalesce("{layout.column_of(n)}", '')""" for n in names)
    return f"[{columns}]"


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    (row,) = connection.execute(sql).fetchall()
    return tuple(row)
