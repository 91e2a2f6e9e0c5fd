"""The warehouse as one thing with an order of use: stage and project deliveries, load rows, reconcile, read, write records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from engine.contracts import BadInput, InputOutput, Place
from engine.ontology import Schema, load_schema
from engine.sources import Delivery, Origin, Publisher, SourceRows
from engine.warehouse import incoming, joining, reconciliation, records, staging
from engine.warehouse.findings import Findings, Orphan, RecordDigests, TableCount
from engine.warehouse.macros import create_macros

THREADS = 2
MEMORY_LIMIT = "2GB"
SPILL_LIMIT = "16GB"  # a query that wants more than that goes astray
Progress = Callable[[str], None]


def _silent(_message: str) -> None:
    """No progress wanted."""


@contextmanager
def _machine() -> Iterator[None]:
    """What the machine refuses reaches the door as InputOutput WHS103."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise InputOutput.at("WHS103", f"the machine refused: {str(error).splitlines()[0]}", why="memory or the disk under the scratch folder is full", fix="make room and build again") from None


class Warehouse:
    """An in-memory DuckDB that spills to `scratch`. Use as a context manager; steps in the order of this class."""

    def __init__(self, scratch: Path, schema: Schema | None = None, progress: Progress = _silent) -> None:
        """Raises InputOutput WHS100 where the scratch folder cannot be used."""
        self._schema = schema or load_schema()
        self._progress = progress
        try:
            scratch.mkdir(parents=True, exist_ok=True)
            self._connection = duckdb.connect(
                ":memory:",
                config={
                    "autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": THREADS,
                    "memory_limit": MEMORY_LIMIT, "max_temp_directory_size": SPILL_LIMIT, "temp_directory": str(scratch / "spill"),
                },
            )  # fmt: skip
        except (OSError, duckdb.IOException) as error:
            raise InputOutput.at("WHS100", f"cannot use the scratch folder: {error}", fix="permit writing there", place=Place(str(scratch))) from None
        self._connection.execute("SET enable_progress_bar = false")  # it would be drawn into the answer
        create_macros(self._connection)
        incoming.create_incoming(self._connection, self._schema)
        self._origins: dict[str, Origin] = {}
        self._deliveries: list[Delivery] = []
        self._tables: list[TableCount] = []
        self._orphans: list[Orphan] = []
        self._reconciled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()

    @_machine()
    def stage(self, delivery: Delivery) -> tuple[TableCount, ...]:
        """Read every file of a delivery; see staging.stage for what it raises."""
        self._progress(f"reading {delivery.origin.entry.title} {delivery.origin.release}: {len(delivery.tables)} files")
        staged = staging.stage(self._connection, delivery)
        self._tables.extend(staged.counts)
        self._orphans.extend(staged.orphans)
        self._deliveries.append(delivery)
        return staged.counts

    @_machine()
    def stage_nothing(self, publishers: Iterable[Publisher]) -> None:
        """Empty staged tables for publishers that deliver nothing."""
        for publisher in publishers:
            staging.stage_nothing(self._connection, publisher)

    @_machine()
    def project(self, delivery: Delivery, frequency_times: Mapping[int, Decimal] | None = None) -> None:
        """Turn staged tables into offered records. `frequency_times`: times per year of the frequency categories 1 to 7 (O*NET scale FT)."""
        self._progress(f"projecting {delivery.origin.entry.title} {delivery.origin.release}")
        schema = delivery.publisher.schema
        self._connection.execute(f"CREATE TABLE {schema}.frequency_category (category VARCHAR, times_per_year VARCHAR)")
        for category, times in sorted((frequency_times or {}).items()):
            self._connection.execute(f"INSERT INTO {schema}.frequency_category VALUES (?, ?)", [str(category), str(times)])
        incoming.project(self._connection, delivery)
        self._acknowledge(delivery.origin)

    @_machine()
    def load_rows(self, rows: SourceRows) -> None:
        """Load lexical rows of one source. Raises BadInput WHS101 for a column that a record table lacks."""
        incoming.load_rows(self._connection, self._schema, rows)
        self._acknowledge(rows.origin)

    def _acknowledge(self, origin: Origin) -> None:
        """The first time that a source gives rows, its Source record is offered too."""
        if origin.key not in self._origins:
            self._origins[origin.key] = origin
            incoming.load_rows(self._connection, self._schema, SourceRows(origin, {"Source": [origin.source_record()]}))

    @_machine()
    def offered_keys(self, target: str) -> frozenset[str]:
        """Keys of a class that were offered so far, before anything is reconciled."""
        return frozenset(str(row[0]) for row in self._connection.execute(f'SELECT DISTINCT id FROM incoming."{target}"').fetchall())

    @_machine()
    def reconcile(self) -> Findings:
        """One record for each key, no dangling relationship; see reconciliation.reconcile for what it raises."""
        self._progress("reconciling sources")
        authored = frozenset(o.key for o in self._origins.values() if o.entry.layer == reconciliation.AUTHORED_LAYER)
        met = reconciliation.reconcile(self._connection, self._schema, authored)
        self._reconciled = True
        gaps = [gap for delivery in self._deliveries for gap in (*delivery.gaps, *self._counted_gaps(delivery))]
        if met.unaligned[0]:
            gaps.append(f"{met.unaligned[0]:,} of {met.unaligned[1]:,} alignments of authored tasks name a publisher's task that is not in this build")
        measured = [joining.measure_joins(self._connection, delivery) for delivery in self._deliveries]
        joins, unmatched = tuple(j for some, _ in measured for j in some), tuple(sorted(u for _, some in measured for u in some))
        orphans = tuple(sorted((*self._orphans, *met.orphans)))
        return Findings(tuple(sorted(self._tables)), met.offered, met.kept, met.duplicates, orphans, tuple(gaps), joins, unmatched)

    def _counted_gaps(self, delivery: Delivery) -> Iterator[str]:
        for gap in delivery.publisher.gaps:
            row = self._connection.execute(gap.sql.replace("{release}", delivery.origin.release)).fetchone()
            if row is not None and row[0]:
                title = f"{delivery.origin.entry.title} {delivery.origin.release}"
                yield f"{title}: {gap.sentence.format(*(f'{v:,}' if isinstance(v, int) else v for v in row))}"

    def lexical_rows(self, target: str, columns: Sequence[str] | None = None, batch: int = 10_000) -> Iterator[list[tuple[object, ...]]]:
        """Rows of a record table in key order, in batches; text, lists of text, None. Columns default to all, in schema order."""
        names = self._columns(target, columns)
        keys = ", ".join(f'"{c}"' for c in incoming.key_columns(self._schema, target))
        with self._connection.cursor() as cursor:
            cursor.execute(f'SELECT {names} FROM lexical."{target}" ORDER BY {keys}, derived_by, source_ref')
            while rows := cursor.fetchmany(batch):
                yield rows

    def distinct_rows(self, target: str, columns: Sequence[str]) -> list[tuple[object, ...]]:
        """Distinct values of the columns, sorted."""
        names = self._columns(target, columns)
        return self._connection.execute(f'SELECT DISTINCT {names} FROM lexical."{target}" ORDER BY ALL').fetchall()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database that holds the lexical tables, for the set queries of the contracts. Raises BadInput WHS102 before reconcile."""
        self._columns(self._schema.targets()[0], None)
        return self._connection

    def _columns(self, target: str, columns: Sequence[str] | None) -> str:
        """Quoted columns; names come from the ontology only."""
        if not self._reconciled:
            raise BadInput.at("WHS102", "the records are not reconciled yet", fix="call reconcile first")
        known = incoming.column_types(self._schema, target)
        for name in columns or ():
            if name not in known:
                raise BadInput.at("WHS101", f"`{target}` has no column `{name}`", fix=f"columns: {', '.join(known)}")
        return ", ".join(f'"{name}"' for name in (columns or known))

    @_machine()
    def write_records(self, folder: Path) -> RecordDigests:
        """Typed Parquet and digests; see records.write_records for what it raises."""
        self._columns(self._schema.targets()[0], None)
        self._progress("writing records")
        return records.write_records(self._connection, self._schema, folder)
