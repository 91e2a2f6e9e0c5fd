"""The door through which patches come in: what a patch may hold, and nothing else. Imported only where patches are read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema


def _day(value: Any) -> Any:
    """JSON knows no dates: a text in the form of one is one."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _share(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not 0 <= value <= 1:
        raise ValueError("expected a share between 0 and 1")
    return Decimal(value)


def _plain(value: Any) -> Any:
    for item in value if isinstance(value, list) else [value]:
        if item is not None and not isinstance(item, (str, bool, int, Decimal, date)):
            raise ValueError("expected text, a number, a date, true or false, or a list of texts")
    return value


Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*/\S{1,200}$")]
Day = Annotated[date, BeforeValidator(_day)]
Share = Annotated[Any, AfterValidator(_share), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})]
Value = Annotated[Any, AfterValidator(_plain)]


class _Form(BaseModel):
    """A frozen mapping without unknown keys and without coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class EvidenceForm(_Form):
    """What the author rests on."""

    says: Words
    source: str = ""
    reference: str = ""


class ProvenanceForm(_Form):
    """Provenance of an added or replaced record, where it is not that of the authored content."""

    source: Key | None = None
    source_ref: Words | None = None
    release: Words | None = None
    licence: Words | None = None
    confidence: Share | None = None
    derived_by: Words | None = None


class ChangeForm(_Form):
    """One change; exactly one of `record`, `link` and `parameter` says of what."""

    change: Literal["add", "retire", "replace"]
    record: Key | None = None
    link: Words | None = None
    parameter: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")] | None = None
    start: Any = Field(default=None, alias="from")
    to: Key | None = None
    naming_kind: Words | None = None
    property: Words | None = None
    value: Any = None
    properties: dict[str, Value] = {}
    provenance: ProvenanceForm | None = None
    with_links: bool = False


class PatchForm(_Form):
    """One patch."""

    patch: Slug
    author: Words
    dated: Day
    reason: Words
    confidence: Share | None = None
    evidence: list[EvidenceForm] = Field(default=[], max_length=50)
    changes: list[ChangeForm] = Field(min_length=1, max_length=500)
