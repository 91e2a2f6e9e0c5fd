"""Asking, in the order it happens: title, candidates, tiers, curriculum packet, ranked path, one explained decision.

Everything that decides stands in the rooms below; here they are called one after the other and their values put together.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.contracts import BadInput, Decision, EvidenceRef, Receipt, digest_of, key
from engine.graph import Snapshot
from engine.resolver import Derivation, Resolution, Resolver, TitleFacts, TitleIndex
from engine.rules import FactStore, Rulebook

if TYPE_CHECKING:  # the graph engine and the contracts of learners load only where a plan is asked for
    from engine.contracts.learner import LearnerProfile
    from engine.graph import GraphStore
    from engine.planner import DecidedWork, LawOfPlan
    from engine.proof import Proof

RUN_ID = uuid.uuid4().hex


class Desk:
    """One published snapshot, opened for questions. What a question does not need is not loaded."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.receipt: Receipt = snapshot.receipt()

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules as they were published with the snapshot."""
        return Rulebook.from_json(self.snapshot.verified_path("rulebook.json").read_text(encoding="utf-8"))

    def _derivation(self, title: str, day: date) -> Derivation:
        try:
            return Resolver(self.index, self.facts, self.rulebook, day).derive(title)
        except BadInput as error:
            if {d.code for d in error.diagnostics} <= {"RUL201", "RUL202", "RUL203"}:
                what = f"the rules of this snapshot cannot answer for {day.isoformat()}: {error.diagnostics[0].what}"
                why = "a snapshot carries the rules it was published with; those of another release, or not yet in force on that day, do not fit"
                raise BadInput.at("ASK101", what, why=why, fix="build anew with `wig build`, or leave --as-of out") from None
            raise

    def title_facts(self, title: str, as_of: str | None = None) -> TitleFacts:
        """All that the tiers of a title rest on."""
        return Resolver(self.index, self.facts, self.rulebook, self.day(as_of)).facts_of(title)

    @cached_property
    def facts(self) -> FactStore:
        """Fact columns, evaluated when the snapshot was published."""
        return FactStore(self.snapshot.verified_path("facts.sqlite"))

    @cached_property
    def index(self) -> TitleIndex:
        """Title index, built when the snapshot was published."""
        return TitleIndex(self.snapshot.verified_path("titles.sqlite"), lambda: self.snapshot.verified_folder(self.snapshot.similarity.name))

    @cached_property
    def graph(self) -> GraphStore:
        """The graph, read-only."""
        return self.snapshot.open_graph()

    def day(self, as_of: str | None) -> date:
        """Day that the answer holds for: the snapshot's release date unless one is given, `today` said explicitly."""
        return date.today() if as_of == "today" else date.fromisoformat(as_of or self.receipt.release_date)

    def resolve(self, title: str, as_of: str | None = None) -> Decision:
        """Which tier a title reaches, how sure that is, and what follows from it."""
        day = self.day(as_of)
        return self._decision("resolution", {"title": title}, day, self._derivation(title, day).resolution)

    def plan(self, profile: LearnerProfile, as_of: str | None = None) -> Decision:
        """Packet and ranked path for a learner. A title that is held, excluded or unknown gets the decision without a plan."""
        day = self.day(as_of)
        return self._planned(profile, day, self._derivation(profile.title, day).resolution)[0]

    def _planned(self, profile: LearnerProfile, day: date, resolution: Resolution) -> tuple[Decision, LawOfPlan | None, DecidedWork | None]:
        """The decision, and what its law and the grants in its publisher's tasks were read from."""
        question = profile.model_dump(mode="json", exclude_defaults=True)
        if resolution.ground is None:
            return self._decision("plan", question, day, resolution), None, None

        from engine.planner import admit, cite, cited_sources, law_of_plan, plan_path, read_occupation, read_packet

        packet = read_packet(self.graph, resolution.ground, profile.time_shares)
        learner = admit(profile, packet, self.graph, day)
        path = plan_path(self.graph, self.facts, self.rulebook, packet, resolution.confidence, learner, day)
        work = None
        if resolution.role is None and resolution.occupation is not None:
            # a fallback is held against what the publisher says of the occupation itself
            work = read_occupation(self.graph, self.facts, self.rulebook, key("occupation", resolution.occupation.code), day)
        law = law_of_plan(self.facts, self.rulebook, profile, packet, (resolution.role, resolution.family, resolution.function), [o.code for o in resolution.occupations], day)
        evidence = _merged(resolution.evidence, cite(self.graph, packet, path, None if work is None else work.work))
        planned = {
            "packet": asdict(packet), "path": asdict(path), "occupation_work": None if work is None else asdict(work.work), "law": None if law is None else asdict(law.decided.answer),
            "workflows_shown": int(self.rulebook.parameter("ranking", "workflows_shown", day)),
            "not_counted": [{"capability": c, "reason": r} for c, r in learner.not_counted], "sources": cited_sources(self.graph, evidence),
        }  # fmt: skip
        return self._decision("plan", question, day, resolution, planned, evidence), law, work

    def prove(self, kind: str, question: Mapping[str, Any], as_of: str) -> Proof:
        """The decision to a kept question, made anew, with its proof from the same evaluation."""
        from engine.proof import prove

        day = self.day(as_of)
        law, work = None, None
        if kind == "resolution":
            found = self._derivation(question["title"], day)
            decision = self._decision(kind, question, day, found.resolution)
        else:
            from engine.contracts.learner import LearnerProfile

            profile = LearnerProfile.model_validate(question)
            found = self._derivation(profile.title, day)
            decision, law, work = self._planned(profile, day, found.resolution)
        return prove(decision, found, self.rulebook, self.facts, self.graph, law, work)

    def ask_again(self, kind: str, question: Mapping[str, Any], as_of: str) -> Decision:
        """The decision to a kept question, made anew."""
        if kind == "resolution":
            return self.resolve(question["title"], as_of)
        from engine.contracts.learner import LearnerProfile

        return self.plan(LearnerProfile.model_validate(question), as_of)

    def _decision(
        self, kind: str, question: Mapping[str, Any], day: date, found: Resolution, planned: Mapping[str, Any] | None = None, evidence: Sequence[EvidenceRef] = ()
    ) -> Decision:
        outcome: dict[str, Any] = {
            "title": found.title, "normalized": found.normalized, "fallback_tier": found.fallback_tier, "service_tier": found.service_tier,
            "runtime_action": found.runtime_action, "role": found.role, "ground": found.ground, "family": found.family, "function": found.function,
            "seniority": found.seniority, "occupation": found.occupation and asdict(found.occupation), "occupations": [asdict(o) for o in found.occupations],
            "groups": [asdict(g) for g in found.groups],
            "stripped": [asdict(x) for x in found.stripped], "steps": [{"step": step, "left": left} for step, left in found.steps],
            "confidence": found.confidence, "caveats": found.caveats, "review_tags": found.review_tags,
        }  # fmt: skip
        digests = {"records": self.receipt.record_digest, "rules": self.receipt.rules_digest, "question": digest_of(dict(question))}
        outcome |= planned or {}
        model = tuple([f for f in self.receipt.inputs if f.kind == "model"])
        if model:  # what a title resembles may rest on it
            digests["model"] = digest_of(model)
        return Decision(
            kind, day.isoformat(), question, outcome, found.confidence, found.confidence_arithmetic, found.reasons, tuple(evidence) or found.evidence,
            found.alternatives, found.trace, digests, trace_id=uuid.uuid4().hex, run_id=RUN_ID,
        )  # fmt: skip


def _merged(first: Sequence[EvidenceRef], second: Sequence[EvidenceRef]) -> tuple[EvidenceRef, ...]:
    """Both, each record and use once, by record."""
    return tuple(sorted({(e.record, e.used_for): e for e in (*first, *second)}.values(), key=lambda e: (e.record, e.used_for)))
