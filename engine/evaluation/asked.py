"""Titles asked of one published snapshot for one day: the routes, and what they were asked of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.ask import Desk
from engine.resolver import Resolver, Route

Say = Callable[[str], None]
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class AskedOf:
    """The snapshot that answered, its releases by source, digests of its records and rules, and the day asked for."""

    snapshot: str
    releases: Mapping[str, str]
    record_digest: str
    rules_digest: str
    as_of: str


def asked_of(desk: Desk, as_of: str | None = None) -> AskedOf:
    """What stands behind the answers of a desk."""
    receipt = desk.receipt
    return AskedOf(desk.snapshot.name, dict(sorted(receipt.releases.items())), receipt.record_digest, receipt.rules_digest, desk.day(as_of).isoformat())


def routes_of(desk: Desk, titles: Sequence[str], as_of: str | None = None, say: Say = lambda _: None) -> dict[str, Route]:
    """The route of each title, asked once however often it stands in the list."""
    resolver = Resolver(desk.index, desk.facts, desk.rulebook, desk.day(as_of))
    distinct = list(dict.fromkeys(titles))
    found: dict[str, Route] = {}
    for start in range(0, len(distinct), BATCH):
        some = distinct[start : start + BATCH]
        found.update(zip(some, resolver.route(some), strict=True))
        say(f"  {len(found):,} of {len(distinct):,} titles")
    return found
