"""What a forger does to a proof: change a value, carry it on, seal every digest anew."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from typing import Any

BODY = ("kind", "as_of", "question", "outcome", "confidence", "confidence_arithmetic", "reasons", "evidence", "alternatives", "trace", "digests")
Path = tuple[Any, ...]


def scalars(value: Any, path: Path = ()) -> Iterator[Path]:
    """Path of every value that holds no other, and of every empty list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from scalars(inner, (*path, name))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from scalars(inner, (*path, number))
    else:
        yield path


def at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None or value == []:
        return "something"
    try:
        return str(float(value) / 2) if float(value) else "0.5"
    except ValueError:
        return {"true": "false", "false": "true", "unknown": "true"}.get(value, value + "x")


def put(document: dict[str, Any], path: Path, value: Any) -> None:
    at(document, path[:-1])[path[-1]] = value


def sha256(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def sealed_anew(document: dict[str, Any]) -> dict[str, Any]:
    """What a forger would do: every digest and the decision's id made to match."""
    known: dict[str, str] = {}
    for node in document["proof"]["nodes"]:
        stated = {k: v for k, v in node.items() if k != "digest"}
        node["digest"] = known[node["id"]] = sha256([stated, [known.get(p, "") for p in dict.fromkeys(u["node"] for u in node["uses"])]])
    document["decision_id"] = f"decision/{sha256({name: document[name] for name in BODY})[:32]}"
    return document


def carried_on(document: dict[str, Any], node: dict[str, Any], name: str) -> None:
    """Every step that takes in a result takes in the changed one."""
    for later in document["proof"]["nodes"]:
        for use in later["uses"]:
            if use["node"] == node["id"] and use["gives"] == name:
                use["value"] = copy.deepcopy(node["gives"][name])


def stated_values(document: dict[str, Any]) -> list[Path]:
    """Inputs, results, rows, cells and provenance of every step that can be made again; what a match measured cannot, nor can free sentences."""
    found: list[Path] = []
    for number, node in enumerate(document["proof"]["nodes"]):
        for part in ("uses", "asked", "provenance", *(("gives",) if node["kind"] != "measure" else ())):
            if part in node:
                found += [("proof", "nodes", number, part, *path) for path in scalars(node[part])]
    return [p for p in found if p[3:] != ("uses",)]


def first(document: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    node: dict[str, Any] = next(n for n in document["proof"]["nodes"] if n["kind"] == kind and n["name"] == name)
    return node
