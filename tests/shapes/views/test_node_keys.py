"""Node keys: what is put together comes apart again, and Python says what SQL says."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.shapes.views import create_node_keys, key_parts, node_key


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that has the macros."""
    with duckdb.connect() as opened:
        create_node_keys(opened)
        create_node_keys(opened)
        yield opened


_texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20) | st.sampled_from(['"5@en', '"', '""7@', "\n", "a\nb", "\0", "e\u0301", '"\u0301', "\u0600", "👨\u200d👩", "\u0301", "@", "_:a", '"@'])
_objects = (
    st.tuples(st.text("abc:/#é", min_size=1).map(lambda t: "http://e/" + t), st.just(0), st.just(""))
    | st.tuples(st.text("abc.-é", min_size=1).map(lambda t: "_:" + t), st.just(1), st.just(""))
    | st.tuples(_texts, st.integers(2, 10_000), st.sampled_from(["", "en", "de-at"]))
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_objects, min_size=1, max_size=20))
def test_keys_come_apart_again(connection: duckdb.DuckDBPyConnection, objects: list[tuple[str, int, str]]) -> None:
    rows = ", ".join(["(?, ?, ?)"] * len(objects))
    met = connection.execute(
        f"SELECT k, key_v(k), key_d(k), key_l(k) FROM (SELECT node_key(v, d, l) AS k FROM (VALUES {rows}) t(v, d, l))", [x for o in objects for x in o]
    ).fetchall()
    assert sorted(parts for _, *parts in met) == sorted(map(list, objects))
    assert sorted(key for key, *_ in met) == sorted(node_key(*o) for o in objects)
    assert [key_parts(node_key(*o)) for o in objects] == objects


def test_what_a_key_looks_like(connection: duckdb.DuckDBPyConnection) -> None:
    asked = connection.execute("""SELECT node_key('http://e/a', 0, ''), node_key('_:a', 1, ''), node_key('a"b', 3, 'en'), node_key('', 2, ''), node_key(NULL, 2, ''), key_v(NULL)""").fetchall()
    assert asked == [("http://e/a", "_:a", '"a"b"3@en', '""2@', None, None)]
