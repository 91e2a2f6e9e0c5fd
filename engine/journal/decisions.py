"""Decisions that were given, by id: kind, question, date, snapshot and digests. Never the outcome: that is recomputed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.contracts import Decision, InputOutput
from engine.contracts.canonical import plain

SHORTEST = 6
TABLES = """
CREATE TABLE IF NOT EXISTS decision (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, question TEXT NOT NULL, as_of TEXT NOT NULL, snapshot TEXT NOT NULL, digests TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS decision_evidence (record TEXT NOT NULL, decision TEXT NOT NULL, PRIMARY KEY (record, decision)) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS append_only_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS append_only_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a decision was asked: enough to ask again."""

    decision_id: str
    kind: str
    question: Mapping[str, Any]
    as_of: str
    snapshot: str
    digests: Mapping[str, str]


class Journal:
    """The decision journal of a workspace, one SQLite file; safe for several processes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "decisions.sqlite"

    def keep(self, decisions: Iterable[Decision], snapshot: str) -> None:
        """Add decisions that are not there yet. Raises InputOutput JRN001 where the workspace cannot be written."""
        with self._open() as connection, connection:
            for decision in decisions:
                row = (decision.decision_id, decision.kind, _json(decision.question), decision.as_of, snapshot, _json(decision.digests))
                connection.execute("INSERT OR IGNORE INTO decision VALUES (?, ?, ?, ?, ?, ?)", row)
                records = sorted({e.record for e in decision.evidence})
                connection.executemany("INSERT OR IGNORE INTO decision_evidence VALUES (?, ?)", [(r, row[0]) for r in records])

    def asked(self, decision_id: str) -> Asked | None:
        """How the decision was asked; None where this workspace never gave it. A unique beginning of six digits is enough."""
        if not self.path.exists() or len(decision_id.removeprefix("decision/")) < SHORTEST:
            return None
        wanted = decision_id if decision_id.startswith("decision/") else f"decision/{decision_id}"
        with self._open() as connection:
            rows = connection.execute("SELECT * FROM decision WHERE substr(id, 1, ?) = ? ORDER BY id LIMIT 2", (len(wanted), wanted)).fetchall()
        if len(rows) != 1:
            return None
        i, kind, question, as_of, snapshot, digests = rows[0]
        return Asked(i, kind, json.loads(question), as_of, snapshot, json.loads(digests))

    def resting_on(self, record: str) -> tuple[str, ...]:
        """Ids of the decisions that cite a record, in order."""
        if not self.path.exists():
            return ()
        with self._open() as connection:
            return tuple(r[0] for r in connection.execute("SELECT decision FROM decision_evidence WHERE record = ? ORDER BY decision", (record,)))

    def titles(self) -> tuple[str, ...]:
        """Every title that was asked, in order of its text."""
        if not self.path.exists():
            return ()
        with self._open() as connection:
            asked = connection.execute("SELECT DISTINCT json_extract(question, '$.title') FROM decision").fetchall()
        return tuple(sorted({str(title) for (title,) in asked if title}))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=5)) as connection:
                connection.executescript(TABLES)
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise InputOutput.at(
                "JRN001", f"the decision journal {self.path.name} cannot be used: {error}",
                why="decisions are kept so that they can be explained and recomputed later", fix="check that the workspace may be written and has room",
            ) from None  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
