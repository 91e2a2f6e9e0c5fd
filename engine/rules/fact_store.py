"""Fact columns beside a graph: one SQLite table for each fact, written once, then only read."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from engine.contracts import BadInput, Corrupt, InputOutput, decimal_text
from engine.rules.facts import FactColumns, FactTable
from engine.rules.spelling import did_you_mean
from engine.rules.values import DECIMALS, Column, Value

_BATCH = 500
_MEMORY_KIB = 4096


def write_facts(path: Path, facts: FactColumns) -> None:
    """Write fact columns to a new file. Raises InputOutput RUL223 where it exists or cannot be written."""
    try:
        path.touch(exist_ok=False)
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN")
            connection.execute("CREATE TABLE fact (name TEXT PRIMARY KEY, subject_class TEXT, context_class TEXT, columns TEXT) WITHOUT ROWID")
            for name in sorted(facts.tables):
                _write_table(connection, facts.tables[name])
            connection.execute("COMMIT")
        finally:
            connection.close()
        with path.open("rb+") as written:  # what is published has reached the disk
            os.fsync(written.fileno())
    except (OSError, sqlite3.Error) as error:
        raise InputOutput.at("RUL223", f"cannot write {path.name}: {error}", why="facts are written beside a new graph", fix="check space, permissions, and that the file is new") from None


def _write_table(connection: sqlite3.Connection, table: FactTable) -> None:
    columns = json.dumps([[c.name, c.type, c.description] for c in table.columns], ensure_ascii=False)
    connection.execute("INSERT INTO fact VALUES (?, ?, ?, ?)", (table.name, table.subject_class, table.context_class, columns))
    keys = "subject TEXT NOT NULL" + (", context TEXT NOT NULL" if table.context_class else "")
    primary = "subject, context" if table.context_class else "subject"
    stated = "".join(f', "{c.name}" {_affinity(c)}' for c in table.columns)
    connection.execute(f'CREATE TABLE "{table.name}" ({keys}{stated}, PRIMARY KEY ({primary})) WITHOUT ROWID')
    key_columns: list[Sequence[Any]] = [table.subjects, table.contexts] if table.context_class else [table.subjects]
    rows = zip(*key_columns, *([_stored(c, v) for v in table.values[c.name]] for c in table.columns), strict=True)
    marks = ", ".join("?" * (len(key_columns) + len(table.columns)))
    connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows)
    if table.context_class:
        connection.execute(f'CREATE INDEX "{table.name} by context" ON "{table.name}" (context, subject)')


def _affinity(column: Column) -> str:
    return "INTEGER" if column.type in ("count", "level", "flag") else "TEXT"


def _stored(column: Column, value: Value | None) -> str | int | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return int(value) if column.type == "flag" else value


class FactStore:
    """Fact columns of a published graph, read-only. Refuses a file that is not a fact store (Corrupt RUL221)."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise InputOutput.at("RUL220", f"no fact store {path.name}", why="facts are written when a graph is published", fix="run `wig build`")
        self._connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        try:
            rows = self._connection.execute("SELECT name, subject_class, context_class, columns FROM fact ORDER BY name").fetchall()
            self._connection.execute(f"PRAGMA cache_size = -{_MEMORY_KIB}")
            self._facts = {r[0]: (r[1], r[2], tuple(Column(n, t, d) for n, t, d in json.loads(r[3]))) for r in rows}
        except (sqlite3.Error, ValueError) as error:
            self._connection.close()
            raise Corrupt.at("RUL221", f"{path.name} is no fact store: {error}", why="rules decide on facts", fix="build the snapshot again") from None

    def names(self) -> tuple[str, ...]:
        """Names `pack.fact`, in name order."""
        return tuple(self._facts)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def columns(self, fact: str, subjects: Sequence[str], contexts: Sequence[str] | None = None) -> Mapping[str, list[Any]]:
        """Columns of a fact for subjects in the order asked; None where the subject has no row or the value is missing.

        A fact with a context wants one context for each subject. Raises BadInput RUL224 (unknown fact, contexts amiss).
        """
        _, context_class, columns = self._fact(fact)
        if (contexts is not None) != bool(context_class) or (contexts is not None and len(contexts) != len(subjects)):
            fix = "pass one context for each subject" if context_class else "pass subjects only"
            raise BadInput.at("RUL224", f"`{fact}` {'has a context' if context_class else 'has no context'}", why="its rows are found by their whole key", fix=fix)
        rows = self._rows_of(fact, columns, sorted(set(subjects)))
        empty = (None,) * len(columns)
        asked = [rows.get((s, c), empty) for s, c in zip(subjects, contexts or [""] * len(subjects), strict=True)]
        return {column.name: [row[position] for row in asked] for position, column in enumerate(columns)}

    def contexts(self, fact: str, key: str) -> list[Mapping[str, Any]]:
        """Rows of a fact with a context that `key` names as subject or as context: `subject`, `context` and columns, in key order."""
        _, context_class, columns = self._fact(fact)
        where = " WHERE subject = ?1 OR context = ?1" if context_class else " WHERE subject = ?1"
        return list(self._read(fact, columns, bool(context_class), where, (key,)))

    def all(self, fact: str) -> FactTable:
        """A whole fact."""
        subject_class, context_class, columns = self._fact(fact)
        rows = list(self._read(fact, columns, bool(context_class), "", ()))
        return FactTable(
            fact, subject_class, context_class, columns, tuple(r["subject"] for r in rows), tuple(r["context"] for r in rows),
            {c.name: tuple(r[c.name] for r in rows) for c in columns},
        )  # fmt: skip

    def _fact(self, fact: str) -> tuple[str, str, tuple[Column, ...]]:
        if fact not in self._facts:
            raise BadInput.at("RUL224", f"no fact `{fact}` in this graph", why="facts are those of the rules it was published with", fix=did_you_mean(fact, self._facts))
        return self._facts[fact]

    def _rows_of(self, fact: str, columns: Sequence[Column], subjects: Sequence[str]) -> dict[tuple[str, str], tuple[Any, ...]]:
        has_context = bool(self._facts[fact][1])
        found = {}
        for start in range(0, len(subjects), _BATCH):
            batch = subjects[start : start + _BATCH]
            for row in self._read(fact, columns, has_context, f" WHERE subject IN ({', '.join('?' * len(batch))})", batch):
                found[row["subject"], row["context"]] = tuple(row[c.name] for c in columns)
        return found

    def _read(self, fact: str, columns: Sequence[Column], has_context: bool, where: str, bound: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        context = "context" if has_context else "''"
        names = "".join(f', "{c.name}"' for c in columns)
        try:
            for row in self._connection.execute(f'SELECT subject, {context}{names} FROM "{fact}"{where} ORDER BY 1, 2', tuple(bound)):
                values = {c.name: _loaded(c, v) for c, v in zip(columns, row[2:], strict=True)}
                yield {"subject": row[0], "context": row[1], **values}
        except (sqlite3.Error, ArithmeticError, ValueError) as error:
            raise Corrupt.at("RUL221", f"`{fact}` cannot be read: {error}", why="rules decide on facts", fix="build the snapshot again") from None


def _loaded(column: Column, stored: Any) -> Any:
    if stored is None:
        return None
    if column.type in DECIMALS:
        return Decimal(stored)
    if column.type == "flag":
        return bool(stored)
    return tuple(json.loads(stored)) if column.type == "list" else stored
