"""Run as a program of its own: damages files by number, discovers and stages them, and says what came of each and what memory it took.

Arguments: first number, one after the last. Answer: one JSON object.
"""

from __future__ import annotations

import contextlib
import json
import re
import resource
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import duckdb
from invented_deliveries import Case, cases, pinned, put
from mutations import Draw, draws, intact

from engine.contracts import EngineError, sha256_hex
from engine.sources import Delivery, Ledger, discover, load_ledger
from engine.warehouse.staging import stage

_SHIPPED = load_ledger()
LEDGER = replace(_SHIPPED, entries=tuple(e.model_copy(update={"sha256": {}}) for e in _SHIPPED.entries))  # invented files meet no pin
EVERY = cases(LEDGER)
CONNECTION = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "1GB"})
CODE = re.compile(r"[A-Z]{3}\d{3}")
REASON = re.compile(r"[a-z]+(_[a-z]+)+")


@dataclass(frozen=True)
class Staged:
    """What was staged: rows by table, how many were dropped by reason, and the gaps that were stated."""

    rows: dict[str, list[tuple[object, ...]]]
    dropped: Counter[str]
    gaps: tuple[str, ...]


def staged(connection: duckdb.DuckDBPyConnection, root: Path, case: Case, ledger: Ledger) -> Staged | None:
    """Discover and stage; None for a source that is never loaded. Raises EngineError; then nothing may be left staged."""
    found = discover(root, ledger, {} if "{release}" in case.wanted else {case.publisher.name: case.release}, root.parent / "scratch")
    mine: tuple[Delivery, ...] = tuple(d for d in found.deliveries if d.publisher is case.publisher)
    if not mine:
        return None
    try:
        counted = stage(connection, mine[0])
    except EngineError:
        left = connection.execute("SELECT schema_name FROM information_schema.schemata WHERE schema_name = ?", [case.publisher.schema]).fetchall()
        assert not left, "a refused delivery stays staged in part"
        raise
    rows = {t.staged_table: connection.execute(f'SELECT * EXCLUDE (_row) FROM {case.publisher.schema}."{t.staged_table}" ORDER BY _row').fetchall() for t in case.publisher.tables}
    connection.execute(f"DROP SCHEMA {case.publisher.schema} CASCADE")
    for count in counted.counts:
        assert count.rows_in == count.kept + sum(d.count for d in count.dropped), f"{count} does not add up"
    return Staged(rows, Counter({d.reason: d.count for c in counted.counts for d in c.dropped}), mine[0].gaps)


@cache
def undamaged(case_index: int) -> Staged | None:
    """What the whole file gives; it is asked for many times."""
    with tempfile.TemporaryDirectory() as folder:
        case = EVERY[case_index]
        put(case, intact(case), Path(folder) / "good")
        return staged(CONNECTION, Path(folder) / "good", case, LEDGER)


def outcome(draw: Draw) -> str:
    """`refused <code>`, `dropped <reason>`, `harmless` (the same rows), `stated`, `kept`, `told by the pin alone`, `never loaded`; what begins with `WRONG` is a fault of the engine."""
    case = draw.case
    before = undamaged(EVERY.index(case))
    with tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / "bad"
        delivered = put(case, draw.content(), bad)
        try:
            after = staged(CONNECTION, bad, case, LEDGER)
        except EngineError as error:
            return f"refused {error.diagnostics[0].code}" if _clear(error, delivered) else f"WRONG: an unclear error: {error}"
        if before is None or after is None:
            return "never loaded" if before is after else "WRONG: loaded by its damage"
        if after.dropped != before.dropped:
            more = sorted(after.dropped - before.dropped)
            return f"dropped {' '.join(more)}" if more and all(map(REASON.fullmatch, more)) else f"WRONG: {before.dropped} became {after.dropped}"
        if after.rows == before.rows:
            return "harmless"
        if {t for t, rows in after.rows.items() if rows != before.rows[t]} != {case.layout.staged_table}:
            return f"WRONG: {draw.kind} of {case.name} changed another table"
        if any(f"`{case.name}` has no column" in gap for gap in set(after.gaps) - set(before.gaps)):
            return "stated"  # an optional column that releases may lack
        if not unseen(draw, before, after):
            return f"WRONG: {draw.kind} of {case.name} changed what is staged"
        if draw.kind == "duplicate":
            return "kept: the table has no key"
        with contextlib.suppress(EngineError):
            staged(CONNECTION, bad, case, pinned(LEDGER, case, sha256_hex(intact(case))))
            return f"WRONG: {draw.kind} of {case.name} passes the pin"
        return "told by the pin alone"


def _clear(error: EngineError, delivered: Path) -> bool:
    """Every fault has a code, tells where, what and how to mend it, and none is a page long."""
    return bool(error.diagnostics) and all(CODE.fullmatch(d.code) and str(delivered) in d.place.file and d.what and d.fix and len(f"{d.what}{d.why}{d.fix}") < 1500 for d in error.diagnostics)


def unseen(draw: Draw, before: Staged, after: Staged) -> bool:
    """Whether the damage left a well-formed table that no reader can tell from the publisher's, and changed no more rows than it touched."""
    layout = draw.case.layout
    rows, was = Counter(after.rows[layout.staged_table]), Counter(before.rows[layout.staged_table])
    gained, lost = (rows - was).total(), (was - rows).total()
    unkeyed = not layout.keys and not layout.identities
    match draw.kind:
        case "cut":  # exactly at the end of a line
            return not gained
        case "bit_flips":  # one to three letters became others
            return gained == lost <= 3
        case "ragged":  # a comma inside quotes
            return gained == lost == 1 and layout.quoted
        case "mixed_line_ends":  # inside quotes
            return gained == lost == 1 and layout.multiline
        case "duplicate":  # rows that nothing names may be equal
            return not lost and unkeyed and not (set(rows) - set(was))
        case "contradiction":
            return not lost and gained == 1 and unkeyed
        case "orphan":  # a new row of a table that refers to nothing
            return not lost and gained <= 2 and not layout.references
    return False


def _peak() -> int:
    """Kilobytes that this program took at most. The kernel's ru_maxrss counts what the program that started it held, so it is asked only where nothing better is."""
    status = Path("/proc/self/status")
    told = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.is_file() else None
    return int(told[1]) if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Judge the numbers and print the outcomes."""
    first, end = map(int, sys.argv[1:3])
    outcomes: dict[int, tuple[str, str, str]] = {}
    CONNECTION.execute("SET enable_progress_bar = false")
    for draw in draws(EVERY, end)[first:]:
        try:
            said = outcome(draw)
        except Exception as error:  # the very thing that must not happen
            said = f"WRONG: {type(error).__name__}: {str(error)[:300]}"
            for case in EVERY:
                CONNECTION.execute(f"DROP SCHEMA IF EXISTS {case.publisher.schema} CASCADE")
        outcomes[draw.number] = (draw.kind, f"{draw.case.publisher.name}/{draw.case.name}", said)
    peaks = [_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]
    print(json.dumps({"outcomes": outcomes, "files": [f"{c.publisher.name}/{c.name}" for c in EVERY], "kilobytes": peaks}))


if __name__ == "__main__":
    main()
