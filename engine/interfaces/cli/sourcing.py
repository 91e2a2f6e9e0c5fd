"""`wig sources list`: the source ledger."""

from __future__ import annotations

import typer

from engine.interfaces.cli.door import JsonOption, WorkspaceOption, guarded, print_json, print_text

sources_app = typer.Typer(no_args_is_help=True, help="The source ledger and what came in.", rich_markup_mode=None)


@sources_app.command("list")
@guarded
def sources_list(as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:  # noqa: ARG001 - every command takes a workspace
    """Every source the product knows: owner, licence, allowed use, layer."""
    from engine.interfaces.drawing import ledger_text
    from engine.sources import load_ledger

    columns = ("name", "title", "owner", "licence", "allowed_use", "layer", "runtime_eligible", "address")
    entries = [{c: getattr(e, c) for c in columns} for e in load_ledger().entries]
    if as_json:
        print_json(entries)
    else:
        print_text(ledger_text(entries))
