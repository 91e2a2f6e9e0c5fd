"""Where two sources say different things about the same work, found by set queries over the records of a snapshot.

Both statements stand side by side with their own figures, units and rows. Nothing is averaged, and neither side is called right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from engine.contracts import BadInput, Place, decimal_text
from engine.warehouse.disagreement_queries import QUERIES, TABLES, Query
from engine.warehouse.warehouse import MEMORY_LIMIT, THREADS


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """What one source says: `about` a record, the `measure`, its figure or words, the unit ('' for words), the publisher's row."""

    about: str
    label: str
    measure: str
    says: str
    unit: str
    source: str
    source_ref: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two or more statements about one subject that do not go together. `gap` is how far apart in `gap_unit`; both '' for words."""

    subject: str
    label: str
    gap: str
    gap_unit: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class KindFinding:
    """One kind: subjects compared, subjects that disagree, every disagreement (widest gap first, then by key), and why nothing could be compared.

    One subject may disagree more than once, where two measures of a source each differ.
    """

    kind: str
    title: str
    means: str
    means_not: str
    compared: int
    disagree: int
    found: tuple[Disagreement, ...]
    reason: str

    @property
    def share(self) -> Decimal | None:
        """Share of the compared that disagree, to six places; None where nothing was compared."""
        return (Decimal(self.disagree) / self.compared).quantize(Decimal("0.000001")) if self.compared else None


def find_disagreements(records: Path, thresholds: Mapping[str, Decimal], kinds: Sequence[str] = ()) -> tuple[KindFinding, ...]:
    """Every kind (or those named), in their fixed order, over the record files in a folder.

    `thresholds`: label_gap, exposed_from, unexposed_to, much_used_from, rank_gap (shares), wage_factor. Raises BadInput CMP110 for an
    unknown kind, CMP111 where the records were made before this comparison existed.
    """
    unknown = sorted(set(kinds) - {q.kind for q in QUERIES})
    if unknown:
        raise BadInput.at("CMP110", f"`{unknown[0]}` is no kind of disagreement", fix=f"use one of {', '.join(q.kind for q in QUERIES)}")
    wanted = [q for q in QUERIES if not kinds or q.kind in kinds]
    with duckdb.connect(":memory:", config={"threads": THREADS, "memory_limit": MEMORY_LIMIT, "autoinstall_known_extensions": False}) as connection:
        connection.execute("SET enable_progress_bar = false")
        for target in TABLES:
            path = records / f"{target}.parquet"
            if not path.is_file():
                raise BadInput.at("CMP111", f"the snapshot holds no records of `{target}`", why="it was built before sources could be held against each other", fix="build anew with `wig build`", place=Place(path.name))
            connection.execute(f"""CREATE VIEW "{target}" AS SELECT * FROM read_parquet('{str(path).replace("'", "''")}')""")
        numbers = {name: f"{decimal_text(value)}::DECIMAL(18,6)" for name, value in thresholds.items()}
        present = {str(s) for (s,) in connection.execute("""SELECT DISTINCT split_part(split_part(id, '/', 2), '@', 1) FROM "Source" """).fetchall()}
        return tuple(_finding(connection.execute, query, numbers, present) for query in wanted)


def _finding(run: Callable[[str], duckdb.DuckDBPyConnection], query: Query, numbers: Mapping[str, str], present: set[str]) -> KindFinding:
    """Run one kind's query: rows of (subject, label, gap, statements), with all that could be compared counted."""
    sql = query.sql
    for name, number in numbers.items():
        sql = sql.replace(f"{{{name}}}", number)
    run(f"CREATE OR REPLACE TEMP TABLE compared AS {sql}")
    ((compared,),) = run("SELECT count(DISTINCT subject) FROM compared").fetchall()
    rows = run("SELECT subject, label, gap, statements FROM compared WHERE disagrees ORDER BY gap DESC NULLS LAST, subject, statements").fetchall()
    found = tuple(
        Disagreement(
            str(subject), str(label), "" if gap is None else decimal_text(Decimal(gap).normalize()), query.gap_unit if gap is not None else "",
            tuple(Statement(*(_text(s[f]) for f in ("about", "label", "measure", "says", "unit", "source", "source_ref"))) for s in statements),
        )
        for subject, label, gap, statements in rows
    )  # fmt: skip
    reason = "" if compared else _reason(query, present)
    return KindFinding(query.kind, query.title, query.means, query.means_not, compared, len({d.subject for d in found}), found, reason)


def _reason(query: Query, present: set[str]) -> str:
    absent = [s for s in query.sources if s not in present]
    if absent:
        return f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not in this snapshot"
    return f"{' and '.join(query.sources)} {'is' if len(query.sources) == 1 else 'are'} in this snapshot, but {query.nothing}"


def _text(value: object) -> str:
    return "" if value is None else str(value)
