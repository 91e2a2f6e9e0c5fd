"""The format of authored content, as docs/how-to/author_a_family.md shows it: closed to unknown keys, strict about types."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _number(value: object) -> object:
    """Plain numbers only: a quoted number is text, and text is not a measure."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, Decimal):
        raise ValueError("must be a number, unquoted and without exponent")
    return value


def _list(value: object) -> object:
    if not isinstance(value, list):
        raise ValueError("must be a list")
    return tuple(value)


Text = Annotated[str, Field(strict=True, min_length=1, pattern=r"\S")]
Id = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=80)]
CriterionId = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Occupation = Annotated[str, Field(strict=True, pattern=r"^\d{2}-\d{4}\.\d{2}$")]
Group = Annotated[str, Field(strict=True, pattern=r"^\d{2}-\d{4}$")]
Number = Annotated[Decimal, BeforeValidator(_number)]
Share = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=1)]
Hours = Annotated[Decimal, BeforeValidator(_number), Field(gt=0)]
Whole = Annotated[int, Field(strict=True, ge=1)]
Flag = Annotated[bool, Field(strict=True)]
Day = Annotated[date, Field(strict=True)]
Version = Annotated[str, Field(strict=True, pattern=r"^\d+\.\d+\.\d+$")]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_list)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_list)]
Groups = Annotated[tuple[Group, ...], BeforeValidator(_list)]
TaskNumbers = Annotated[tuple[Whole, ...], BeforeValidator(_list)]
Status = Literal["draft", "in_review", "approved", "retired"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Family(_Part):
    """A role family; one per file at most."""

    id: Id
    label: Text
    description: Text


class CitedOccupation(_Part):
    """An O*NET-SOC occupation that the content leans on."""

    code: Occupation
    name: Text


class Evidence(_Part):
    """A reason to believe."""

    id: Id
    label: Text
    kind: Literal["measured_use", "judged_exposure", "applicability_score", "publisher_fact", "editorial_judgement", "approval"]
    description: Text
    method: Text
    direction: Literal["supports", "limits", "neutral"]
    value: Number | None = None
    unit: Text | None = None
    cited: Text | None = None
    approved_by: Text | None = None
    dated: Day
    confidence: Share


class MappedOccupation(_Part):
    """How well a role meets an occupation."""

    code: Occupation
    relation: Literal["exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"]
    confidence: Share


class WorkflowShare(_Part):
    """How a workflow weighs."""

    id: Id
    importance: Share
    hours_share: Share


class Role(_Part):
    """An authored job role."""

    id: Id
    label: Text
    description: Text
    seniority: Id
    function: Id
    status: Status
    approval: Id | None = None
    confidence: Share
    aliases: Texts = ()
    specialisms: Texts = ()
    occupations: Annotated[tuple[MappedOccupation, ...], BeforeValidator(_list)]
    workflows: Annotated[tuple[WorkflowShare, ...], BeforeValidator(_list)]


class Affordance(_Part):
    """What AI may and may not do in a task."""

    label: Text
    applicability: Share
    risk: Literal["low", "moderate", "high", "critical"]
    grants: Texts = ()
    blocks: Texts = ()
    checkpoints: Texts = ()
    failure_modes: Texts
    requires: Ids = ()
    evidence: Ids = ()
    confidence: Share


class Task(_Part):
    """A task inside a workflow."""

    id: Id
    statement: Text
    onet_tasks: TaskNumbers = ()
    affordance: Affordance | None = None


class Deliverable(_Part):
    """What a workflow hands over."""

    id: Id
    label: Text
    description: Text
    acceptance: Texts


class Workflow(_Part):
    """A repeatable stretch of work."""

    id: Id
    label: Text
    description: Text
    trigger: Text
    accountable: Text
    status: Status
    deliverable: Deliverable
    tasks: Annotated[tuple[Task, ...], BeforeValidator(_list)]


class Capability(_Part):
    """Something that a person can show."""

    id: Id
    label: Text
    description: Text
    level: Whole
    status: Status
    version: Version
    modified: Day


class Exercise(_Part):
    """The practice of a module."""

    label: Text
    description: Text
    brief: Text
    hours: Hours
    materials: Texts = ()
    evidence_produced: Texts


class Criterion(_Part):
    """One criterion of a rubric."""

    id: CriterionId
    claim: Text
    evidence_rule: Text
    task_feature: Text
    weight: Share
    scoring: Literal["machine", "human"]
    check: Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z_]*$")]
    gate: Flag
    polarity: Literal["positive", "negative"]
    trap: Flag


class Rubric(_Part):
    """How an exercise is judged."""

    label: Text
    pass_score: Share
    partial_score: Share
    status: Status
    approval: Id | None = None
    criteria: Annotated[tuple[Criterion, ...], BeforeValidator(_list)]


class Module(_Part):
    """A lesson with its exercise and rubric."""

    id: Id
    label: Text
    description: Text
    level: Whole
    hours: Hours
    status: Status
    approval: Id | None = None
    version: Version
    modified: Day
    outcomes: Texts
    teaches: Ids
    prerequisites: Ids = ()
    lesson: Text
    exercise: Exercise
    rubric: Rubric


class Seniority(_Part):
    """How far the holder answers for others."""

    id: Id
    label: Text
    rank: Whole
    description: Text | None = None
    terms: Texts = ()


class Archetype(_Part):
    """The last honest ground."""

    id: Id
    label: Text
    description: Text
    status: Status
    approval: Id | None = None
    terms: Texts = ()
    groups: Groups = ()
    workflows: Annotated[tuple[WorkflowShare, ...], BeforeValidator(_list)] = ()


class Function(Archetype):
    """A business function."""

    falls_back_to: Id


class ClassName(_Part):
    """Plain names of a class of work."""

    group: Group
    names: Texts


class Policy(_Part):
    """A rule of law or house rule."""

    id: Id
    label: Text
    description: Text | None = None
    jurisdiction: Text
    citation: Text
    effect: Literal["block", "human_decision", "disclosure", "audit"]
    effective: Day | None = None
    verification: Literal["primary_text", "secondary_text", "unverified"]
    workflows: Ids = ()
    confidence: Share


class AuthoredFile(_Part):
    """Any of the top-level lists, in any file."""

    family: Family | None = None
    occupations: Annotated[tuple[CitedOccupation, ...], BeforeValidator(_list)] = ()
    evidence: Annotated[tuple[Evidence, ...], BeforeValidator(_list)] = ()
    roles: Annotated[tuple[Role, ...], BeforeValidator(_list)] = ()
    workflows: Annotated[tuple[Workflow, ...], BeforeValidator(_list)] = ()
    capabilities: Annotated[tuple[Capability, ...], BeforeValidator(_list)] = ()
    modules: Annotated[tuple[Module, ...], BeforeValidator(_list)] = ()
    seniorities: Annotated[tuple[Seniority, ...], BeforeValidator(_list)] = ()
    functions: Annotated[tuple[Function, ...], BeforeValidator(_list)] = ()
    archetypes: Annotated[tuple[Archetype, ...], BeforeValidator(_list)] = ()
    class_names: Annotated[tuple[ClassName, ...], BeforeValidator(_list)] = ()
    policies: Annotated[tuple[Policy, ...], BeforeValidator(_list)] = ()
