"""The leaves of a proof held against the snapshot's own files: records with their source and row, facts with their columns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.replay.values import Broken, decimal_text, micros, same, share_of

CLASSES = {"role": "Role", "occupation": "Occupation", "soc": "OccupationGroup", "function": "Function", "archetype": "Archetype", "module": "Module", "rubric": "Rubric", "task": "Task"}
_STAMP = ("source", "source_ref", "release", "licence")
_FORMER = ("former_code", "split_code")
_SOC_CODE = 7  # characters of a SOC code
_LISTS = {("soc", "canonical"): "group_name", ("soc", "alias"): "class_name", ("occupation", "canonical"): "occupation_name"}


class Records:
    """Record files and fact columns of a snapshot's folder, read-only; what was read stays in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, pa.Table] = {}
        self._found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        self._facts = sqlite3.connect(f"{(folder / 'facts.sqlite').resolve().as_uri()}?mode=ro&immutable=1", uri=True)

    def close(self) -> None:
        """Let go of the file of facts."""
        self._facts.close()

    def rows(self, table: str, column: str, value: str) -> list[dict[str, Any]]:
        """Rows of a record table with a value in a column; none where there is no such table."""
        key = (table, column, value)
        if key not in self._found:
            whole = self._table(table)
            self._found[key] = [] if whole is None else whole.filter(pc.equal(whole[column], value)).to_pylist()
        return self._found[key]

    def pairs(self, table: str) -> dict[str, set[str]]:
        """Ends by start of a relation."""
        found: dict[str, set[str]] = {}
        whole = self._table(table)
        for start, end in zip(whole["from"].to_pylist(), whole["to"].to_pylist(), strict=True) if whole is not None else ():
            found.setdefault(start, set()).add(end)
        return found

    @cached_property
    def ladder(self) -> dict[str, int]:
        """Level of every module."""
        whole = self._table("Module")
        return {} if whole is None else dict(zip(whole["id"].to_pylist(), map(int, whole["ladder_level"].to_pylist()), strict=True))

    def fact(self, name: str, subject: str | None, context: str | None) -> dict[str, Any]:
        """Columns of a fact as JSON values; all missing where nothing is asked for or known."""
        known = self._facts.execute("SELECT context_class, columns FROM fact WHERE name = ?", (name,)).fetchone()
        if known is None:
            raise Broken(f"fact {name}", name, "no such fact in the snapshot")
        columns = [(c[0], c[1]) for c in json.loads(known[1])]
        where, bound = ("subject = ? AND context = ?", (subject, context)) if known[0] else ("subject = ?", (subject,))
        names = ", ".join(f'"{column}"' for column, _ in columns)
        row = None if subject is None else self._facts.execute(f'SELECT {names} FROM "{name}" WHERE {where}', bound).fetchone()
        return {column: None if row is None else _json_value(kind, row[n]) for n, (column, kind) in enumerate(columns)}

    def _table(self, name: str) -> pa.Table | None:
        if name not in self._tables:
            file = self._folder / "records" / f"{name}.parquet"
            if not file.is_file() or file.parent.name != "records" or "/" in name:
                return None
            self._tables[name] = pq.read_table(file)
        return self._tables[name]


def check_stamp(records: Records, stated: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the record that a provenance names, with that source, row, release, licence and confidence. Raises Broken where there are none."""
    table, record = stated["table"], stated["record"]
    words = record.split()
    if table.startswith(("NAMES.", "REPLACED_BY.")):
        found = records.rows(table, "to", record)
    elif len(words) == 3:
        found = [row for row in records.rows(table, "from", words[1]) if row["to"] == words[2]]
    else:
        found = records.rows(table, "id", record)
    if not found:
        raise Broken(f"record {record}", table, "no such record in the snapshot")
    for name in _STAMP:
        narrowed = [row for row in found if row[name] == stated[name]]
        if not narrowed:
            raise Broken(f"record {record}, {name}", stated[name], found[0][name])
        found = narrowed
    narrowed = [row for row in found if share_text(row["confidence"]) == stated["confidence"]]
    if not narrowed:
        raise Broken(f"record {record}, confidence", stated["confidence"], share_text(found[0]["confidence"]))
    return narrowed


def check_record(node: Mapping[str, Any], records: Records) -> None:
    """A record leaf: it stands in the snapshot, and every value that the step gives is its own."""
    stated, gives = node["provenance"], node["gives"]
    same("record", _stating(node["subject"], gives), stated["record"])
    same("table", node["name"], stated["table"])
    found = check_stamp(records, stated)
    if "title" in gives:
        _check_naming(node, records, found)
    elif "hours_share" in gives:
        same("hours_share", gives["hours_share"], share_text(found[0]["hours_share"]))
    elif node["name"] == "Task":
        same("values", gives, {"id": found[0]["id"]})
    else:
        row = found[0]
        values = {"id": row["id"], "ladder_level": int(row["ladder_level"]), "effort_hours": share_text(row["effort_hours"]), "confidence": share_text(row["confidence"])}
        same("values", gives, values)


def _check_naming(node: Mapping[str, Any], records: Records, found: list[dict[str, Any]]) -> None:
    gives, target = node["gives"], node["subject"]
    title, kind = gives["title"], gives["kind"]
    same("target", gives["target"], target)
    same("target_class", gives["target_class"], target.partition("/")[0])
    same("confidence", gives["confidence"], node["provenance"]["confidence"])
    same("source", gives["source"], node["provenance"]["source"])
    named = CLASSES[gives["target_class"]]
    label = records.rows(named, "id", target)[0]["label"]
    same("sentence", node["says"], f"`{title}` names {label} ({target})")
    if kind == "term":
        same("table", node["name"], named)
        stated = title in (found[0]["terms"] or ())
    elif kind == "code":
        same("table", node["name"], named)
        stated = title == found[0]["code"][: len(title)] and len(title) in (_SOC_CODE, len(found[0]["code"]))
    elif kind in _FORMER:
        same("table", node["name"], f"REPLACED_BY.FormerCode.{CLASSES[node['provenance']['record'].partition('/')[0]]}")
        stated = any(_is_former(row["from"], title, kind, node["name"], records) for row in found)
    else:
        same("table", node["name"], f"NAMES.Title.{named}")
        names = [row["from"] for row in found if row["naming_kind"] == kind]
        stated = any(row["label"] == title for name in names for row in records.rows("Title", "id", name))
    if not stated:
        raise Broken("title", title, "not among the names of the record")


def _stating(target: str, gives: Mapping[str, Any]) -> str:
    """The record that states a naming: the target itself; for an occupation by way of a former SOC code, the class of work that the crosswalk names."""
    code = target.partition("/")[2]
    return f"soc/{code[:_SOC_CODE]}" if gives.get("kind") in _FORMER and len(gives["title"]) == _SOC_CODE < len(code) else target


def _is_former(former: str, code: str, kind: str, table: str, records: Records) -> bool:
    """Whether a former code is this one, and was split or not as its kind says."""
    split = len({row["to"] for row in records.rows(table, "from", former)}) > 1
    return split == (kind == "split_code") and any(row["code"] == code for row in records.rows("FormerCode", "id", former))


def check_fact(node: Mapping[str, Any], given: Mapping[str, Any], records: Records, description: str) -> None:
    """A fact leaf: its columns are those of the snapshot, and its subject is a record of it."""
    subject, context = given["subject"], given.get("context")
    same("subject", node["subject"], f"{subject or 'nothing'}{f'/{context}' if context else ''}")
    same("sentence", node["says"], description)
    for name, value in records.fact(node["name"], subject, context).items():
        same(f"column {name}", node["gives"].get(name), value)
    same("columns", sorted(node["gives"]), sorted(records.fact(node["name"], None, None)))
    stated = node.get("provenance")
    if stated is None:
        if subject is not None and records.rows(CLASSES[subject.partition("/")[0]], "id", subject):
            raise Broken("provenance", None, subject)
        return
    same("record", stated["record"], subject)
    same("table", stated["table"], CLASSES[str(subject).partition("/")[0]])
    check_stamp(records, stated)


def list_of(target_class: str, kind: str) -> str:
    """The list that a naming stands in, seen from what it names."""
    if target_class in ("function", "archetype"):
        return "term"
    return _LISTS.get((target_class, kind), kind)


def share_text(number: Any) -> str:
    """A stored number as the text of a decimal of six places."""
    return decimal_text(share_of(micros(repr(number))))


def _json_value(kind: str, stored: Any) -> Any:
    if stored is None:
        return None
    if kind in ("share", "number", "hours"):
        return decimal_text(Decimal(stored))
    if kind == "flag":
        return bool(stored)
    return json.loads(stored) if kind == "list" else stored
