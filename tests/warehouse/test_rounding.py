"""A published figure is rounded once, half to even, and by nobody's floating point."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts import decimal_text
from engine.warehouse.macros import create_macros


@pytest.fixture(scope="module")
def words() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        create_macros(connection)
        yield connection


def _rounded(words: duckdb.DuckDBPyConnection, texts: list[str | None]) -> list[str | None]:
    return [row[0] for row in words.execute("SELECT rounded(t) FROM (SELECT unnest(?::VARCHAR[]) AS t, generate_subscripts(?::VARCHAR[], 1) AS n) ORDER BY n", [texts, texts]).fetchall()]


@given(figures=st.lists(st.decimals(min_value=-10**9, max_value=10**9, places=20, allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_as_the_decimal_of_python(words: duckdb.DuckDBPyConnection, figures: list[Decimal]) -> None:
    wanted = [decimal_text(f.quantize(Decimal("0.000001"), ROUND_HALF_EVEN)) for f in figures]
    assert _rounded(words, [format(f, "f") for f in figures]) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("0.8200000000000001", "0.82"), ("1e-05", "0.00001"), ("0.0000005", "0"), ("0.0000015", "0.000002"), ("0.00000050000000001", "0.000001"), ("-0.0000001", "0"), ("*", "*"), ("much", "much"), (None, None)],
)
def test_what_publishers_write(words: duckdb.DuckDBPyConnection, text: str | None, wanted: str | None) -> None:
    assert _rounded(words, [text]) == [wanted]
