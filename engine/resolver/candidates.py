"""Candidates for a title: records that match it, on which road each was found, how strongly, and what was dropped on the way.

In: namings and how they were met. Out: candidates with their trust. Every number comes from the pack `title_evidence`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from engine.contracts import MICRO, BadInput, to_micro
from engine.resolver.title_rows import CODE_KINDS, Naming
from engine.rules import Rulebook

_LETTERS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """Parameters of the pack `title_evidence` that matching needs, shares in millionths."""

    road: Mapping[str, int]
    naming: Mapping[str, int]
    kept: Mapping[str, int]
    weightless: frozenset[str]
    aside: frozenset[str]
    limit: int
    spelling: int
    spelling_letters: int

    @classmethod
    def of(cls, rulebook: Rulebook, as_of: date) -> MatchSettings:
        """Read them as in force on a day."""

        def shares(name: str) -> dict[str, int]:
            return {kind: to_micro(share) for kind, share in rulebook.parameter("title_evidence", name, as_of).items()}

        weightless = frozenset(rulebook.parameter("title_evidence", "weightless_kinds", as_of))
        aside = frozenset(rulebook.parameter("title_evidence", "idle_kinds", as_of))
        likeness = to_micro(rulebook.parameter("title_evidence", "spelling_likeness", as_of))
        limit, letters = (int(rulebook.parameter("title_evidence", name, as_of)) for name in ("candidate_limit", "spelling_letters"))
        return cls(shares("road_strength"), shares("naming_strength"), shares("kept_share"), weightless, aside, limit, likeness, letters)


class Candidate(NamedTuple):
    """A record that may say what the title means. `strength`, `coverage`, `familiarity`, `back` are shares in millionths.

    `road` tells how it was found, `naming` in which list the matched title stands, `signal` both in one word; `dropped` what was set
    aside, `dropped_rank` the highest rank of seniority among that; `rivals` how many things the matched title names. `likelihood`: the chance that a record
    that was likened is right (millionths), nothing on the other roads; `unlike_titles` whether the text resembles no title at all.
    """

    found: Naming
    road: str
    naming: str
    strength: int
    dropped: tuple[str, ...]
    dropped_rank: int
    rivals: int
    coverage: int = MICRO
    familiarity: int = MICRO
    back: int = MICRO
    head_titles: int = 0
    shared_words: int = 0
    head_general: bool = False
    strangers: int = 0
    rest_declared: bool = False
    rest_unknown: bool = False
    likelihood: int | None = None
    unlike_titles: bool = False

    @property
    def signal(self) -> str:
        """canonical, alias, occupation_name, alternate, reported, direct_match, group_name, class_name, term; else the road: same_words, near_spelling, head, start, likeness."""
        return self.naming if self.road in ("exact", "term") else self.road

    @property
    def target(self) -> str:
        """Key of what the record names."""
        return self.found.target

    @property
    def origin(self) -> str | None:
        """The source that states what a code means, with its release; nothing for a title in words."""
        return self.found.source if self.found.kind in CODE_KINDS else None

    @property
    def untouched(self) -> bool:
        """Whether at most a requisition number was dropped."""
        return untouched(self.dropped)


def untouched(dropped: Sequence[str]) -> bool:
    """Whether at most a requisition number was dropped."""
    return all(kind == "requisition" for kind in dropped)

@lru_cache(100_000)
def letters_of(text: str) -> str:
    """Words of a text as written but for case and signs, apart by one blank."""
    return " ".join(_LETTERS.findall(text.casefold()))


def worded_otherwise(namings: Sequence[Naming], given: str) -> frozenset[int]:
    """Places of the namings of occupations that are not written as they stand in the text, where another one that names another occupation is."""
    if len({n.target for n in namings}) < 2:
        return frozenset()
    text = f" {letters_of(given)} "
    other = frozenset(place for place, n in enumerate(namings) if n.target.startswith("occupation/") and f" {letters_of(n.title)} " not in text)
    return other if len(other) < len(namings) else frozenset()


def naming_of(naming: Naming) -> str:
    """The list a naming stands in, seen from what it names."""
    kind = naming.target_class
    if kind in ("function", "archetype"):
        return "term"
    if kind == "occupation" and naming.kind == "canonical":
        return "occupation_name"
    if kind == "soc" and naming.kind in ("canonical", "alias"):
        return "group_name" if naming.kind == "canonical" else "class_name"
    return naming.kind


class Trust:
    """How far a record is trusted, by the road to it, the list it stands in and what was dropped (millionths)."""

    def __init__(self, settings: MatchSettings) -> None:
        self._settings = settings
        self._kept: dict[tuple[str, tuple[str, ...]], int] = {}

    def of(self, naming: str, road: str, dropped: tuple[str, ...]) -> int:
        """The trust in one record; every kind dropped stands in `dropped` once."""
        kept = self._kept.get((road, dropped))
        if kept is None:
            kept = self._settings.road[road]
            for kind in dropped:
                kept = kept * _stated(self._settings.kept, kind, "kept_share") // MICRO
            self._kept[road, dropped] = kept
        return kept * _stated(self._settings.naming, naming, "naming_strength") // MICRO

    def made(self, namings: Sequence[Naming], road: str, dropped: tuple[str, ...], rank: int, given: str = "") -> tuple[Candidate, ...]:
        """Candidates of namings that all stand for the title as it was read, most trusted first, at most `candidate_limit` of them. `given`: the text as written, where
        one written like it is to go before its rivals."""
        kinds = tuple(dict.fromkeys(dropped))
        otherwise = worded_otherwise(namings, given) if given and len(namings) > 1 else frozenset()
        count = len({n.target for n in namings})
        made = []
        for place, n in enumerate(namings):
            naming, set_aside = naming_of(n), (*kinds, "wording") if place in otherwise else kinds
            made.append(Candidate(n, road, naming, self.of(naming, road, set_aside), set_aside, rank, count))
        if len(made) > 1:
            made.sort(key=lambda c: (-c.strength, c.found.target, c.naming))
        return tuple(made[: self._settings.limit])


def _stated(shares: Mapping[str, int], kind: str, parameter: str) -> int:
    """The share of a kind. Raises BadInput RES004 where the rules state none: they are of another release than this engine."""
    if kind not in shares:
        what = f"the parameter `{parameter}` of the pack `title_evidence` states nothing for `{kind}`"
        raise BadInput.at("RES004", what, why="how far a match is trusted is told by the rules", fix="build anew with `wig build`, or add the kind to the parameter")
    return shares[kind]
