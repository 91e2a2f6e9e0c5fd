"""What the law asks where a learner works: jurisdictions and sector through the pack `policy`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz import process

from engine.contracts import BadInput, Diagnostic, Place, key
from engine.contracts.learner import CurriculumPacket, LearnerProfile
from engine.contracts.legal import JurisdictionCoverage, LegalAnswer, LegalDemand
from engine.planner.task_grants import DecidedClasses, decide_classes
from engine.rules import FactStore, Rulebook, TableResult

_COLUMNS = ("policy", "jurisdiction", "citation", "effect", "status", "verification", "demand")


@dataclass(frozen=True, slots=True)
class DecidedLaw:
    """What the law asks with the results it was read from: `coverage` by jurisdiction and `weight` by demand in the answer's order, the others of the one work."""

    answer: LegalAnswer
    work: tuple[str, ...]
    coverage: TableResult
    uses: TableResult
    demands: TableResult
    weight: TableResult


@dataclass(frozen=True, slots=True)
class LawOfPlan:
    """What the law asks of a plan, and the classes of work of its occupations that it was asked with."""

    decided: DecidedLaw
    classes: DecidedClasses


def law_of_plan(
    facts: FactStore, rulebook: Rulebook, profile: LearnerProfile, packet: CurriculumPacket, about: Sequence[str | None], codes: Sequence[str], as_of: date
) -> LawOfPlan | None:
    """What the law asks of a plan; None where the profile names neither jurisdiction nor sector.

    The work is the packet's ground and workflows, what else the title is `about` (role, family, function), and the domains of its occupations (`codes`).
    """
    if not profile.jurisdictions and profile.sector is None:
        return None
    classes = decide_classes(facts, rulebook, [key("occupation", c) for c in codes], as_of)
    work = {packet.ground, *(a for a in about if a), *(w.key for w in packet.workflows), *(f"domain/{d}" for d in classes.known["domain"].values() if d is not None)}
    return LawOfPlan(_decide_law(rulebook, profile.jurisdictions, profile.sector, tuple(sorted(work)), as_of), classes)


def legal_demands(rulebook: Rulebook, jurisdictions: Sequence[str], sector: str | None, work: Sequence[str], as_of: date) -> LegalAnswer:
    """What applies to `work` in the jurisdictions named, on a day. Raises BadInput PRF104 for a sector that the pack does not know.

    A jurisdiction that is not kept is answered as not covered; nothing is ever concluded from an empty list.
    """
    return _decide_law(rulebook, jurisdictions, sector, tuple(work), as_of).answer


def _decide_law(rulebook: Rulebook, jurisdictions: Sequence[str], sector: str | None, work: tuple[str, ...], as_of: date) -> DecidedLaw:
    _require_sector(rulebook, sector)
    coverage, covered = _coverage(rulebook, jurisdictions, as_of)
    held = tuple(sorted({c.name for c in coverage} | {c.also for c in coverage if c.also}))
    columns: dict[str, Any] = {"jurisdictions": [held], "sector": [sector], "work": [work]}
    used = rulebook.decide("policy", "uses", {"sector": [sector], "work": [work]}, as_of, trace=False)
    asked = rulebook.decide("policy", "demands", columns, as_of, trace=False)
    found = asked.outputs
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in zip(*(_texts(found[name][0]) for name in _COLUMNS), strict=True)]
    weighed = rulebook.decide(
        "policy", "weight", {"one_status": [r["status"] for r in rows], "one_verification": [r["verification"] for r in rows]}, as_of, size=len(rows), trace=False
    )
    dates = rulebook.pack("policy").parameters  # the dated status of a rule is the parameter of its name, with what is known of its dates and where it was read
    demands = tuple(
        LegalDemand(
            **row, weight=str(weighed.outputs["weight"][n]), weight_because=weighed.sentences[n],
            timing=dates[row["policy"]].reason, checked=dates[row["policy"]].source,
        )
        for n, row in enumerate(rows)
    )  # fmt: skip
    answer = LegalAnswer(coverage, sector, tuple(dict.fromkeys(_texts(used.outputs["uses"][0]))), demands, _not_asked(coverage, sector))
    return DecidedLaw(answer, work, covered, used, asked, weighed)


def _coverage(rulebook: Rulebook, jurisdictions: Sequence[str], as_of: date) -> tuple[tuple[JurisdictionCoverage, ...], TableResult]:
    other = rulebook.parameter("policy", "other_names", as_of)
    asked = list(dict.fromkeys(" ".join(j.split()) for j in jurisdictions))
    names = [str(other.get(j.upper(), j.upper())) for j in asked]
    found = rulebook.decide("policy", "coverage", {"asked": names}, as_of, size=len(names), trace=False)
    also = [None if a is None else str(a) for a in found.outputs["also"]]
    return tuple(JurisdictionCoverage(a, names[n], str(found.outputs["coverage"][n]), also[n], found.sentences[n]) for n, a in enumerate(asked)), found


def _not_asked(coverage: Sequence[JurisdictionCoverage], sector: str | None) -> tuple[str, ...]:
    said = [] if coverage else ["no jurisdiction was named, so no rule of law was asked for; that does not mean that none applies"]
    if sector is None:
        said.append("no sector was named: rules of finance, health care and education were not asked for")
    if coverage:
        kept = sorted({c.name for c in coverage if c.coverage == "in_part"} | {c.also for c in coverage if c.also})
        said.append(f"the rules kept ({', '.join(kept) or 'none of the jurisdictions named'}) are some of those that exist; this is no legal advice, and nothing here says that a demand is met")
    return tuple(said)


def _require_sector(rulebook: Rulebook, sector: str | None) -> None:
    known = [str(v) for v in rulebook.pack("policy").inputs["sector"].values]
    if sector is not None and sector not in known:
        near = process.extractOne(sector, known)
        fix = f"did you mean `{near[0]}`?" if near and near[1] >= 70 else f"use one of {', '.join(known)}"
        raise BadInput(Diagnostic(Place("profile"), "PRF104", f"the sector `{sector}` is not known", "a sector that no rule knows would silently ask for nothing", fix))


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(v) for v in values or ())
