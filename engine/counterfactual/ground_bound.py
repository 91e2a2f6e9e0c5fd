"""How little a ground must at least change for a service tier, whatever the reading of the title: where the search may stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from engine.counterfactual.choices import Choices
from engine.counterfactual.question import Question
from engine.resolver import GROUNDS
from engine.rules import Value, telling_values

Row = dict[str, Value | None]


def least_ground(question: Question, choices: Choices) -> int:
    """The fewest changes to a ground with which some reading, of whatever fallback tier, audience and match, gets the service tier that is wanted.

    So many changes are part of every set; 0 where a fallback tier is wanted, which asks nothing of a ground.
    """
    if not question.served:
        return 0
    rows = list(_rows(question, choices))
    names = [name for name in question.rulebook.pack("service").tables["service_tier"].uses if name != "title_state"]
    columns: dict[str, list[Value | None]] = {name: [row.get(name) for row, _ in rows] for name in names}
    columns["title_state"] = [question.facts.state] * len(rows)
    said = question.rulebook.decide("service", "service_tier", columns, question.as_of, size=len(rows), trace=False).outputs["service_tier"]
    return min((size for size, tier in zip((size for _, size in rows), said, strict=True) if tier == question.wanted), default=0)


def _rows(question: Question, choices: Choices) -> Iterator[tuple[Row, int]]:
    """Every outcome of a reading that the service tiers tell apart, on every ground that it may come to stand on, with every change to that."""
    pack = question.rulebook.pack("service")
    matches = [stretch[0] for stretch in telling_values(question.rulebook, "service", ("service_tier",), question.as_of)["match"]]
    tiers, audiences = pack.inputs["fallback_tier"].values, (*pack.inputs["audience"].values, None)
    for tier in tiers:
        kind = GROUNDS.get(str(tier), "")
        grounds = list(_grounds(question, choices, kind))
        for audience, match in product(audiences, matches):
            outcome: Row = {"fallback_tier": tier, "audience": audience, "match": match}
            yield from (({**outcome, **ground}, size) for ground, size in grounds)


def _grounds(question: Question, choices: Choices, kind: str) -> Iterator[tuple[Row, int]]:
    near: Mapping[str, Value | None] = question.setting.near_depth if kind == "role" else {}
    columns = choices.depth.get(kind, {})
    possible = [question.facts.depth.get(kind, {}), near, {}]
    for now in (p for i, p in enumerate(possible) if p not in possible[:i]):
        for values in product(*((now.get(name), *(v for v in some if v != now.get(name))) for name, some in columns.items())):
            ground = dict(zip(columns, values, strict=True))
            yield ground, sum(now.get(name) != value for name, value in ground.items())
