"""Node keys in SQL: macros that put together and take apart the one text that stands for a term (see engine.shapes.terms)."""

from __future__ import annotations

import duckdb

# the last quotation mark parts lexical form from code and language: neither of these can hold one
_MACROS = {
    "node_key(v, d, l)": """CASE WHEN d <= 1 THEN v ELSE '"' || v || '"' || d || '@' || l END""",
    "key_v(k)": """CASE WHEN k[1] <> '"' THEN k ELSE regexp_extract(k, '^"(.*)"[0-9]+@[^"]*$', 1, 's') END""",
    "key_d(k)": """CASE WHEN k[1] = '"' THEN CAST(regexp_extract(k, '"([0-9]+)@[^"]*$', 1, 's') AS INTEGER) WHEN starts_with(k, '_:') THEN 1 ELSE 0 END""",
    "key_l(k)": """CASE WHEN k[1] <> '"' THEN '' ELSE regexp_extract(k, '@([^"@]*)$', 1, 's') END""",
}


def create_node_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Create node_key(v, d, l) and its parts key_v(k), key_d(k), key_l(k) in a connection, where they are not yet."""
    for head, body in _MACROS.items():
        connection.execute(f"CREATE OR REPLACE MACRO {head} AS {body}")
