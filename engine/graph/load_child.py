"""The child of `load`: makes tables, copies Parquet files into them, counts, closes. Talks in JSON lines only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from engine.contracts import EngineError
from engine.graph.child_process import read_request, say
from engine.graph.cypher_tokens import literal
from engine.graph.store import EmbeddedGraph, create_graph


def main() -> None:
    """Load as the request says and close the file."""
    request = read_request()
    try:
        graph = create_graph(Path(request["path"]), request["engine"])
    except EngineError as error:
        _give_up(error, None)
    for statement in ("BEGIN TRANSACTION", *request["ddl"], "COMMIT"):
        _run(graph, statement, None)
    for target, file, rows in request["copies"]:
        _run(graph, _copy(target, file), target)
        say({"copied": target, "rows": rows})
    for target, _, _ in request["copies"]:
        say({"counted": target, "rows": _run(graph, _count(target), target)[0][0]})
    _run(graph, "CHECKPOINT", None)
    graph.close()


def _run(graph: EmbeddedGraph, statement: str, target: str | None) -> tuple[tuple[Any, ...], ...]:
    try:
        return graph.run(statement).rows
    except EngineError as error:
        _give_up(error, target)
        raise


def _give_up(error: EngineError, target: str | None) -> None:
    """Say the fault and end there and then: an engine that failed to write can hang or abort while it closes."""
    first = error.diagnostics[0]
    say({"fault": first.what, "why": first.why, "fix": first.fix, "code": first.code, "exit_code": error.exit_code, "target": target})
    os._exit(1)


def _copy(target: str, file: str) -> str:
    table, *ends = target.split(".")
    between = f" (from='{ends[0]}', to='{ends[1]}')" if ends else ""
    return f"COPY {table} FROM {literal(file)}{between}"


def _count(target: str) -> str:
    table, *ends = target.split(".")
    return f"MATCH (a:{ends[0]})-[r:{table}]->(b:{ends[1]}) RETURN count(r)" if ends else f"MATCH (n:{table}) RETURN count(n)"
