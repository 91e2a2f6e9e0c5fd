"""`wig evaluate titles`: accuracy, calibration and abstention on a labelled list. `wig evaluate run`: where a ranking of `wig match` lists what is right."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.contracts import BadInput
from engine.interfaces.cli.door import (
    AsOfOption,
    JsonOption,
    SnapshotOption,
    WorkspaceOption,
    day_of,
    guarded,
    note,
    print_json,
    print_text,
    progress,
    snapshot_of,
    workspace_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.ask import Desk

evaluate_app = typer.Typer(name="evaluate", no_args_is_help=True, rich_markup_mode=None, help="How right the answers are, on labelled lists.")
STEPS, SHOWN = 4, {"text": 10, "markdown": 50, "html": 200}


@evaluate_app.command("titles")
@guarded
def titles(
    file: Annotated[Path, typer.Argument(help="Labelled list with a header: .csv, .tsv, .txt (tabs) or .parquet.", show_default=False)],
    title_column: Annotated[str, typer.Option("--title-column", help="Its column of titles.", show_default=False)],
    gold_column: Annotated[str, typer.Option("--gold-column", help="Its column of right codes; a cell may hold several, any of which is right.", show_default=False)],
    gold_scheme: Annotated[str | None, typer.Option("--gold-scheme", help="What the codes are: onet (11-2021.00), soc (11-2021), or an older edition that the snapshot's crosswalks lead on from (onet@2010, soc@2010). Default: told by their form.", show_default=False)] = None,
    release: Annotated[str | None, typer.Option("--release", help="Ask a build that holds this release, for instance onet@29.1: one of the workspace, else one made beside it.", show_default=False)] = None,
    source_dir: Annotated[Path | None, typer.Option("--source-dir", envvar="WIG_SOURCE_DIR", help="With --release: folder with publishers' files to build from. Default: that of the current snapshot.", show_default=False)] = None,
    nonsense: Annotated[Path | None, typer.Option("--nonsense", help="Texts that are no titles, one to a line: how many are accepted.", show_default=False)] = None,
    precision: Annotated[str, typer.Option("--precision", help="The precision at which the share answered is told, above 0 and up to 1.")] = "0.95",
    resamples: Annotated[int, typer.Option("--resamples", min=0, max=100_000, help="Resamples of the rows for the intervals; 0 tells none.")] = 1_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the resamples.")] = 1,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="Examples shown of each kind. Default: 10 in text, 50 in Markdown, 200 in HTML; JSON holds all.", show_default=False)] = None,
    format_: Annotated[str, typer.Option("--format", help="text, json, markdown or html.")] = "text",
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """How right the answers to a labelled list are: top-1, top-5, MRR, share answered at a precision, calibration error, and what becomes of nonsense."""
    from engine.evaluation import checked_scheme, evaluate_titles, read_labelled, read_nonsense, refuse_precision
    from engine.interfaces.drawing import evaluation_document, evaluation_html, evaluation_markdown, evaluation_text

    formats = {"text": evaluation_text, "markdown": evaluation_markdown, "html": evaluation_html}
    chosen = _format(format_, tuple(formats), as_json=as_json)
    if release is not None and snapshot is not None:
        raise BadInput.at("CLI112", "--release and --snapshot ask for two builds", fix="give one of the two")
    day_of(as_of)
    wanted = _share(precision)
    refuse_precision(wanted)
    labelled = read_labelled(file, title_column, gold_column)
    scheme = checked_scheme(labelled, gold_scheme)
    texts = read_nonsense(nonsense) if nonsense is not None else ()
    with progress(STEPS + (release is not None)) as say:
        desk = _desk(workspace, snapshot, release, source_dir, say)
        report = evaluate_titles(desk, labelled, texts, scheme=scheme, precision=wanted, resamples=resamples, seed=seed, as_of=as_of, say=say)
    if report.unknown:
        note(f"{report.unknown:,} of {report.rows:,} rows have a gold code that this snapshot does not hold; no answer to them can be right")
    if chosen == "json":
        print_json(evaluation_document(report))
    else:
        print_text(formats[chosen](report, SHOWN[chosen] if limit is None else limit))


@evaluate_app.command("run")
@guarded
def run(
    file: Annotated[Path, typer.Argument(metavar="RUN", help="Run file: a line `query Q0 candidate rank score tag` for every candidate, as `wig match` writes it.", show_default=False)],
    qrels: Annotated[Path, typer.Option("--qrels", help="Judgements: lines `query 0 candidate relevance`, or a .csv with the columns query, candidate and, where there are grades, relevance.", show_default=False)],
    resamples: Annotated[int, typer.Option("--resamples", min=0, max=100_000, help="Resamples of the queries for the intervals; 0 tells none.")] = 1_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the resamples.")] = 1,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes it; this one asks no snapshot
) -> None:
    """How high a run lists what was judged relevant: MRR, share of queries with it among the first 1, 5, 10 and 100, nDCG. Reads these files alone."""
    from engine.evaluation import evaluate_run, read_judgements, read_run
    from engine.interfaces.drawing import run_document, run_text

    report = evaluate_run(read_run(file), read_judgements(qrels), qrels.name, resamples, seed)
    if as_json:
        print_json(run_document(report))
    else:
        print_text(run_text(report))


def _desk(workspace: Path | None, snapshot: str | None, release: str | None, source_dir: Path | None, say: Callable[[str], None]) -> Desk:
    from engine.ask import Desk
    from engine.evaluation import desk_for_release

    if release is None:
        return Desk(snapshot_of(workspace, snapshot))
    return desk_for_release(workspace_at(workspace), release, source_dir, say)


def _format(format_: str, drawn: tuple[str, ...], *, as_json: bool) -> str:
    if format_ not in (*drawn, "json"):
        raise BadInput.at("CLI102", f"unknown format `{format_}`", fix=f"use one of {', '.join((*drawn, 'json'))}")
    if as_json and format_ not in ("text", "json"):
        raise BadInput.at("CLI112", "--json and --format ask for two documents", fix="give one of the two")
    return "json" if as_json else format_


def _share(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadInput.at("EVL107", f"`{text}` is no precision", fix="give a share above 0 and up to 1, such as 0.95") from None
