"""Lexical rows in the two forms in which contracts are judged: authored rows whole, other rows once for each distinct combination."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from engine.ontology import Schema
from engine.warehouse import incoming


def rows_from(connection: duckdb.DuckDBPyConnection, schema: Schema, target: str, source_prefix: str) -> list[dict[str, Any]]:
    """All columns of the rows whose source key begins with the prefix, in key order."""
    keys = ", ".join(f'"{c}"' for c in incoming.key_columns(schema, target))
    found = connection.execute(f'SELECT * FROM lexical."{target}" WHERE starts_with(source, ?) ORDER BY {keys}, derived_by, source_ref', [source_prefix])
    return _as_mappings(found)


def distinct_rows(connection: duckdb.DuckDBPyConnection, schema: Schema, target: str, columns: Sequence[str], excluding: str) -> list[dict[str, Any]]:
    """Distinct combinations of columns among rows of other sources, each with the key columns and source_ref of its first row, in that order."""
    keys = [c for c in ("id", "from", "to") if c in incoming.column_types(schema, target) and c not in columns]
    wanted = ", ".join(f'"{c}"' for c in columns)
    firsts = ", ".join(f'arg_min("{c}", ("{keys[0] if keys else columns[0]}", source_ref)) AS "{c}"' for c in [*keys, "source_ref"])
    found = connection.execute(f'SELECT {wanted}, {firsts} FROM lexical."{target}" WHERE NOT starts_with(source, ?) GROUP BY {wanted} ORDER BY ALL', [excluding])
    return _as_mappings(found)


def _as_mappings(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [d[0] for d in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
