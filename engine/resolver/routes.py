"""Routes for many titles: road by road for all of them at once, and whatever is alike among titles read, decided and put in words once.

In: titles. Out: routes, equal to what resolving one title after the other says. Refuses to know how a title is normalised, matched or counted.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from engine.resolver.candidates import Candidate, worded_otherwise
from engine.resolver.field_words import field_words, names_within, role_names
from engine.resolver.likeness import Likened, Likeness
from engine.resolver.normalise import NormalisedTitle, normalise
from engine.resolver.resolution import Facts
from engine.resolver.roads import Filed, Matcher
from engine.resolver.route import Route, line_text, reason_text, subject_of
from engine.resolver.standing import CountSettings, Standing, depth_of, gravest, second_jobs, standing_of, title_facts
from engine.resolver.tiers import NOT_A_TITLE, TitleFacts, decide_tiers
from engine.resolver.title_index import TitleIndex
from engine.resolver.title_rows import CODE_KINDS
from engine.resolver.vocabulary import Phrase
from engine.resolver.votes import Asked, Meaning, Votes, Weighed, count_votes
from engine.resolver.weigher import Weigher
from engine.resolver.wider_groups import WiderGroups
from engine.rules import DecisionText, Rulebook

_BATCH = 4_096  # titles on their way at a time
_LONG = 200  # titles from which reading the whole index costs less than it saves
_KEPT = 40_000  # answers kept


@dataclass(frozen=True, slots=True)
class _Heard:
    """What records say of a title, as far as a route tells it; `number` is equal where tiers rest on equal facts. `named` tells which of the filed keys of a
    title found word for word belong to a role."""

    number: int
    standing: Standing
    role: str | None = None
    targets: tuple[str, ...] = ()
    occupation: str | None = None
    occupations: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    named: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """What the tables say of a title's facts."""

    fallback_tier: str
    service_tier: str
    runtime_action: str
    outcome: str
    ground: str | None
    confidence: Decimal
    reasons: tuple[str, ...]
    caveats: tuple[str, ...]
    review_tags: tuple[str, ...]
    text: DecisionText


@dataclass(slots=True)
class _Walk:
    """A title on its way from road to road."""

    place: int
    roads: Iterator[tuple[Candidate, ...]]
    weighed: tuple[Weighed, ...] = ()
    likened: Likened | None = None


@dataclass(slots=True)
class _Batch:
    """Titles that are routed together: what was heard of each so far, and the names of roles and functions found in it."""

    normal: list[NormalisedTitle]
    heard: list[_Heard | None] = field(default_factory=list)
    names: dict[int, list[Phrase]] = field(default_factory=dict)


class Router:
    """Routes titles over one index under the rules of one day, and keeps what it learned."""

    def __init__(self, index: TitleIndex, facts: Facts, rulebook: Rulebook, as_of: date, matcher: Matcher, weigher: Weigher, settings: CountSettings, likeness: Likeness, groups: WiderGroups) -> None:
        self._index, self._facts, self._rulebook, self._as_of = index, facts, rulebook, as_of
        self._matcher, self._weigher, self._settings, self._likeness, self._groups = matcher, weigher, settings, likeness, groups
        self._meanings: dict[str, Meaning] = {}
        self._depths: dict[str, Mapping[str, Any]] = {}
        self._forget()

    def route(self, titles: Sequence[str]) -> tuple[Route, ...]:
        """Routes in the order of the titles."""
        with _uncollected():
            if len(titles) >= _LONG:
                self._index.warm_up()
            return tuple(chain.from_iterable(self._batch(titles[start : start + _BATCH]) for start in range(0, len(titles), _BATCH)))

    def _forget(self) -> None:
        self._filed: dict[Any, _Heard] = {}
        self._numbers: dict[Any, int] = {}
        self._told: dict[Any, _Told] = {}
        self._classes: dict[str, tuple[str, ...]] = {}
        self._nothing = self._heard(Votes(()), ())

    def _batch(self, titles: Sequence[str]) -> list[Route]:
        if max(len(self._filed), len(self._numbers), len(self._told)) > _KEPT:
            self._forget()
        vocabulary = self._index.vocabulary
        batch = _Batch([normalise(title, vocabulary) for title in titles])
        on = self._found_whole(batch)
        self._liken(batch, on)
        self._walk(batch, on)
        keys = [self._facts_key(batch, place) for place in range(len(titles))]
        self._tell({key: place for place, key in enumerate(keys) if key not in self._told}, batch)
        return [self._route(normal, heard or self._nothing, self._told[key]) for normal, heard, key in zip(batch.normal, batch.heard, keys, strict=True)]

    def _found_whole(self, batch: _Batch) -> list[_Walk]:
        """Titles that are filed word for word: what like records say of one of them, they say of all. Returns the titles that go on to other roads."""
        matcher, on = self._matcher, list[_Walk]()
        fresh: dict[Any, list[tuple[int, list[Filed]]]] = {}
        batch.heard = [None] * len(batch.normal)
        for place, normal in enumerate(batch.normal):
            if normal.refused:
                continue
            filed = matcher.filed(normal.variants)
            if not filed:
                on.append(_Walk(place, iter(())))
                continue
            if matcher.in_part(filed, normal):
                on.append(_Walk(place, iter((matcher.made(filed, normal.given),))))
                continue
            alike = _likeness(filed, normal.given)
            known = self._filed.get(alike)
            if known is None:
                fresh.setdefault(alike, []).append((place, filed))
            elif not self._take(batch, place, filed, known):
                on.append(self._from_start(batch, place))
        first = [matcher.made(found[0][1], batch.normal[found[0][0]].given) for found in fresh.values()]
        for (alike, found), weighed in zip(fresh.items(), self._weigher.weigh_many(first, self._meanings), strict=True):
            roles = {w.candidate.target for w in weighed if w.candidate.target.startswith("role/")}
            named = tuple([bool(roles) and any(n.target in roles for n in namings) for _, namings in found[0][1]])
            heard = self._filed[alike] = self._heard(count_votes(weighed), named)
            on += [self._from_start(batch, place) for place, filed in found if not self._take(batch, place, filed, heard)]
        return on

    def _take(self, batch: _Batch, place: int, filed: list[Filed], heard: _Heard) -> bool:
        """Let records that are filed under a title speak for it; False where they claim nothing."""
        if not heard.targets:
            return False
        batch.heard[place] = heard
        if any(heard.named):
            named = [naming for (_, namings), is_role in zip(filed, heard.named, strict=True) if is_role for naming in namings]
            batch.names[place] = list(role_names(named, self._index.vocabulary))
        return True

    def _from_start(self, batch: _Batch, place: int) -> _Walk:
        normal = batch.normal[place]
        return _Walk(place, iter((self._matcher.exact(normal.variants, normal.given),)))

    def _liken(self, batch: _Batch, on: Sequence[_Walk]) -> None:
        """What titles are like that are not filed word for word, all at once, and the roads that this opens."""
        for walk, likened in zip(on, self._likeness.likened([batch.normal[walk.place] for walk in on], self._settings.occupations_shown), strict=True):
            walk.likened = likened
            walk.roads = chain(walk.roads, self._matcher.further(batch.normal[walk.place], likened))

    def _walk(self, batch: _Batch, on: list[_Walk]) -> None:
        """Road by road until a record claims something or no road is left."""
        while on:
            met = []
            for walk in on:
                found = next(walk.roads, None)
                if found is not None:
                    met.append((walk, found))
                elif walk.likened is not None and walk.likened.codes:
                    batch.heard[walk.place] = self._heard(Votes(()), (), walk.likened)
            weighed = self._weigher.weigh_many([found for _, found in met], self._meanings)
            on = []
            for (walk, _), more in zip(met, weighed, strict=True):
                walk.weighed += more
                if any(w.claim for w in more):
                    batch.heard[walk.place] = self._heard(count_votes(walk.weighed), (), walk.likened)
                    batch.names[walk.place] = names_within(batch.normal[walk.place], walk.weighed, self._index.vocabulary)
                else:
                    on.append(walk)

    def _heard(self, votes: Votes, named: tuple[bool, ...], likened: Likened | None = None) -> _Heard:
        standing = standing_of(votes, self._settings, likened)
        key = (*standing.votes.values(), *standing.grounds.values(), *standing.answer.values(), standing.record_confidence, standing.chance)
        number = self._numbers.setdefault(key, len(self._numbers))
        leading = standing.leading.partition("/")[2] if standing.leading else None
        codes = tuple([key.partition("/")[2] for key, _ in standing.occupations])
        if not votes.accepted:
            return _Heard(number, standing, occupations=codes)
        best = votes.accepted[0]
        target = best.candidate.found.target
        if target not in self._classes:
            self._classes[target] = _lines(best.meaning.asked)
        return _Heard(number, standing, standing.grounds["role"], tuple([w.candidate.target for w in votes.accepted]), leading, codes, (*_lines(best.asked), *self._classes[target]), named)

    def _facts_key(self, batch: _Batch, place: int) -> tuple[Any, ...]:
        """Equal for titles whose tiers rest on equal facts."""
        normal, heard = batch.normal[place], batch.heard[place]
        if heard is None:
            return (self._nothing.number, (None, 0), (), bool(normal.refused))
        names = batch.names.get(place)
        second = gravest(second_jobs(normal, heard.targets, self._matcher, self._likeness, self._weigher, self._meanings)) if normal.stripped else (None, 0)  # a part or a bracket
        return (heard.number, second, field_words(normal, names) if names else (), False)

    def _tell(self, new: Mapping[tuple[Any, ...], int], batch: _Batch) -> None:
        """Ask the tables about facts that were not met before."""
        facts = [self._title_facts((batch.heard[place] or self._nothing).standing, key) for key, place in new.items()]
        tiers = decide_tiers(facts, self._rulebook, self._as_of, trace=False)
        if not tiers:
            return
        one = tiers[0]
        texts = self._rulebook.decision_texts([one.fallback, one.service, one.tags, one.caveats], self._as_of)
        for place, (key, told) in enumerate(zip(new, tiers, strict=True)):
            tables = (told.audience, told.fallback, told.service, told.tags, told.caveats)
            outcome = str(told.said("service", "outcome"))
            self._told[key] = _Told(
                told.fallback_tier, told.service_tier, str(told.said("service", "runtime_action")), outcome, told.ground if outcome == "served" else None, told.confidence,
                tuple(line_text(table, row, sentence) for table in tables for row, sentence in table.lines(place)), tuple(map(str, told.said("caveats", "caveat"))),
                tuple(map(str, told.said("tags", "review_tag"))), texts[place],
            )  # fmt: skip

    def _title_facts(self, standing: Standing, key: tuple[Any, ...]) -> TitleFacts:
        _, second, words, refused = key
        for ground in standing.grounds.values():
            if ground and ground not in self._depths:
                self._depths[ground] = depth_of(ground, self._facts)
        return title_facts(standing, refused, second, words, self._depths)

    def _route(self, normal: NormalisedTitle, heard: _Heard, told: _Told) -> Route:
        tier = told.fallback_tier
        refused = (f"service.service_tier.{NOT_A_TITLE}: {normal.refused}",) if normal.refused else ()
        return Route(
            normal.given, normal.text, tier, told.service_tier, told.runtime_action, told.outcome, heard.role if tier in ("exact", "alias") else None, told.ground,
            heard.standing.grounds["function"] if tier in ("exact", "alias", "function") else None, heard.occupation, heard.occupations,
            self._groups.of(heard.standing.groups, heard.standing.trust, told.confidence), told.confidence, heard.reasons + told.reasons + refused, told.caveats, told.review_tags, told.text.id_of(subject_of(normal.given, heard.targets)),
        )  # fmt: skip


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cyclic garbage meanwhile: routing makes none, and each search walks the whole index, which takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _lines(asked: Asked | None) -> tuple[str, ...]:
    """The row that a table said first, as a line."""
    if asked is None:
        return ()
    lines = tuple([line_text(asked.result, row, sentence) for row, sentence in asked.result.lines(asked.position)[:1]])
    return lines or (reason_text(asked.result.reason(asked.position)),)


def _likeness(filed: Sequence[Filed], given: str) -> tuple[Any, ...]:
    """Equal for titles of which filed records say the same: whatever of them moves a vote, a reason or an order."""
    parts: list[Any] = []
    for variant, namings in filed:
        parts += [variant.dropped, variant.rank, tuple([(n.target, n.kind, n.confidence, n.source if n.kind in CODE_KINDS else None) for n in namings])]
        if len(namings) > 1:
            parts.append(worded_otherwise(namings, given))
    spoken = [n for _, namings in filed for n in namings]
    if len({n.target for n in spoken}) < len(spoken):  # of two records of one target the title decides which speaks
        parts.append(tuple([n.title for n in spoken]))
    return tuple(parts)
