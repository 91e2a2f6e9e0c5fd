"""One record for each key, relationships only between records that exist, and an account of everything that went.

Of equal keys the source that stands first in the ledger wins. A relationship's key is its ends, and its naming kind where it
has one. A relationship to an absent record is dropped and counted when a publisher states it, and an error when an author
does; only the alignment of an authored task with a publisher's task may dangle, since the publisher may not be here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from engine.contracts import BadInput, Diagnostic, Place
from engine.ontology import Schema
from engine.warehouse.findings import Duplicate, Orphan
from engine.warehouse.incoming import column_types, key_columns

KIND_COLUMN = "naming_kind"
MAY_DANGLE = "ALIGNS_WITH.Task.Task"
AUTHORED_LAYER = "authored"
EXAMPLES = 5
_PLACE = re.compile(r"(?P<file>[^:]+):(?P<line>\d+)(?::(?P<column>\d+))?")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What reconciliation met; the lexical tables themselves stand in the database."""

    offered: dict[str, int]
    kept: dict[str, int]
    duplicates: tuple[Duplicate, ...]
    orphans: tuple[Orphan, ...]
    unaligned: tuple[int, int]


def reconcile(connection: duckdb.DuckDBPyConnection, schema: Schema, authored: frozenset[str]) -> Reconciled:
    """Make `lexical."<target>"` from the incoming tables. `authored` holds the keys of sources of the authored layer.

    Raises BadInput WHS110 with every authored relationship that leads to no record.
    """
    connection.execute("CREATE SCHEMA lexical")
    offered, kept, duplicates = {}, {}, list[Duplicate]()
    for target in schema.targets():
        offered[target], kept[target] = _unique(connection, schema, target)
        if offered[target] > kept[target]:
            duplicates.extend(_duplicates(connection, schema, target))
    orphans: list[Orphan] = []
    faults: list[Diagnostic] = []
    unaligned = (0, kept[MAY_DANGLE])
    for table in schema.association_tables():
        if not kept[table.target]:
            continue
        for end, wanted in (("from", table.start), ("to", table.end)):
            met = list(_orphans(connection, table.target, end, wanted))
            if not met:
                continue
            if table.target == MAY_DANGLE:
                unaligned = (sum(o.count for o in met), unaligned[1])
            else:
                faults.extend(d for o in met if o.source in authored for d in _dangling(connection, o))
            orphans.extend(met)
            connection.execute(f'DELETE FROM lexical."{table.target}" r WHERE NOT EXISTS (SELECT 1 FROM lexical."{wanted}" c WHERE c.id = r."{end}")')
            kept[table.target] -= sum(o.count for o in met)
    if faults:
        raise BadInput(*faults)
    return Reconciled(offered, kept, tuple(sorted(duplicates)), tuple(sorted(orphans)), unaligned)


def _identity(schema: Schema, target: str) -> str:
    kinds = (KIND_COLUMN,) if any(p.column == KIND_COLUMN for p in schema.columns(target)) else ()
    return ", ".join(f'"{c}"' for c in (*key_columns(schema, target), *kinds))


def _unique(connection: duckdb.DuckDBPyConnection, schema: Schema, target: str) -> tuple[int, int]:
    """Keep the first of equal keys; answers rows offered and kept."""
    columns = ", ".join(f'"{c}"' for c in column_types(schema, target))
    identity = _identity(schema, target)
    connection.execute(f"""
        CREATE TABLE lexical."{target}" AS SELECT {columns} FROM incoming."{target}"
        QUALIFY row_number() OVER (PARTITION BY {identity} ORDER BY _rank, _step, _order, source_ref) = 1""")
    row = connection.execute(f'SELECT (SELECT count(*) FROM incoming."{target}"), (SELECT count(*) FROM lexical."{target}")').fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _duplicates(connection: duckdb.DuckDBPyConnection, schema: Schema, target: str) -> Iterator[Duplicate]:
    """Surplus rows, told apart by whether the row that stands is of the same source."""
    identity = _identity(schema, target)
    shown = " || ' to ' || ".join(f'"{c}"' for c in key_columns(schema, target))
    found = connection.execute(f"""
        WITH ranked AS (SELECT *, row_number() OVER w AS place, first_value(source) OVER w AS standing FROM incoming."{target}"
                        WINDOW w AS (PARTITION BY {identity} ORDER BY _rank, _step, _order, source_ref))
        SELECT CASE WHEN source = standing THEN 'within_source' ELSE 'across_sources' END AS scope, count(*), min(DISTINCT {shown}, {EXAMPLES})
        FROM ranked WHERE place > 1 GROUP BY scope ORDER BY scope""").fetchall()
    for scope, count, examples in found:
        yield Duplicate(target, scope, int(count), tuple(examples))


def _orphans(connection: duckdb.DuckDBPyConnection, target: str, end: str, wanted: str) -> Iterator[Orphan]:
    found = connection.execute(f"""
        SELECT r.source, count(*), min(r.source_ref || ' ' || coalesce(r."{end}", '(none)'), {EXAMPLES})
        FROM lexical."{target}" r ANTI JOIN lexical."{wanted}" c ON r."{end}" = c.id GROUP BY r.source ORDER BY r.source""").fetchall()
    for source, count, examples in found:
        yield Orphan(target, source, end, wanted, int(count), tuple(examples))


def _dangling(connection: duckdb.DuckDBPyConnection, orphan: Orphan) -> Iterator[Diagnostic]:
    """Every authored row behind an orphan, at the place where it was written."""
    rows = connection.execute(
        f'SELECT source_ref, "{orphan.end}" FROM lexical."{orphan.target}" WHERE source = ? AND "{orphan.end}" NOT IN (SELECT id FROM lexical."{orphan.missing_class}") ORDER BY ALL', [orphan.source]
    ).fetchall()
    for source_ref, absent in rows:
        yield Diagnostic(
            place_of(source_ref), "WHS110", f"`{absent}` is no {orphan.missing_class} of this graph", f"{orphan.target} would lead nowhere",
            "name one that exists, or add it",
        )  # fmt: skip


def place_of(source_ref: str) -> Place:
    """`families/x.yaml:12:3` and `Skills.txt:7` back to a place; of several rows the first, with all of them as its path."""
    met = _PLACE.match(source_ref)
    if met is None:
        return Place(source_ref)
    return Place(met["file"], int(met["line"]), int(met["column"] or 0), "" if met.end() == len(source_ref) else source_ref)
