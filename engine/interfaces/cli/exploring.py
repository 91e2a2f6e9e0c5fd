"""`wig explore` and `wig query`: the engineer's door."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.contracts import BadInput
from engine.interfaces.cli.door import (
    JsonOption,
    SnapshotOption,
    WorkspaceOption,
    format_of,
    guarded,
    note,
    print_json,
    print_text,
    snapshot_of,
)

if TYPE_CHECKING:
    from engine.contracts.learner import TaskGrant
    from engine.graph import GraphNode, GraphPath, GraphStore, Neighbourhood, Snapshot
    from engine.licensing import Attribution
    from engine.ontology import Schema


@guarded
def explore(
    node: Annotated[str, typer.Argument(help="Key of a record, for instance occupation/11-2021.00 or role/marketing-manager; or a SOC or O*NET-SOC code of any edition.", show_default=False)],
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
    from engine.interfaces.drawing.grant_drawing import grant_lines
    from engine.licensing import Exit, admit_graph, licence_policy
    from engine.ontology import load_schema

    wanted = format_of(format_, NEIGHBOURHOOD_FORMATS, as_json=as_json)
    schema = load_schema()
    place = snapshot_of(workspace, snapshot)
    with place.open_graph() as store:
        node = _of_code(store, schema, node)
        path_to = path_to and _of_code(store, schema, path_to)
        if path_to is not None:
            found: Neighbourhood | GraphPath | None = shortest_path(store, schema, node, path_to, max_hops=6)
        else:
            found = neighbourhood(store, schema, node, hops, tuple(types or ()), limit)
    if found is None:
        note(f"no path from {node} to {path_to} within 6 hops")
        if wanted == "json":
            print_json({"nodes": [], "edges": [], "left_out": [], "refused": [], "attributions": []})
        raise typer.Exit(1)
    policy, way = licence_policy(place), Exit.SCREEN if wanted == "text" else Exit.EXPORT
    for end in found.nodes:
        if end.kind != "Source" and end.key in (node, path_to):
            policy.require(end.source, way, f"`{end.key}`")
    terms = admit_graph(policy, found.nodes, found.edges, way)
    for refused in terms.refused:
        note(refused.sentence)
    found = replace(found, nodes=terms.nodes, edges=terms.edges)
    grant = None if path_to else _grant(place, found.nodes[0])
    if wanted == "json":
        print_json(neighbourhood_document(found, terms) | ({"grant": grant} if grant else {}))
    else:
        print_text(NEIGHBOURHOOD_FORMATS[wanted](found, terms))
        if grant and wanted == "text":
            print_text("\n".join(["", "what AI may do in it, by the rules", *grant_lines(asdict(grant))]))


def _grant(place: Snapshot, node: GraphNode) -> TaskGrant | None:
    """What the rules grant in a publisher's task; authored tasks have affordances of their own, and rules of older snapshots may not say."""
    from datetime import date

    from engine.planner import task_grants
    from engine.rules import FactStore, Rulebook

    if node.kind != "Task" or node.source.startswith("source/wedge@"):
        return None
    rulebook = Rulebook.from_json(place.verified_path("rulebook.json").read_text(encoding="utf-8"))
    if "affordance" not in rulebook.packs:
        return None
    return task_grants(FactStore(place.verified_path("facts.sqlite")), rulebook, [node.key], date.fromisoformat(place.receipt().release_date))[0]


def _of_code(store: GraphStore, schema: Schema, given: str) -> str:
    """The key that a bare code stands for: what has it today before what had it once, the others named in a note. Any other text is a key."""
    from engine.graph import records_of_code

    keys = records_of_code(store, schema, given)
    if len(keys) > 1:
        note(f"{given} is also {', '.join(keys[1:])}")
    return keys[0] if keys else given


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

    place = snapshot_of(workspace, snapshot)
    parameters: dict[str, Any] = {}
    for item in param or ():
        name, equals, text = item.partition("=")
        if not (name and equals):
            raise BadInput.at("CLI108", f"`{item}` is no parameter", fix="write NAME=VALUE")
        try:
            parameters[name] = json.loads(text)
        except ValueError:
            parameters[name] = text
    admission = _query_admission(place, cypher, as_json)
    result = run_query(place, cypher, parameters, QueryLimits(seconds, rows, memory << 20))
    if as_json:
        answer = {"columns": result.columns, "rows": json.loads(json.dumps(result.rows), parse_float=str), "truncated": result.truncated}
        print_json(answer | {"attributions": admission})
    else:
        print_text(rows_text(result.columns, result.rows))
    if result.truncated:
        note(f"stopped after {len(result.rows):,} rows; raise --rows or add LIMIT")


def _query_admission(place: Snapshot, cypher: str, as_json: bool) -> tuple[Attribution, ...]:
    """The citations owed for whatever a query may answer. Raises BadInput LIC103 where its rows would leave and may not.

    Nobody can tell where a computed value came from; so an export may not even reach records that may not leave, and carries
    the citations of all others. On this screen a query may, with a word about it.
    """
    from engine.licensing import Exit, closed_targets, licence_policy, reach_of
    from engine.lineage import stated_by_source
    from engine.ontology import load_schema

    policy = licence_policy(place)
    closed = policy.closed(Exit.EXPORT)
    if closed:
        schema = load_schema()
        targets = closed_targets(policy, stated_by_source(place.records, schema.targets()), Exit.EXPORT)
        reach = reach_of(cypher, targets, schema)
        if reach.targets:
            kinds, names = ", ".join(reach.targets), ", ".join(s.label for s in closed)
            if as_json:
                fix = "give every node its class and every relation its name, and leave those out; or read the answer on this screen, without --json"
                raise BadInput.at("LIC103", f"the query can reach {kinds}, which may not leave ({names})", why=reach.because, fix=fix)
            note(f"the query can reach {kinds} ({names}): for this screen only, {policy.verdict(closed[0].key, Exit.EXPORT).reason}")
    return policy.attributions((key for key in policy.sources if policy.verdict(key, Exit.EXPORT).carried), Exit.EXPORT)
