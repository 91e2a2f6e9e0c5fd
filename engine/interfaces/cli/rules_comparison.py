"""`wig rules diff`: which decisions two versions of the rules move, and what moved each."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from engine.interfaces.cli.authoring import rules_app
from engine.interfaces.cli.door import (
    AsOfOption,
    JsonOption,
    SnapshotOption,
    WorkspaceOption,
    day_of,
    format_of,
    guarded,
    note,
    print_json,
    print_text,
    progress,
    snapshot_of,
    workspace_at,
)

FORMATS = ("text", "json", "markdown")
SHOWN = {"text": 25, "markdown": 50}
STEPS = 6


@rules_app.command("diff")
@guarded
def rules_diff(
    before: Annotated[str, typer.Argument(metavar="REV_A", help="The earlier rules: a folder with packs, `.`, `current`, a snapshot's name or a git revision.", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="REV_B", help="The later rules, named in the same ways.", show_default=False)],
    titles: Annotated[list[Path], typer.Option("--titles", help="Job titles to decide: one to a line, or the cases of a .yaml file; may be given several times.", show_default=False)],
    title_column: Annotated[str | None, typer.Option("--title-column", help="The files of titles are CSV, and this is their column of titles.", show_default=False)] = None,
    root: Annotated[Path, typer.Option("--root", help="Where `.` and git revisions are sought: a checkout that holds the folder rules.")] = Path(),
    expect: Annotated[Path | None, typer.Option("--expect", help="YAML file of moves that are expected; exit status 1 where any other title moves.", show_default=False)] = None,
    fail_on_moves: Annotated[bool, typer.Option("--fail-on-moves", help="Exit status 1 where any title moves that --expect does not list.")] = False,
    check_versions: Annotated[bool, typer.Option("--check-versions", help="Exit status 1 where a pack's version rose by less than its change demands.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="Moves shown. Default: 25 in text, 50 in Markdown; JSON holds all.", show_default=False)] = None,
    format_: Annotated[str, typer.Option("--format", help="text, json or markdown.")] = "text",
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Which decisions change between two versions of the rules, row by row, and whether each pack's version rose enough."""
    from engine.compare import open_revision, read_expected_moves, read_titles, rules_difference, unexpected_moves
    from engine.interfaces.drawing import rules_difference_document, rules_difference_markdown, rules_difference_text

    chosen = format_of(format_, FORMATS, as_json=as_json)
    listed = tuple(dict.fromkeys(t for path in titles for t in read_titles(path, title_column)))
    expected = read_expected_moves(expect) if expect is not None else None
    place, day = snapshot_of(workspace, snapshot), day_of(as_of)
    with ExitStack() as revisions, progress(STEPS) as say:
        say("read both versions")
        sides = [revisions.enter_context(open_revision(name, workspace_at(workspace), root)) for name in (before, after)]
        found = rules_difference(sides[0], sides[1], place, listed, day, say)
    strangers = unexpected_moves(found.moved(), expected) if expected is not None else None
    if chosen == "json":
        print_json(rules_difference_document(found, strangers))
    else:
        drawn = rules_difference_text if chosen == "text" else rules_difference_markdown
        print_text(drawn(found, strangers, SHOWN[chosen] if limit is None else limit))
    failures = _failures(len(strangers) if strangers is not None else len(found.moves) if fail_on_moves else 0, [r.pack for r in found.too_low] if check_versions else [])
    for failure in failures:
        note(failure)
    if failures:
        raise typer.Exit(1)


def _failures(moves: int, packs: list[str]) -> list[str]:
    found = [f"{moves:,} moves are not expected"] if moves > 1 else ["1 move is not expected"] if moves else []
    return [*found, f"the version is too low in {', '.join(packs)}"] if packs else found
