"""What the law asks of a plan: demands with citation and verification, and for each jurisdiction what is not known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LegalDemand:
    """One rule of law that bears on the work, with its status on the day, how far it may be leaned on, and how it was verified.

    `effect` is block, human_decision, disclosure or audit; `weight` binding, binding_as_reported, coming or unsettled.
    """

    policy: str
    jurisdiction: str
    citation: str
    effect: str
    demand: str
    status: str
    weight: str
    weight_because: str
    verification: str
    checked: str
    timing: str


@dataclass(frozen=True, slots=True)
class JurisdictionCoverage:
    """A jurisdiction as asked, its name here, and how far its law is kept: in_part, wider_law_only or not_covered."""

    asked: str
    name: str
    coverage: str
    also: str | None
    because: str


@dataclass(frozen=True, slots=True)
class LegalAnswer:
    """Demands in the order of the pack, coverage in the order asked, the AI uses that the work can bring, and what was not asked and why.

    A jurisdiction without demands is never one without rules: `coverage` and `not_asked` say what is not known.
    """

    coverage: tuple[JurisdictionCoverage, ...]
    sector: str | None
    uses: tuple[str, ...]
    demands: tuple[LegalDemand, ...]
    not_asked: tuple[str, ...]
