"""Tables of a scratch database, one a predicate, that rows are added to as they come; then made distinct and ready to be asked."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from engine.shapes.views.statement_columns import Rows

_OWN_TABLES = 128  # predicates met later share one table: a statement for each of thousands would cost more than it saves
# rows are held until they fill a row group: only whole ones go straight to disk, all others wait in memory and are written twice
ROW_GROUP = 30_720
_ROWS_HELD = 20 * ROW_GROUP


class PredicateTables:
    """Tables s, v, d, l in a connection. `predicates`: those that get a table of their own (None: all that come first).

    `database` is the name of an attached database to keep them in. Names are said with it, so that cursors find them too.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, predicates: frozenset[str] | None, database: str = "") -> None:
        self._connection, self._predicates = connection, predicates
        self._in = f"{database}." if database else ""
        self.nothing, self.everything, self._rest = (self._in + name for name in ("nothing", "everything", "rest"))
        self._own: dict[str, str] = {}
        self._shared: set[str] = set()
        self._held: dict[str, list[Any]] = {}
        self._rows_held: dict[str, int] = {}
        self._wanting: dict[str, bool] = {}  # by table: whether it holds blank nodes that want a name
        self._created: set[str] = set()
        self._unnamed = 0

    def add(self, found: list[Rows], unnamed: Any) -> None:
        """Take the rows of a chunk, and the keys of its blank nodes that want a name, in the order in which they appear."""
        for rows in found:
            name, table = self._place_of(rows.predicate, rows.table)
            self._wanting[name] = self._wanting.get(name, False) or rows.unnamed
            self._held.setdefault(name, []).append(table)
            self._rows_held[name] = self._rows_held.get(name, 0) + len(table)
            if self._rows_held[name] >= ROW_GROUP:
                self._put(name, whole=True)
            elif sum(self._rows_held.values()) > _ROWS_HELD:
                self._put(max(self._rows_held, key=lambda n: self._rows_held[n]))
        if len(unnamed):
            self._insert(f"{self._in}unnamed", pa.table({"k": unnamed, "n": pa.array(range(self._unnamed, self._unnamed + len(unnamed)))}))
            self._unnamed += len(unnamed)

    def finish(self) -> int:
        """Everything in place: blank nodes named, rows distinct, the relations `nothing` and `everything` made. Distinct statements."""
        for name in [n for n, tables in self._held.items() if tables]:
            self._put(name)
        if self._unnamed:
            self._name_blanks()
        self._connection.execute(f"CREATE TABLE {self.nothing} (s VARCHAR, v VARCHAR, d INTEGER, l VARCHAR)")
        parts = [f"SELECT s, {quoted(iri)} AS p, v, d, l FROM {name}" for iri, name in self._own.items()]
        parts += [f"SELECT s, p, v, d, l FROM {self._rest}"] if self._shared else []
        self._connection.execute(f"CREATE VIEW {self.everything} AS {' UNION ALL '.join(parts) or f'SELECT s, s AS p, v, d, l FROM {self.nothing}'}")
        return self._make_distinct()

    def relations(self) -> dict[str, str]:
        """SQL of a relation s, v, d, l by predicate IRI."""
        return {**self._own, **{iri: f"(SELECT s, v, d, l FROM {self._rest} WHERE p = {quoted(iri)})" for iri in sorted(self._shared)}}

    def _place_of(self, predicate: str, table: Any) -> tuple[str, Any]:
        name = self._own.get(predicate)
        if name is None and predicate not in self._shared and len(self._own) < _OWN_TABLES and (self._predicates is None or predicate in self._predicates):
            name = self._own[predicate] = f"{self._in}predicate_{len(self._own)}"
        if name is not None:
            return name, table
        self._shared.add(predicate)
        return self._rest, table.add_column(1, "p", pa.array([predicate]).take(pa.array([0] * len(table))))

    def _put(self, name: str, whole: bool = False) -> None:
        """Write what is held for a table; `whole`: only full row groups of it."""
        rows = pa.concat_tables(self._held[name])
        end = len(rows) // ROW_GROUP * ROW_GROUP if whole else len(rows)
        self._insert(name, rows.slice(0, end))
        left = rows.slice(end).take(pa.array(np.arange(len(rows) - end)))  # copied, or it would keep everything alive
        self._held[name], self._rows_held[name] = [left] if len(left) else [], len(left)

    def _insert(self, name: str, rows: Any) -> None:
        self._connection.register("held", rows)
        self._connection.execute(f"INSERT INTO {name} FROM held" if name in self._created else f"CREATE TABLE {name} AS FROM held")
        self._connection.unregister("held")
        self._created.add(name)

    def _name_blanks(self) -> None:
        """Labels that the parser drew at random give way to numbers in order of appearance, or no two runs would say the same."""
        self._connection.execute(
            f"CREATE TABLE {self._in}blank_names AS SELECT k, '_:anon-' || row_number() OVER (ORDER BY n) AS name FROM (SELECT k, min(n) AS n FROM {self._in}unnamed GROUP BY k)"
        )
        for name in [n for n, wanting in self._wanting.items() if wanting]:
            self._connection.execute(
                f"CREATE OR REPLACE TABLE {name} AS SELECT t.* REPLACE (coalesce(a.name, t.s) AS s, coalesce(b.name, t.v) AS v)"
                f" FROM {name} t LEFT JOIN {self._in}blank_names a ON t.s = a.k LEFT JOIN {self._in}blank_names b ON t.d = 1 AND t.v = b.k"
            )
        self._connection.execute(f"DROP TABLE {self._in}unnamed")
        self._connection.execute(f"DROP TABLE {self._in}blank_names")

    def _make_distinct(self) -> int:
        """RDF is a set. Where all hashes differ no row is there twice, and only counting them is far cheaper than sorting rows out."""
        counts = " UNION ALL ".join(f"SELECT {quoted(name)}, count(*), count(DISTINCT hash({'s, p, v, d, l' if name == self._rest else 's, v, d, l'})) FROM {name}" for name in self._wanting)
        total = 0
        for name, rows, different in self._connection.execute(counts).fetchall() if counts else []:
            if rows != different:
                self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT DISTINCT * FROM {name}")
                rows = self._connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            total += rows
        return total


def quoted(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
