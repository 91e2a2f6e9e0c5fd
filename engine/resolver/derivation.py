"""All that a resolution was made from, as it was met on the way: what a proof is drawn from, without asking anything twice."""

from __future__ import annotations

from dataclasses import dataclass

from engine.resolver.normalise import NormalisedTitle
from engine.resolver.resolution import Resolution
from engine.resolver.tiers import Tiers, TitleFacts
from engine.resolver.title_rows import Naming
from engine.resolver.votes import Meaning, Votes, Weighed


@dataclass(frozen=True, slots=True)
class SecondJob:
    """A published title that is a part of the title, as filed (its key is the part) or all but for its spelling, and what it means."""

    part: str
    naming: Naming
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Derivation:
    """A title on its way to a resolution: its normal form, every record that was weighed, the votes, the facts and the tiers; `likened` tells
    whether its occupations are ranked by what it is like."""

    normal: NormalisedTitle
    weighed: tuple[Weighed, ...]
    second_jobs: tuple[SecondJob, ...]
    votes: Votes
    facts: TitleFacts
    tiers: Tiers
    resolution: Resolution
    likened: bool = False
