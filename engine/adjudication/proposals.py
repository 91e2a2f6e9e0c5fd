"""Candidates that somebody proposes beside those that the rules find: a title, a record's key, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.adjudication.candidate_records import CandidateRecords
from engine.adjudication.json_lines import read_lines
from engine.adjudication.question import Proposer
from engine.contracts import BadInput, Diagnostic, Place


@dataclass(frozen=True, slots=True, order=False)
class Proposal:
    """One proposed candidate for one title."""

    title: str
    candidate: str
    proposer: Proposer


def read_proposals(path: Path) -> tuple[Proposal, ...]:
    """Proposals of a file of JSON lines: `title`, `candidate`, `proposed_by`, and `family` where a model proposes.

    Raises InputOutput ADJ101; BadInput with every fault: ADJ102-ADJ105.
    """
    from engine.adjudication.bundle_form import ProposalForm, form_faults

    faults: list[Diagnostic] = []
    found = []
    for line in read_lines(path):
        form, wrong = (None, [line.fault]) if line.fault is not None else form_faults(ProposalForm, line.value, line.place)
        faults += wrong
        if form is not None:
            found.append(Proposal(form.title, form.candidate, Proposer(form.proposed_by, form.family)))
    if faults:
        raise BadInput(*faults)
    return tuple(found)


def refuse_unknown(proposals: Sequence[Proposal], records: CandidateRecords, name: str) -> None:
    """Raises BadInput ADJ106 with every proposed candidate that is no record a title can name."""
    known = records.find({p.candidate for p in proposals if records.nameable(p.candidate)})
    unknown: Iterable[str] = sorted({p.candidate for p in proposals} - set(known))
    if unknown:
        why = "reviewers choose among records of the graph"
        raise BadInput(*(Diagnostic(Place(name), "ADJ106", f"`{key}` is no role, function, archetype, occupation or group of this snapshot", why, "look with `wig explore`") for key in unknown))
