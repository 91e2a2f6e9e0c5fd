"""`wig coverage`: service tiers for a whole list of titles."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.contracts import BadInput
from engine.interfaces.cli.asking import desk_of
from engine.interfaces.cli.door import AsOfOption, JsonOption, SnapshotOption, WorkspaceOption, guarded, note, print_json, print_text

if TYPE_CHECKING:
    from engine.ask import Desk
    from engine.coverage import Coverage, Progress
    from engine.interfaces.cli.coverage_moves import Move


@guarded
def coverage(
    titles: Annotated[Path, typer.Argument(metavar="FILE", help="List of titles: csv, tsv, Parquet, or text with one title a line.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="Folder for the answers, their receipt and the reports.", show_default=False)],
    column: Annotated[str | None, typer.Option("--column", help="Column that holds the titles; a text file has none.", show_default=False)] = None,
    packets: Annotated[bool, typer.Option("--packets", help="Audit the curriculum packet of every served title too. Exit status 1 where one fails.")] = False,
    engine: Annotated[str, typer.Option("--engine", help="Where titles are routed: local, ray or spark. It moves no answer.")] = "local",
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes that route. Default: the processors of this machine.", show_default=False)] = None,
    batch: Annotated[int | None, typer.Option("--batch", min=1, help="Titles that a worker takes at once; memory grows with it. Default: some thousands.", show_default=False)] = None,
    anew: Annotated[bool, typer.Option("--anew/--resume", help="Begin anew, or go on with what a killed run of the same list left.")] = False,
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Route a list of titles into service tiers: who can be served today, who with fallback, who not yet, and why.

    Answers stand in a Parquet file, one row for each distinct title; the receipt's digest is the same for any order, engine and number of workers.
    """
    from engine.coverage import BATCH, CoverageRequest, cover
    from engine.interfaces.drawing import covered_document, covered_text

    if out.exists() and not out.is_dir():
        raise BadInput.at("COV124", f"{out} is a file", why="answers and reports go into a folder", fix="name a folder with --out")
    desk = desk_of(workspace, snapshot, as_of)
    request = CoverageRequest(titles, column, out, desk.day(as_of), packets, engine, workers, batch or BATCH, anew)
    reports = _Reports(desk, as_of)
    with _progress() as step:
        covered = cover(desk.snapshot, request, note, step, reports)
    if as_json:
        print_json(covered_document(covered, reports.moves, {f: str(out / f) for f in covered.files}))
    else:
        print_text(covered_text(covered, [str(out / f) for f in covered.files]))
    if covered.audit is not None and not covered.audit.holds:
        raise typer.Exit(1)


class _Reports:
    """Draws the reports of a covered list; `moves` are what would move most titles up, once they are drawn."""

    def __init__(self, desk: Desk, as_of: str | None) -> None:
        self._desk, self._as_of = desk, as_of
        self.moves: tuple[Move, ...] = ()

    def __call__(self, covered: Coverage, folder: Path) -> None:
        from engine.coverage import REPORT_FILES, failing_titles
        from engine.interfaces.cli.coverage_moves import outlook
        from engine.interfaces.drawing import covered_html, covered_markdown

        told = outlook(self._desk, self._as_of, covered.gathered.tally.counted())
        self.moves = told.moves
        markdown, page, failing = REPORT_FILES
        for name, draw in ((markdown, covered_markdown), (page, covered_html)):
            (folder / name).write_bytes(draw(covered, told).encode("utf-8", "backslashreplace"))
        if covered.audit is not None and not covered.audit.holds:
            with (folder / failing).open("w", encoding="utf-8", newline="") as file:
                sheet = csv.writer(file)
                sheet.writerow(("title", "rows", "check", "rule", "sentence", "service_tier", "ground"))
                for title, rows, failure in failing_titles(covered.answers, covered.audit):
                    sheet.writerow((title, rows, failure.check, failure.rule, failure.sentence, failure.alike.service_tier, failure.alike.ground))


@contextmanager
def _progress() -> Iterator[Progress]:
    """On a terminal a bar with titles done and time left; elsewhere a line for each step and each tenth of it. Both on standard error."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(30), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step, done, total: bar.update(task, description=step, completed=done, total=total or None)


class _Lines:
    """Steps as plain lines."""

    def __init__(self) -> None:
        self._step, self._tenth = "", 0

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self._step:
            self._step, self._tenth = step, done * 10 // total if total else 0
            note(step)
        elif total and done * 10 // total > self._tenth:
            self._tenth = done * 10 // total
            note(f"  {done:,} of {total:,}")
