"""`wig validate`: the curriculum author's door, and that of anybody with RDF and shapes."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.contracts import BadInput, InputOutput, Place
from engine.interfaces.cli.door import JsonOption, WorkspaceOption, guarded, note, print_json, progress

if TYPE_CHECKING:
    from engine.validate import FindingReport, Weight

NEVER = "never"
NAMED = 6


@guarded
def validate(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH", help="Folders of authored content, or files in one; default: the folder of this installation.", show_default=False)] = None,
    data: Annotated[list[Path] | None, typer.Option("--data", help="RDF data to judge instead of authored content: Turtle, N-Triples, JSON-LD, RDF/XML, TriG.", show_default=False)] = None,
    shapes: Annotated[list[Path] | None, typer.Option("--shapes", help="Shapes to judge the data by.", show_default=False)] = None,
    format_: Annotated[str, typer.Option("--format", help="text, json, turtle, sarif, junit, github, markdown or html.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", help="Write the findings to this file.", show_default=False)] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", help="Known findings: those are accepted and left out.", show_default=False)] = None,
    write_baseline: Annotated[Path | None, typer.Option("--write-baseline", help="Write a baseline that accepts all present findings.", show_default=False)] = None,
    fail_on: Annotated[str, typer.Option("--fail-on", help="The least severity that gives exit status 1: violation, warning, info, or never.")] = "violation",
    no_fallback: Annotated[bool, typer.Option("--no-fallback", help="With --data: refuse what only pySHACL could judge.")] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,  # noqa: ARG001 - every command takes a workspace
) -> None:
    """Judge authored content, or RDF data by shapes: format, references and every contract, each finding with file, line, column, why and how to mend it.

    Exit status 1 where a finding weighs as much as --fail-on says, 2 where the input cannot be used. --json gives the findings
    as diagnostics, --format json everything about them.
    """
    from engine.interfaces.drawing import FINDING_FORMATS, diagnostics_document
    from engine.validate import baseline_of, judge_authored, judge_rdf, read_baseline

    least = _least(fail_on)
    _refuse_contradictions(paths, data, shapes, format_, as_json=as_json, no_fallback=no_fallback)
    _refuse_places(output, write_baseline, as_json=as_json)
    accepted = read_baseline(baseline) if baseline else None
    with progress() as say:
        report = judge_rdf(data, shapes, fallback=not no_fallback, say=say) if data and shapes else judge_authored(paths or (), say)
    if write_baseline:
        written = baseline_of(report)
        _write(write_baseline, written.text())
        note(f"accepted in {write_baseline}: {sum(a.count for a in written.accepted):,} findings")
        accepted = written
    if accepted is not None:
        report = accepted.apply(report)
    if as_json:
        print_json(diagnostics_document(report))
    else:
        _show(_text(report) if format_ == "text" and output is None else FINDING_FORMATS[format_](report), output)
    _tell(report, rdf=bool(data))
    if report.fails(least):
        raise typer.Exit(1)


def _least(fail_on: str) -> Weight | None:
    from engine.validate import Weight

    if fail_on not in (*(w.value for w in Weight), NEVER):
        raise BadInput.at("CLI113", f"unknown severity `{fail_on}`", fix=f"use {', '.join(w.value for w in Weight)} or {NEVER}")
    return None if fail_on == NEVER else Weight(fail_on)


def _refuse_contradictions(paths: Sequence[Path] | None, data: Sequence[Path] | None, shapes: Sequence[Path] | None, format_: str, *, as_json: bool, no_fallback: bool) -> None:
    from engine.interfaces.drawing import FINDING_FORMATS

    if format_ not in FINDING_FORMATS:
        raise BadInput.at("CLI102", f"unknown format `{format_}`", fix=f"use one of {', '.join(FINDING_FORMATS)}")
    if as_json and format_ != "text":
        raise BadInput.at("CLI112", "--json and --format ask for two documents", fix="give one of the two")
    if bool(data) != bool(shapes):
        raise BadInput.at("CLI112", "--data and --shapes belong together", why="data is judged by shapes", fix="give both; each may be repeated")
    if data and paths:
        raise BadInput.at("CLI112", "authored content and --data are two things to judge", fix="run the command once for each")
    if no_fallback and not data:
        raise BadInput.at("CLI112", "--no-fallback is for --data", why="authored content is judged by the contracts of this installation", fix="leave it out")


def _refuse_places(output: Path | None, baseline: Path | None, *, as_json: bool) -> None:
    """What cannot be written is refused before anything is judged, not after."""
    if as_json and output is not None:
        raise BadInput.at("CLI112", "--json stands on standard output, and --output asks for a file", fix="use --format json with --output, or redirect standard output")
    if output is not None and baseline is not None and os.path.realpath(output) == os.path.realpath(baseline):
        raise BadInput.at("CLI112", "--output and --write-baseline name one file", why="the second would overwrite the first", fix="name two files")
    for path in (output, baseline):
        if path is not None and os.path.isdir(path):
            raise BadInput.at("VAL105", "this is a folder, not a file to write", fix="name a file in it", place=Place(str(path)))
        if path is not None and not os.path.isdir(os.path.dirname(os.path.realpath(path))):
            raise InputOutput.at("VAL105", "there is no folder to write this file in", fix="make the folder first, or name a file in one that is there", place=Place(str(path)))


def _text(report: FindingReport) -> str:
    """For this terminal: its width, colours where they can be seen and are not declined."""
    from engine.interfaces.drawing import findings_text
    from engine.interfaces.drawing.row_drawing import width

    return findings_text(report, width(), colours=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))


def _show(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
    else:
        _write(output, text)


def _write(path: Path, text: str) -> None:
    """The whole file or none of it: a reader never sees half. A link stays a link, and what is no file (a pipe, a device) is written to and never replaced."""
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        place = Path(os.path.realpath(path))
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=place.parent, prefix=".wig-", suffix=".part", delete=False) as part:
            try:
                part.write(text)
                part.close()
                os.chmod(part.name, place.stat().st_mode & 0o777 if place.exists() else 0o666 & ~_umask())
                os.replace(part.name, place)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise InputOutput.at("VAL105", f"this file cannot be written: {error.strerror or error}", fix="check permissions and free space, or name another file", place=Place(str(path))) from None


def _umask() -> int:
    """Which permissions new files do not get."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _tell(report: FindingReport, *, rdf: bool) -> None:
    """What stands beside the findings, on standard error: counts, who judged what, accepted findings that are gone."""
    from engine.interfaces.drawing import engine_name, summary

    if report.findings or report.accepted:
        note(summary(report))
    if rdf:
        for engine in sorted({engine for _, engine in report.judged_by}):
            shapes = [what for what, by in report.judged_by if by == engine]
            note(f"judged by {engine_name(engine)}: {', '.join(shapes[:NAMED])}{f' and {len(shapes) - NAMED} more' if len(shapes) > NAMED else ''}")
    for gone in report.vanished:
        note(f"no longer found: {gone.count:,} × {gone.about}; write the baseline again to drop it")
