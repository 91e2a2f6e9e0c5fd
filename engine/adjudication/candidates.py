"""What a title may mean, for a question: everything that its decision met and can be named, with the ground authored nearest to it.

In: decisions, facts, the rules, records. Out: candidates that the exit lets pass, and for whom the work of each is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.adjudication.bounded_text import bounded_text, shortened
from engine.adjudication.candidate_records import CandidateRecord, CandidateRecords
from engine.adjudication.question import Candidate, Proposer, Statement
from engine.contracts import Decision, EvidenceRef
from engine.licensing import Exit, LicencePolicy, Refused
from engine.resolver import Facts
from engine.rules import Rulebook

EXIT = Exit.EXPORT  # a bundle is a file that others get
_GRAVEST_FIRST = ("held", "inside", "outside")  # held asks for a person, inside lets a title in
_NAMED_IN_OUTCOME = ("role", "ground", "function")
_CLASSES = ("detailed", "broad", "minor", "major")


@dataclass(frozen=True, slots=True)
class Shown:
    """How much a reviewer is shown: candidates of a question, records of evidence of each (counts), longest description and statement (characters)."""

    candidates: int
    evidence: int
    description: int
    statement: int


class Candidates:
    """Finds the candidates of decisions, all at once."""

    def __init__(self, records: CandidateRecords, facts: Facts, rulebook: Rulebook, policy: LicencePolicy, as_of: date, shown: Shown) -> None:
        self._records, self._facts, self._rulebook, self._policy, self._as_of, self._shown = records, facts, rulebook, policy, as_of, shown

    def of(self, decisions: Sequence[Decision], proposals: Sequence[Mapping[str, tuple[Proposer, ...]]]) -> tuple[tuple[tuple[Candidate, ...], ...], tuple[Refused, ...], frozenset[str]]:
        """Candidates of each decision, best first, proposed ones last; what the exit refused; keys of the sources that speak in what is shown, and of no others."""
        listed = [self._keys(d) for d in decisions]
        near = self._nearest({k for keys in listed for k in keys})
        listed = [list(dict.fromkeys([*keys, *(near[k] for k in keys if k in near)])) for keys in listed]
        found = self._records.find({k for keys in listed for k in keys} | {k for p in proposals for k in p})
        passing = self._policy.admit((found[k] for k in sorted(found)), lambda r: r.source, EXIT)
        admitted = {r.key: r for r in passing.carried}
        refused = list(passing.refused)
        answers = []
        for decision, keys, proposed in zip(decisions, listed, proposals, strict=True):
            own = [k for k in keys if k in admitted and k not in proposed][: self._shown.candidates]
            evidence = self._policy.admit(decision.evidence, lambda e: e.source, EXIT)
            refused += evidence.refused
            answers.append(tuple(self._candidate(admitted[k], evidence.carried, proposed.get(k, ())) for k in (*own, *(k for k in proposed if k in admitted))))
        used = frozenset(source for candidates in answers for c in candidates for source in (c.source, *(s.source for s in c.evidence)))
        return tuple(answers), _summed(refused), used

    def audiences(self, keys: Sequence[str]) -> Mapping[str, str]:
        """For whom the work of each candidate is: the gravest audience (pack `audience`) of the classed work inside it. Absent: no work inside is classed.

        An occupation or group is its own work; inside a role stand the occupations that it maps to, inside a function or archetype the groups and roles that are
        authored into it.
        """
        inside = self._records.work_inside(keys)
        classed = sorted({k for works in inside.values() for k in works})
        columns = {name: values for name, values in self._facts.columns("audience.class_of_work", classed).items() if name in _CLASSES}
        told = dict(zip(classed, self._rulebook.decide("audience", "audience", columns, self._as_of, size=len(classed), trace=False).outputs["audience"], strict=True))
        met = {key: {told[work] for work in works} for key, works in inside.items()}
        return {key: next(a for a in _GRAVEST_FIRST if a in found) for key, found in met.items() if not found.isdisjoint(_GRAVEST_FIRST)}

    def _keys(self, decision: Decision) -> list[str]:
        outcome: Mapping[str, Any] = decision.outcome
        keys = [str(outcome[name]) for name in _NAMED_IN_OUTCOME if outcome.get(name)]
        keys += [f"occupation/{o['code']}" for o in outcome.get("occupations") or ()]
        keys += [e.record for e in decision.evidence] + [a.record for a in decision.alternatives]
        return list(dict.fromkeys(k for k in keys if self._records.nameable(k)))

    def _nearest(self, keys: Iterable[str]) -> dict[str, str]:
        """The function or archetype authored nearest to an occupation or group, and the function of a role."""
        asked = sorted(keys)
        grounds = self._facts.columns("fallback.nearest_ground", asked)["ground"]
        functions = self._facts.columns("fallback.role_standing", asked)["role_function"]
        return {key: str(ground or function) for key, ground, function in zip(asked, grounds, functions, strict=True) if ground or function}

    def _candidate(self, record: CandidateRecord, evidence: Sequence[EvidenceRef], proposed_by: tuple[Proposer, ...]) -> Candidate:
        mine = [e for e in evidence if e.record == record.key]
        said = tuple(
            Statement(shortened(bounded_text(e.used_for), self._shown.statement), e.source, bounded_text(e.source_ref), e.release, e.licence, Decimal(e.confidence)) for e in mine[: self._shown.evidence]
        )  # fmt: skip
        authors = {*record.authored_by, *(name for e in mine for name in self._records.owner_of(e.source))}
        description = shortened(bounded_text(record.description), self._shown.description)
        return Candidate(record.key, bounded_text(record.label), description, record.source, said, tuple(sorted(proposed_by, key=lambda p: (p.name, p.family))), tuple(sorted(authors)))


def _summed(refused: Iterable[Refused]) -> tuple[Refused, ...]:
    counts: dict[str, Refused] = {}
    for r in refused:
        before = counts.get(r.source)
        counts[r.source] = Refused(r.source, r.label, r.count + (before.count if before else 0), r.reason)
    return tuple(counts[key] for key in sorted(counts))
