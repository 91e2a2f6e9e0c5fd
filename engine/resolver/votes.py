"""Weighs candidates: what each may claim (pack `title_evidence`), which class of work each means, and how the votes fall.

In: candidates and facts. Out: votes as exact shares. Refuses to know service tiers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine.contracts import MICRO, Reason, from_micro
from engine.resolver.candidates import Candidate
from engine.resolver.resolution import Facts
from engine.resolver.title_rows import Naming
from engine.rules import Rulebook, TableResult

CLAIMS = ("exact", "alias", "class_of_work", "ground")  # most first
_TRACED = 10
_CLASSED = ("occupation", "soc")


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
    reason: Reason | None = None
    asked: Asked | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with its claim and meaning; `vote` is its strength divided by the number of things that its title names (millionths).

    `reason` is the row that let it claim something; `stops` tells for the first ten of a title which cell stopped each earlier row.
    """

    candidate: Candidate
    claim: str | None
    meaning: Meaning
    vote: int
    reason: Reason | None
    stops: tuple[Any, ...]
    asked: Asked = field(compare=False, repr=False)


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


class Weigher:
    """Asks the packs `audience` and `title_evidence` about candidates; facts of a subject are looked up once per title."""

    def __init__(self, facts: Facts, rulebook: Rulebook, as_of: date) -> None:
        self._facts, self._rulebook, self._as_of = facts, rulebook, as_of

    def weigh(self, candidates: Sequence[Candidate]) -> tuple[Weighed, ...]:
        """Claims and meanings of candidates, in their order."""
        if not candidates:
            return ()
        meanings = self.meanings([c.found for c in candidates])
        columns = {**_evidence_columns(candidates), "audience": [meanings[c.target].audience for c in candidates]}
        result = self._rulebook.decide("title_evidence", "title_evidence", columns, self._as_of)
        claims = result.outputs["claim"]
        return tuple(
            Weighed(
                c, str(claims[i]) if claims[i] else None, meanings[c.target], c.strength // c.rivals,
                result.reason(i) if claims[i] else None, tuple(result.stops[i]) if i < _TRACED else (), Asked(result, i),
            )
            for i, c in enumerate(candidates)
        )  # fmt: skip

    def meanings(self, namings: Sequence[Naming]) -> dict[str, Meaning]:
        """Meaning of every target that some namings name."""
        by_class: dict[str, list[str]] = {}
        for target in dict.fromkeys(n.target for n in namings):
            by_class.setdefault(target.partition("/")[0], []).append(target)
        found: dict[str, Meaning] = {}
        classed = [t for name in _CLASSED for t in by_class.get(name, [])]
        if classed:
            found.update(self._of_classes(classed))
        if "role" in by_class:
            found.update(self._of_roles(by_class["role"]))
        functions = by_class.get("function", [])
        archetypes = self._archetypes(functions)
        found.update({f: Meaning("inside", None, f, f, archetypes[f]) for f in functions})
        found.update({a: Meaning("inside", None, a, None, a) for a in by_class.get("archetype", [])})
        return found

    def _archetypes(self, functions: Sequence[str]) -> dict[str, str | None]:
        if not functions:
            return {}
        return dict(zip(functions, self._facts.columns("fallback.function_archetype", functions)["function_archetype"], strict=True))

    def _of_classes(self, targets: list[str]) -> dict[str, Meaning]:
        classes = dict(self._facts.columns("audience.class_of_work", targets))
        grounds = self._facts.columns("fallback.nearest_ground", targets)["ground"]
        result = self._rulebook.decide("audience", "audience", classes, self._as_of, trace=False)
        said: Mapping[str, Sequence[Any]] = result.outputs
        functions = sorted({g for g in grounds if g and g.startswith("function/")})
        archetypes = self._archetypes(functions)
        found = {}
        for i, (target, ground) in enumerate(zip(targets, grounds, strict=True)):
            function = ground if ground in archetypes else None
            archetype = archetypes[function] if function else ground
            found[target] = Meaning(said["audience"][i], said["domain"][i], ground, function, archetype, reason=result.reason(i), asked=Asked(result, i))
        return found

    def _of_roles(self, targets: list[str]) -> dict[str, Meaning]:
        facts = self._facts.columns("fallback.role_standing", targets)
        return {
            target: Meaning(
                "inside", None, target, facts["role_function"][i], facts["role_archetype"][i], facts["family"][i], facts["role_occupation"][i],
                facts["role_occupation_name"][i],
            )
            for i, target in enumerate(targets)
        }


def _evidence_columns(candidates: Sequence[Candidate]) -> dict[str, list[Any]]:
    return {
        "target_class": [c.found.target_class for c in candidates],
        "road": [c.road for c in candidates],
        "naming": [c.naming for c in candidates],
        "untouched": [c.untouched for c in candidates],
        "dropped_rank": [c.dropped_rank for c in candidates],
        "coverage": [_share(c.coverage) for c in candidates],
        "familiarity": [_share(c.familiarity) for c in candidates],
        "back": [_share(c.back) for c in candidates],
        "head_agrees": [c.head_agrees for c in candidates],
        "head_titles": [c.head_titles for c in candidates],
        "shared_words": [c.shared_words for c in candidates],
        "head_general": [c.head_general for c in candidates],
        "strangers": [c.strangers for c in candidates],
        "rest_declared": [c.rest_declared for c in candidates],
        "rest_unknown": [c.rest_unknown for c in candidates],
    }


def _share(micro: int) -> Decimal:
    return from_micro(min(micro, MICRO))


def count_votes(weighed: Sequence[Weighed]) -> Votes:
    """Votes of the accepted candidates. Where an authored role is named, only roles of that claim vote; a function's word outvotes an
    archetype's; of several records for one target the strongest speaks."""
    accepted = [w for w in weighed if w.claim is not None]
    if not accepted:
        return Votes(())
    best = min((w.claim for w in accepted if w.claim), key=CLAIMS.index)
    if best in ("exact", "alias"):
        accepted = [w for w in accepted if w.claim == best]
    if any(w.candidate.road == "term" and w.candidate.found.target_class == "function" for w in accepted):
        accepted = [w for w in accepted if w.candidate.road != "term" or w.candidate.found.target_class == "function"]
    strongest: dict[str, Weighed] = {}
    for w in sorted(accepted, key=lambda w: (-w.vote, -w.candidate.strength, w.candidate.target, w.candidate.found.title)):
        strongest.setdefault(w.candidate.target, w)
    kept = tuple(strongest.values())
    total = sum(w.vote for w in kept) or 1
    occupations = [w for w in kept if w.candidate.found.target_class == "occupation"]
    named = sum(w.vote for w in occupations) or 1
    return Votes(
        kept, best,
        _tally(kept, [w.meaning.audience for w in kept], total),
        _tally(kept, [w.meaning.function for w in kept], total),
        _tally(kept, [w.meaning.archetype for w in kept], total),
        _tally(occupations, [w.candidate.target for w in occupations], named),
    )  # fmt: skip


def _tally(weighed: Sequence[Weighed], names: Sequence[str | None], total: int) -> dict[str, int]:
    """Shares by name, greatest first, then by name; candidates without a name stay in the total."""
    sums: dict[str, int] = {}
    for w, name in zip(weighed, names, strict=True):
        if name is not None:
            sums[name] = sums.get(name, 0) + w.vote
    return {name: votes * MICRO // total for name, votes in sorted(sums.items(), key=lambda item: (-item[1], item[0]))}
