"""`wig plan` and `wig resolve`: the planner's door."""

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
    from engine.ask import Desk
    from engine.contracts import Decision
    from engine.contracts.learner import LearnerProfile
    from engine.licensing import AnswerCitations


@guarded
def resolve(
    titles: Annotated[list[str], typer.Argument(help="Job titles as people write them.", show_default=False)],
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Say which tier each title reaches, how sure that is, and what follows from it."""
    from engine.graph import is_published_code
    from engine.interfaces.drawing import cited_lines, resolution_document, resolution_text

    for title in titles:
        if not title.strip():
            raise BadInput.at("CLI105", "the title is empty", fix="give the title as it stands on a business card", place=Place("TITLES"))
    desk = desk_of(workspace, snapshot, as_of)
    decisions = [desk.resolve(title, as_of) for title in titles]
    for title, decision in zip(titles, decisions, strict=True):
        if is_published_code(title.strip()) and not decision.evidence:
            note(f"{title.strip()} is a code that this graph has no record of; `wig build --source-dir DIR` brings the publishers' occupations and former codes")
    keep(desk, workspace, decisions)
    citations = citations_of(desk)
    owed = [citations.owed(d) for d in decisions]
    if as_json:
        print_json([resolution_document(d, a) for d, a in zip(decisions, owed, strict=True)])
    else:
        print_text("\n".join(["\n\n".join(resolution_text(d) for d in decisions), *cited_lines(a for each in owed for a in each)]))


@guarded
def plan(
    title: Annotated[str | None, typer.Argument(help="Job title, for instance \"Marketing Manager\".", show_default=False)] = None,
    profile: Annotated[Path | None, typer.Option("--profile", help="Learner profile (YAML): title, hours, shares of working time, shown capabilities.", show_default=False)] = None,
    jurisdiction: Annotated[list[str] | None, typer.Option("--jurisdiction", help="Whose law to ask for: EU, DE, UK, US, US-CA, US-NYC (may be repeated). Stands in for that of the profile.", show_default=False)] = None,
    sector: Annotated[str | None, typer.Option("--sector", help="finance, health, education, public, retail, technology or other. Stands in for that of the profile.", show_default=False)] = None,
    full: Annotated[bool, typer.Option("--full", help="Show every workflow and the evidence under each task.")] = False,
    as_json: JsonOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Rank what to learn next for a job title or a learner, and explain it. Builds the embedded graph first if there is none.

    Exit status 1 where the title is held, excluded or unknown: then there is no plan, and the answer says why.
    """
    from engine.interfaces.drawing import cited_lines, plan_document, plan_text

    learner = _learner(title, profile, jurisdiction, sector)
    if snapshot is None and workspace_at(workspace).current() is None:
        _build_embedded(workspace)
    desk = desk_of(workspace, snapshot, as_of)
    decision = desk.plan(learner, as_of)
    keep(desk, workspace, [decision])
    owed = citations_of(desk).owed(decision)
    if as_json:
        print_json(plan_document(decision, owed))
    else:
        told = {s["key"] for s in decision.outcome.get("sources", ())}
        print_text("\n".join([plan_text(decision, full=full), *cited_lines(a for a in owed if a.source not in told)]))
    if "path" not in decision.outcome:
        raise typer.Exit(1)


def desk_of(workspace: Path | None, snapshot: str | None, as_of: str | None) -> Desk:
    """The snapshot to ask, opened; the day checked."""
    from engine.ask import Desk

    day_of(as_of)
    return Desk(snapshot_of(workspace, snapshot))


def citations_of(desk: Desk) -> AnswerCitations:
    """Reads which citations answers of this snapshot owe."""
    from engine.licensing import AnswerCitations

    return AnswerCitations(desk.snapshot, desk.rulebook)


def keep(desk: Desk, workspace: Path | None, decisions: list[Decision]) -> None:
    """Keep the questions in the journal; an answer is still an answer where the workspace cannot be written."""
    from engine.journal import Journal

    try:
        Journal(workspace_at(workspace).folder).keep(decisions, desk.snapshot.name)
    except InputOutput as error:
        note(f"not kept: {error.diagnostics[0].what}; `wig why` will not find this decision")


def _learner(title: str | None, profile: Path | None, jurisdictions: list[str] | None, sector: str | None) -> LearnerProfile:
    where = {name: value for name, value in (("jurisdictions", tuple(jurisdictions or ())), ("sector", sector)) if value}
    for name, value in (*(("--jurisdiction", j) for j in jurisdictions or ()), ("--sector", sector)):
        if value is not None and not 0 < len(value.strip()) <= 60:
            raise BadInput.at("CLI114", f"{name} is empty or longer than 60 characters", fix="name it as in EU, DE or US-CA; a sector as in finance", place=Place(name))
    return _stated(title, profile).model_copy(update=where)


def _stated(title: str | None, profile: Path | None) -> LearnerProfile:
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
