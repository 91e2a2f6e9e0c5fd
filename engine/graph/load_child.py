"""The child of `load`: makes tables, copies Parquet files into them, counts, closes. Talks in JSON lines only."""

from __future__ import annotations

from pathlib import Path

from engine.contracts import EngineError
from engine.graph.child_process import read_request, say
from engine.graph.cypher_tokens import literal
from engine.graph.store import MEBIBYTE, create_graph


def main() -> None:
    """Load as the request says; the first fault is said with its target and ends the work."""
    request, target = read_request(), None
    try:
        with create_graph(Path(request["path"]), request["engine"], memory_bytes=1024 * MEBIBYTE) as graph:
            graph.run("BEGIN TRANSACTION")
            for statement in request["ddl"]:
                graph.run(statement)
            graph.run("COMMIT")
            for target, file, rows in request["copies"]:
                graph.run(_copy(target, file))
                say({"copied": target, "rows": rows})
            for target, _, _ in request["copies"]:
                say({"counted": target, "rows": graph.run(_count(target)).rows[0][0]})
            target = None
            graph.run("CHECKPOINT")
    except EngineError as error:
        first = error.diagnostics[0]
        say({"fault": first.what, "why": first.why, "fix": first.fix, "code": first.code, "exit_code": error.exit_code, "target": target})


def _copy(target: str, file: str) -> str:
    table, *ends = target.split(".")
    between = f" (from='{ends[0]}', to='{ends[1]}')" if ends else ""
    return f"COPY {table} FROM {literal(file)}{between}"


def _count(target: str) -> str:
    table, *ends = target.split(".")
    return f"MATCH (a:{ends[0]})-[r:{table}]->(b:{ends[1]}) RETURN count(r)" if ends else f"MATCH (n:{table}) RETURN count(n)"
