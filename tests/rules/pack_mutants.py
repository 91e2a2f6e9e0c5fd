"""Packs with one slip each, made from the pack's own text by means of its YAML alone: no code of the engine decides what a slip is."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Pack = dict[str, Any]
TURNED = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
STRICT = {">=": ">", ">": ">=", "<=": "<", "<": "<="}


@dataclass(frozen=True)
class Mutant:
    """A slip: where, what, the pack with it, and the cell it touched (table, row, column) where it is one."""

    what: str
    pack: Pack
    table: str = ""
    row: int = -1
    column: str = ""


def mutants(pack: Pack) -> Iterator[Mutant]:
    """Every condition left out or turned round, every bound, every value of a set, every output, every weight; every row lost."""
    for name, table in pack.get("tables", {}).items():
        for number, rule in enumerate(table["rules"]):
            at = f"{pack['pack']}.{name}.{rule['id']}"
            if len(table["rules"]) > 1:
                changed = copy.deepcopy(pack)
                del changed["tables"][name]["rules"][number]
                yield Mutant(f"{at}: row lost", changed, name, number)
            for column, cell in rule.get("when", {}).items():
                for what, other in slips(cell):
                    changed = copy.deepcopy(pack)
                    when = changed["tables"][name]["rules"][number]["when"]
                    if other is None:
                        del when[column]
                    else:
                        when[column] = other
                    yield Mutant(f"{at}.{column}: {what}", changed, name, number, column)
            for output, value in rule["then"].items():
                for other in other_outputs(table["outputs"][output], value, table["hit_policy"]):
                    if always(pack, value, other):
                        continue
                    changed = copy.deepcopy(pack)
                    changed["tables"][name]["rules"][number]["then"][output] = other
                    yield Mutant(f"{at}.{output}: {value} becomes {other}", changed, name, number)
    yield from of_parameters(pack)
    yield from of_scorings(pack)


def always(pack: Pack, value: Any, other: Any) -> bool:
    """Whether an output that cites a parameter says `other` on every day as it is: then nothing slipped."""
    stated = pack.get("parameters", {}).get(value[1:], {}).get("values", []) if isinstance(value, str) and value.startswith("$") else []
    return bool(stated) and all(dated["value"] == other for dated in stated)


def slips(cell: Any) -> Iterator[tuple[str, Any]]:
    """What a cell could have been; None: left out."""
    if cell in ("any", "-"):
        return
    yield "condition left out", None
    yield from ((f"`{cell}` becomes `{other}`", other) for other in turned(cell))
    if isinstance(cell, list) and len(cell) > 1:
        yield from ((f"without `{lost}`", [item for n, item in enumerate(cell) if n != position]) for position, lost in enumerate(cell))
    if isinstance(cell, str):
        yield from ((f"`{cell}` becomes `{other}`", other) for other in bounds(cell))
        listed = re.match(r"((?:not )?contains any of )\[?(.*?)\]?$", cell)
        items = [i.strip() for i in listed[2].split(",")] if listed else []
        if listed and len(items) > 1:
            yield from ((f"without `{lost}`", listed[1] + ", ".join(i for n, i in enumerate(items) if n != position)) for position, lost in enumerate(items))


def turned(cell: Any) -> Iterator[Any]:
    if isinstance(cell, bool):
        yield not cell
    elif cell in ("missing", "present"):
        yield "present" if cell == "missing" else "missing"
    elif isinstance(cell, str) and cell.startswith("not "):
        yield cell[4:]
    elif isinstance(cell, list):
        yield f"not [{', '.join(str(i).lower() if isinstance(i, bool) else str(i) for i in cell)}]"
    else:
        yield f"not {cell}"
        sign = re.match(r"(>=|<=|>|<)", str(cell))
        if sign:
            yield str(cell).replace(sign[1], TURNED[sign[1]], 1)


def bounds(cell: str) -> Iterator[str]:
    sign = re.match(r"(?:not )?(>=|<=|>|<)", cell)
    if sign:
        yield cell.replace(sign[1], STRICT[sign[1]], 1)
    ranged = re.match(r"(?:not )?([\[(\]]).*\.\..*([\])\[])$", cell)
    if ranged:
        yield ("(" if ranged[1] == "[" else "[") + cell[1:]
        yield cell[:-1] + (")" if ranged[2] == "]" else "]")


def other_outputs(column: Pack, value: Any, policy: str) -> list[Any]:
    """All other values that an output may have; an open text becomes another, a number one more."""
    if column.get("values"):
        others = [v for v in column["values"] if v != value]
    elif column["type"] == "flag":
        others = [not value]
    elif column["type"] in ("text", "key"):
        others = [f"{value} and more"]
    else:
        others = [1 if value in (None, 0) else 0] if not isinstance(value, str) else []
    return others + ([None] if policy != "collect" and value is not None else [])


def of_parameters(pack: Pack) -> Iterator[Mutant]:
    """A list without each of its values."""
    text = str(pack.get("tables", {}))
    for name, parameter in pack.get("parameters", {}).items():
        for when, dated in enumerate(parameter["values"]):
            if isinstance(dated["value"], list) and len(dated["value"]) > 1 and f"${name}" in text:
                for position, lost in enumerate(dated["value"]):
                    changed = copy.deepcopy(pack)
                    del changed["parameters"][name]["values"][when]["value"][position]
                    yield Mutant(f"{pack['pack']}.${name}: without `{lost}`", changed)


def of_scorings(pack: Pack) -> Iterator[Mutant]:
    for name, scoring in pack.get("scoring", {}).items():
        for factor, stated in scoring["factors"].items():
            weight = stated["weight"]
            if isinstance(weight, int):
                for other in (0, -weight, weight + 1, weight - 1):
                    changed = copy.deepcopy(pack)
                    changed["scoring"][name]["factors"][factor]["weight"] = other
                    yield Mutant(f"{pack['pack']}.{name}.{factor}: weight {weight} becomes {other}", changed)
            changed = copy.deepcopy(pack)
            del changed["scoring"][name]["factors"][factor]
            yield Mutant(f"{pack['pack']}.{name}.{factor}: factor left out", changed)
            if stated.get("range") == [0, 1]:
                changed = copy.deepcopy(pack)
                changed["scoring"][name]["factors"][factor]["transform"] = "identity" if stated.get("transform") == "complement" else "complement"
                yield Mutant(f"{pack['pack']}.{name}.{factor}: transform turned round", changed)
        for position, step in enumerate(scoring["order"]):
            changed = copy.deepcopy(pack)
            changed["scoring"][name]["order"][position] = step.replace("desc", "a").replace("asc", "desc").replace(" a", " asc") if "desc" in step else step.replace("asc", "desc")
            yield Mutant(f"{pack['pack']}.{name}: order `{step}` turned round", changed)
