"""`wig build`: sources to a published graph."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from engine.contracts import BadInput
from engine.interfaces.cli.door import JsonOption, WorkspaceOption, guarded, print_json, print_text, progress, workspace_at
from engine.interfaces.cli.source_status import reported_findings


@guarded
def build(
    source_dir: Annotated[Path | None, typer.Option("--source-dir", envvar="WIG_SOURCE_DIR", help="Folder with publishers' files, or a folder of such folders; zips are read too. Default: what `wig sources fetch` brought into the workspace.", show_default=False)] = None,
    only: Annotated[str | None, typer.Option("--only", help="`wedge`: the embedded graph alone.", show_default=False)] = None,
    release: Annotated[list[str] | None, typer.Option("--release", help="Release of a source chosen by hand, for instance onet@29.1.", show_default=False)] = None,
    engine: Annotated[str, typer.Option("--engine", envvar="WIG_ENGINE", help="Graph engine: kuzu, or ladybug where that extra is installed.")] = "kuzu",
    anew: Annotated[bool, typer.Option("--anew", help="Build even where nothing changed since the current snapshot.")] = False,
    semantic_model: Annotated[Path | None, typer.Option("--semantic-model", envvar="WIG_SEMANTIC_MODEL", help="Folder with a small sentence model (laid out like all-MiniLM-L6-v2, with onnx/model.onnx): the snapshot keeps it and also likens titles by meaning. Wants the extra `semantic`. Default: none.", show_default=False)] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Build a graph from publishers' files and authored content, check every contract, and make it current.

    Where the current snapshot was made from exactly the same files, rules, shapes and program, nothing is built.
    """
    from engine.build import STEPS, BuildRequest, build_snapshot
    from engine.interfaces.drawing import build_document, build_text
    from engine.sources import cached_sources, skipped

    if only not in (None, "wedge"):
        raise BadInput.at("CLI106", f"unknown part `{only}`", fix="use `--only wedge`, or leave it out")
    chosen: dict[str, str] = {}
    for item in release or ():
        name, at, number = item.partition("@")
        if not (name and at and number):
            raise BadInput.at("CLI107", f"`{item}` names no release", fix="write SOURCE@RELEASE, for instance onet@29.1")
        chosen[name] = number
    place = workspace_at(workspace)
    cached = cached_sources(place.folder) if source_dir is None and only is None else None
    notes = tuple(s.sentence for s in skipped(place.folder)) if cached else ()
    with progress(STEPS) as say:
        built = build_snapshot(place, BuildRequest(None if only else source_dir or cached, chosen, engine, anew, notes, semantic_model), say)
    if as_json:
        print_json(build_document(replace(built, findings=reported_findings(built.snapshot, built.findings))))
    else:
        print_text(build_text(built))
