"""The canonical content of packs: what their digest covers and what a snapshot carries. Lists keep the order that matters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from engine.contracts import Corrupt, Fingerprint, canonical_json, decimal_text, sha256_hex
from engine.rules.pack import DatedValue, Fact, Factor, Pack, Parameter, Rule, Scoring, Table
from engine.rules.values import Column

T = TypeVar("T")
_MARK = ',"packs":'


def pack_content(pack: Pack) -> dict[str, Any]:
    """Everything that can move a decision or stand in one; comments, white space and positions are not part of it."""
    return {
        "pack": pack.name, "version": pack.version, "owner": pack.owner, "description": pack.description,
        "parameters": [
            {"name": p.name, "unit": p.unit, "reason": p.reason, "source": p.source, "values": [{"from": v.since, "value": _tagged(v.value)} for v in p.values]}
            for p in _by_name(pack.parameters)
        ],
        "facts": [
            {"name": f.name, "subject": f.subject, "context": f.context, "description": f.description, "cypher": f.cypher, "columns": [_column(c) for c in f.columns]}
            for f in _by_name(pack.facts)
        ],
        "inputs": [_column(c) for c in _by_name(pack.inputs)],
        "tables": [
            {
                "name": t.name, "description": t.description, "hit_policy": t.hit_policy, "aggregate": t.aggregate, "uses": t.uses,
                "outputs": [_column(c) for c in t.outputs],
                "rules": [
                    {"id": r.id, "when": [[n, _tagged(v)] for n, v in r.when], "then": [[n, _tagged(v)] for n, v in r.then], "because": r.because}
                    for r in t.rules
                ],
            }
            for t in _by_name(pack.tables)
        ],
        "scoring": [
            {
                "name": s.name, "subject": s.subject, "description": s.description, "order": [[n, d] for n, d in s.order],
                "factors": [
                    {
                        "name": f.name, "uses": f.uses, "weight": f.weight, "unit": f.unit, "low": f.low, "high": f.high,
                        "transform": f.transform, "description": f.description,
                    }
                    for f in s.factors
                ],
            }
            for s in _by_name(pack.scorings)
        ],
    }  # fmt: skip


def packs_json(packs: Iterable[Pack]) -> tuple[str, str]:
    """Canonical JSON of packs in name order, and the SHA-256 of its bytes."""
    raw = canonical_json([pack_content(p) for p in sorted(packs, key=lambda p: p.name)])
    return raw.decode("utf-8"), sha256_hex(raw)


def book_json(content: str, digest: str, fingerprints: Iterable[Fingerprint]) -> str:
    """A rulebook as one JSON text; the canonical content stands last, so that its digest is checked over its very bytes."""
    listed = canonical_json(list(fingerprints)).decode("utf-8")
    return f'{{"digest":"{digest}","fingerprints":{listed}{_MARK}{content}}}'


def read_book_json(text: str) -> tuple[str, str, tuple[Fingerprint, ...], list[Pack]]:
    """Content, digest, fingerprints and packs of book_json. Raises Corrupt RUL222 where they do not agree."""
    head, mark, tail = text.strip().partition(_MARK)
    content = tail[:-1]
    try:
        if not mark or not tail.endswith("}"):
            raise ValueError("the text is not a whole rulebook")
        stated = json.loads(head + "}")
        if sha256_hex(content.encode("utf-8")) != stated["digest"]:
            raise ValueError("the content does not have the digest it states")
        packs = [_pack(p) for p in json.loads(content)]
        return content, stated["digest"], tuple(Fingerprint(**f) for f in stated["fingerprints"]), packs
    except (ValueError, KeyError, TypeError) as error:
        raise Corrupt.at("RUL222", f"the compiled rulebook cannot be used: {error}", why="a decision rests on the exact rules of its snapshot", fix="build the snapshot again") from None


def _by_name(named: Mapping[str, T]) -> list[T]:
    return [named[name] for name in sorted(named)]


def _tagged(value: Any) -> Any:
    """Numbers stand apart from texts that look like them."""
    if isinstance(value, Decimal):
        return {"number": decimal_text(value)}
    if isinstance(value, (tuple, list)):
        return [_tagged(v) for v in value]
    if isinstance(value, Mapping):
        return {"mapping": [[k, _tagged(v)] for k, v in value.items()]}
    return value


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_untagged(v) for v in value)
    if isinstance(value, dict):
        return Decimal(value["number"]) if "number" in value else {k: _untagged(v) for k, v in value["mapping"]}
    return value


def _column(column: Column) -> dict[str, Any]:
    return {"name": column.name, "type": column.type, "description": column.description, "values": _tagged(column.values)}


def _read_column(c: Mapping[str, Any]) -> Column:
    return Column(c["name"], c["type"], c["description"], _untagged(c["values"]))


def _pack(d: Mapping[str, Any]) -> Pack:
    parameters = [
        Parameter(p["name"], p["unit"], p["reason"], p["source"], tuple(DatedValue(date.fromisoformat(v["from"]), _untagged(v["value"])) for v in p["values"]))
        for p in d["parameters"]
    ]  # fmt: skip
    facts = [Fact(f["name"], f["subject"], f["context"], f["description"], f["cypher"], tuple(_read_column(c) for c in f["columns"])) for f in d["facts"]]
    tables = [
        Table(
            t["name"], t["description"], t["hit_policy"], t["aggregate"], tuple(t["uses"]), tuple(_read_column(c) for c in t["outputs"]),
            tuple(
                Rule(r["id"], tuple((n, _untagged(v)) for n, v in r["when"]), tuple((n, _untagged(v)) for n, v in r["then"]), r["because"])
                for r in t["rules"]
            ),
        )
        for t in d["tables"]
    ]  # fmt: skip
    scorings = [
        Scoring(
            s["name"], s["subject"], s["description"],
            tuple(
                Factor(f["name"], f["uses"], f["weight"], f["unit"], Decimal(f["low"]), Decimal(f["high"]), f["transform"], f["description"])
                for f in s["factors"]
            ),
            tuple((n, d) for n, d in s["order"]),
        )
        for s in d["scoring"]
    ]  # fmt: skip
    return Pack(
        d["pack"], d["version"], d["owner"], d["description"],
        {p.name: p for p in parameters}, {f.name: f for f in facts}, {c["name"]: _read_column(c) for c in d["inputs"]},
        {t.name: t for t in tables}, {s.name: s for s in scorings},
    )  # fmt: skip
