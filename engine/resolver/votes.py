"""Votes: what each record claims and means, and how the votes of those that claim something fall, as exact shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.contracts import MICRO, Reason
from engine.resolver.candidates import Candidate
from engine.rules import TableResult

CLAIMS = ("exact", "alias", "settled_class", "class_of_work", "ground")  # most first
ALONE = ("exact", "alias", "settled_class")  # where one of these is claimed, only records that claim it vote


@dataclass(frozen=True, slots=True)
class Asked:
    """A subject's place in what a table said of several."""

    result: TableResult
    position: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a thing that a title names stands for: audience, domain, ground with function and archetype, family and occupations of a role."""

    audience: str | None
    domain: str | None
    ground: str | None
    function: str | None
    archetype: str | None
    family: str | None = None
    occupation: str | None = None
    occupation_name: str | None = None
    asked: Asked | None = field(default=None, compare=False, repr=False)

    @property
    def reason(self) -> Reason | None:
        """The row of the pack `audience` that told the class of work; None for what needs none."""
        return self.asked.result.reason(self.asked.position) if self.asked else None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with its claim and meaning; `vote` is its strength divided by the number of things that its title names (millionths)."""

    candidate: Candidate
    claim: str | None
    meaning: Meaning
    vote: int
    asked: Asked = field(compare=False, repr=False)

    @property
    def reason(self) -> Reason | None:
        """The row that let it claim something."""
        return self.asked.result.reason(self.asked.position) if self.claim else None

    @property
    def stops(self) -> tuple[Any, ...]:
        """Which cell stopped each earlier row; empty where the trace was not asked for."""
        return tuple(self.asked.result.stops[self.asked.position])


@dataclass(frozen=True, slots=True)
class Votes:
    """Accepted candidates, best first, and how their votes fall (shares in millionths that sum to at most one million)."""

    accepted: tuple[Weighed, ...]
    best_claim: str | None = None
    audience: Mapping[str, int] = field(default_factory=dict)
    function: Mapping[str, int] = field(default_factory=dict)
    archetype: Mapping[str, int] = field(default_factory=dict)
    occupation: Mapping[str, int] = field(default_factory=dict)

    @property
    def strength(self) -> int:
        """Strength of the best accepted candidate."""
        return max((w.candidate.strength for w in self.accepted), default=0)

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles that the best claim names, by key; empty where it names none."""
        return tuple(sorted({w.candidate.target for w in self.accepted if w.claim in ("exact", "alias")}))

    @property
    def domains(self) -> tuple[str, ...]:
        """Domains among the accepted candidates, sorted."""
        return tuple(sorted({w.meaning.domain for w in self.accepted if w.meaning.domain}))


def count_votes(weighed: Sequence[Weighed]) -> Votes:
    """Votes of the accepted candidates. Where an authored role is named or a name was settled, only records of that claim vote, and the votes for occupations are those of all records that
    claim something; a function's word outvotes an archetype's; of several records for one target the strongest speaks."""
    accepted = [w for w in weighed if w.claim is not None]
    if not accepted:
        return Votes(())
    best = min((w.claim for w in accepted if w.claim), key=CLAIMS.index)
    settled = any(w.claim == "settled_class" for w in accepted)
    occupations = _strongest([w for w in accepted if w.candidate.found.target.startswith("occupation/") and (not settled or w.claim == "settled_class")])
    if best in ALONE:
        accepted = [w for w in accepted if w.claim == best]
    if any(w.candidate.road == "term" and w.candidate.found.target_class == "function" for w in accepted):
        accepted = [w for w in accepted if w.candidate.road != "term" or w.candidate.found.target_class == "function"]
    accepted = _strongest(accepted)
    total = sum([w.vote for w in accepted]) or 1
    named = sum([w.vote for w in occupations]) or 1
    return Votes(
        tuple(accepted), best,
        _tally([(w.meaning.audience, w.vote) for w in accepted], total),
        _tally([(w.meaning.function, w.vote) for w in accepted], total),
        _tally([(w.meaning.archetype, w.vote) for w in accepted], total),
        _tally([(w.candidate.found.target, w.vote) for w in occupations], named),
    )  # fmt: skip


def _strongest(weighed: list[Weighed]) -> list[Weighed]:
    """Of several records for one target the strongest, best first."""
    if len(weighed) < 2:
        return weighed
    strongest: dict[str, Weighed] = {}
    for w in sorted(weighed, key=lambda w: (-w.vote, -w.candidate.strength, w.candidate.found.target, w.candidate.found.title)):
        strongest.setdefault(w.candidate.found.target, w)
    return list(strongest.values())


def _tally(named: Sequence[tuple[str | None, int]], total: int) -> dict[str, int]:
    """Shares by name, greatest first, then by name; candidates without a name stay in the total."""
    sums: dict[str, int] = {}
    for name, vote in named:
        if name is not None:
            sums[name] = sums.get(name, 0) + vote
    if len(sums) > 1:
        sums = dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))
    return {name: votes * MICRO // total for name, votes in sums.items()}
