"""From the facts of titles to their tiers: the packs `fallback` and `service`, asked one after the other, for one title or for many.

In: what was counted about each title, as values. Out: fallback tier, audience, match, service tier, tags and caveats, with the trace.
A title's facts hold all that its tiers rest on, so a changed fact can be asked again without the title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from math import prod
from typing import Any

from engine.contracts import MICRO, from_micro, to_micro
from engine.rules import Rulebook, TableResult, Value

GROUNDS = {"exact": "role", "alias": "role", "function": "function", "archetype": "archetype"}  # what a tier stands on
AUDIENCES = ("inside", "held", "outside")
NOT_A_TITLE, TITLE = "not_a_title", "title"


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """All that the tiers of one title rest on.

    `votes` are the inputs of the pack `fallback` (its tables `title_audience` and `fallback_tier`); `grounds` the keys that lead, by kind (`role`,
    `function`, `archetype`); `depth` the columns of `service.ground_depth` of each of them; `answer` the other inputs of the pack
    `service`; `record_confidence` what the best record itself is held to be worth (share); `chance` the calibrated chance that the occupation
    listed first is right, which then is the confidence. None is missing, everywhere.
    """

    state: str
    votes: Mapping[str, Value | None]
    grounds: Mapping[str, str | None]
    depth: Mapping[str, Mapping[str, Value | None]]
    answer: Mapping[str, Value | None]
    record_confidence: Decimal
    chance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of one title: `position` is its place in the table results, which hold those of every title that was asked with it.

    `support` is the share of the votes behind the answer and `behind` says what that is; `match` is the trust in the best record times
    `support`; `confidence` the chance that the first occupation is right where that is known, else the match times the record's confidence times the base trust.
    All shares, 0 to 1.
    """

    position: int
    audience: TableResult
    fallback: TableResult
    service: TableResult
    tags: TableResult
    caveats: TableResult
    ground: str | None
    behind: str
    support: Decimal
    match: Decimal
    confidence: Decimal

    def said(self, table: str, output: str) -> Any:
        """An output of one of the tables (`audience`, `fallback`, `service`, `tags`, `caveats`) for this title."""
        result: TableResult = getattr(self, table)
        return result.outputs[output][self.position]

    @property
    def fallback_tier(self) -> str:
        """One of the six fallback tiers."""
        return str(self.said("fallback", "fallback_tier"))

    @property
    def service_tier(self) -> str:
        """One of the four service tiers."""
        return str(self.said("service", "service_tier"))


def decide_tiers(titles: Sequence[TitleFacts], rulebook: Rulebook, as_of: date, *, trace: bool = True) -> tuple[Tiers, ...]:
    """The tiers of titles, in their order; every table is asked once for all of them. Raises the rulebook's BadInput."""
    size = len(titles)
    if not size:
        return ()
    votes = {name: [t.votes.get(name) for t in titles] for name in titles[0].votes}
    fallback = rulebook.decide("fallback", "fallback_tier", votes, as_of, size=size, trace=trace)
    audience = fallback.upstream["title_audience"]
    tiers, audiences = fallback.outputs["fallback_tier"], audience.outputs["title_audience"]
    base: Decimal = rulebook.parameter("fallback", "base_trust", as_of)
    sure = [_sureness(t, str(tier), a, base) for t, tier, a in zip(titles, tiers, audiences, strict=True)]
    depths = [t.depth.get(GROUNDS.get(str(tier), ""), {}) for t, tier in zip(titles, tiers, strict=True)]
    columns: dict[str, list[Any]] = {
        "title_state": [t.state for t in titles],
        "fallback_tier": list(tiers),
        "audience": list(audiences),
        "match": [s.match for s in sure],
        "confidence": [s.confidence for s in sure],
        **{name: [t.answer.get(name) for t in titles] for name in titles[0].answer},
        **{name: [d.get(name) for d in depths] for name in dict.fromkeys(n for t in titles for d in t.depth.values() for n in d)},
    }
    service = rulebook.decide("service", "service_tier", columns, as_of, size=size, trace=trace)
    tags = rulebook.decide("service", "review_tags", columns, as_of, size=size, trace=False)
    caveats = rulebook.decide("service", "caveats", {**columns, "service_tier": list(service.outputs["service_tier"])}, as_of, size=size, trace=False)
    return tuple(
        Tiers(i, audience, fallback, service, tags, caveats, t.grounds.get(GROUNDS.get(str(tiers[i]), "")), s.behind, s.support, s.match, s.confidence)
        for i, (t, s) in enumerate(zip(titles, sure, strict=True))
    )


@dataclass(frozen=True, slots=True)
class _Sure:
    behind: str
    support: Decimal
    match: Decimal
    confidence: Decimal


def _sureness(title: TitleFacts, tier: str, audience: Any, base: Decimal) -> _Sure:
    """How much of the votes stands behind the answer, and how sure that makes it."""
    if title.votes.get("best_claim") is None:
        nothing = from_micro(0)
        return _Sure("", nothing, nothing, nothing if title.chance is None else title.chance)
    strength = to_micro(_share(title, "strength"))
    kind = GROUNDS.get(tier)
    if kind:
        behind, support = "the ground", MICRO if kind == "role" else to_micro(_share(title, f"votes_{kind}"))
    else:
        shares = {a: to_micro(_share(title, f"votes_{a}")) for a in AUDIENCES}
        # a title of no single audience is as sure as its largest part
        behind, support = "its class of work", shares.get(str(audience)) or max(shares.values())
    match = from_micro(strength * support // MICRO)
    confidence = title.chance
    if confidence is None:
        confidence = prod((from_micro(strength), from_micro(support), title.record_confidence, base), start=Decimal(1)).quantize(from_micro(1), ROUND_DOWN)
    return _Sure(behind, from_micro(support), match, confidence)


def _share(title: TitleFacts, name: str) -> Decimal:
    value = title.votes.get(name)
    return value if isinstance(value, Decimal) else Decimal(0)
