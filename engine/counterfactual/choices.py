"""Facts that may be otherwise and the values worth trying for each: those between which some row of some table tells a difference.

In: the facts of a title and the rulebook. Out: choices by fact, in the order in which the tables use them. Refuses to know which tier is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from engine.contracts import MICRO, from_micro, to_micro
from engine.counterfactual.worlds import GROUND_KINDS, depth_fact, value_of
from engine.resolver import TitleFacts
from engine.rules import Column, Rulebook, Value, telling_values

_CLAIM_TABLES = ("title_audience", "fallback_tier")
_MATCHED = ("strength", "votes_function", "votes_archetype")  # factors of the match, which the service tiers are held against
Stretches = Sequence[tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Choices:
    """Values worth trying by fact, the present one left out: `reading` of how the title is read, `depth` of the grounds by kind."""

    reading: Mapping[str, tuple[Value | None, ...]]
    depth: Mapping[str, Mapping[str, tuple[Value | None, ...]]]


def choices_for(facts: TitleFacts, rulebook: Rulebook, as_of: date, served: bool = True) -> Choices:
    """What may be changed about a title; nothing for a text that is no title, whose words no record can mend. `served` tells that a service tier is wanted."""
    if facts.state != "title":
        return Choices({}, {})
    fallback, service = rulebook.pack("fallback"), rulebook.pack("service")
    telling = telling_values(rulebook, "fallback", _CLAIM_TABLES, as_of)
    telling_service = telling_values(rulebook, "service", ("service_tier",), as_of)
    reading: dict[str, tuple[Value | None, ...]] = {"best_claim": _claims(facts, fallback.inputs["best_claim"])}
    for name in dict.fromkeys(n for table in _CLAIM_TABLES for n in fallback.tables[table].uses if n in facts.votes and n in telling):
        if name not in reading:
            values = _values(fallback.inputs[name], facts.votes[name], telling[name])
            # a fallback tier asks nothing of the match, so its bounds tell nothing apart there
            matching = _matching(facts, name, telling_service["match"]) if served else []
            reading[name] = (*values, *(v for v in matching if v not in values and v != facts.votes[name]))
    if facts.votes["second_job"] is not None:
        # without a second job no test on it holds, as on a second job inside the audience: the plainer of the two is offered
        reading["second_job"] = (None, *(v for v in reading["second_job"] if v != "inside"))
    columns = [column for column in service.facts["ground_depth"].columns if column.name in telling_service]
    depth = {kind: {c.name: _values(c, value_of(facts, depth_fact(kind, c.name)), telling_service[c.name]) for c in columns} for kind in GROUND_KINDS}
    return Choices(reading, depth)


def _claims(facts: TitleFacts, column: Column) -> tuple[Value | None, ...]:
    """Other claims. Whether a class of work, settled or listed, or a ground is claimed makes no difference by itself, so the one is not offered for the other."""
    now = facts.votes["best_claim"]
    alike = ("settled_class", "class_of_work", "ground")
    return tuple(v for v in (None, *column.values) if v != now and not (now in alike and v in alike))


def _values(column: Column, now: Value | None, stretches: Stretches) -> tuple[Value, ...]:
    """Of a count the value of each other stretch that is nearest; of a share, which others hang on, both ends of all; of anything else one of each way."""
    if column.type != "count":
        return tuple(v for v in dict.fromkeys(v for stretch in stretches for v in stretch) if v != now)
    met: Any = 0 if now is None else now
    own = None if now is None else max(position for position, stretch in enumerate(stretches) if _number(stretch[0]) <= met)
    return tuple(min(stretch, key=lambda v: abs(_number(v) - met)) for position, stretch in enumerate(stretches) if position != own)


def _matching(facts: TitleFacts, name: str, stretches: Stretches) -> list[Decimal]:
    """Values at which the match (trust times the share of the votes) reaches a bound of it: alone, and beside the present other factor."""
    if name not in _MATCHED:
        return []
    others = ("strength",) if name != "strength" else ("votes_function", "votes_archetype")
    found: list[Decimal] = []
    for bound in (v for stretch in stretches for v in stretch):
        wanted = to_micro(_number(bound))
        for other in (MICRO, *(to_micro(_number(facts.votes[o])) for o in others)):
            if other:
                least = int((Decimal(wanted) * MICRO / other).to_integral_value(ROUND_CEILING))
                if 0 < least <= MICRO:
                    found.append(from_micro(least))
    return list(dict.fromkeys(found))


def _number(value: Any) -> Decimal:
    return Decimal(value) if isinstance(value, (int, Decimal)) else Decimal(0)
