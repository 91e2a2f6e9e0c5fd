"""Node keys, in SQL and in Python: what puts together and takes apart the one text that stands for a term (see engine.shapes.terms)."""

from __future__ import annotations

import duckdb

from engine.shapes.terms import BLANK_CODE, IRI_CODE

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


def node_key(v: str, d: int, l: str) -> str:  # noqa: E741
    """The key of a term in (v, d, l), as the macro node_key makes it."""
    return v if d <= BLANK_CODE else f'"{v}"{d}@{l}'


def key_parts(key: str) -> tuple[str, int, str]:
    """(v, d, l) of the term with a key, as the macros key_v, key_d and key_l take it apart."""
    if not key.startswith('"'):
        return key, BLANK_CODE if key.startswith("_:") else IRI_CODE, ""
    value, _, rest = key[1:].rpartition('"')
    code, _, language = rest.partition("@")
    return value, int(code), language
