"""The words that projections may use in SQL besides DuckDB's own.

Numbers are exact: text is read as a decimal of at most ten fraction digits, computed as an integer, rounded once, half to
even, to millionths. Text that is no number passes unchanged, so that the contracts meet it and not the loader.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType

from engine.sources import technology_key, title_key

MACROS = (
    # a decimal text as an integer of ten-billionths; NULL where it is no number
    "CREATE MACRO fixed(raw) AS CAST(TRY_CAST(raw AS DECIMAL(24, 10)) * 10000000000::DECIMAL(11, 0) AS HUGEINT)",
    # n / d for d > 0, half to even
    """CREATE MACRO half_even_share(n, d) AS
        CASE WHEN 2 * (n % d) > d OR (2 * (n % d) = d AND (n // d) % 2 = 1) THEN n // d + 1 ELSE n // d END""",
    "CREATE MACRO half_even(n, d) AS CASE WHEN n < 0 THEN -half_even_share(-n, d) ELSE half_even_share(n, d) END",
    """CREATE MACRO micro_text(m) AS CASE WHEN m < 0 THEN '-' ELSE '' END || CAST(abs(m) // 1000000 AS VARCHAR)
        || CASE WHEN abs(m) % 1000000 = 0 THEN '' ELSE '.' || rtrim(lpad(CAST(abs(m) % 1000000 AS VARCHAR), 6, '0'), '0') END""",
    # (v - low) / (high - low); NULL without the ends of the scale
    """CREATE MACRO standardized(raw, low, high) AS
        CASE WHEN raw IS NULL OR fixed(high) IS NULL OR fixed(low) IS NULL OR fixed(high) <= fixed(low) THEN NULL
             WHEN fixed(raw) IS NULL THEN raw
             ELSE micro_text(half_even((fixed(raw) - fixed(low)) * 1000000, fixed(high) - fixed(low))) END""",
    # a published figure of up to twenty fraction digits, rounded once; what is no number passes unchanged
    "CREATE MACRO millionths(raw) AS abs(TRY_CAST(raw AS DECIMAL(32, 20))) * CAST(1000000 AS DECIMAL(7, 0))",
    """CREATE MACRO even_millionths(m) AS CAST(trunc(m) AS HUGEINT)
        + CASE WHEN m - trunc(m) > 0.5 OR (m - trunc(m) = 0.5 AND CAST(trunc(m) AS HUGEINT) % 2 = 1) THEN 1 ELSE 0 END""",
    """CREATE MACRO rounded(raw) AS CASE WHEN TRY_CAST(raw AS DECIMAL(32, 20)) IS NULL THEN raw
        ELSE micro_text(CASE WHEN TRY_CAST(raw AS DECIMAL(32, 20)) < 0 THEN -even_millionths(millionths(raw)) ELSE even_millionths(millionths(raw)) END) END""",
    "CREATE MACRO yes_no(raw) AS CASE raw WHEN 'Y' THEN 'true' WHEN 'N' THEN 'false' ELSE raw END",
    r"CREATE MACRO one_line(raw) AS trim(regexp_replace(raw, '\s+', ' ', 'g'))",
    # line numbers as 2-4 where they follow each other, else 2,4
    """CREATE MACRO rows_text(rows) AS CASE WHEN len(rows) > 1 AND rows[-1] - rows[1] = len(rows) - 1
        THEN rows[1] || '-' || rows[-1] ELSE array_to_string(rows, ',') END""",
)


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the words in a connection."""
    for macro in MACROS:
        connection.execute(macro)
    _function(connection, "title_key", cache(title_key))
    _function(connection, "_technology_key", cache(lambda text: technology_key(*text.split("\t", 1))))
    connection.execute("CREATE MACRO technology_key(kind, name) AS _technology_key(kind || chr(9) || name)")


def _function(connection: duckdb.DuckDBPyConnection, name: str, one: Callable[[str], str]) -> None:
    def column(values: pa.Array) -> pa.Array:
        return pa.array([None if v is None else one(v) for v in values.to_pylist()], pa.string())

    connection.create_function(name, column, ["VARCHAR"], "VARCHAR", type=PythonUDFType.ARROW)
