"""The child of `query`: sets its own limits, opens the graph read-only, answers in JSON lines."""

from __future__ import annotations

import json
import math
import signal
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, EngineError, decimal_text
from engine.graph.child_process import read_request, say
from engine.graph.store import MEBIBYTE, address_room, open_graph

MAX_ANSWER = 32 * MEBIBYTE
MAX_COLUMN_NAME = 200
_OVERHEAD = 640 * MEBIBYTE  # address space of interpreter, libraries and thread stacks; little of it is ever touched
_INNER = ("_id", "_src", "_dst")


def main() -> None:
    """Answer one request: columns, rows, and whether there were more."""
    request = read_request()
    memory = int(request["memory_bytes"])
    try:
        _limit(float(request["seconds"]), Path(request["path"]).stat().st_size, memory)
        with open_graph(Path(request["path"]), request["engine"], memory_bytes=memory // 4) as graph:
            answer = graph.run(request["text"], request["parameters"], most=request["rows"] + 1)
            say({"columns": [c[:MAX_COLUMN_NAME] for c in answer.columns]})
            say({"truncated": _say_rows(answer.rows, request["rows"])})
    except MemoryError:
        _fail(BadInput.at("QRY202", f"the query needs more than {memory // MEBIBYTE} MiB of memory", fix="ask for less: a LIMIT, fewer hops, a narrower MATCH"))
    except EngineError as error:
        _fail(error)


def _fail(error: EngineError) -> None:
    first = error.diagnostics[0]
    say({"fault": first.what, "why": first.why, "fix": first.fix, "code": first.code, "exit_code": error.exit_code})


def _limit(seconds: float, graph_bytes: int, memory: int) -> None:
    """Limits that hold even if the parent is gone: processor time, an alarm, address space, no file of any size, no core."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock alone
        return
    whole = math.ceil(seconds)
    space = address_room(graph_bytes) + _OVERHEAD + memory * 3 // 4
    limits = ((resource.RLIMIT_CPU, whole + 1), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 1 << 16), (resource.RLIMIT_AS, space))
    for what, amount in limits:
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))
    signal.alarm(whole + 2)


def _say_rows(rows: tuple[tuple[Any, ...], ...], most: int) -> bool:
    """Send rows up to both limits; whether some were left out."""
    sent = 0
    for row in rows[:most]:
        values = [json_value(v) for v in row]
        sent += len(json.dumps(values, ensure_ascii=False).encode("utf-8", "replace"))
        if sent > MAX_ANSWER:
            return True
        say({"row": values})
    return len(rows) > most


def json_value(value: Any) -> Any:
    """A value in JSON types; nodes and relations keep their properties and their class, and lose their inner ids; no number is null."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return decimal_text(value) if value.is_finite() else None
    if isinstance(value, date):  # also a moment in time
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): json_value(v) for k, v in value.items() if k not in _INNER}
    if isinstance(value, (list, tuple)):
        return [json_value(v) for v in value]
    return value.hex() if isinstance(value, (bytes, bytearray)) else str(value)
