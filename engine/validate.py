"""Validating: authored content against every contract, without building a graph; each fault at its file, line and column."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from engine.contracts import BadInput, Diagnostic, Place
from engine.ontology import load_schema
from engine.shapes import ContractReport, judge_records, shape_files
from engine.sources import Wedge, embedded_soc, load_ledger, read_wedge
from engine.warehouse import Warehouse

AUTHORED = "source/wedge@"


def judge_authored(folder: Path | None = None, say: Callable[[str], None] = lambda _: None) -> tuple[ContractReport, tuple[Diagnostic, ...]]:
    """Contracts over the authored content of a folder (default: this installation's): the report, and every fault at its place.

    Raises BadInput WED1xx, DOC1xx where the content cannot be read as authored content at all, VAL101 where there is none.
    """
    schema, ledger = load_schema(), load_ledger()
    say("judge the contracts")
    wedge = read_wedge(ledger, folder)
    if not wedge.fingerprints:
        where = Place(str(folder or "graph_data"))
        raise BadInput.at("VAL101", "no authored content is in here", why="what is not there does not conform", fix="name a folder that holds families/ and ground/ with YAML files", place=where)
    with tempfile.TemporaryDirectory() as scratch, Warehouse(Path(scratch), schema) as warehouse:
        warehouse.load_rows(embedded_soc(ledger))
        warehouse.load_rows(wedge.rows)
        warehouse.reconcile()
        report = judge_records(warehouse, schema, shape_files(), AUTHORED, progress=lambda m: say(f"  {m}"))
    return report, faults_of(report, wedge)


def faults_of(report: ContractReport, wedge: Wedge) -> tuple[Diagnostic, ...]:
    """Violations as diagnostics at the place where the record was authored; a publisher's record is its own place."""
    return tuple(sorted(v.diagnostic(lambda key: wedge.place_of(key) or Place(key)) for v in report.violations))
