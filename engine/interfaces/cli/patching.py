"""`wig what-if` and `wig patch replay`: a change tried before anybody makes it, and many sorted by what they need next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.contracts import BadInput
from engine.interfaces.cli.door import (
    AsOfOption,
    JsonOption,
    SnapshotOption,
    WorkspaceOption,
    day_of,
    format_of,
    guarded,
    print_json,
    print_text,
    progress,
    snapshot_of,
    workspace_at,
)

FORMATS = ("text", "json", "markdown")
SHOWN = {"text": 10, "markdown": 50, "json": 0}
patch_app = typer.Typer(name="patch", no_args_is_help=True, rich_markup_mode=None, help="Proposed patches, sorted by what they need next.")

FormatOption = Annotated[str, typer.Option("--format", help="text, json or markdown.")]


@patch_app.callback()
def patch() -> None:
    """Proposed patches, sorted by what they need next."""


@guarded
def what_if(
    patch: Annotated[Path, typer.Argument(metavar="PATCH", help="The patch (YAML): author, date, reason, evidence, changes.", show_default=False)],
    titles: Annotated[Path | None, typer.Option("--titles", help="Job titles to ask, one to a line. Default: titles of authored roles, and those asked in this workspace.", show_default=False)] = None,
    title_column: Annotated[str | None, typer.Option("--title-column", help="With --titles: the file is CSV, and this is its column of titles.", show_default=False)] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="How many moves to show. Default: 10 in text, 50 in Markdown; JSON holds all.", show_default=False)] = None,
    format_: FormatOption = "text",
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Which decisions a patch would move, by which of its changes, and through what. The snapshot is only read."""
    from engine.compare import read_titles
    from engine.compare import what_if as compare
    from engine.interfaces.drawing import what_if_document, what_if_markdown, what_if_text
    from engine.journal import Journal
    from engine.patches import read_patch

    chosen = format_of(format_, FORMATS, as_json=as_json)
    day_of(as_of)
    if title_column is not None and titles is None:
        raise BadInput.at("CLI112", "--title-column is for --titles", fix="name the file with --titles, or leave it out")
    read = read_patch(patch)
    base = snapshot_of(workspace, snapshot)
    listed = read_titles(titles, title_column) if titles is not None else None
    journal = Journal(workspace_at(workspace).folder).titles() if listed is None else ()
    with progress() as say:
        found = compare(base, read, listed, journal, as_of, say)
    if chosen == "json":
        print_json(what_if_document(found))
        return
    draw = what_if_text if chosen == "text" else what_if_markdown
    print_text(draw(found, SHOWN[chosen] if limit is None else limit))


@patch_app.command("replay")
@guarded
def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Many patches: YAML documents, or JSON lines (.jsonl).", show_default=False)],
    out: Annotated[Path | None, typer.Option("--out", help="Write each lane's rows, unchanged, and all receipts into this new or empty folder.", show_default=False)] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="How many rows of each lane to show. Default: 10 in text, 50 in Markdown; JSON holds all.", show_default=False)] = None,
    format_: FormatOption = "text",
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Sort patches into four lanes by the rules of the snapshot, with a receipt for each row. Nothing is applied, and the file stays as it is."""
    from engine.interfaces.drawing import replay_document, replay_markdown, replay_text
    from engine.patches import replay_patches, write_lanes

    chosen = format_of(format_, FORMATS, as_json=as_json)
    day_of(as_of)
    with progress() as say:
        found = replay_patches(file, snapshot_of(workspace, snapshot), as_of, say)
    written = write_lanes(found, out) if out is not None else ()
    if chosen == "json":
        print_json(replay_document(found, written))
        return
    draw = replay_text if chosen == "text" else replay_markdown
    print_text(draw(found, written, SHOWN[chosen] if limit is None else limit))
