"""Rows that refer to what their delivery does not contain: left out before anything is projected, counted and shown.

Projections join staged tables; a row that names an absent occupation would match nothing there and vanish unseen.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from engine.sources import Delivery, Reference, TableFile, TableLayout
from engine.warehouse.findings import Orphan

EXAMPLES = 5


def drop_orphans(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> tuple[Orphan, ...]:
    """Delete from staged tables, in layout order, the rows whose references lead nowhere; a row goes for its first such reference.

    References to a file that was not delivered are not judged: its absence is a stated gap, and reconciliation drops what leads nowhere.
    """
    layouts = {t.layout.staged_table: t.layout for t in delivery.tables}
    return tuple(
        orphan for table in delivery.tables for reference in table.layout.references if reference.table in layouts
        for orphan in _dropped(connection, delivery, table, reference, layouts[reference.table])
    )  # fmt: skip


def _dropped(connection: duckdb.DuckDBPyConnection, delivery: Delivery, file: TableFile, reference: Reference, wanted: TableLayout) -> Iterator[Orphan]:
    layout = file.layout
    schema = delivery.publisher.schema
    ends = [(layout.column_of(here), wanted.column_of(there)) for here, there in zip(reference.columns, reference.to, strict=True)]
    same = " AND ".join(f'w."{there}" = r."{here}"' for here, there in ends)
    named = f' AND r."{layout.column_of(reference.unless)}" IS NULL' if reference.unless else ""
    lost = f'NOT EXISTS (SELECT 1 FROM {schema}."{wanted.staged_table}" w WHERE {same}){named}'
    told = " || ' ' || ".join(f"""coalesce(r."{here}", '(none)')""" for here, _ in ends)
    found = connection.execute(f'SELECT count(*), min({{line: r._row, told: {told}}}, {EXAMPLES}) FROM {schema}."{layout.staged_table}" r WHERE {lost}').fetchone()
    if found is None or not found[0]:
        return
    connection.execute(f'DELETE FROM {schema}."{layout.staged_table}" r WHERE {lost}')
    target = f"{delivery.origin.key.removeprefix('source/')}/{file.name}"
    examples = tuple(f"{file.name}:{e['line']} {reference.names} {e['told']}" for e in found[1])
    yield Orphan(target, delivery.origin.key, reference.names, reference.names.capitalize(), int(found[0]), examples)
