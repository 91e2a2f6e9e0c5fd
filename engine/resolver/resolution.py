"""What the resolver answers: tier, action, what the title means, how sure that is, why, and on which records it rests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from engine.contracts import Alternative, EvidenceRef, Reason
from engine.resolver.steps import Stripped


class Facts(Protocol):
    """Fact columns, looked up by subject: one value or None (missing) for each subject, in the order asked."""

    def columns(self, fact: str, subjects: Sequence[str]) -> Mapping[str, Sequence[Any]]:
        """Columns of `pack.fact` for some subjects."""


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation that the title may mean: its code, name, and its share of the votes (0 to 1)."""

    code: str
    title: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class FallbackGroup:
    """A group of occupations to fall back on where the occupation is unsure: its level (`detailed` is six digits, `minor`, `major`), code and name, and the
    chance (0 to 1, whole percents) that the right occupation is in it."""

    level: str
    code: str
    title: str
    chance: Decimal


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer for one title.

    `ground` is the key whose workflows may be planned (a role, function or archetype), None for whatever is held or blocked.
    `occupation` is None unless one leads clearly; `occupations` are all candidates, best first, at most ten; `groups` are
    the likeliest wider groups, narrowest first. `outcome` is served, held,
    outside, unmapped or not_a_title. `trace` tells for every table asked which row fired and which cell stopped each earlier row.
    """

    title: str
    normalized: str
    stripped: tuple[Stripped, ...]
    seniority: str | None
    fallback_tier: str
    service_tier: str
    runtime_action: str
    outcome: str
    role: str | None
    ground: str | None
    occupation: Occupation | None
    occupations: tuple[Occupation, ...]
    groups: tuple[FallbackGroup, ...]
    family: str | None
    function: str | None
    confidence: Decimal
    confidence_arithmetic: tuple[str, ...]
    reasons: tuple[Reason, ...]
    caveats: tuple[str, ...]
    review_tags: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    evidence: tuple[EvidenceRef, ...]
    steps: tuple[tuple[str, str], ...]
    trace: tuple[Mapping[str, Any], ...]
