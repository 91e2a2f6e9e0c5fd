"""`wig adjudicate`: titles that the rules do not answer become questions for reviewers, and their verdicts proposed patches. No model is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.contracts import BadInput, Place
from engine.interfaces.cli.door import AsOfOption, JsonOption, SnapshotOption, WorkspaceOption, guarded, print_json, print_text, progress

if TYPE_CHECKING:
    from engine.adjudication import AskedQuestions, Proposal, Reviewing, Transcripts
    from engine.ask import Desk

FORMATS = ("text", "json", "markdown")
SHOWN = {"text": 10, "markdown": 50, "json": None}
adjudicate_app = typer.Typer(name="adjudicate", no_args_is_help=True, rich_markup_mode=None, help="Questions for reviewers, their verdicts, and what these may propose.")

FormatOption = Annotated[str, typer.Option("--format", help="text, json or markdown.")]
BundleArgument = Annotated[Path, typer.Argument(metavar="BUNDLE", help="A review bundle, or the folder that holds it.", show_default=False)]
TranscriptsArgument = Annotated[list[Path], typer.Argument(metavar="TRANSCRIPT", help="Verdicts of reviewers: JSON lines, one verdict to a line.", show_default=False)]
BundleDayOption = Annotated[str | None, typer.Option("--as-of", help="Day the outcomes hold for: YYYY-MM-DD or `today`. Default: the day of the bundle.", show_default=False)]
LimitOption = Annotated[int | None, typer.Option("--limit", min=0, help="How many of each kind to show. Default: 10 in text, 50 in Markdown; JSON holds all.", show_default=False)]


@adjudicate_app.callback()
def adjudicate() -> None:
    """Questions for reviewers, their verdicts, and what these may propose. No model is called, and nothing is unlocked."""


@adjudicate_app.command("bundle")
@guarded
def bundle(
    titles: Annotated[list[str] | None, typer.Argument(help="Job titles as people write them.", show_default=False)] = None,
    list_: Annotated[Path | None, typer.Option("--titles", help="A list of titles, one to a line.", show_default=False)] = None,
    title_column: Annotated[str | None, typer.Option("--title-column", help="With --titles: the file is CSV, and this is its column of titles.", show_default=False)] = None,
    coverage: Annotated[Path | None, typer.Option("--coverage", help="The coverage.parquet of `wig coverage`: its titles that the rules hold.", show_default=False)] = None,
    tier: Annotated[list[str] | None, typer.Option("--tier", help="Ask about titles of this service tier too (may be repeated).", show_default=False)] = None,
    proposals: Annotated[Path | None, typer.Option("--proposals", help="Further candidates (JSON lines: title, candidate, proposed_by, family).", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the bundle and its JSON Schemas into this new or empty folder.", show_default=False)] = None,
    limit: LimitOption = None,
    format_: FormatOption = "text",
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Put titles that the rules hold to reviewers: one bundle with evidence, a bounded question and the allowed answers for each. JSON is the bundle itself."""
    from engine.adjudication import read_proposals, refuse_unknown, write_bundle
    from engine.interfaces.cli.asking import keep
    from engine.interfaces.drawing import sections_markdown, sections_text
    from engine.interfaces.drawing.adjudication import bundle_sections

    chosen = _format(format_, as_json=as_json)
    if not titles and list_ is None and coverage is None:
        raise BadInput.at("CLI104", "give titles, --titles FILE or --coverage FILE", fix='for instance: wig adjudicate bundle "Program Manager"', place=Place("TITLES"))
    if title_column is not None and list_ is None:
        raise BadInput.at("CLI112", "--title-column is for --titles", fix="name the file with --titles, or leave it out")
    wished = tuple(dict.fromkeys(tier or ()))
    proposed: tuple[Proposal, ...] = read_proposals(proposals) if proposals is not None else ()
    desk, reviewing = _reviewing(workspace, snapshot, as_of)
    if proposals is not None:
        refuse_unknown(proposed, reviewing.records, proposals.name)
    with progress() as say:
        made, decisions = reviewing.bundle(_titles(titles or (), list_, title_column, coverage, reviewing, wished), wished, proposed, say)
    keep(desk, workspace, list(decisions))
    written = write_bundle(made, out) if out is not None else ()
    if chosen == "json":
        print_json(made.document())
        return
    sections = bundle_sections(made, written, SHOWN[chosen] if limit is None else limit)
    print_text(sections_text(sections) if chosen == "text" else sections_markdown("Review bundle", sections))


@adjudicate_app.command("check")
@guarded
def check(
    bundle: BundleArgument,
    transcripts: TranscriptsArgument,
    limit: LimitOption = None,
    format_: FormatOption = "text",
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes it; a bundle and its transcripts need no graph
) -> None:
    """Read verdicts strictly against their bundle and count every fault. Exit status 1 where there is one."""
    from engine.interfaces.drawing import sections_markdown, sections_text
    from engine.interfaces.drawing.adjudication import check_transcripts_document, check_transcripts_sections

    chosen = _format(format_, as_json=as_json)
    asked, read = _read(bundle, transcripts)
    if chosen == "json":
        print_json(check_transcripts_document(asked, read))
    else:
        sections = check_transcripts_sections(asked, read, SHOWN[chosen] if limit is None else limit)
        print_text(sections_text(sections) if chosen == "text" else sections_markdown("Transcripts", sections))
    if read.faults:
        raise typer.Exit(1)


@adjudicate_app.command("promote")
@guarded
def promote(
    bundle: BundleArgument,
    transcripts: TranscriptsArgument,
    out: Annotated[Path | None, typer.Option("--out", help="Write patches and receipts into this new or empty folder.", show_default=False)] = None,
    limit: LimitOption = None,
    format_: FormatOption = "text",
    as_json: JsonOption = False,
    as_of: BundleDayOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Decide every question by the rules: promoted, known, rejected or held, with every obstacle. A promoted answer becomes a patch; nothing is applied."""
    from engine.adjudication import adjudicate as decide
    from engine.adjudication import verdict_patches, write_promotion
    from engine.interfaces.cli.asking import keep
    from engine.interfaces.drawing import sections_markdown, sections_text
    from engine.interfaces.drawing.adjudication import promotion_document, promotion_sections

    chosen = _format(format_, as_json=as_json)
    asked, read = _read(bundle, transcripts)
    desk, reviewing = _reviewing(workspace, snapshot, as_of or asked.as_of)
    found = decide(asked, read, reviewing)
    keep(desk, workspace, list(found.decisions))
    patches = verdict_patches(found, reviewing)
    written = write_promotion(found, patches, out) if out is not None else ()
    if chosen == "json":
        print_json(promotion_document(found, patches, written))
        return
    sections = promotion_sections(found, written, SHOWN[chosen] if limit is None else limit)
    print_text(sections_text(sections) if chosen == "text" else sections_markdown("Adjudication", sections))


@adjudicate_app.command("agreement")
@guarded
def agreement(
    bundle: BundleArgument,
    transcripts: TranscriptsArgument,
    limit: LimitOption = None,
    format_: FormatOption = "text",
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes it; a bundle and its transcripts need no graph
) -> None:
    """How far reviewers agree beyond chance: Cohen's kappa of pairs, Fleiss' kappa, Krippendorff's alpha; by answer, by kind of answer, and by voice."""
    from engine.adjudication import agreement_reports
    from engine.interfaces.drawing import sections_markdown, sections_text
    from engine.interfaces.drawing.adjudication import agreement_document, agreement_sections

    chosen = _format(format_, as_json=as_json)
    asked, read = _read(bundle, transcripts)
    reports = agreement_reports(read.verdicts)
    if chosen == "json":
        print_json(agreement_document(asked, read, reports))
        return
    sections = agreement_sections(read, reports, SHOWN[chosen] if limit is None else limit)
    print_text(sections_text(sections) if chosen == "text" else sections_markdown("Agreement of reviewers", sections))


def _read(bundle: Path, transcripts: list[Path]) -> tuple[AskedQuestions, Transcripts]:
    from engine.adjudication import read_bundle, read_transcripts

    asked = read_bundle(bundle)
    return asked, read_transcripts(transcripts, asked)


def _reviewing(workspace: Path | None, snapshot: str | None, as_of: str | None) -> tuple[Desk, Reviewing]:
    from engine.adjudication import Reviewing
    from engine.interfaces.cli.asking import desk_of

    desk = desk_of(workspace, snapshot, as_of)
    day = desk.day(as_of)
    return desk, Reviewing(desk.snapshot, desk.rulebook, desk.facts, lambda title: desk.resolve(title, day.isoformat()), day)


def _titles(given: list[str] | tuple[()], list_: Path | None, column: str | None, coverage: Path | None, reviewing: Reviewing, wished: tuple[str, ...]) -> list[str]:
    from engine.adjudication import coverage_titles
    from engine.compare import read_titles

    titles = list(given)
    if list_ is not None:
        titles += read_titles(list_, column)
    if coverage is not None:
        titles += coverage_titles(coverage, reviewing.asked_tiers(wished))
    return titles


def _format(format_: str, *, as_json: bool) -> str:
    if format_ not in FORMATS:
        raise BadInput.at("CLI102", f"unknown format `{format_}`", fix=f"use one of {', '.join(FORMATS)}")
    if as_json and format_ == "markdown":
        raise BadInput.at("CLI112", "--json and --format ask for two documents", fix="give one of the two")
    return "json" if as_json else format_
