"""`wig snapshots`, `wig verify`: what is kept, whether it still holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.contracts import BadInput, Corrupt
from engine.interfaces.cli.door import (
    AsOfOption,
    JsonOption,
    WorkspaceOption,
    day_of,
    guarded,
    print_json,
    print_text,
    progress,
    snapshot_of,
    workspace_at,
)

snapshots_app = typer.Typer(no_args_is_help=True, help="Published graphs of the workspace.", rich_markup_mode=None)


@snapshots_app.command("list")
@guarded
def snapshots_list(as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """Snapshots of the workspace; the current one is marked."""
    from engine.interfaces.drawing import rows_text

    place = workspace_at(workspace)
    current = place.current_name()
    rows = []
    for found in place.snapshots():
        mark = "*" if found.name == current else ""
        try:
            receipt = found.receipt()
            releases = ", ".join(f"{n}@{r}" for n, r in sorted(receipt.releases.items()))
            rows.append((mark, found.name, found.engine, releases, f"{sum(receipt.counts.values()):,}"))
        except Corrupt as error:
            rows.append((mark, found.name, "?", f"damaged: {error.diagnostics[0].what}", "0"))
    if as_json:
        print_json([{"current": r[0] == "*", "name": r[1], "engine": r[2], "releases": r[3], "records": int(r[4].replace(",", ""))} for r in rows])
    else:
        print_text(rows_text(("", "name", "engine", "releases", "records"), rows))


@snapshots_app.command("use")
@guarded
def snapshots_use(name: Annotated[str, typer.Argument(help="Name of a snapshot.", show_default=False)], as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """Make a kept snapshot current."""
    found = workspace_at(workspace).use(name)
    print_json({"current": found.name}) if as_json else print_text(f"current: {found.name}")


@snapshots_app.command("prune")
@guarded
def snapshots_prune(
    keep: Annotated[int, typer.Option("--keep", min=1, help="How many of the newest to keep beside the current one.")] = 2, as_json: JsonOption = False, workspace: WorkspaceOption = None
) -> None:
    """Remove old snapshots; the current one is never removed."""
    removed = workspace_at(workspace).prune(keep)
    print_json({"removed": removed}) if as_json else print_text("\n".join(f"removed {n}" for n in removed) or "nothing to remove")


@snapshots_app.command("gates")
@guarded
def snapshots_gates(
    name: Annotated[str | None, typer.Argument(help="Name of a snapshot. Default: the current one.", show_default=False)] = None,
    release: Annotated[bool, typer.Option("--release", help="Judge the release too: the snapshot is rebuilt from its sources and its rules are tested.")] = False,
    approval: Annotated[Path | None, typer.Option("--approval", help="With --release: YAML with receipt, approved_by, dated and statement, by which a human approves this receipt.", show_default=False)] = None,
    source_dir: Annotated[Path | None, typer.Option("--source-dir", envvar="WIG_SOURCE_DIR", help="With --release: folder with the publishers' files. Default: where the snapshot was built from.", show_default=False)] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Say which gates are open and what keeps the others closed. Exit status 1 where that of the build, or with --release of the release, is closed."""
    from engine.build import STEPS
    from engine.interfaces.drawing.gate_drawing import gates_document, gates_text
    from engine.release import judge_gates, judge_release

    if approval is not None and not release:
        raise BadInput.at("CLI115", "--approval is for --release", why="nothing else asks for it", fix="add --release, or leave it out")
    snapshot, day = snapshot_of(workspace, name), day_of(as_of)
    if release:
        from engine.interfaces.cli.approval_file import read_approval

        approved = read_approval(approval) if approval else None
        with progress(STEPS) as say:
            report = judge_release(workspace_at(workspace), snapshot, approved, source_dir, day, say)
    else:
        report = judge_gates(snapshot, day)
    print_json(gates_document(report, snapshot.name)) if as_json else print_text(gates_text(report, snapshot.name))
    if any(g.gate == ("release" if release else "build") for g in report.closed):
        raise typer.Exit(1)


@guarded
def verify(
    wanted: Annotated[str | None, typer.Argument(metavar="RECEIPT_OR_DECISION", help="A receipt file (of a build, or of a list that `wig coverage` covered), a snapshot name, or a decision id. Default: the current snapshot.", show_default=False)] = None,
    source_dir: Annotated[Path | None, typer.Option("--source-dir", envvar="WIG_SOURCE_DIR", help="Folder with the publishers' files (default: where the snapshot was built from), or with the list that was covered.", show_default=False)] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Rebuild from the publishers' files in a fresh process and compare digests; a changed source, rule or shape is named. Exit status 3 where something differs."""
    from engine.build import STEPS
    from engine.interfaces.drawing import verification_document, verification_text
    from engine.verify import verify as recompute

    with progress(STEPS) as say:
        verdict = recompute(workspace_at(workspace), wanted, source_dir, say)
    if as_json:
        print_json(verification_document(verdict))
    else:
        print_text(verification_text(verdict))
    if not verdict.holds:
        raise typer.Exit(3)
