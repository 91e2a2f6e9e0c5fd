"""`wig plan`, `wig resolve`, `wig why`: the planner's door."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.contracts import BadInput, InputOutput, Place
from engine.interfaces.cli.door import (
    AsOfOption,
    JsonOption,
    SnapshotOption,
    WorkspaceOption,
    guarded,
    note,
    print_json,
    print_text,
    progress,
    snapshot_of,
    workspace_at,
)

if TYPE_CHECKING:
    from engine.ask import Desk
    from engine.contracts import Decision
    from engine.contracts.learner import LearnerProfile


@guarded
def resolve(
    titles: Annotated[list[str], typer.Argument(help="Job titles as people write them.", show_default=False)],
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Say which tier each title reaches, how sure that is, and what follows from it."""
    from engine.interfaces.drawing import resolution_document, resolution_text

    for title in titles:
        if not title.strip():
            raise BadInput.at("CLI105", "the title is empty", fix="give the title as it stands on a business card", place=Place("TITLES"))
    desk = _desk(workspace, snapshot, as_of)
    decisions = [desk.resolve(title, as_of) for title in titles]
    _keep(desk, workspace, decisions)
    if as_json:
        print_json([resolution_document(d) for d in decisions])
    else:
        print_text("\n\n".join(resolution_text(d) for d in decisions))


@guarded
def plan(
    title: Annotated[str | None, typer.Argument(help="Job title, for instance \"Marketing Manager\".", show_default=False)] = None,
    profile: Annotated[Path | None, typer.Option("--profile", help="Learner profile (YAML): title, hours, shares of working time, shown capabilities.", show_default=False)] = None,
    full: Annotated[bool, typer.Option("--full", help="Show every workflow and the evidence under each task.")] = False,
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Rank what to learn next for a job title or a learner, and explain it. Builds the embedded graph first if there is none.

    Exit status 1 where the title is held, excluded or unknown: then there is no plan, and the answer says why.
    """
    from engine.interfaces.drawing import plan_document, plan_text

    learner = _learner(title, profile)
    if snapshot is None and workspace_at(workspace).current() is None:
        _build_embedded(workspace)
    desk = _desk(workspace, snapshot, as_of)
    decision = desk.plan(learner, as_of)
    _keep(desk, workspace, [decision])
    if as_json:
        print_json(plan_document(decision))
    else:
        print_text(plan_text(decision, full=full))
    if "path" not in decision.outcome:
        raise typer.Exit(1)


@guarded
def why(
    decision_id: Annotated[str, typer.Argument(metavar="DECISION", help="Id of a decision that this workspace gave; a unique beginning is enough.", show_default=False)],
    format_: Annotated[str, typer.Option("--format", help="text, json or mermaid.")] = "text",
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Recompute a decision and show its proof: rows that fired, what they met, what stopped the others, the evidence."""
    from engine.interfaces.drawing import proof_document, proof_mermaid, proof_text
    from engine.journal import Journal

    formats = {"text": proof_text, "mermaid": proof_mermaid}
    if format_ not in {*formats, "json"}:
        raise BadInput.at("CLI102", f"unknown format `{format_}`", fix="use text, json or mermaid")
    place = workspace_at(workspace)
    asked = Journal(place.folder).asked(decision_id)
    if asked is None:
        raise BadInput.at("CLI103", f"this workspace keeps no decision `{decision_id}`", why="a decision is explained by asking its question again", fix="copy the decision id from an answer, or name the workspace that gave it")
    decision = _desk(workspace, asked.snapshot, asked.as_of).ask_again(asked.kind, asked.question, asked.as_of)
    if as_json or format_ == "json":
        print_json(proof_document(decision, asked.decision_id))
    else:
        print_text(formats[format_](decision))
    if decision.decision_id != asked.decision_id:
        from engine.contracts import Corrupt

        raise Corrupt.at("CLI301", f"recomputed as {decision.decision_id}, given as {asked.decision_id}", why="the same question on the same snapshot must give the same decision", fix="run `wig verify` on the snapshot's receipt")


def _desk(workspace: Path | None, snapshot: str | None, as_of: str | None) -> Desk:
    from datetime import date

    from engine.ask import Desk

    if as_of not in (None, "today"):
        try:
            date.fromisoformat(str(as_of))
        except ValueError:
            raise BadInput.at("CLI101", f"`{as_of}` is no day", fix="write YYYY-MM-DD, or `today`") from None
    return Desk(snapshot_of(workspace, snapshot))


def _keep(desk: Desk, workspace: Path | None, decisions: list[Decision]) -> None:
    """Keep the questions in the journal; an answer is still an answer where the workspace cannot be written."""
    from engine.journal import Journal

    try:
        Journal(workspace_at(workspace).folder).keep(decisions, desk.snapshot.name)
    except InputOutput as error:
        note(f"not kept: {error.diagnostics[0].what}; `wig why` will not find this decision")


def _learner(title: str | None, profile: Path | None) -> LearnerProfile:
    from engine.contracts.learner import LearnerProfile

    if (title is None) == (profile is None):
        raise BadInput.at("CLI104", "give a job title or --profile FILE, one of the two", fix='for instance: wig plan "Marketing Manager"')
    if profile is not None:
        from engine.interfaces.cli.profile_file import read_profile

        return read_profile(profile)
    given = (title or "").strip()
    if not given or len(given) > 300:
        what = "the title is empty" if not given else f"a title of {len(given):,} characters is no job title"
        raise BadInput.at("CLI105", what, fix="give the title as it stands on a business card, at most 300 characters", place=Place("TITLE"))
    return LearnerProfile(title=given)


def _build_embedded(workspace: Path | None) -> None:
    from engine.build import STEPS, BuildRequest, build_snapshot

    note("no graph yet: building the embedded one (once)")
    with progress(STEPS) as say:
        build_snapshot(workspace_at(workspace), BuildRequest(), say)
