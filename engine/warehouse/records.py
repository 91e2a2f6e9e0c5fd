"""Lexical tables to typed Parquet, and the digests that name a set of records.

Canonical bytes of a row: its columns in schema order, each as `-;` where missing, `<bytes>:<text>;` for text, `[<n>]` and its
items for a list. A table's digest is the SHA-256 of its rows' SHA-256 (lower-case hexadecimal, no separator) in order of key,
then of row; a set's digest is that of the canonical JSON of {table: digest}. Neither threads nor Parquet can change them.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from engine.contracts import BadInput, Diagnostic, InputOutput, Place, digest_of, sha256_hex
from engine.ontology import PropertyDef, Schema
from engine.warehouse.findings import RecordDigests
from engine.warehouse.incoming import column_types, key_columns
from engine.warehouse.reconciliation import place_of

TYPES = {"string": "VARCHAR", "decimal": "DOUBLE", "integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}
FORMS = {"decimal": r"[-+]?\d{1,13}(\.\d{1,10})?", "integer": r"[-+]?\d{1,18}", "boolean": "true|false", "date": r"\d{4}-\d{2}-\d{2}"}
EMPTY = sha256_hex(b"")
WORKERS = 2
MAX_FAULTS = 100  # of one record table


def write_records(connection: duckdb.DuckDBPyConnection, schema: Schema, folder: Path, targets: Sequence[str] | None = None) -> RecordDigests:
    """Write `<folder>/<target>.parquet` for every record table (or those named), rows in key order, decimals to six places half to even.

    Raises BadInput WHS120 with every value that is not of its column's type, at its place; InputOutput WHS121 where writing fails.
    """
    targets = schema.targets() if targets is None else targets
    with ThreadPoolExecutor(WORKERS) as pool:  # planning a statement takes one thread, so two statements at a time
        faults = [fault for met in pool.map(lambda target: _type_faults(connection.cursor(), schema, target), targets) for fault in met]
        if faults:
            raise BadInput(*faults)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            written = list(pool.map(lambda target: _written(connection.cursor(), schema, target, folder), targets))
        except (OSError, duckdb.IOException) as error:
            raise InputOutput.at("WHS121", f"cannot write the records: {str(error).splitlines()[0]}", fix="make room or permit writing there", place=Place(str(folder))) from None
    digests = {target: digest for target, (digest, _) in zip(targets, written, strict=True)}
    counts = {target: count for target, (_, count) in zip(targets, written, strict=True)}
    return RecordDigests(folder, digests, counts, digest_of(digests))


def _written(cursor: duckdb.DuckDBPyConnection, schema: Schema, target: str, folder: Path) -> tuple[str, int]:
    """Digest and row count of one record table, which now stands in the folder."""
    with cursor:
        _write(cursor, schema, target, folder / f"{target}.parquet")
        return _digest(cursor, schema, target)


def _keys(schema: Schema, target: str) -> str:
    return ", ".join(f'"{c}"' for c in key_columns(schema, target))


def _canonical(column: str, kind: str) -> str:
    """SQL for the canonical bytes of one cell."""
    if kind == "VARCHAR[]":
        items = f"""array_to_string(list_transform("{column}", lambda x: strlen(x) || ':' || x || ';'), '')"""
        return f"""coalesce('[' || len("{column}") || ']' || {items}, '-;')"""
    return f"""coalesce(strlen("{column}") || ':' || "{column}" || ';', '-;')"""


def _digest(connection: duckdb.DuckDBPyConnection, schema: Schema, target: str) -> tuple[str, int]:
    row = " || ".join(_canonical(name, kind) for name, kind in column_types(schema, target).items())
    keys = _keys(schema, target)
    found = connection.execute(f"""
        SELECT sha256(string_agg(digest, '' ORDER BY {keys}, digest)), count(*)
        FROM (SELECT {keys}, sha256({row}) AS digest FROM lexical."{target}")""").fetchone()
    assert found is not None
    return str(found[0] or EMPTY), int(found[1])


def _typed(definition: PropertyDef) -> str:
    column = f'"{definition.column}"'
    if definition.datatype == "decimal" and not definition.many:
        # with at most six fraction digits the text is already what it would be rounded to
        short = f"length({column}) - position('.' IN {column}) <= 6 OR position('.' IN {column}) = 0"
        return f"CASE WHEN {short} THEN CAST({column} AS DOUBLE) ELSE CAST(half_even(fixed({column}), 10000) AS DOUBLE) / 1000000 END AS {column}"
    return f"CAST({column} AS {TYPES[definition.datatype]}{'[]' if definition.many else ''}) AS {column}"


def _write(connection: duckdb.DuckDBPyConnection, schema: Schema, target: str, path: Path) -> None:
    columns = ", ".join([_keys(schema, target), *map(_typed, (*schema.columns(target), *schema.provenance))])
    order = _keys(schema, target) + (', "naming_kind"' if any(p.column == "naming_kind" for p in schema.columns(target)) else "")
    address = str(path).replace("'", "''")
    connection.execute(f"""COPY (SELECT {columns} FROM lexical."{target}" ORDER BY {order}) TO '{address}' (FORMAT parquet, COMPRESSION zstd)""")


def _type_faults(cursor: duckdb.DuckDBPyConnection, schema: Schema, target: str) -> list[Diagnostic]:
    typed = [p for p in (*schema.columns(target), *schema.provenance) if p.datatype != "string" and not p.many]
    checks = " UNION ALL ".join(
        f"""SELECT source_ref, '{p.column}', "{p.column}", '{p.datatype}' FROM lexical."{target}" WHERE "{p.column}" IS NOT NULL
            AND (NOT regexp_full_match("{p.column}", '{FORMS[p.datatype]}') OR TRY_CAST("{p.column}" AS {TYPES[p.datatype]}) IS NULL)""" for p in typed
    )  # fmt: skip
    with cursor:
        found = cursor.execute(f"{checks} ORDER BY ALL LIMIT {MAX_FAULTS}").fetchall()
    return [
        Diagnostic(
            place_of(source_ref), "WHS120", f"`{value if len(value) <= 60 else value[:57] + '...'}` is no {datatype} ({target}, {column})", "the graph's columns are typed",
            "mend the value at this place",
        )
        for source_ref, column, value, datatype in found
    ]  # fmt: skip
