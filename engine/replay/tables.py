"""A table's decision, made again from its inputs alone: every cell of every row, the rows that fire, outputs, sentence, parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.replay.rules_text import Rules
from engine.replay.unary_test import cited, says, wording
from engine.replay.values import Broken, jsonable, percent, same, shown, typed, untagged

_NAMED = re.compile(r"\{(\$?[a-z][a-z0-9_]*)( %)?\}")
_WORDS = {True: "true", False: "false", None: "unknown"}


def replay_table(node: Mapping[str, Any], rules: Rules, day: str) -> None:
    """Raises Broken at the first value of the step that its replay does not give."""
    asked = node["asked"]
    pack, name = asked["pack"], asked["table"]
    table = rules.named(pack, "tables", name)
    same("name", node["name"], f"{pack}.{name}")
    same("version", asked["version"], rules.version(pack))
    same("hit policy", asked["hit_policy"], table["hit_policy"])
    columns = [u["name"] for u in node["uses"] if not u["name"].startswith("$")]
    same("columns", columns, table["uses"])
    kinds = rules.kinds(pack)
    given = {u["name"]: u["value"] for u in node["uses"]}
    met = {}
    for column in columns:
        try:
            met[column] = typed(given[column], kinds[column])
        except Broken as broken:
            raise Broken(f"input {column}", broken.stated, broken.replayed) from None
    same("rows", [row["rule"] for row in asked["rows"]], [rule["id"] for rule in _tried(table, asked)])
    names = sorted({p for rule in _tried(table, asked) for p in _cited(rule)})
    same("parameters", [u["name"] for u in node["uses"] if u["name"].startswith("$")], [f"${p}" for p in names])
    parameters = {p: rules.parameter(pack, p, day) for p in names}
    for p in names:
        same(f"parameter ${p}", given[f"${p}"], parameters[p])
    fired = _rows(table, asked, met, kinds, parameters)
    same("fired", asked["fired"], [rule["id"] for rule in fired])
    for output in table["outputs"]:
        same(f"output {output['name']}", node["gives"].get(output["name"]), _said(table, output["name"], fired, parameters))
    same("outputs", sorted(node["gives"]), sorted(o["name"] for o in table["outputs"]))
    sentence = " ".join(sentence_of(rule, met, parameters) for rule in fired)
    same("sentence", node["says"], sentence or f"no row of `{name}` holds")


def sentence_of(rule: Mapping[str, Any], met: Mapping[str, Any], parameters: Mapping[str, Any]) -> str:
    """A row's sentence with values filled in: inputs, `$parameters` and the row's own outputs."""
    outputs = {name: _output(raw, parameters) for name, raw in rule["then"]}

    def filled(found: re.Match[str]) -> str:
        name = found[1]
        value = parameters[name[1:]] if name.startswith("$") else outputs[name] if name in outputs else met[name]
        return percent(value) if found[2] and isinstance(value, Decimal) else shown(value)

    return _NAMED.sub(filled, rule["because"])


def _tried(table: Mapping[str, Any], asked: Mapping[str, Any]) -> list[Any]:
    rules: list[Any] = table["rules"]
    return rules[: len(asked["rows"])]


def _rows(table: Mapping[str, Any], asked: Mapping[str, Any], met: Mapping[str, Any], kinds: Mapping[str, str], parameters: Mapping[str, Any]) -> list[Any]:
    """The rows that fire, after every tried row was compared with what it states; none may be left out."""
    fired: list[Any] = []
    for rule, row in zip(_tried(table, asked), asked["rows"], strict=True):
        place = f"row {rule['id']}"
        tests = [(column, untagged(raw)) for column, raw in rule["when"]]
        same(f"{place}, columns", [c["column"] for c in row["cells"]], [column for column, _ in tests])
        verdicts = []
        for (column, test), cell in zip(tests, row["cells"], strict=True):
            verdicts.append(says(test, kinds[column], met[column], parameters))
            same(f"{place}, cell {column}", cell["verdict"], _WORDS[verdicts[-1]])
            same(f"{place}, test of {column}", cell["test"], wording(test, parameters))
        holds = all(v is True for v in verdicts)
        same(f"{place}, holds", row["holds"], holds)
        fired += [rule] if holds else []
    if table["hit_policy"] == "first" and fired:
        same("rows", len(asked["rows"]), table["rules"].index(fired[0]) + 1)
        return fired[:1]
    same("rows", len(asked["rows"]), len(table["rules"]))
    if table["hit_policy"] == "unique" and len(fired) > 1:
        raise Broken("rows", [r["id"] for r in fired], "one row of a unique table")
    return fired


def _cited(rule: Mapping[str, Any]) -> set[str]:
    found = {name for _, raw in rule["when"] for name in cited(untagged(raw))}
    found |= {raw[1:] for _, raw in rule["then"] if isinstance(raw, str) and raw.startswith("$")}
    return found | {name[1:] for name, _ in _NAMED.findall(rule["because"]) if name.startswith("$")}


def _output(raw: Any, parameters: Mapping[str, Any]) -> Any:
    return parameters[raw[1:]] if isinstance(raw, str) and raw.startswith("$") else untagged(raw)


def _said(table: Mapping[str, Any], output: str, fired: list[Any], parameters: Mapping[str, Any]) -> Any:
    """What an output is, over the rows that fire."""
    kind = next(o["type"] for o in table["outputs"] if o["name"] == output)
    values = [_output(dict(map(tuple, rule["then"])).get(output), parameters) for rule in fired]
    if kind in ("share", "number", "hours"):
        values = [v if v is None else Decimal(v) for v in values]
    if table["hit_policy"] != "collect":
        return values[0] if values else None
    aggregate = table["aggregate"]
    if aggregate == "count":
        return len(values)
    if aggregate in ("sum", "min", "max"):
        if not values:
            return None
        return sum(values) if aggregate == "sum" else min(values) if aggregate == "min" else max(values)
    return jsonable(values)
