"""Covering a list, in the order it happens: read and count titles, cut them in parts, route them, put the answers together, audit, report, receipt.

A step that was finished before a run was killed is not done again; see work_folder for what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from engine.ask import Desk
from engine.contracts import BadInput
from engine.coverage.coverage_receipt import CoverageReceipt, Run, odd_rows
from engine.coverage.engines import Engine, engine_named
from engine.coverage.gathering import Gathered, gather
from engine.coverage.machine import machine_refusals, processors
from engine.coverage.packet_audit import PacketAudit, audit_packets, refuse_older_rules
from engine.coverage.parts import Part, runs, write_parts
from engine.coverage.publication import ANSWERS_FILE, publish
from engine.coverage.routing import BATCH, RoutingSnapshot
from engine.coverage.title_file import RowCounts, TitleFile
from engine.coverage.title_order import in_title_order
from engine.coverage.work_folder import Portion, Routed, WorkFolder
from engine.documents import program_digest
from engine.graph import Snapshot, file_sha256

_MOST_WORKERS = 256


class Progress(Protocol):
    """Hears which step is going on, how much of it is done, and of how much (0 where nobody knows)."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Tell."""


class Reporting(Protocol):
    """Writes reports of a covered list, named as in REPORT_FILES, into a folder; they are put in place together with the receipt that they tell of."""

    def __call__(self, covered: Coverage, folder: Path) -> None:
        """Write them."""


@dataclass(frozen=True, slots=True)
class CoverageRequest:
    """What is wanted: the list and its column, where the answers go, the day asked for, and how the work is done, which no answer depends on."""

    list: Path
    column: str | None
    out: Path
    day: date
    packets: bool = False
    engine: str = "local"
    workers: int | None = None
    batch: int = BATCH
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """A covered list: its receipt, where the answers stand, the audit of its packets where one was asked for, names of the files in the folder."""

    receipt: CoverageReceipt
    gathered: Gathered = field(repr=False)
    answers: Path
    audit: PacketAudit | None
    files: tuple[str, ...] = ()


def cover(snapshot: Snapshot, request: CoverageRequest, say: Callable[[str], None], progress: Progress, report: Reporting | None = None) -> Coverage:
    """Cover a list. `say` hears sentences for people; `report` writes reports before anything in the folder is replaced, under its lock.

    Raises BadInput COV101 to COV110 (the list), COV120 to COV123 (the request), Corrupt COV301 to COV303, COV305, COV307, InputOutput COV401 to COV406, Locked COV501.
    """
    workers = request.workers or min(processors(), _MOST_WORKERS)
    if not 1 <= workers <= _MOST_WORKERS or request.batch < 1:
        raise BadInput.at("COV122", f"{workers} workers with batches of {request.batch}", fix=f"use 1 to {_MOST_WORKERS} workers and batches of at least one title")
    desk = Desk(snapshot)
    refuse_older_rules(desk.rulebook, request.day)
    routing = RoutingSnapshot.of(snapshot, request.day)
    titles = TitleFile(request.list, request.column)
    form = titles.form
    engine = engine_named(request.engine, routing, workers, request.batch)
    work = WorkFolder(request.out)
    with work.locked():
        with engine:  # workers start while the list is read, and their memory is free again before the rest
            progress("reading the list", 0, 0)
            with machine_refusals("cannot read the list"):
                list_sha256 = file_sha256(request.list)
            column = request.column if form != "text" else None
            asked = {"list": list_sha256, "form": form, "column": column, "snapshot": routing.seal, "as_of": routing.as_of, "program": program_digest()}
            changed = work.begin(asked, anew=request.anew)
            if changed:
                say(f"unfinished work of another request is set aside (changed: {', '.join(changed)}); beginning anew")
            counts, parts, read_before = _parts(work, titles, request.batch, progress)
            before = work.finished()
            if work.damaged:
                say(f"finished work is damaged and done again: {', '.join(work.damaged)}")
            if read_before:
                say(f"going on with unfinished work: {sum(r.titles for r in before):,} of {sum(p.titles for p in parts):,} titles are answered")
            routed = _routed(work, engine, parts, before, progress)
        answers = work.scratch / ANSWERS_FILE
        gathered = gather(routed, answers, work.scratch, lambda done: progress("putting the answers together", done, sum(p.titles for p in parts)))
        audit = None
        if request.packets:
            progress("auditing packets", 0, 0)
            audit = audit_packets(answers, desk, request.day)
        run = Run(request.list.name, list_sha256, form, request.column, odd_rows(counts), request.engine, workers)
        receipt = CoverageReceipt.of(desk, routing.as_of, counts, gathered, audit, run)
        if report is not None:
            progress("writing the reports", 0, 0)
            with machine_refusals("cannot write the reports"):
                work.reports.mkdir()
                report(Coverage(receipt, gathered, answers, audit), work.reports)
        files = publish(answers, work.reports, receipt, request.out)
        work.discard()
    return Coverage(receipt, gathered, request.out / ANSWERS_FILE, audit, files)


def _parts(work: WorkFolder, titles: TitleFile, size: int, progress: Progress) -> tuple[RowCounts, tuple[Part, ...], bool]:
    """Counts of the list, its parts, and whether they were there already."""
    kept = work.kept_titles()
    if kept is not None:
        return *kept, True

    def counted() -> Iterator[Any]:
        for batch in titles.batches():
            progress("reading the list", titles.counts.rows, 0)
            yield batch

    parts = tuple(write_parts(in_title_order(counted(), work.scratch / "order", add_up=True), work.titles, size))
    work.keep_titles(titles.counts, parts)
    return titles.counts, parts, False


def _routed(work: WorkFolder, engine: Engine, parts: tuple[Part, ...], before: tuple[Routed, ...], progress: Progress) -> list[Routed]:
    """All portions, by their first part; those that were finished before are not done again."""
    finished = list(before)
    have = {number for portion in before for number in portion.parts}
    todo = [p for p in parts if p.number not in have]
    done, total = sum(r.titles for r in before), sum(p.titles for p in parts)
    progress("routing titles", done, total)
    portions = [Portion(run[0].number, run) for run in runs(todo, engine.parts_together)]
    for portion, answers in engine.route(portions, work.titles, work.scratch / "answers"):
        finished.append(work.finish(portion, answers))
        done += portion.titles
        progress("routing titles", done, total)
    return sorted(finished, key=lambda r: r.parts[0])
