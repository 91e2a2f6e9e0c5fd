"""`wig sources diff` and `wig sources disagreements`: releases and sources held against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.contracts import BadInput
from engine.interfaces.cli.door import (
    JsonOption,
    SnapshotOption,
    WorkspaceOption,
    format_of,
    guarded,
    note,
    print_json,
    print_text,
    progress,
    snapshot_of,
    workspace_at,
)
from engine.interfaces.cli.sourcing import sources_app

if TYPE_CHECKING:
    from engine.licensing import Exit

DIFF_STEPS, TITLE_STEPS = 3, 3
FORMATS = ("text", "json", "markdown", "html")
SHOWN = {"text": 3, "markdown": 20, "html": 20}


@sources_app.command("diff")
@guarded
def sources_diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The earlier release, for instance onet@29.1.", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The later release of the same source, for instance onet@30.1.", show_default=False)],
    source_dir: Annotated[Path, typer.Option("--source-dir", envvar="WIG_SOURCE_DIR", help="Folder with publishers' files that holds both releases.", show_default=False)],
    titles: Annotated[Path | None, typer.Option("--titles", help="Job titles, one to a line: say which answers the release moves, and why. Makes two builds, kept in the workspace below releases/.", show_default=False)] = None,
    title_column: Annotated[str | None, typer.Option("--title-column", help="With --titles: the file is CSV, and this is its column of titles.", show_default=False)] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="Examples of each kind. Default: 3 in text, 20 in Markdown and HTML; JSON holds all.", show_default=False)] = None,
    format_: Annotated[str, typer.Option("--format", help="text, json, markdown or html.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", help="Write the answer to this file.", show_default=False)] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """What a release changed: occupations, titles, tasks and links added, removed, reworded or moved, each with the publisher's rows."""
    from engine.compare import compare_releases, read_titles, title_effects
    from engine.interfaces.drawing import DIFFERENCE_FORMATS, difference_document

    chosen = format_of(format_, FORMATS, as_json=as_json)
    if title_column is not None and titles is None:
        raise BadInput.at("CLI112", "--title-column is for --titles", fix="name the file with --titles, or leave it out")
    listed = read_titles(titles, title_column) if titles is not None else ()
    with progress(DIFF_STEPS + (TITLE_STEPS if listed else 0)) as say:
        comparison = compare_releases(source_dir, before, after, say)
        exit_, policy = _exit(chosen, output), comparison.policy()
        for released in comparison.releases:
            policy.require(released.key, exit_, f"what changed in {released.label}")
        effects = title_effects(source_dir, comparison, listed, workspace_at(workspace).folder / "releases", say) if listed else None
    owed = policy.attributions([s.key for s in comparison.releases], exit_)
    if chosen == "json":
        _answer(difference_document(comparison, effects, owed), output)
    else:
        _answer(DIFFERENCE_FORMATS[chosen](comparison, effects, owed, SHOWN[chosen] if limit is None else limit), output)


@sources_app.command("disagreements")
@guarded
def sources_disagreements(
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; may be repeated. Default: all.", show_default=False)] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="How many of each kind. Default: 3 in text, 20 in Markdown and HTML, all in JSON.", show_default=False)] = None,
    format_: Annotated[str, typer.Option("--format", help="text, json, markdown or html.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", help="Write the answer to this file.", show_default=False)] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Where sources say different things about the same work: both sides with their rows, never averaged."""
    from engine.compare import disagreements
    from engine.interfaces.drawing import DISAGREEMENT_FORMATS, disagreements_document

    chosen = format_of(format_, FORMATS, as_json=as_json)
    report = disagreements(snapshot_of(workspace, snapshot), _exit(chosen, output), kind or ())
    if chosen == "json":
        _answer(disagreements_document(report, limit), output)
    else:
        _answer(DISAGREEMENT_FORMATS[chosen](report, SHOWN[chosen] if limit is None else limit), output)


def _exit(chosen: str, output: Path | None) -> Exit:
    """What is drawn to be kept or passed on is a report; text on this terminal is not."""
    from engine.licensing import Exit

    return Exit.SCREEN if chosen == "text" and output is None else Exit.REPORT


def _answer(answer: object, output: Path | None) -> None:
    """To standard output, or the whole file or none of it: a reader never sees half."""
    if output is None:
        print_text(answer) if isinstance(answer, str) else print_json(answer)
        return
    import json

    from engine.contracts.canonical import plain

    part = output.with_name(f".{output.name}.part")
    try:
        part.write_text(answer if isinstance(answer, str) else json.dumps(plain(answer), ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    note(f"written to {output}")
