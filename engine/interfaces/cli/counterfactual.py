"""`wig why-not`: what stands between a title and a tier, and what would have to be true."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.contracts import BadInput, Place
from engine.interfaces.cli.asking import desk_of, keep
from engine.interfaces.cli.door import AsOfOption, JsonOption, SnapshotOption, WorkspaceOption, format_of, guarded, print_json, print_text


@guarded
def why_not(
    title: Annotated[str, typer.Argument(help="Job title as people write it.", show_default=False)],
    tier: Annotated[str, typer.Option("--tier", help="The tier asked about: a service tier or a fallback tier, by its name in the rules.", show_default=False)],
    format_: Annotated[str, typer.Option("--format", help="text, json or mermaid.")] = "text",
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Tell why a title does not have a tier: the cells that fail, and the smallest set of changes that would give it. Changes nothing.

    Exit status 1 where no change is named: the title has the tier already, or no set of changes gives it.
    """
    from engine.counterfactual import why_not as ask
    from engine.interfaces.drawing import why_not_document, why_not_mermaid, why_not_text

    formats = {"text": why_not_text, "mermaid": why_not_mermaid}
    chosen = format_of(format_, formats, as_json=as_json)
    if not title.strip():
        raise BadInput.at("CLI105", "the title is empty", fix="give the title as it stands on a business card", place=Place("TITLE"))
    desk = desk_of(workspace, snapshot, as_of)
    answer = ask(desk, title, tier, as_of)
    keep(desk, workspace, [desk.resolve(title, as_of)])  # so that `wig why` finds the decision that the answer is about
    if chosen == "json":
        print_json(why_not_document(answer))
    else:
        print_text(formats[chosen](answer))
    if answer.verdict != "changes":
        raise typer.Exit(1)
