"""The door through which authored files come in: what `pack.yaml` and `cases.yaml` may hold, and nothing else.

Imported only where files are read: pydantic takes longer to load than a decision takes to make.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, StringConstraints, WithJsonSchema

from engine.rules.values import ColumnType

_SCALAR_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_SCALAR_OR_NULL: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}


def _scalar(value: Any) -> Any:
    if isinstance(value, (str, bool, int, Decimal)):
        return value
    raise ValueError(f"expected text, a number, true or false, got {_kind(value)}")


def _scalar_or_null(value: Any) -> Any:
    return None if value is None else _scalar(value)


def _given(value: Any) -> Any:
    if isinstance(value, list):
        return [_scalar(item) for item in value]
    return _scalar_or_null(value)


def _cell(value: Any) -> Any:
    return [_scalar(item) for item in value] if isinstance(value, list) else _scalar(value)


def _parameter_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _scalar(item) for name, item in value.items()}
    if isinstance(value, list) and not value:
        raise ValueError("an empty list says nothing")
    return _cell(value)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ValueError(f"expected a number, got {_kind(value)}")
    return Decimal(value)


def _weight(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.startswith("$"):
        return value
    raise ValueError("expected a whole number (per mille) or a `$parameter`")


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    return {dict: "a mapping", list: "a list", date: f"the date {value} (quote it if it is text)"}.get(type(value), type(value).__name__)


def _list_of(inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": inner, "minItems": 1}


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Scalar = Annotated[Any, AfterValidator(_scalar), WithJsonSchema(_SCALAR_SCHEMA)]
Output = Annotated[Any, AfterValidator(_scalar_or_null), WithJsonSchema(_SCALAR_OR_NULL)]
Cell = Annotated[Any, AfterValidator(_cell), WithJsonSchema({"anyOf": [_SCALAR_SCHEMA, _list_of(_SCALAR_SCHEMA)], "description": "A unary test; see docs/reference/rule_packs.md"})]
Given = Annotated[Any, AfterValidator(_given), WithJsonSchema({"anyOf": [_SCALAR_OR_NULL, {"type": "array", "items": _SCALAR_SCHEMA}]})]
Numeric = Annotated[Any, AfterValidator(_number), WithJsonSchema({"type": "number"})]
Weight = Annotated[Any, AfterValidator(_weight), WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\$[a-z][a-z0-9_]*$"}]})]
AnyParameterValue = Annotated[
    Any, AfterValidator(_parameter_value), WithJsonSchema({"anyOf": [_SCALAR_SCHEMA, _list_of(_SCALAR_SCHEMA), {"type": "object", "additionalProperties": _SCALAR_SCHEMA}]})
]  # fmt: skip


class Authored(BaseModel):
    """A frozen mapping without unknown keys and without coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DatedValueFile(Authored):
    """A value and the day from which it is in force."""

    since: date = Field(alias="from")
    value: AnyParameterValue


class ParameterFile(Authored):
    """A number, text, list or mapping that people will argue about."""

    unit: Words
    reason: Words
    source: str = ""
    values: list[DatedValueFile] = Field(min_length=1)


class ColumnFile(Authored):
    """A typed column; `values` closes the list of what it may hold."""

    type: ColumnType
    values: list[Scalar] = []
    description: str = ""


class FactFile(Authored):
    """A read-only Cypher traversal over a whole class, evaluated when a graph is published."""

    subject: Words
    context: str | None = None
    description: Words
    cypher: Words
    columns: dict[Name, ColumnFile] = Field(min_length=1)


class RuleFile(Authored):
    """A row of a table: cells that must all hold, outputs, and the sentence that explains it."""

    id: Name
    when: dict[Name, Cell] = {}
    then: dict[Name, Output]
    because: Words


class TableFile(Authored):
    """A decision table."""

    description: Words
    hit_policy: Literal["first", "unique", "collect"]
    aggregate: Literal["list", "count", "sum", "min", "max"] | None = None
    uses: list[Name]
    outputs: dict[Name, ColumnFile] = Field(min_length=1)
    rules: list[RuleFile] = Field(min_length=1)
    gaps: str = Field("", description="Why no row may hold on some inputs. Without it every input must meet a row.")


class FactorFile(Authored):
    """A term of a score."""

    uses: Name
    weight: Weight
    unit: Words
    range: list[Numeric] = Field(min_length=2, max_length=2)
    transform: Literal["identity", "complement"] = "identity"
    description: str = ""


class ScoringFile(Authored):
    """A weighted sum and the order of what it ranks."""

    subject: Words
    description: Words
    factors: dict[Name, FactorFile] = Field(min_length=1)
    order: list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]* (asc|desc)$")]] = Field(min_length=1)


class PackFile(Authored):
    """A rule pack of the Work Intelligence Graph engine."""

    pack: Name
    version: Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}$")]
    owner: Words
    description: Words
    parameters: dict[Name, ParameterFile] = {}
    facts: dict[Name, FactFile] = {}
    inputs: dict[Name, ColumnFile] = {}
    tables: dict[Name, TableFile] = {}
    scoring: dict[Name, ScoringFile] = {}


class TableCaseFile(Authored):
    """A case of a table: what is given, what must come out, and which row must fire."""

    case: Words
    table: Name
    as_of: date | None = None
    like: Words | None = Field(None, description="The sentence of an earlier case of this table, whose `given` is taken over.")
    given: dict[Name, Given] = {}
    each: list[dict[Name, Given]] = Field([], description="Variations: one case for each, laid over `given`.")
    expect: dict[Name, Given] = {}
    fires: Name | list[Name] | None = None


class RankedFile(Authored):
    """One line of a ranking: a subject and its score as decimal text or number."""

    subject: Words
    score: Scalar


class GivenSubject(BaseModel):
    """A subject and its columns."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, Given]
    subject: Words


class FactsCaseFile(Authored):
    """A case of a table over a small fact table: several subjects, and what each must get."""

    case: Words
    table: Name
    as_of: date | None = None
    given: dict[Name, Given] = {}
    facts: list[GivenSubject] = Field(min_length=1)
    expect: list[GivenSubject] = Field(min_length=1)


class ScoringCaseFile(Authored):
    """A case of a scoring: subjects with their columns, and the ranking that must come out."""

    case: Words
    scoring: Name
    as_of: date | None = None
    given: list[GivenSubject] = Field(min_length=1)
    expect: list[RankedFile] = Field(min_length=1)


class TitleCaseFile(Authored):
    """A case of a job title, asked of the embedded graph."""

    case: Words
    title: str
    as_of: date | None = None
    expect: dict[Name, Given] = Field(min_length=1)


class CasesFile(RootModel[list[TableCaseFile | FactsCaseFile | ScoringCaseFile | TitleCaseFile]]):
    """The cases beside a rule pack of the Work Intelligence Graph engine."""
