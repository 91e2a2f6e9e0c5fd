"""From a title to a resolution: normalise, gather candidates road by road until one claims something, count votes, ask the packs.

In: a title, the index, the facts, the rulebook and the day. Out: a Resolution. Every tier, threshold and class code stands in the packs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import MICRO, Alternative, EvidenceRef, Reason, decimal_text, from_micro, percent_text
from engine.resolver.candidates import Matcher, MatchSettings
from engine.resolver.derivation import Derivation, SecondJob
from engine.resolver.normalise import NormalisedTitle, normalise
from engine.resolver.resolution import Facts, Occupation, Resolution
from engine.resolver.tiers import NOT_A_TITLE, TITLE, Tiers, TitleFacts, decide_tiers
from engine.resolver.title_index import TitleIndex
from engine.resolver.votes import CLAIMS, Votes, Weighed, Weigher, count_votes
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
        self._occupation_share = int(rulebook.parameter("fallback", "occupation_share", as_of) * MICRO)
        self._management_rank = int(rulebook.parameter("title_evidence", "management_rank", as_of))
        self._base_trust: Decimal = rulebook.parameter("fallback", "base_trust", as_of)
        self._occupations_shown = int(rulebook.parameter("fallback", "occupations_shown", as_of))

    def resolve(self, title: str) -> Resolution:
        """Resolve one title."""
        return self.derive(title).resolution

    def derive(self, title: str) -> Derivation:
        """Resolve one title and keep what was met on the way."""
        normal, weighed, votes = self._weighed(title)
        found, second = self._occupations(votes), self._second_jobs(normal, votes)
        facts = self._title_facts(normal, weighed, votes, second, found)
        tiers = decide_tiers([facts], self._rulebook, self._as_of)[0]
        return Derivation(normal, weighed, second, votes, facts, tiers, self._answer(normal, weighed, votes, tiers, found))

    def _weighed(self, title: str) -> tuple[NormalisedTitle, tuple[Weighed, ...], Votes]:
        """The title in its normal form, its candidates with what each may claim, and how the votes fall."""
        normal = normalise(title, self._index.vocabulary)
        weighed: tuple[Weighed, ...] = ()
        votes = Votes(())
        if not normal.refused:
            for candidates in self._matcher.roads(normal):
                weighed += self._weigher.weigh(candidates)
                votes = count_votes(weighed)
                if votes.accepted:
                    break
        return normal, weighed, votes

    def facts_of(self, title: str) -> TitleFacts:
        """All that the tiers of a title rest on, so that they can be asked again with a fact changed."""
        return self.reading(title)[0]

    def reading(self, title: str) -> tuple[TitleFacts, Occupation | None]:
        """What the tiers of a title rest on, and the occupation that leads clearly: all that an answer says, before it is put in words."""
        normal, weighed, votes = self._weighed(title)
        found = self._occupations(votes)
        return self._title_facts(normal, weighed, votes, self._second_jobs(normal, votes), found), found[1]

    def _title_facts(
        self, normal: NormalisedTitle, weighed: Sequence[Weighed], votes: Votes, second_jobs: Sequence[SecondJob], found: tuple[tuple[Occupation, ...], Occupation | None]
    ) -> TitleFacts:
        second, second_words = _gravest(second_jobs)
        grounds = _grounds(votes)
        answer: dict[str, Any] = {
            "domains": votes.domains,
            "occupations": len(found[0]),
            "occupation_known": found[1] is not None,
            "management_dropped": any(w.candidate.dropped_rank >= self._management_rank for w in votes.accepted),
            "corrected": any("spelling" in w.candidate.dropped for w in votes.accepted),
        }
        return TitleFacts(
            NOT_A_TITLE if normal.refused else TITLE, _title_columns(votes, second, second_words, self._field_words(normal, weighed)), grounds,
            {kind: self._depth(ground) for kind, ground in grounds.items() if ground}, answer,
            Decimal(votes.accepted[0].candidate.found.confidence) if votes.accepted else Decimal(0),
        )  # fmt: skip

    def _answer(
        self, normal: NormalisedTitle, weighed: Sequence[Weighed], votes: Votes, tiers: Tiers, found: tuple[tuple[Occupation, ...], Occupation | None]
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
            title=normal.given, normalized=normal.text, stripped=normal.stripped, seniority=normal.seniority.seniority if normal.seniority else None,
            fallback_tier=fallback_tier, service_tier=service_tier, runtime_action=_text(service.outputs["runtime_action"][0]),
            outcome=outcome, role=role, ground=ground if outcome == "served" else None,
            occupation=leading, occupations=occupations,
            family=best.meaning.family if best and role else None, function=_function(fallback_tier, votes),
            confidence=tiers.confidence, confidence_arithmetic=self._arithmetic(votes, tiers), reasons=tuple(reasons),
            caveats=tuple(str(c) for c in _items(caveats.outputs["caveat"][0])), review_tags=tuple(str(t) for t in _items(tags.outputs["review_tag"][0])),
            alternatives=_alternatives(weighed, votes, {role or ground, f"occupation/{leading.code}" if leading else None}), evidence=_evidence(votes), steps=normal.trace, trace=tuple(trace),
        )  # fmt: skip

    def _arithmetic(self, votes: Votes, tiers: Tiers) -> tuple[str, ...]:
        """The confidence as sentences, its factors and their product."""
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

    def _second_jobs(self, normal: NormalisedTitle, votes: Votes) -> tuple[SecondJob, ...]:
        """Published titles that stand behind the head, once something is known of the title."""
        parts = [(part, naming) for part, naming in self._matcher.second_jobs(normal) if naming.target_class in ("occupation", "soc")] if votes.accepted else []
        meanings = self._weigher.meanings([naming for _, naming in parts])
        return tuple(SecondJob(part, naming, meanings[naming.target]) for part, naming in parts)

    def _field_words(self, normal: NormalisedTitle, weighed: Sequence[Weighed]) -> tuple[str, ...]:
        """Words of the whole title beside the name of a role that ends in a general noun of work, or beside who does a function's activity; the longest
        such name counts."""
        vocabulary, whole = self._index.vocabulary, normal.variants[0].words if normal.variants else ()
        agents = {activity: agent for agent, activity in vocabulary.activities.items() if agent in whole}
        names: list[tuple[str, ...]] = []
        for w in weighed:
            words, kind = tuple(w.candidate.found.key.split()), w.candidate.found.target_class
            if kind == "role" and words[-1] in vocabulary.work_nouns:
                names.append(words)
            elif w.candidate.road == "term" and words[-1] in agents:
                names.append((*words[:-1], agents[words[-1]]))
        name = max(names, key=lambda words: (len(words), words), default=whole)
        return tuple(word for word in dict.fromkeys(whole) if word not in name)

    def _depth(self, ground: str | None) -> dict[str, Any]:
        if ground is None:
            return {}
        return {name: values[0] for name, values in self._facts.columns("service.ground_depth", [ground]).items()}

    def _occupations(self, votes: Votes) -> tuple[tuple[Occupation, ...], Occupation | None]:
        """Candidates best first, and the one that leads clearly; a role speaks through the occupation it maps to exactly."""
        shares = dict(votes.occupation)
        if votes.roles and len(votes.roles) == 1:
            mapped = votes.accepted[0].meaning.occupation
            shares = {mapped: MICRO} if mapped else {}
        names = {w.meaning.occupation: w.meaning.occupation_name for w in votes.accepted if w.meaning.occupation_name}
        listed = [
            Occupation(key.partition("/")[2], self._index.label(key) or names.get(key) or "", from_micro(share)) for key, share in shares.items()
        ][: self._occupations_shown]  # fmt: skip
        leading = next((o for key, o in zip(shares, listed, strict=False) if shares[key] >= self._occupation_share), None)
        return tuple(listed), leading


def _gravest(second_jobs: Sequence[SecondJob]) -> tuple[str | None, int]:
    """The gravest audience among second jobs that have one only, and its number of words."""
    found: dict[str, int] = {}
    for part in dict.fromkeys(job.part for job in second_jobs):
        audiences = {job.meaning.audience for job in second_jobs if job.part == part}
        if len(audiences) == 1:
            found[str(audiences.pop())] = len(part.split())
    return next(((a, found[a]) for a in ("held", "outside", "inside") if a in found), (None, 0))


def _title_columns(votes: Votes, second: str | None, words: int, field: tuple[str, ...]) -> dict[str, Any]:
    return {
        "best_claim": votes.best_claim,
        "roles": len(votes.roles),
        "strength": from_micro(votes.strength),
        "votes_inside": from_micro(votes.audience.get("inside", 0)),
        "votes_held": from_micro(votes.audience.get("held", 0)),
        "votes_outside": from_micro(votes.audience.get("outside", 0)),
        "second_job": second,
        "second_job_words": words,
        "field_words": field,
        "votes_function": from_micro(next(iter(votes.function.values()), 0)),
        "rival_function": from_micro(next(iter([*votes.function.values()][1:]), 0)),
        "votes_archetype": from_micro(next(iter(votes.archetype.values()), 0)),
    }


def _grounds(votes: Votes) -> dict[str, str | None]:
    """The keys that lead by kind: what each tier would stand on."""
    return {"role": votes.roles[0] if votes.roles else None, "function": next(iter(votes.function), None), "archetype": next(iter(votes.archetype), None)}


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
