"""From a title to a resolution: normalise, gather candidates road by road until one claims something, count votes, ask the packs.

In: a title, the index, the facts, the rulebook and the day. Out: a Resolution. Every tier, threshold and class code stands in the packs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import Alternative, EvidenceRef, Reason, decimal_text, from_micro, percent_text
from engine.resolver.candidates import Candidate, MatchSettings
from engine.resolver.derivation import Derivation, SecondJob
from engine.resolver.field_words import field_words, names_within
from engine.resolver.likeness import Likened, Likeness
from engine.resolver.normalise import NormalisedTitle, normalise, parts_told
from engine.resolver.resolution import Facts, FallbackGroup, Occupation, Resolution
from engine.resolver.roads import Matcher
from engine.resolver.route import Route
from engine.resolver.routes import Router
from engine.resolver.standing import CountSettings, Standing, depth_of, gravest, second_jobs, standing_of, title_facts
from engine.resolver.tiers import Tiers, TitleFacts, decide_tiers
from engine.resolver.title_index import TitleIndex
from engine.resolver.votes import CLAIMS, Meaning, Votes, Weighed, count_votes
from engine.resolver.weigher import Weigher
from engine.resolver.wider_groups import WiderGroups, group_level
from engine.rules import Rulebook

_SHOWN = 10


def resolve(title: str, index: TitleIndex, facts: Facts, rulebook: Rulebook, as_of: date) -> Resolution:
    """Resolve one title. Never raises for a title, whatever it holds; rule faults surface as the rulebook's BadInput."""
    return Resolver(index, facts, rulebook, as_of).resolve(title)


class Resolver:
    """The same for many titles: parameters of the day are read once."""

    def __init__(self, index: TitleIndex, facts: Facts, rulebook: Rulebook, as_of: date) -> None:
        self._index, self._facts, self._rulebook, self._as_of = index, facts, rulebook, as_of
        self._matcher = Matcher(index, MatchSettings.of(rulebook, as_of))
        self._weigher = Weigher(facts, rulebook, as_of)
        self._settings = CountSettings.of(rulebook, as_of)
        self._base_trust: Decimal = rulebook.parameter("fallback", "base_trust", as_of)
        self._likeness = Likeness(index, rulebook, as_of)
        self._groups = WiderGroups(index)
        self._likened: Likened | None = None
        self._router: Router | None = None

    def resolve(self, title: str) -> Resolution:
        """Resolve one title."""
        return self.derive(title).resolution

    def derive(self, title: str) -> Derivation:
        """Resolve one title and keep what was met on the way."""
        normal, weighed, votes, second, standing = self._read(title)
        facts = self._title_facts(normal, weighed, votes, second, standing)
        tiers = decide_tiers([facts], self._rulebook, self._as_of)[0]
        return Derivation(normal, weighed, second, votes, facts, tiers, self._answer(normal, weighed, votes, tiers, self._occupations(votes, standing), standing), standing.likened)

    def facts_of(self, title: str) -> TitleFacts:
        """All that the tiers of a title rest on, so that they can be asked again with a fact changed."""
        return self.reading(title)[0]

    def reading(self, title: str) -> tuple[TitleFacts, Occupation | None]:
        """What the tiers of a title rest on, and the occupation that leads clearly: all that an answer says, before it is put in words."""
        normal, weighed, votes, second, standing = self._read(title)
        return self._title_facts(normal, weighed, votes, second, standing), self._occupations(votes, standing)[1]

    def route(self, titles: Sequence[str]) -> tuple[Route, ...]:
        """The routes of titles, in their order: every field that a Resolution has too says what `resolve` says of the title, in any batching.

        What is alike among titles is decided once and kept for the Resolver's life; a long list reads the whole index into memory first.
        """
        if self._router is None:
            self._router = Router(self._index, self._facts, self._rulebook, self._as_of, self._matcher, self._weigher, self._settings, self._likeness, self._groups)
        return self._router.route(titles)

    def _read(self, title: str) -> tuple[NormalisedTitle, tuple[Weighed, ...], Votes, tuple[SecondJob, ...], Standing]:
        """The title in its normal form, its candidates with what each may claim, how the votes fall, what stands behind its head, and what that makes of it."""
        normal = normalise(title, self._index.vocabulary)
        self._likened = None
        meanings: dict[str, Meaning] = {}
        weighed: tuple[Weighed, ...] = ()
        votes = Votes(())
        if not normal.refused:
            for candidates in self._roads(normal):
                weighed += self._weigher.weigh(candidates, meanings)
                votes = count_votes(weighed)
                if votes.accepted:
                    break
        likened = self._likened
        return normal, weighed, votes, second_jobs(normal, votes.accepted, self._matcher, self._likeness, self._weigher, meanings), standing_of(votes, self._settings, likened)

    def _roads(self, normal: NormalisedTitle) -> Iterator[tuple[Candidate, ...]]:
        """Candidates road by road; what the title is like is asked where it is not filed word for word."""
        self._likened = None
        filed = self._matcher.filed(normal.variants)
        if filed and self._matcher.in_part(filed, normal):
            (self._likened,) = self._likeness.likened([normal], self._settings.occupations_shown)
        yield self._matcher.made(filed, normal.given)
        if self._likened is None:
            (self._likened,) = self._likeness.likened([normal], self._settings.occupations_shown)
        yield from self._matcher.further(normal, self._likened)
        if self._likened.title is None:  # no index tells what it resembles
            yield self._matcher.shared(normal)

    def _title_facts(self, normal: NormalisedTitle, weighed: Sequence[Weighed], votes: Votes, second: Sequence[SecondJob], standing: Standing) -> TitleFacts:
        names = names_within(normal, weighed, self._index.vocabulary) if votes.accepted else []
        depths = {ground: depth_of(ground, self._facts) for ground in standing.grounds.values() if ground}
        return title_facts(standing, bool(normal.refused), gravest(second), field_words(normal, names), depths)

    def _occupations(self, votes: Votes, standing: Standing) -> tuple[tuple[Occupation, ...], Occupation | None]:
        """Candidates best first, and the one that leads clearly."""
        names = {w.meaning.occupation: w.meaning.occupation_name for w in votes.accepted if w.meaning.occupation_name}
        listed = {key: Occupation(key.partition("/")[2], self._index.label(key) or names.get(key) or "", from_micro(share)) for key, share in standing.occupations}
        return tuple(listed.values()), listed[standing.leading] if standing.leading else None

    def _wider(self, standing: Standing, confidence: Decimal) -> tuple[FallbackGroup, ...]:
        """Groups to fall back on, narrowest first."""
        return tuple([FallbackGroup(group_level(code), code, self._groups.label(code), chance) for code, chance in self._groups.of(standing.groups, standing.trust, confidence)])

    def _answer(
        self, normal: NormalisedTitle, weighed: Sequence[Weighed], votes: Votes, tiers: Tiers, found: tuple[tuple[Occupation, ...], Occupation | None], standing: Standing
    ) -> Resolution:
        occupations, leading = found
        audience, tier, service, tags, caveats = tiers.audience, tiers.fallback, tiers.service, tiers.tags, tiers.caveats
        fallback_tier, service_tier, ground = tiers.fallback_tier, tiers.service_tier, tiers.ground
        outcome = _text(tiers.said("service", "outcome"))
        role = votes.roles[0] if fallback_tier in ("exact", "alias") else None
        best = votes.accepted[0] if votes.accepted else None
        reasons = [reason for reason in (best.reason, best.meaning.reason) if reason] if best else []
        reasons += [*audience.reasons(0), *tier.reasons(0), *service.reasons(0), *tags.reasons(0), *caveats.reasons(0)]
        if normal.refused:
            reasons.append(Reason("service", self._rulebook.packs["service"].version, "service_tier", "not_a_title", {"refused": normal.refused}, normal.refused))
        trace = [_line("title_evidence", w.candidate.target, w.claim, w.stops) for w in weighed[:_SHOWN]]
        trace += [_line(name, normal.text, r.fired[0], r.stops[0]) for name, r in (("title_audience", audience), ("fallback_tier", tier), ("service_tier", service))]
        return Resolution(
            title=normal.given, normalized=normal.text, stripped=parts_told(normal, self._index.known), seniority=normal.seniority.seniority if normal.seniority else None,
            fallback_tier=fallback_tier, service_tier=service_tier, runtime_action=_text(service.outputs["runtime_action"][0]),
            outcome=outcome, role=role, ground=ground if outcome == "served" else None,
            occupation=leading, occupations=occupations, groups=self._wider(standing, tiers.confidence),
            family=best.meaning.family if best and role else None, function=_function(fallback_tier, votes),
            confidence=tiers.confidence, confidence_arithmetic=self._arithmetic(votes, tiers, standing), reasons=tuple(reasons),
            caveats=tuple(str(c) for c in _items(caveats.outputs["caveat"][0])), review_tags=tuple(str(t) for t in _items(tags.outputs["review_tag"][0])),
            alternatives=_alternatives(weighed, votes, {role or ground, f"occupation/{leading.code}" if leading else None}), evidence=_evidence(votes), steps=normal.trace, trace=tuple(trace),
        )  # fmt: skip

    def _arithmetic(self, votes: Votes, tiers: Tiers, standing: Standing) -> tuple[str, ...]:
        """The confidence as sentences, its factors and their product."""
        if standing.chance is not None and standing.likened:
            return (
                "The title is not filed as a whole: its occupations are ranked by the published titles and texts that it is like.",
                f"How often the first of such a list is right was found from titles that the index had not seen: {decimal_text(standing.chance)}",
            )
        if standing.chance is not None:
            return (f"The title is filed; the occupation listed first is right with its share of the votes times how often filed titles are: {decimal_text(standing.chance)}",)
        if not votes.accepted:
            return ("No record was accepted, so there is nothing to be sure of.",)
        best, base = votes.accepted[0].candidate, self._base_trust
        factors = (from_micro(votes.strength), tiers.support, Decimal(best.found.confidence), base)
        aside = ", ".join(dict.fromkeys(kind.replace("_", " ") for kind in best.dropped)) or "nothing"
        return (
            f"The best match `{best.found.title}` ({best.naming}, by {best.road}) is trusted {percent_text(factors[0])} after setting aside: {aside}.",
            f"{percent_text(factors[1])} of the votes stand behind {tiers.behind}.",
            f"Its source or author holds the record to be right with {percent_text(factors[2])}, and no reading of a title is surer than {percent_text(base)}.",
            f"{' x '.join(decimal_text(f) for f in factors)} = {decimal_text(tiers.confidence)}",
        )


def _function(tier: str, votes: Votes) -> str | None:
    return next(iter(votes.function), None) if tier in ("exact", "alias", "function") else None


def _evidence(votes: Votes) -> tuple[EvidenceRef, ...]:
    refs = []
    for w in votes.accepted:
        n = w.candidate.found
        used = f"`{n.title}` names {n.target} ({w.candidate.naming}, {w.candidate.road})"
        refs.append(EvidenceRef(n.target, n.label, n.source, n.source_ref, n.release, n.licence, Decimal(n.confidence), used))
    return tuple(refs)


def _alternatives(weighed: Sequence[Weighed], votes: Votes, chosen: set[str | None]) -> tuple[Alternative, ...]:
    """What lost: accepted records that are not the answer, then refused ones; at most ten."""
    top = votes.strength
    lost: dict[str, Alternative] = {}
    for w in sorted(weighed, key=lambda w: (CLAIMS.index(w.claim) if w.claim else len(CLAIMS), -w.vote, w.candidate.target)):
        n = w.candidate.found
        if n.target not in chosen and n.target not in lost:
            why = w.reason.sentence if w.reason else f"`{n.title}` was found by {w.candidate.road}, too weak to claim anything"
            lost[n.target] = Alternative(n.target, n.label, why, from_micro(max(0, top - w.vote)))
    return tuple(lost.values())[:_SHOWN]


def _line(table: str, subject: str, fired: str | None, stops: Sequence[Any]) -> Mapping[str, Any]:
    return {"table": table, "subject": subject, "fired": fired, "stops": [{"rule": s.rule, "input": s.input, "test": s.test, "met": s.met} for s in stops]}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _items(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else ()
