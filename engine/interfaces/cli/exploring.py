"""`wig explore` and `wig query`: the engineer's door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.contracts import BadInput
from engine.interfaces.cli.door import JsonOption, SnapshotOption, WorkspaceOption, guarded, note, print_json, print_text, snapshot_of

if TYPE_CHECKING:
    from engine.graph import GraphPath, Neighbourhood


@guarded
def explore(
    node: Annotated[str, typer.Argument(help="Key of a record, for instance occupation/11-2021.00 or role/marketing-manager.", show_default=False)],
    hops: Annotated[int, typer.Option("--hops", min=1, max=4, help="How far to go.")] = 1,
    types: Annotated[list[str] | None, typer.Option("--type", help="Keep only records of this class (may be repeated).", show_default=False)] = None,
    path_to: Annotated[str | None, typer.Option("--path-to", help="Show the shortest path to this record instead.", show_default=False)] = None,
    format_: Annotated[str, typer.Option("--format", help="text, json, mermaid, dot or graphml.")] = "text",
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="At most this many neighbours by relation and record; the rest is counted.")] = 12,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Show what stands around a record, or the shortest path between two."""
    from engine.graph import neighbourhood, shortest_path
    from engine.interfaces.drawing import NEIGHBOURHOOD_FORMATS, neighbourhood_document
    from engine.ontology import load_schema

    wanted = "json" if as_json else format_
    if wanted != "json" and wanted not in NEIGHBOURHOOD_FORMATS:
        raise BadInput.at("CLI102", f"unknown format `{wanted}`", fix=f"use one of {', '.join(sorted({*NEIGHBOURHOOD_FORMATS, 'json'}))}")
    schema = load_schema()
    with snapshot_of(workspace, snapshot).open_graph() as store:
        if path_to is not None:
            found: Neighbourhood | GraphPath | None = shortest_path(store, schema, node, path_to, max_hops=6)
        else:
            found = neighbourhood(store, schema, node, hops, tuple(types or ()), limit)
    if found is None:
        note(f"no path from {node} to {path_to} within 6 hops")
        if wanted == "json":
            print_json({"nodes": [], "edges": [], "left_out": []})
        raise typer.Exit(1)
    if wanted == "json":
        print_json(neighbourhood_document(found))
    else:
        print_text(NEIGHBOURHOOD_FORMATS[wanted](found))


@guarded
def query(
    cypher: Annotated[str, typer.Argument(help="One read-only Cypher statement.", show_default=False)],
    param: Annotated[list[str] | None, typer.Option("--param", help="NAME=VALUE; the value is JSON where it parses as such, else text.", show_default=False)] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, max=120, help="Time limit.")] = 10.0,
    rows: Annotated[int, typer.Option("--rows", min=1, max=100_000, help="Row limit.")] = 1000,
    memory: Annotated[int, typer.Option("--memory", min=256, max=16_384, help="Memory limit in MiB.")] = 2048,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
    snapshot: SnapshotOption = None,
) -> None:
    """Run one read-only Cypher statement in a child process with limits on time, rows and memory."""
    from engine.graph import QueryLimits, run_query
    from engine.interfaces.drawing import rows_text

    parameters: dict[str, Any] = {}
    for item in param or ():
        name, equals, text = item.partition("=")
        if not (name and equals):
            raise BadInput.at("CLI108", f"`{item}` is no parameter", fix="write NAME=VALUE")
        try:
            parameters[name] = json.loads(text)
        except ValueError:
            parameters[name] = text
    result = run_query(snapshot_of(workspace, snapshot), cypher, parameters, QueryLimits(seconds, rows, memory << 20))
    if as_json:
        print_json({"columns": result.columns, "rows": json.loads(json.dumps(result.rows), parse_float=str), "truncated": result.truncated})
    else:
        print_text(rows_text(result.columns, result.rows))
    if result.truncated:
        note(f"stopped after {len(result.rows):,} rows; raise --rows or add LIMIT")
