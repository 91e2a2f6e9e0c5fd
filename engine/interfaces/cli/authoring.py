"""`wig rules`, `wig ontology`: the door of those who write rules and terms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.contracts import BadInput, Diagnostic, Severity
from engine.interfaces.cli.door import JsonOption, WorkspaceOption, guarded, print_json, print_text

rules_app = typer.Typer(no_args_is_help=True, help="The rule layer for its authors.", rich_markup_mode=None)
ontology_app = typer.Typer(no_args_is_help=True, help="The ontology and what it compiles to.", rich_markup_mode=None)


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
    folder: Annotated[Path | None, typer.Argument(help="Folder of packs; default: those of this installation.", show_default=False)] = None,
    notes: Annotated[bool, typer.Option("--notes", help="Show notes too: they inform and fail nothing.")] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes a workspace
) -> None:
    """Check every pack: terms, types, unreachable rows, rows that no case fires. Exit status 1 where something is found."""
    from engine.rules import check, load_rulebook

    found = check(load_rulebook(folder))
    weighty = tuple(d for d in found.diagnostics if d.severity is not Severity.NOTE)
    if notes:
        typer.echo("\n".join(d.text() for d in found.diagnostics if d.severity is Severity.NOTE), err=True)
    _report(weighty, as_json, "every pack is sound")


@rules_app.command("test")
@guarded
def rules_test(
    folder: Annotated[Path | None, typer.Argument(help="Folder of packs; default: those of this installation.", show_default=False)] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes a workspace
) -> None:
    """Run the cases beside every pack. Exit status 1 where one fails."""
    from engine.rules import load_rulebook, run_cases

    report = run_cases(load_rulebook(folder))
    failed = [r for r in report.results if not r.passed]
    if as_json:
        print_json({"passed": len(report.results) - len(failed), "failed": [r.sentence for r in failed], "unfired": report.unfired})
    else:
        for result in failed:
            print_text(f"{result.place}  {result.pack}: {result.sentence}\n  expected  {result.expected}\n  met       {result.met}")
        print_text(f"{len(report.results) - len(failed)} passed, {len(failed)} failed")
    if failed:
        raise typer.Exit(1)


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


def _report(found: tuple[Diagnostic, ...], as_json: bool, good: str) -> None:
    if as_json:
        print_json({"found": found})
    else:
        print_text("\n".join(d.text() for d in found) or good)
    if found:
        raise typer.Exit(1)


