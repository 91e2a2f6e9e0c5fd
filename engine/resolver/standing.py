"""How a title stands after the count: the facts that its tiers rest on, as far as its records tell them, and the occupations that it may mean.

In: votes. Out: the same as values of the packs `fallback` and `service`. What the words of the title itself add comes on top, see `facts_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.contracts import MICRO, from_micro
from engine.resolver.derivation import SecondJob
from engine.resolver.likeness import Likened, Likeness
from engine.resolver.normalise import NormalisedTitle
from engine.resolver.resolution import Facts
from engine.resolver.roads import Matcher
from engine.resolver.tiers import NOT_A_TITLE, TITLE, TitleFacts
from engine.resolver.votes import ALONE, Votes
from engine.resolver.weigher import Meanings, Weigher
from engine.resolver.wider_groups import Beginnings, groups_by_share, groups_of_likened
from engine.rules import Rulebook

_share = lru_cache(4_096)(from_micro)  # a few shares (nothing, all, a half) are most of them
_NONE: tuple[None, int] = (None, 0)
_SIX = len("occupation/00-0000")


@dataclass(frozen=True, slots=True)
class CountSettings:
    """Parameters that counting needs: the share from which an occupation leads (millionths), how many are shown, the rank from which seniority is
    management, the chance from which an occupation leads that a title was likened to, and the chance that one whose title is filed is
    right (millionths)."""

    occupation_share: int
    occupations_shown: int
    management_rank: int
    occupation_chance: int
    filed_chance: int

    @classmethod
    def of(cls, rulebook: Rulebook, as_of: date) -> CountSettings:
        """Read them as in force on a day."""
        share = int(rulebook.parameter("fallback", "occupation_share", as_of) * MICRO)
        rank = int(rulebook.parameter("title_evidence", "management_rank", as_of))
        chance = int(rulebook.parameter("fallback", "occupation_chance", as_of) * MICRO)
        filed = int(rulebook.parameter("fallback", "filed_chance", as_of) * MICRO)
        return cls(share, int(rulebook.parameter("fallback", "occupations_shown", as_of)), rank, chance, filed)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the accepted records of a title say. `occupations` are keys with their share in millionths, best first; `leading` is the one that leads clearly.

    `groups` are wider groups with their share, of which `trust` (millionths; None: the confidence of the answer) is the chance that the right occupation is there.
    """

    votes: Mapping[str, Any]
    grounds: Mapping[str, str | None]
    answer: Mapping[str, Any]
    record_confidence: Decimal
    occupations: tuple[tuple[str, int], ...]
    leading: str | None
    chance: Decimal | None = None
    likened: bool = False
    groups: Beginnings = ()
    trust: int | None = None


def standing_of(votes: Votes, settings: CountSettings, likened: Likened | None = None) -> Standing:
    """The standing of a title by its votes; a role speaks through the occupation it maps to exactly, and where it maps to
    none, the occupations that publishers file the title for are listed and none leads. Where a title was likened, that ranks the occupations."""
    roles, accepted = votes.roles, votes.accepted
    shares: Mapping[str, int] = votes.occupation
    if len(roles) == 1:
        mapped = accepted[0].meaning.occupation
        shares = {mapped: MICRO} if mapped else shares
    occupations = tuple(shares.items())[: settings.occupations_shown]
    leads = not roles or (len(roles) == 1 and accepted[0].meaning.occupation)  # of a role that its authors mapped to none, none leads
    leading = next((key for key, share in occupations if leads and share >= settings.occupation_share), None)
    groups, trust = groups_by_share(occupations), None
    chance: int | None = None
    if likened is not None and likened.codes and votes.best_claim not in ALONE:
        occupations = tuple([(code.occupation, code.chance) for code in likened.codes[: settings.occupations_shown]])
        leading, chance = None, occupations[0][1]
        groups, trust = groups_of_likened(likened), MICRO
        if chance >= settings.occupation_chance and _spoken_for(occupations[0][0], votes):
            leading = occupations[0][0]
    elif occupations and not roles and all(w.candidate.road == "exact" for w in accepted):
        first, trust = occupations[0][0][:_SIX], settings.filed_chance
        chance = settings.filed_chance * sum(share for key, share in occupations if key[:_SIX] == first) // MICRO
    audience, functions, archetypes = votes.audience, [*votes.function.items(), _NONE, _NONE], [*votes.archetype.items(), _NONE]
    return Standing(
        {
            "best_claim": votes.best_claim, "roles": len(roles), "strength": _share(votes.strength), "votes_inside": _share(audience.get("inside", 0)),
            "votes_held": _share(audience.get("held", 0)), "votes_outside": _share(audience.get("outside", 0)), "votes_function": _share(functions[0][1]),
            "rival_function": _share(functions[1][1]), "votes_archetype": _share(archetypes[0][1]),
        },
        {"role": roles[0] if roles else None, "function": functions[0][0], "archetype": archetypes[0][0]},
        {
            "domains": votes.domains, "occupations": len(occupations), "occupation_known": leading is not None,
            "management_dropped": any(w.candidate.dropped_rank >= settings.management_rank for w in accepted),
            "corrected": any("spelling" in w.candidate.dropped for w in accepted),
        },
        Decimal(accepted[0].candidate.found.confidence) if accepted else Decimal(0), occupations, leading, None if chance is None else _share(chance),
        likened is not None and bool(likened.codes) and votes.best_claim not in ALONE, groups, trust,
    )  # fmt: skip


def _spoken_for(occupation: str, votes: Votes) -> bool:
    """Whether a record that votes names an occupation or a group around it: what a title is like names none that its own records do not."""
    code = occupation.partition("/")[2]
    named = [w.candidate.found.target.partition("/") for w in votes.accepted]
    return any(key == code if kind == "occupation" else kind == "soc" and code.startswith(key.rstrip("0")) for kind, _, key in named)


def title_facts(standing: Standing, refused: bool, second: tuple[str | None, int], field_words: tuple[str, ...], depths: Mapping[str, Mapping[str, Any]]) -> TitleFacts:
    """All that the tiers of a title rest on. `depths` are the columns of `service.ground_depth` by ground."""
    words = {"second_job": second[0], "second_job_words": second[1], "field_words": field_words}
    depth = {kind: depths[ground] for kind, ground in standing.grounds.items() if ground}
    return TitleFacts(NOT_A_TITLE if refused else TITLE, {**standing.votes, **words}, standing.grounds, depth, standing.answer, standing.record_confidence, standing.chance)


def gravest(second_jobs: Sequence[SecondJob]) -> tuple[str | None, int]:
    """The gravest audience among second jobs that have one only, and its number of words."""
    found: dict[str, int] = {}
    for part in dict.fromkeys(job.part for job in second_jobs):
        audiences = {job.meaning.audience for job in second_jobs if job.part == part}
        if len(audiences) == 1:
            found[str(audiences.pop())] = len(part.split())
    return next(((a, found[a]) for a in ("held", "outside", "inside") if a in found), (None, 0))


def second_jobs(normal: NormalisedTitle, accepted: Sequence[object], matcher: Matcher, likeness: Likeness, weigher: Weigher, meanings: Meanings) -> tuple[SecondJob, ...]:
    """Published titles that are a part of the title, once something is known of it: behind its head, or the head itself where it is misspelt."""
    if not accepted:
        return ()
    parts = [(part, naming) for part, naming in matcher.second_jobs(normal, likeness.meant_part) if naming.target_class in ("occupation", "soc")]
    weigher.learn([naming.target for _, naming in parts], meanings)
    return tuple(SecondJob(part, naming, meanings[naming.target]) for part, naming in parts)


def depth_of(ground: str, facts: Facts) -> Mapping[str, Any]:
    """The columns of `service.ground_depth` of a ground."""
    return {name: values[0] for name, values in facts.columns("service.ground_depth", [ground]).items()}
