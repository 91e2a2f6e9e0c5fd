"""What of a decision's derivation differs: facts under a title, rows that fired, parameters they read, factors of a score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.ask import Desk
from engine.compare.asked_titles import AskedTitle
from engine.contracts import decimal_text
from engine.resolver import TitleFacts


@dataclass(frozen=True, slots=True, order=True)
class Mover:
    """One difference: `fact`, `row`, `parameter` or `factor`, its name, and both values as text ('' where there is none)."""

    kind: str
    name: str
    before: str
    after: str


def movers_between(before: Desk, after: Desk, first: AskedTitle, second: AskedTitle, day: date) -> tuple[Mover, ...]:
    """Rows, then parameters, facts, and factors of the path's scores, each in order of name."""
    facts = [_facts(desk.title_facts(first.title, day.isoformat())) for desk in (before, after)]
    read = _parameters(first) | _parameters(second)
    found = [*_between("row", _rows(first), _rows(second))]
    found += _between("parameter", *({f"{pack}.{name}": _text(desk.rulebook.parameter(pack, name, day)) for pack, name in sorted(read)} for desk in (before, after)))
    if first.path != second.path:
        found += _between("parameter", _weights(first), _weights(second), both=True)
    found += _between("fact", facts[0], facts[1])
    if first.path != second.path:
        found += _between("factor", _factors(first), _factors(second), both=True)
    return tuple(found)


def _between(kind: str, before: Mapping[str, str], after: Mapping[str, str], *, both: bool = False) -> Iterator[Mover]:
    """What differs; with `both` only of what stands on both sides."""
    for name in sorted(set(before) & set(after) if both else set(before) | set(after)):
        if before.get(name, "") != after.get(name, ""):
            yield Mover(kind, name, before.get(name, ""), after.get(name, ""))


def _facts(facts: TitleFacts) -> dict[str, str]:
    told = {f"fallback.{name}": value for name, value in facts.votes.items()}
    told |= {f"leading {kind}": key for kind, key in facts.grounds.items()}
    told |= {f"service.{name} of the {kind}": value for kind, columns in facts.depth.items() for name, value in columns.items()}
    told |= {f"service.{name}": value for name, value in facts.answer.items()}
    told["confidence of the record"] = facts.record_confidence
    return {name: _text(value) for name, value in told.items()}


def _rows(asked: AskedTitle) -> dict[str, str]:
    fired: dict[str, list[str]] = {}
    for reason in asked.decision.reasons:
        fired.setdefault(f"{reason.pack}.{reason.table}", []).append(reason.rule)
    return {table: ", ".join(rules) for table, rules in fired.items()}


def _parameters(asked: AskedTitle) -> set[tuple[str, str]]:
    """Parameters that the fired rows read, by pack and name."""
    return {(r.pack, name[1:]) for r in asked.decision.reasons for name in r.bindings if name.startswith("$")}


def _factors(asked: AskedTitle) -> dict[str, str]:
    return {f"{step['module']}: {term['factor']}": _text(term["value"]) for step in asked.steps for term in step["terms"]}


def _weights(asked: AskedTitle) -> dict[str, str]:
    return {f"weight of {term['factor']}": _text(term["weight"]) for step in asked.steps for term in step["terms"]}


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value))
    return "" if value is None else str(value)
