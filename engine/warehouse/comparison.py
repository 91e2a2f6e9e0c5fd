"""Two releases of one source held against each other by set queries over their reconciled, lexical records.

A record counts as added or removed only where the file that states it is there in both releases; a link also only where both of
its ends are comparable; a property only where both releases state it of anything. What fails that is counted as not comparable.
Keys and labels that carry their release (`statistic/oews-2024-11-1011`) are matched without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from engine.ontology import PropertyDef, Schema, load_schema
from engine.warehouse.incoming import column_types, key_columns
from engine.warehouse.reconciliation import KIND_COLUMN
from engine.warehouse.release_difference import Change, NotComparable, ReleaseDifference, Successor
from engine.warehouse.warehouse import MEMORY_LIMIT, THREADS, Warehouse

WORDED = ("label", "statement", "description", "alternate_labels")
# a record of the class has moved where the other ends of these links differ; the mover stands at the named end
MOVES: tuple[tuple[str, str, str], ...] = (
    ("Title", "NAMES", "from"), ("Task", "PERFORMS", "to"), ("WorkActivity", "BROADER", "from"), ("Occupation", "BROADER", "from"),
    ("OccupationGroup", "BROADER", "from"), ("EscoOccupation", "BROADER", "from"), ("IscoGroup", "BROADER", "from"),
)  # fmt: skip
_CODED = ("Occupation", "OccupationGroup")
_SIDES = ("before", "after")


@dataclass(frozen=True, slots=True)
class ReleaseSide:
    """One release, kept on disk: `name` (`onet@29.1`), its lexical tables in `folder`, and the names under which each layout's file came."""

    name: str
    folder: Path
    files: Mapping[str, tuple[str, ...]]

    @property
    def release(self) -> str:
        """The release alone: `29.1`."""
        return self.name.partition("@")[2]


def keep_side(warehouse: Warehouse, folder: Path, name: str, files: Mapping[str, tuple[str, ...]], schema: Schema | None = None) -> ReleaseSide:
    """Write what a reconciled warehouse has from one release (`onet@29.1`), with the labels of everything and the crosswalk of former codes."""
    known, connection = schema or load_schema(), warehouse.connection
    folder.mkdir(parents=True, exist_ok=True)

    def write(sql: str, file: str) -> None:
        connection.execute(f"COPY ({sql}) TO '{_quoted(folder / file)}' (FORMAT parquet)")

    for target in known.targets():
        wanted = f"""FROM lexical."{target}" WHERE source = 'source/{name}'"""
        ((count,),) = connection.execute(f"SELECT count(*) {wanted}").fetchall()
        if target != "Source" and count:
            write(f"SELECT * {wanted}", f"{target}.parquet")
    labels = " UNION ALL ".join(f'SELECT id, "{_text_column(known, c)}" AS label FROM lexical."{c}"' for c in sorted(known.classes))
    write(labels, "labels.parquet")
    led = " UNION ALL ".join(f'SELECT "from", "to", source, source_ref FROM lexical."REPLACED_BY.FormerCode.{c}"' for c in _CODED)
    write(
        f"""SELECT f.code, f.classification, r."to" AS key, coalesce(l.label, r."to") AS label, r.source, r.source_ref
            FROM ({led}) r JOIN lexical."FormerCode" f ON f.id = r."from" LEFT JOIN ({labels}) l ON l.id = r."to\"""",
        "crosswalk.parquet",
    )
    return ReleaseSide(name, folder, files)


def compare_sides(before: ReleaseSide, after: ReleaseSide, schema: Schema | None = None) -> ReleaseDifference:
    """Everything that differs, in order of record table, kind and key."""
    known = schema or load_schema()
    with duckdb.connect(":memory:", config={"threads": THREADS, "memory_limit": MEMORY_LIMIT, "autoinstall_known_extensions": False}) as connection:
        connection.execute("SET enable_progress_bar = false")
        return _Comparison(connection, known, {"before": before, "after": after}).difference()


class _Comparison:
    """The steps, over one database: sides as views, one-sided records, links, values, moves."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, schema: Schema, sides: Mapping[str, ReleaseSide]) -> None:
        self._connection, self._schema, self._sides = connection, schema, sides
        self._targets = [t for t in schema.targets() if any((s.folder / f"{t}.parquet").is_file() for s in sides.values())]
        self._classes = [t for t in self._targets if t in schema.classes]
        self._links = [t for t in self._targets if t not in schema.classes]
        self._silent: list[NotComparable] = []

    def difference(self) -> ReleaseDifference:
        rows = self._open()
        for target in self._classes:
            self._one_sided(target)
        for target in self._links:
            self._one_sided(target)
        for target in self._targets:
            self._changed(target)
        for mover, relation, end in MOVES:
            self._moved(mover, relation, end)
        before, after = self._sides["before"].name, self._sides["after"].name
        return ReleaseDifference(before, after, rows, self._changes(), tuple(sorted((*self._absent_files(), *self._silent))))

    def _open(self) -> dict[str, tuple[int, int]]:
        """Views of both sides; a table that a side lacks is empty. Answers the rows of each record table."""
        run = self._connection.execute
        for side, other in (_SIDES, _SIDES[::-1]):
            mine = self._sides[side]
            run(f"CREATE SCHEMA {side}")
            for target in self._targets:
                path = mine.folder / f"{target}.parquet"
                whole = f"read_parquet('{_quoted(path)}')" if path.is_file() else f"read_parquet('{_quoted(self._sides[other].folder / path.name)}') WHERE false"
                matched = ", ".join(f"""{self._unreleased(f'"{c}"', mine)} AS "_{c}\"""" for c in key_columns(self._schema, target))
                run(f"""CREATE TABLE {side}."{target}" AS SELECT *, {matched}, regexp_extract(source_ref, '^(.+?):[0-9]', 1) AS _file FROM {whole}""")
            # files that the other side has no counterpart of
            run(f"CREATE TABLE {side}._alone (file VARCHAR, name VARCHAR)")
            theirs = self._sides[other].files
            for file, names in sorted(mine.files.items()):
                if file not in theirs:
                    for name in names:
                        run(f"INSERT INTO {side}._alone VALUES (?, ?)", [file, name])
        run("CREATE TABLE change (target VARCHAR, kind VARCHAR, s VARCHAR, e VARCHAR, naming VARCHAR, property VARCHAR, b VARCHAR, a VARCHAR, b_ref VARCHAR, a_ref VARCHAR)")
        run("CREATE TABLE left_out (file VARCHAR, side VARCHAR, key VARCHAR)")
        views = (f"SELECT * FROM read_parquet('{_quoted(self._sides[s].folder / 'labels.parquet')}')" for s in _SIDES)
        run(f"CREATE TABLE labels AS SELECT id, min(label) AS label FROM ({' UNION ALL '.join(views)}) GROUP BY id")
        counted = " UNION ALL ".join(f"""SELECT '{t}', (SELECT count(*) FROM before."{t}"), (SELECT count(*) FROM after."{t}")""" for t in self._targets)
        return {t: (b, a) for t, b, a in run(counted).fetchall()} if counted else {}

    @staticmethod
    def _unreleased(column: str, side: ReleaseSide) -> str:
        """SQL for a key without the release in it: `statistic/oews-2024-11-1011` and `x@2024` as they would be in any release."""
        source = side.name.partition("@")[0]
        return f"replace(replace({column}, '/{source}-{side.release}-', '/{source}-'), '@{side.release}', '@')"

    def _one_sided(self, target: str) -> None:
        """Records that only one side has: added or removed where comparable, else left out with the file that stands behind them."""
        link = target not in self._schema.classes
        keys = key_columns(self._schema, target)
        same = self._same(target)
        for side, other, kind in (("before", "after", "removed"), ("after", "before", "added")):
            ends = 'r."from" AS s, r."to" AS e' if link else "r.id AS s, '' AS e"
            naming = f'r."{KIND_COLUMN}"' if KIND_COLUMN in column_types(self._schema, target) else "''"
            text = "''" if link else f'r."{_text_column(self._schema, target)}"'
            # a link whose end is left out is left out with it, for the same file
            behind = ", ".join(f"""(SELECT min(l.file) FROM left_out l WHERE l.side = '{side}' AND l.key = r."{k}")""" for k in keys) if link else "NULL"
            alone = f"SELECT min(x.file) FROM {side}._alone x WHERE x.name = r._file"
            self._connection.execute(f"""
                CREATE OR REPLACE TEMP TABLE met AS
                SELECT {ends}, {naming} AS naming, {text} AS text, r.source_ref, coalesce(({alone}), {behind}) AS file
                FROM {side}."{target}" r WHERE NOT EXISTS (SELECT 1 FROM {other}."{target}" o WHERE {same})""")
            self._connection.execute(f"INSERT INTO left_out SELECT file, '{side}', CASE WHEN e = '' THEN s ELSE '' END FROM met WHERE file IS NOT NULL")
            told = "text, '', source_ref, ''" if kind == "removed" else "'', text, '', source_ref"
            self._connection.execute(f"INSERT INTO change SELECT '{target}', '{kind}', s, e, naming, '', {told} FROM met WHERE file IS NULL")

    def _same(self, target: str, left: str = "o", right: str = "r") -> str:
        pairs = [f'{left}."_{c}" = {right}."_{c}"' for c in key_columns(self._schema, target)]
        if KIND_COLUMN in column_types(self._schema, target):
            pairs.append(f'{left}."{KIND_COLUMN}" IS NOT DISTINCT FROM {right}."{KIND_COLUMN}"')
        return " AND ".join(pairs)

    def _changed(self, target: str) -> None:
        """Values that differ between records that both sides have."""
        link = target not in self._schema.classes
        properties = [p for p in self._schema.columns(target) if p.column != KIND_COLUMN]
        stated = self._stated(target, properties)
        cells = []
        for p in properties:
            b, a = (_cell(side, p) for side in ("b", "a"))
            if stated[p.column] is None:
                alone = " OR ".join(
                    f"({one} IS NULL AND EXISTS (SELECT 1 FROM {side}._alone x WHERE contains({ref}.source_ref, x.name || ':')))"
                    for one, side, ref in ((b, "after", "a"), (a, "before", "b"))
                )  # fmt: skip
                # a label that only names its release says the same
                differ = " IS DISTINCT FROM ".join(f"replace({v}, '{self._sides[s].release}', '')" if p.column == "label" else v for v, s in zip((b, a), _SIDES, strict=True))
                cells.append(f"CASE WHEN {differ} AND NOT ({alone}) THEN {{'p': '{p.column}', 'k': '{_kind(p)}', 'b': {b}, 'a': {a}}} END")
        if not cells:
            return
        # where the key carries its release the sides spell it differently: one of the two, whichever side is asked first
        ends = 'greatest(b."from", a."from") AS s, greatest(b."to", a."to") AS e' if link else "greatest(b.id, a.id) AS s, '' AS e"
        naming = f'a."{KIND_COLUMN}"' if KIND_COLUMN in column_types(self._schema, target) else "''"
        self._connection.execute(f"""
            INSERT INTO change SELECT '{target}', v.k, s, e, naming, v.p, coalesce(v.b, ''), coalesce(v.a, ''), b_ref, a_ref FROM (
                SELECT {ends}, {naming} AS naming, b.source_ref AS b_ref, a.source_ref AS a_ref, unnest(list_filter([{", ".join(cells)}], lambda x: x IS NOT NULL)) AS v
                FROM before."{target}" b JOIN after."{target}" a ON {self._same(target, "b", "a")})""")

    def _stated(self, target: str, properties: Sequence[PropertyDef]) -> dict[str, str | None]:
        """For each property the side on which no record of the table states it, None where both do or neither does."""
        if not properties:
            return {}
        counts = ", ".join(f'count("{p.column}")' for p in properties)
        found = {s: self._connection.execute(f'SELECT count(*), {counts} FROM {s}."{target}"').fetchall()[0] for s in _SIDES}
        mute: dict[str, str | None] = {}
        for n, p in enumerate(properties, 1):
            b, a = (int(found[s][n]) for s in _SIDES)
            rows = all(found[s][0] for s in _SIDES)
            mute[p.column] = "before" if rows and a and not b else "after" if rows and b and not a else None
            side = mute[p.column]
            if side is not None:
                self._silent.append(NotComparable(target, p.label, self._sides[side].name, max(a, b)))
        return mute

    def _moved(self, mover: str, relation: str, end: str) -> None:
        """Records of both sides whose links to others differ in what was added and removed above."""
        tables = [t for t in self._links if t.split(".")[0] == relation and t.split(".")[1 if end == "from" else 2] == mover]
        if mover not in self._classes or not tables:
            return
        mine, theirs = ("s", "e") if end == "from" else ("e", "s")
        key, far = end, "to" if end == "from" else "from"
        targets = ", ".join(f"'{t}'" for t in tables)
        held = {s: " UNION ".join(f'SELECT "{key}" AS k, "{far}" AS f FROM {s}."{t}"' for t in tables) for s in _SIDES}
        told = "coalesce(l.label, h.f) || ' (' || h.f || ')'"
        # two namings of one pair are one end: an end counts as gone only where no link leads to it any more
        self._connection.execute(f"""
            INSERT INTO change
            WITH stepped AS (
                SELECT {mine} AS k, {theirs} AS f, kind, {told.replace("h.f", f"c.{theirs}")} AS told, min(b_ref) AS b_ref, min(a_ref) AS a_ref
                FROM change c LEFT JOIN labels l ON l.id = c.{theirs}
                WHERE target IN ({targets}) AND kind IN ('added', 'removed') AND NOT EXISTS (
                    SELECT 1 FROM (SELECT 'added' AS kind, * FROM ({held["before"]}) UNION ALL SELECT 'removed', * FROM ({held["after"]})) h
                    WHERE h.kind = c.kind AND h.k = c.{mine} AND h.f = c.{theirs})
                GROUP BY ALL
            ), whole AS (
                SELECT k FROM stepped WHERE k IN (SELECT id FROM before."{mover}") AND k IN (SELECT id FROM after."{mover}") GROUP BY k
            ), came AS (SELECT k, list(told) AS ends, string_agg(a_ref, ' + ' ORDER BY f) AS refs FROM stepped WHERE kind = 'added' GROUP BY k
            ), went AS (SELECT k, list(told) AS ends, string_agg(b_ref, ' + ' ORDER BY f) AS refs FROM stepped WHERE kind = 'removed' GROUP BY k
            ), kept AS (SELECT k, list({told}) AS ends FROM (SELECT * FROM ({held["before"]}) INTERSECT SELECT * FROM ({held["after"]})) h LEFT JOIN labels l ON l.id = h.f GROUP BY k)
            SELECT '{mover}', 'moved', k, '', '', '{relation}',
                   array_to_string(list_sort(list_concat(coalesce(kept.ends, []), coalesce(went.ends, []))), '; '),
                   array_to_string(list_sort(list_concat(coalesce(kept.ends, []), coalesce(came.ends, []))), '; '),
                   coalesce(went.refs, ''), coalesce(came.refs, '')
            FROM whole LEFT JOIN came USING (k) LEFT JOIN went USING (k) LEFT JOIN kept USING (k)""")

    def _changes(self) -> tuple[Change, ...]:
        successors = self._successors()
        found = self._connection.execute("""
            SELECT c.target, c.kind, c.s, c.e, c.naming, c.property,
                   CASE WHEN c.e = '' THEN coalesce(l.label, c.s) ELSE coalesce(l.label, c.s) || ' -> ' || coalesce(m.label, c.e) END, c.b, c.a, c.b_ref, c.a_ref
            FROM change c LEFT JOIN labels l ON l.id = c.s LEFT JOIN labels m ON m.id = c.e""").fetchall()
        # a record that moved is shown with where the work of vanished codes among its ends went
        ends: dict[str, set[str]] = {}
        for row in found:
            if row[3] and row[1] in ("added", "removed"):
                ends.setdefault(str(row[2]), set()).add(str(row[3]))
                ends.setdefault(str(row[3]), set()).add(str(row[2]))
        changes = []
        for row in found:
            target, kind, start, end, naming, column, label, before, after, before_ref, after_ref = (str(cell or "") for cell in row)
            codes = {start} if target in _CODED and kind in ("added", "removed") else ends.get(start, set()) if kind == "moved" else set()
            led = tuple(sorted(s for code in codes for s in successors.get(code, ())))
            changes.append(Change(target, kind, start, end, naming, column, label, before, after, before_ref, after_ref, led))
        return tuple(sorted(changes))

    def _successors(self) -> dict[str, tuple[Successor, ...]]:
        """By key of an occupation or class that only one side has: where the published crosswalks say its work stands."""
        walks = " UNION ".join(f"SELECT * FROM read_parquet('{_quoted(self._sides[s].folder / 'crosswalk.parquet')}')" for s in _SIDES)
        found = self._connection.execute(f"""
            SELECT DISTINCT c.s, w.code, w.classification, w.key, w.label, w.source, w.source_ref FROM change c
            JOIN ({walks}) w ON w.code = regexp_extract(c.s, '/(.+)$', 1) AND w.key <> c.s
            WHERE c.target IN {_CODED} AND c.kind IN ('added', 'removed') ORDER BY ALL""").fetchall()
        led: dict[str, list[Successor]] = {}
        for key, *rest in found:
            led.setdefault(str(key), []).append(Successor(*map(str, rest)))
        return {key: tuple(some) for key, some in led.items()}

    def _absent_files(self) -> list[NotComparable]:
        met = {(str(f), str(s)): int(n) for f, s, n in self._connection.execute("SELECT file, side, count(*) FROM left_out GROUP BY ALL").fetchall()}
        alone = [(f, s) for s in _SIDES for (f,) in self._connection.execute(f"SELECT DISTINCT file FROM {s}._alone ORDER BY file").fetchall()]
        other = {"before": self._sides["after"].name, "after": self._sides["before"].name}
        return [NotComparable(file, "", other[side], met.get((file, side), 0)) for file, side in alone]


def _text_column(schema: Schema, name: str) -> str:
    return "label" if any(p.column == "label" for p in schema.columns(name)) else "statement"


def _kind(definition: PropertyDef) -> str:
    if definition.column in WORDED:
        return "reworded"
    return "figure_changed" if definition.datatype in ("decimal", "integer") else "value_changed"


def _cell(side: str, definition: PropertyDef) -> str:
    """SQL for a value as one text."""
    column = f'{side}."{definition.column}"'
    if definition.many:
        return f"array_to_string(list_sort({column}), '; ')"
    return column


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
