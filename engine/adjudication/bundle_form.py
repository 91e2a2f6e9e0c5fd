"""The door for review bundles, transcripts and proposals: what each may hold and nothing else, and the JSON Schemas that say so.

Imported only where such files are read or written.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from engine.adjudication.bounded_text import bounded_text
from engine.adjudication.question import Candidate, Proposer, Question, Statement
from engine.contracts import Diagnostic, Place
from engine.sources import title_key

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST_QUESTIONS, MOST_CANDIDATES = 100_000, 200


def _visible(text: str) -> str:
    if bounded_text(text) != text:
        raise ValueError("control or hidden characters, or blanks at an end or in a row")
    return text


def _day(value: Any) -> Any:
    """JSON knows no dates: a text in the form of one is one."""
    return date.fromisoformat(value) if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(max_length=20_000)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_visible)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_visible)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*/\S{1,200}$")]
QuestionId = Annotated[str, StringConstraints(pattern=r"^question/[a-z0-9-]{1,100}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[str, StringConstraints(pattern=r"^(0(\.[0-9]{1,6})?|1)$")]
Day = Annotated[date, BeforeValidator(_day)]


class _Form(BaseModel):
    """A frozen object without unknown keys and without coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ProposerForm(_Form):
    """Who proposed a candidate: a name, and for a model its family ('' for people)."""

    name: Name
    family: Annotated[str, StringConstraints(max_length=120)]


class StatementForm(_Form):
    """One record of evidence, with its source, the place in it, release and licence."""

    says: Text
    source: Key
    source_ref: Text
    release: Text
    licence: Text
    confidence: Share


class CandidateForm(_Form):
    """A record of the graph that the title may mean."""

    key: Key
    label: Text
    description: Text
    source: Key
    evidence: list[StatementForm]
    proposed_by: list[ProposerForm]
    authored_by: list[Text]


class TodayForm(_Form):
    """What the rules say of the title today."""

    fallback_tier: Text
    service_tier: Text
    runtime_action: Text
    confidence: Share


class QuestionForm(_Form):
    """One question. `prompt` is all that a reviewer is given; `prompt_digest` names it in a verdict."""

    question: QuestionId
    prompt_digest: Digest
    title: Line
    normalized: Text
    prompt: Annotated[str, StringConstraints(max_length=200_000)]
    today: TodayForm
    asked_because: list[Text]
    review_tags: list[Text]
    candidates: Annotated[list[CandidateForm], Field(max_length=MOST_CANDIDATES)]
    allowed_answers: Annotated[list[Text], Field(min_length=3)]
    decision_id: Annotated[str, StringConstraints(pattern=r"^decision/[0-9a-f]{32}$")]


class LeftOutForm(_Form):
    """A title that is not asked, and why."""

    title: Text
    because: Text


class RefusedForm(_Form):
    """Records that their licence keeps from leaving, by source."""

    source: Text
    label: Text
    count: Annotated[int, Field(ge=0, le=10**15)]
    reason: Text


class AttributionForm(_Form):
    """A citation that goes with the bundle."""

    source: Key
    label: Text
    owner: Text
    licence: Text
    citation: Text


class BundleForm(_Form):
    """A review bundle: questions about job titles, each with its evidence and the answers that are allowed."""

    schema_name: Annotated[Literal["review_bundle.schema.json"], Field(alias="$schema")]
    format: Literal[1]
    as_of: Day
    records: Digest
    rules: Digest
    answers_to: Literal["review_transcript.schema.json"]
    instructions: list[Text]
    questions: Annotated[list[QuestionForm], Field(max_length=MOST_QUESTIONS)]
    left_out: list[LeftOutForm]
    refused: list[RefusedForm]
    attributions: list[AttributionForm]
    digest: Digest


class ModelForm(_Form):
    """Which model answered. All models of a family are one voice."""

    family: Name
    name: Name
    version: Name


class AnswerForm(_Form):
    """An answer: one of the question's allowed answers, and why in one sentence."""

    answer: Annotated[str, StringConstraints(min_length=1, max_length=210)]
    because: Annotated[str, StringConstraints(max_length=500)] = ""


class TranscriptForm(_Form):
    """One verdict of one reviewer on one question, as it was recorded: the raw answer and what was read from it.

    `seal` is the SHA-256 of the canonical JSON (RFC 8785) of all the rest of the line; recorders of models write it.
    """

    model_config = ConfigDict(
        json_schema_extra={"if": {"properties": {"kind": {"const": "model"}}}, "then": {"required": ["model", "seal"]}, "else": {"properties": {"model": {"type": "null"}}}}
    )

    transcript: Literal[1]
    question: QuestionId
    prompt_digest: Digest
    reviewer: Name
    kind: Literal["model", "human"]
    model: ModelForm | None = None
    dated: Day
    raw: Annotated[str, StringConstraints(max_length=20_000)]
    parsed: AnswerForm
    seal: Digest | None = None

    @model_validator(mode="after")
    def _told_who(self) -> TranscriptForm:
        if (self.kind == "model") != (self.model is not None):
            raise ValueError("a model says which one it is in `model`, and a human has none")
        if self.kind == "model" and self.seal is None:
            raise ValueError("the verdict of a model carries the `seal` of its recorder")
        return self


class ProposalForm(_Form):
    """A candidate that somebody proposes for a title; `family` where a model does."""

    title: Line
    candidate: Key
    proposed_by: Name
    family: Annotated[str, StringConstraints(max_length=120), AfterValidator(_visible)] = ""


F = TypeVar("F", bound=BaseModel)


def form_faults(form: type[F], value: Any, place: Place) -> tuple[F | None, list[Diagnostic]]:
    """The value in its form, or every fault of it: ADJ105 (not in the form asked for, with the path of the key)."""
    try:
        return form.model_validate(value), []
    except ValidationError as error:
        return None, [
            Diagnostic(
                Place(place.file, place.line, place.column, ".".join(map(str, fault["loc"]))), "ADJ105", f"`{'.'.join(map(str, fault['loc'])) or form.__name__}`: {fault['msg'][:200]}",
                "what is not in the form asked for is not guessed", "see the JSON Schema beside the bundle",
            ) for fault in error.errors(include_url=False, include_input=False)
        ]  # fmt: skip


def question_of(form: QuestionForm) -> Question:
    """The question as a value."""
    return Question(
        form.title, title_key(form.title), form.normalized, {**form.today.model_dump(), "confidence": Decimal(form.today.confidence)}, tuple(form.asked_because), tuple(form.review_tags),
        tuple(
            Candidate(
                c.key, c.label, c.description, c.source, tuple(Statement(s.says, s.source, s.source_ref, s.release, s.licence, Decimal(s.confidence)) for s in c.evidence),
                tuple(Proposer(p.name, p.family) for p in c.proposed_by), tuple(c.authored_by),
            ) for c in form.candidates
        ), form.decision_id,
    )  # fmt: skip


def bundle_schema() -> str:
    """JSON Schema of a review bundle, as a file holds it."""
    return _schema(BundleForm, "Review bundle")


def transcript_schema() -> str:
    """JSON Schema of one line of a transcript, as a file holds it."""
    return _schema(TranscriptForm, "Line of a review transcript")


def _schema(form: type[BaseModel], title: str) -> str:
    stated = {"$schema": SCHEMA_DIALECT, "title": title, **{k: v for k, v in form.model_json_schema(by_alias=True).items() if k != "title"}}
    return json.dumps(stated, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
