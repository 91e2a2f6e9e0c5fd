"""The learner contracts that cross doors: profile in; curriculum packet and learning path out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[Decimal, Field(ge=0, le=1)]


class ShownCapability(BaseModel):
    """A capability that somebody assessed: key, the level it was shown at, where the evidence lies, who assessed it, when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    capability: Annotated[str, Field(pattern=r"^capability/\S+$")]
    evidence: Annotated[str, Field(min_length=1)]
    assessed_by: Annotated[str, Field(min_length=1)]
    dated: date


class LearnerProfile(BaseModel):
    """What a learner brings: title, learning time (hours a week, weeks), shares of working time by workflow, shown capabilities.

    `claimed` lists capabilities that the learner says they have: stated in the answer, never counted. `jurisdictions` (EU, DE, US-CA) and
    `sector` say whose law is asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=300)]
    hours_per_week: Annotated[Decimal, Field(gt=0, le=80)] | None = None
    weeks: Annotated[int, Field(ge=1, le=104)] | None = None
    time_shares: dict[Annotated[str, Field(pattern=r"^workflow/\S+$")], Share] = Field(default_factory=dict)
    shown: tuple[ShownCapability, ...] = ()
    claimed: tuple[Annotated[str, Field(pattern=r"^capability/\S+$")], ...] = ()
    jurisdictions: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Field(max_length=20)] = ()
    sector: Annotated[str, Field(min_length=1, max_length=60)] | None = None

    @property
    def hours_budget(self) -> Decimal | None:
        """Learning hours in all; None where the profile does not say."""
        return self.hours_per_week * self.weeks if self.hours_per_week is not None and self.weeks is not None else None


@dataclass(frozen=True, slots=True)
class PacketEvidence:
    """A reason under an affordance: key, label, kind, figure with unit, work cited."""

    key: str
    label: str
    kind: str
    value: str
    unit: str
    cited: str


@dataclass(frozen=True, slots=True)
class PacketTask:
    """A task and what AI may and may not do in it. `applicability` and `confidence` are shares."""

    key: str
    statement: str
    affordance: str
    affordance_label: str
    applicability: Decimal
    confidence: Decimal
    risk_level: str
    grants: tuple[str, ...]
    blocks: tuple[str, ...]
    checkpoints: tuple[str, ...]
    failure_modes: tuple[str, ...]
    evidence: tuple[PacketEvidence, ...]


@dataclass(frozen=True, slots=True)
class PacketPolicy:
    """A rule of law or house rule that bears on a workflow, with how well its wording was verified."""

    key: str
    label: str
    jurisdiction: str
    citation: str
    effect: str
    effective_from: str
    verification: str


@dataclass(frozen=True, slots=True)
class PacketWorkflow:
    """A workflow in the order of importance times share of working time; `accountable` is the human who answers for it."""

    key: str
    label: str
    description: str
    trigger: str
    accountable: str
    deliverable: str
    importance: Decimal
    hours_share: Decimal
    tasks: tuple[PacketTask, ...]
    policies: tuple[PacketPolicy, ...]


@dataclass(frozen=True, slots=True)
class TaskGrant:
    """What AI may do in a publisher's task by the pack `affordance`, and what that rests on. It never says that AI does the job.

    `measured_use` (percent of conversations) and the two judged exposures (shares) are never mixed; None is missing, not zero.
    """

    task: str
    grant: str
    risk_level: str
    checkpoint: str
    check: str
    blocks: tuple[str, ...]
    flags: tuple[str, ...]
    because: str
    risk_because: str
    support: str
    work_kind: str
    measured_use: Decimal | None
    judged_exposure_model: Decimal | None
    judged_exposure_human: Decimal | None


@dataclass(frozen=True, slots=True)
class OccupationTask:
    """A task as its publisher states it, and what AI may do in it. `importance` is a share, None where the publisher rates none."""

    key: str
    statement: str
    importance: Decimal | None
    source: str
    source_ref: str
    grant: TaskGrant


@dataclass(frozen=True, slots=True)
class OccupationWork:
    """What the publisher says the occupation does: its most important tasks, and how many it has in all.

    Nobody has authored what AI may do in them: the rules decide it from what was measured and judged, task by task.
    """

    key: str
    label: str
    tasks: tuple[OccupationTask, ...]
    tasks_in_all: int


@dataclass(frozen=True, slots=True)
class CurriculumPacket:
    """Everything known about the work of one ground that matters for learning to do it with AI."""

    ground: str
    ground_label: str
    description: str
    workflows: tuple[PacketWorkflow, ...]


@dataclass(frozen=True, slots=True)
class FactorTerm:
    """One factor of a score: its value (share, None where missing), weight in parts per thousand, and the points it adds."""

    factor: str
    value: Decimal | None
    weight: int
    points: Decimal
    meaning: str


@dataclass(frozen=True, slots=True)
class PathStep:
    """A module in the path. `score` is the exact sum of the points of `terms`; `hours` counts its exercise in."""

    position: int
    module: str
    label: str
    ladder_level: int
    hours: Decimal
    score: Decimal
    terms: tuple[FactorTerm, ...]
    teaches: tuple[str, ...]
    reaches: tuple[str, ...]
    prerequisites: tuple[str, ...]
    exercise: str
    rubric: str
    why: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A module that is not in the path, and why."""

    module: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClosedGate:
    """A module, rubric or scenario (`gate` says which) that this plan would reach and that may not be used, with every reason."""

    gate: str
    subject: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearningPath:
    """Ranked steps in an order that respects prerequisites, total hours, what was left out, and the closed gates on the way."""

    steps: tuple[PathStep, ...]
    hours: Decimal
    left_out: tuple[LeftOut, ...]
    closed_gates: tuple[ClosedGate, ...] = ()
