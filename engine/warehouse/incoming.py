"""Rows offered by every source, before they are reconciled: one table per record table, all text, with rank and order.

`_rank` is the source's precedence, `_step` the projection and `_order` the row within it: together they say which of equal
keys stands, whatever order the files were found or loaded in.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from engine.contracts import BadInput, decimal_text
from engine.ontology import Schema
from engine.sources import Delivery, Origin, Projection, Row, SourceRows

BOOKKEEPING = ("_rank", "_step", "_order")


def key_columns(schema: Schema, target: str) -> tuple[str, ...]:
    """`id` for a class, `from` and `to` for a relationship."""
    return ("id",) if target in schema.classes else ("from", "to")


def column_types(schema: Schema, target: str) -> dict[str, str]:
    """Lexical columns of a record table in their order, with their DuckDB types."""
    properties = {p.column: "VARCHAR[]" if p.many else "VARCHAR" for p in schema.columns(target)}
    return {**dict.fromkeys(key_columns(schema, target), "VARCHAR"), **properties, **dict.fromkeys((p.column for p in schema.provenance), "VARCHAR")}


def create_incoming(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """Create the empty tables."""
    connection.execute("CREATE SCHEMA incoming")
    for target in schema.targets():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in column_types(schema, target).items())
        connection.execute(f'CREATE TABLE incoming."{target}" ({columns}, _rank INTEGER, _step INTEGER, _order BIGINT)')


def project(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    """Run a publisher's projections in order; each row gets the provenance of the delivery."""
    origin = delivery.origin
    for step, projection in enumerate(delivery.publisher.projections):
        sql = projection.sql.replace("{release}", origin.release)
        given = set(connection.sql(sql).columns)
        published, derived = decimal_text(origin.entry.confidence), decimal_text(origin.entry.derived_confidence)
        confidence = f"CASE WHEN _derived THEN '{derived}' ELSE '{published}' END" if "_derived" in given else f"'{published}'"
        derived_by = "derived_by" if "derived_by" in given else f"'{projection.derived_by}'"
        if projection.fills:
            _fill(connection, delivery, projection, sql)
            continue
        kept = ", ".join(f'"{c}"' for c in sorted(given - {"_row", "_derived", "derived_by"}))
        connection.execute(f"""
            INSERT INTO incoming."{projection.target}" BY NAME
            SELECT {kept}, {_literal(origin.key)} AS source, {_literal(origin.release)} AS release, {_literal(origin.entry.licence)} AS licence, {confidence} AS confidence,
                   {derived_by} AS derived_by, {origin.rank} AS _rank, {step} AS _step, _row AS _order
            FROM ({sql})""")


def _fill(connection: duckdb.DuckDBPyConnection, delivery: Delivery, projection: Projection, sql: str) -> None:
    """Write columns into the records of the same source that another projection or the embedded structure offered: no record more, none less."""
    columns = ", ".join(f'"{c}" = f."{c}"' for c in projection.fills)
    connection.execute(f"""
        UPDATE incoming."{projection.target}" AS r SET {columns}, source_ref = r.source_ref || ' + ' || f.source_ref, derived_by = '{projection.derived_by}'
        FROM ({sql}) AS f WHERE r.id = f.id AND r.source = {_literal(delivery.origin.key)}""")


def load_rows(connection: duckdb.DuckDBPyConnection, schema: Schema, rows: SourceRows) -> None:
    """Load lexical rows through Arrow. Raises BadInput WHS101 for a column that the record table lacks."""
    for target in sorted(rows.rows):
        _load(connection, schema, target, rows.rows[target], rows.origin)


def _load(connection: duckdb.DuckDBPyConnection, schema: Schema, target: str, rows: Sequence[Row], origin: Origin) -> None:
    types = column_types(schema, target)
    unknown = sorted({name for row in rows for name in row} - set(types))
    if unknown:
        raise BadInput.at("WHS101", f"`{target}` has no column `{unknown[0]}`", why="rows may hold only what the ontology declares", fix=f"columns: {', '.join(types)}")
    if not rows:
        return
    columns = [pa.array([_cell(row.get(name)) for row in rows], pa.list_(pa.string()) if kind == "VARCHAR[]" else pa.string()) for name, kind in types.items()]
    order = pa.array(range(len(rows)), pa.int64())
    with connection.cursor() as cursor:  # a view can only be registered where no answer is unfinished
        cursor.register("offered_rows", pa.table([*columns, order], names=[*types, "_order"]))
        cursor.execute(f'INSERT INTO incoming."{target}" BY NAME SELECT *, {origin.rank} AS _rank, 0 AS _step FROM offered_rows').fetchall()


def _literal(text: str) -> str:
    """A text of the ledger as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def _cell(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
