"""`wig rules`, `wig ontology`: the door of those who write rules and terms."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from engine.contracts import BadInput, Diagnostic, Severity
from engine.interfaces.cli.door import JsonOption, WorkspaceOption, guarded, print_json, print_text, progress

rules_app = typer.Typer(no_args_is_help=True, help="The rule layer for its authors.", rich_markup_mode=None)
ontology_app = typer.Typer(no_args_is_help=True, help="The ontology and what it compiles to.", rich_markup_mode=None)


FolderArgument = Annotated[Path | None, typer.Argument(help="Folder of packs; default: those of this installation.", show_default=False)]


@rules_app.command("list")
@guarded
def rules_list(as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:  # noqa: ARG001 - every command takes a workspace
    """Packs with version, tables and owner."""
    from engine.interfaces.drawing import rows_text
    from engine.rules import load_rulebook

    packs = load_rulebook().packs.values()
    rows = [(p.name, p.version, ", ".join([*p.tables, *p.scorings]) or "parameters only", p.owner) for p in packs]
    if as_json:
        print_json([dict(zip(("pack", "version", "tables", "owner"), r, strict=True)) for r in rows])
    else:
        print_text(rows_text(("pack", "version", "tables", "owner"), rows))


@rules_app.command("check")
@guarded
def rules_check(
    folder: FolderArgument = None,
    notes: Annotated[bool, typer.Option("--notes", help="Show notes too: they inform and fail nothing.")] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes a workspace
) -> None:
    """Check every pack: terms, types, unreachable rows, rows that no case fires. Exit status 1 where something is found, 2 where a build would refuse the packs."""
    from engine.rules import check, load_rulebook, refuse_contradictions

    rulebook = load_rulebook(folder)
    found = check(rulebook)
    weighty = tuple(d for d in found.diagnostics if d.severity is not Severity.NOTE)
    if notes:
        typer.echo("\n".join(d.text() for d in found.diagnostics if d.severity is Severity.NOTE), err=True)
    try:
        refuse_contradictions(rulebook)
    except BadInput:  # a pack that a build would refuse is bad input, and all else that is found is told with it
        _report(weighty, as_json, "", status=2)
    _report(weighty, as_json, "every pack is sound")


@rules_app.command("test")
@guarded
def rules_test(
    folder: FolderArgument = None,
    format_: Annotated[str, typer.Option("--format", help="text, json or junit.")] = "text",
    titles: Annotated[bool, typer.Option("--titles", help="Ask the cases of titles too, of the embedded graph, which is built for it.")] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes a workspace
) -> None:
    """Run the cases beside every pack. Exit status 1 where one fails."""
    from engine.interfaces.drawing import cases_document, cases_junit, cases_text
    from engine.rules import load_rulebook, run_cases

    shown = _format(format_, as_json, ("text", "json", "junit"))
    rulebook = load_rulebook(folder)
    if titles:
        from engine.compare import embedded_titles

        with TemporaryDirectory() as scratch, progress() as say:
            report = run_cases(rulebook, embedded_titles(rulebook, Path(scratch), say))
    else:
        report = run_cases(rulebook)
    if shown == "json":
        print_json(cases_document(report))
    else:
        print_text(cases_text(report) if shown == "text" else cases_junit(report))
    if not report.passed:
        raise typer.Exit(1)


@rules_app.command("coverage")
@guarded
def rules_coverage(
    folder: FolderArgument = None,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="Only this pack; may be given several times.", show_default=False)] = None,
    format_: Annotated[str, typer.Option("--format", help="text, json or junit.")] = "text",
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes a workspace
) -> None:
    """What the cases pin down: every row, condition, bound, value, output and weight. Exit status 1 where no case hangs on one.

    A case hangs on a condition where it would fail if the condition were left out, turned round, or lost a bound or a value.
    """
    from engine.interfaces.drawing import coverage_document, coverage_junit, coverage_text
    from engine.rules import coverage, load_rulebook

    shown = _format(format_, as_json, ("text", "json", "junit"))
    rulebook = load_rulebook(folder)
    report = coverage(rulebook, [rulebook.pack(name).name for name in pack] if pack else None)
    if shown == "json":
        print_json(coverage_document(report))
    else:
        print_text(coverage_text(report) if shown == "text" else coverage_junit(report))
    if not report.complete:
        raise typer.Exit(1)


@rules_app.command("show")
@guarded
def rules_show(
    pack: Annotated[str, typer.Argument(help="A pack, as `wig rules list` names it.")],
    table: Annotated[str | None, typer.Argument(help="One of its tables or scorings; default: all.", show_default=False)] = None,
    folder: Annotated[Path | None, typer.Option("--folder", help="Folder of packs; default: those of this installation.", show_default=False)] = None,
    format_: Annotated[str, typer.Option("--format", help="text, json or markdown.")] = "text",
    as_of: Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Show the parameters of this day; default: the latest.", show_default=False)] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes a workspace
) -> None:
    """Decision tables and scorings as a reader sees them, with the parameters in force."""
    from engine.interfaces.drawing import rules_markdown, rules_text
    from engine.rules import load_rulebook, readable

    drawn = _format(format_, as_json, ("text", "json", "markdown"))
    shown = readable(load_rulebook(folder), pack, table, as_of.date() if as_of else date.max)
    if drawn == "json":
        print_json(shown)
    else:
        print_text((rules_text(shown) if drawn == "text" else rules_markdown(shown)) or f"`{pack}` has parameters only")


@ontology_app.command("compile")
@guarded
def ontology_compile(
    check_only: Annotated[bool, typer.Option("--check", help="Write nothing; say what has drifted, exit status 1.")] = False,
    root: Annotated[Path, typer.Option("--root", help="A checkout of the project.")] = Path(),
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes a workspace
) -> None:
    """Compile the Turtle to Kuzu DDL, Arrow schemas, JSON Schema, JSON-LD context, structural shapes and the reference page."""
    from engine.ontology.compile import TURTLE, compile_ontology, drifted

    if not (root / TURTLE).is_file():
        raise BadInput.at("CLI109", f"{TURTLE} is not below {root}", fix="run in a checkout, or name one with --root")
    if check_only:
        _report(drifted(root), as_json, "compiled outputs are what the ontology gives")
        return
    changed = compile_ontology(root)
    if as_json:
        print_json({"changed": changed})
    else:
        print_text("\n".join(f"wrote {name}" for name in changed) or "nothing to change")


def _report(found: tuple[Diagnostic, ...], as_json: bool, good: str, status: int = 1) -> None:
    if as_json:
        print_json({"found": found})
    else:
        print_text("\n".join(d.text() for d in found) or good)
    if found:
        raise typer.Exit(status)


def _format(stated: str, as_json: bool, known: tuple[str, ...]) -> str:
    if stated not in known:
        raise BadInput.at("CLI112", f"unknown format `{stated}`", fix=f"use one of {', '.join(known)}")
    if as_json and stated not in ("text", "json"):
        raise BadInput.at("CLI112", "--json and --format ask for two documents", fix="give one of the two")
    return "json" if as_json else stated
