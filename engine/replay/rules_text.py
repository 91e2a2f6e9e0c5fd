"""The rulebook as a snapshot carries it, read as plain JSON: tables, parameters of a day, types of columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from engine.replay.values import Broken, untagged


class Rules:
    """Packs by name. `digest` is recomputed over the very bytes of the content."""

    def __init__(self, text: str) -> None:
        head, mark, tail = text.strip().partition(',"packs":')
        if not mark or not tail.endswith("}"):
            raise Broken("rulebook.json", "a text of another form", "a rulebook", integrity=True)
        self.digest = hashlib.sha256(tail[:-1].encode("utf-8")).hexdigest()
        if json.loads(head + "}")["digest"] != self.digest:
            raise Broken("rulebook.json", json.loads(head + "}")["digest"], self.digest, integrity=True)
        self.packs: dict[str, Any] = {pack["pack"]: pack for pack in json.loads(tail[:-1])}

    def named(self, pack: str, part: str, name: str) -> dict[str, Any]:
        """A table, parameter, fact or scoring of a pack."""
        found = [entry for entry in self._pack(pack)[part] if entry["name"] == name]
        if len(found) != 1:
            raise Broken(f"{pack}.{name}", name, f"no such entry among the {part}")
        entry: dict[str, Any] = found[0]
        return entry

    def version(self, pack: str) -> str:
        """Version of a pack."""
        return str(self._pack(pack)["version"])

    def parameter(self, pack: str, name: str, day: str) -> Any:
        """The value in force on a day (ISO), decimals as Decimal: the last that is not of a later day."""
        known = [v for v in self.named(pack, "parameters", name)["values"] if v["from"] <= day]
        if not known:
            raise Broken(f"{pack}.{name}", "a value", f"none in force on {day}")
        return untagged(known[-1]["value"])

    def kinds(self, pack: str) -> Mapping[str, str]:
        """Type of every column that the tables of a pack may use."""
        found = self._pack(pack)
        kinds = {c["name"]: str(c["type"]) for c in (*found["inputs"], *(c for fact in found["facts"] for c in fact["columns"]))}
        for table in found["tables"]:
            for output in table["outputs"]:
                kinds[output["name"]] = _gathered_kind(table, output["type"])
        return kinds

    def _pack(self, name: str) -> Any:
        if name not in self.packs:
            raise Broken(f"pack {name}", name, "no such pack")
        return self.packs[name]


def _gathered_kind(table: Mapping[str, Any], kind: str) -> str:
    aggregate = table["aggregate"] if table["hit_policy"] == "collect" else "first"
    if aggregate in ("first", "min", "max"):
        return kind
    if aggregate == "sum":
        return "number" if kind == "share" else kind
    return "count" if aggregate == "count" else "list"
