"""Named relations of a set program: each SQL text gets one name, and a statement carries just the relations that it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_NAME = re.compile(r"\bsetrel_\d+\b")


def quoted(text: str) -> str:
    """A text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


@dataclass
class Relations:
    """Relations in the order of their definition; a later one may read earlier ones."""

    _by_sql: dict[str, str] = field(default_factory=dict)
    _sql: dict[str, str] = field(default_factory=dict)
    _recursive: set[str] = field(default_factory=set)

    def define(self, sql: str, *, recursive: bool = False) -> str:
        """Name of the relation with this SQL; the same text has the same name. A recursive one refers to itself as `self`."""
        name = self._by_sql.get(sql)
        if name is None:
            name = f"setrel_{len(self._by_sql) + 1}"
            self._by_sql[sql] = name
            self._sql[name] = re.sub(r"\bself\b", name, sql) if recursive else sql
            if recursive:
                self._recursive.add(name)
        return name

    def statement(self, branches: Sequence[str], columns: str) -> str:
        """One SELECT over all branches, with the relations that they reach in front. `columns` heads the result."""
        body = "\nUNION ALL\n".join(branches)
        needed = self._reached(body)
        uses = _counts([body, *(self._sql[n] for n in needed)])
        parts = []
        for name in needed:
            if name in self._recursive:
                parts.append(f"{name} AS ({self._sql[name]})")
            else:
                # what is read once is planned together with its reader, so that filters reach the scan
                parts.append(f"{name} AS {'MATERIALIZED' if uses.get(name, 0) > 1 else 'NOT MATERIALIZED'} ({self._sql[name]})")
        head = f"WITH {'RECURSIVE ' if any(n in self._recursive for n in needed) else ''}" + ",\n".join(parts) + "\n" if parts else ""
        return f"{head}SELECT {columns} FROM (\n{body}\n)"

    def _reached(self, body: str) -> list[str]:
        found: set[str] = set()
        queue = [body]
        while queue:
            for name in set(_NAME.findall(queue.pop())) - found:
                found.add(name)
                queue.append(self._sql[name])
        return [n for n in self._sql if n in found]


def _counts(texts: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in texts:
        for name in _NAME.findall(text):
            found[name] = found.get(name, 0) + 1
    return found
