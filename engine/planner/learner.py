"""What a learner brings, held against the graph: unknown keys are refused, evidence from the future is not counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rapidfuzz import process

from engine.contracts import BadInput, Diagnostic, Place
from engine.contracts.learner import CurriculumPacket, LearnerProfile
from engine.graph import GraphStore


@dataclass(frozen=True, slots=True)
class Learner:
    """Capabilities shown with evidence that counts, hours at hand, and what was stated and not counted, with the reason.

    `hours_budget` None means that the assumed budget of the rules stands in, and that nothing is cut for time.
    """

    shown: frozenset[str] = frozenset()
    hours_budget: Decimal | None = None
    not_counted: tuple[tuple[str, str], ...] = ()


def admit(profile: LearnerProfile, packet: CurriculumPacket, store: GraphStore, as_of: date) -> Learner:
    """A learner from a profile. Raises BadInput PRF102 (unknown key, with the nearest), PRF103 (shares of time above one)."""
    capabilities = [r[0] for r in store.execute("MATCH (c:Capability) RETURN c.id ORDER BY c.id").rows]
    workflows = [w.key for w in packet.workflows]
    stated = [("shown", s.capability, capabilities) for s in profile.shown] + [("claimed", c, capabilities) for c in profile.claimed]
    stated += [("time_shares", w, workflows) for w in sorted(profile.time_shares)]
    faults = [_unknown(field, key, known) for field, key, known in stated if key not in known]
    total = sum(profile.time_shares.values(), Decimal(0))
    if total > 1:
        faults.append(Diagnostic(Place("profile"), "PRF103", f"the shares of working time sum to {total}", "they are shares of one working time", "let them sum to at most 1"))
    if faults:
        raise BadInput(*faults)
    early = [s for s in profile.shown if s.dated <= as_of]
    late = [(s.capability, f"its evidence is dated {s.dated.isoformat()}, after the day of this answer") for s in profile.shown if s.dated > as_of]
    claimed = [(c, "claimed without assessed evidence") for c in profile.claimed]
    return Learner(frozenset(s.capability for s in early), profile.hours_budget, tuple(sorted((*late, *claimed))))


def _unknown(field: str, key: str, known: Sequence[str]) -> Diagnostic:
    near = process.extractOne(key, known)
    fix = f"did you mean `{near[0]}`?" if near and near[1] >= 70 else f"known: {', '.join(known[:6])}{' and more' if len(known) > 6 else ''}"
    return Diagnostic(Place("profile"), "PRF102", f"`{field}` names `{key}`, which is not part of this plan", "a key that says nothing would silently change nothing", fix)
