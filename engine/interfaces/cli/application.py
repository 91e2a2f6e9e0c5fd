"""All commands of `wig` in one place; each group of commands stands in its own module."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from engine import __version__
from engine.contracts import Diagnostic, Place
from engine.interfaces.cli import (
    adjudicating,
    asking,
    authoring,
    building,
    counterfactual,
    covering,
    evaluating,
    exploring,
    matching,
    patching,
    proving,
    rules_comparison,
    source_comparison,
    source_status,
    sourcing,
    upkeep,
    validating,
)
from engine.interfaces.cli.door import answered, note, print_json

# these add their commands to the groups `sources` and `rules` when they are imported
GROUPED_COMMANDS = (source_status, source_comparison, rules_comparison)

app = typer.Typer(
    name="wig", no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Given your real work: what to learn next to do it with AI, and why to believe it.",
)  # fmt: skip


def show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(f"wig {__version__}")
        raise typer.Exit


@app.callback()
def root(version: Annotated[bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version.")] = False) -> None:
    """Given your real work: what to learn next to do it with AI, and why to believe it."""


app.command("plan", short_help="What to learn next for a title or learner, explained.")(asking.plan)
app.command("resolve", short_help="How titles are understood, and what follows.")(asking.resolve)
app.command("why", short_help="The proof of a decision, recomputed.")(proving.why)
app.command("why-not", short_help="Why a title lacks a tier, and what would change it.")(counterfactual.why_not)
app.command("build", short_help="Sources to a published graph.")(building.build)
app.command("coverage", short_help="Service tiers for a whole list of titles.")(covering.coverage)
app.command("explore", short_help="What stands around a record, or a path.")(exploring.explore)
app.command("query", short_help="One read-only Cypher statement, with limits.")(exploring.query)
app.command("validate", short_help="Authored content, or any RDF, against its contracts.")(validating.validate)
app.command("match", short_help="One list of labels ranked against another.")(matching.match)
app.command("what-if", short_help="Which decisions a proposed patch would move.")(patching.what_if)
app.add_typer(evaluating.evaluate_app, name="evaluate")
app.add_typer(patching.patch_app, name="patch")
app.add_typer(adjudicating.adjudicate_app, name="adjudicate")
app.add_typer(authoring.rules_app, name="rules")
app.add_typer(authoring.ontology_app, name="ontology")
app.add_typer(sourcing.sources_app, name="sources")
app.add_typer(upkeep.snapshots_app, name="snapshots")
app.command("verify", short_help="Rebuild from the sources and compare digests.")(upkeep.verify)


def main() -> None:
    """Entry point of the console script."""
    wants_json = "--json" in sys.argv
    for argument in sys.argv[1:]:
        if any(0xD800 <= ord(c) <= 0xDFFF for c in argument):
            fault = Diagnostic(Place(), "CLI111", "an argument holds bytes that are not UTF-8", "the answer could not be written down", "type it again, or save the list as UTF-8")
            stop_with(fault, wants_json)
    try:
        app()
    except SystemExit as stop:
        # the parser has told its fault in words; a script that asked for JSON gets it as a document too
        if stop.code == 2 and wants_json and not answered():
            stop_with(Diagnostic(Place(), "CLI100", "the command line was not understood", "see the message on standard error", "run the command with --help"), wants_json, told=True)
        raise


def stop_with(fault: Diagnostic, wants_json: bool, *, told: bool = False) -> None:
    """End the program with exit status 2 and the fault."""
    if not told:
        note(fault.text())
    if wants_json:
        print_json({"exit_code": 2, "diagnostics": [fault]})
    raise SystemExit(2)
