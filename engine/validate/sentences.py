"""What was met and how to mend it, in one sentence for each constraint component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

# {field} with its article left out, {focus} in backticks, {value} in backticks, {limit} plain, {shape} the contract
_SAID: Mapping[str, str] = MappingProxyType({
    "MinCount": "{focus} has no {field}",
    "MaxCount": "{focus} has more than {limit} {field}",
    "In": "{field} is {value}, which is not one of the allowed values",
    "HasValue": "{focus} has no {field} with the value that is asked for",
    "Datatype": "{field} is {value}, which is of the wrong type",
    "NodeKind": "{field} is {value}, which is of the wrong kind",
    "Class": "{field} names {value}, which is of the wrong class",
    "MinInclusive": "{field} is {value}, below {limit}",
    "MaxInclusive": "{field} is {value}, above {limit}",
    "MinExclusive": "{field} is {value}, not above {limit}",
    "MaxExclusive": "{field} is {value}, not below {limit}",
    "MinLength": "{field} is too short, {length} characters long",
    "MaxLength": "{field} is too long, {length} characters long",
    "Pattern": "{field} is {value}, which is not written as it must be",
    "LanguageIn": "{field} is {value}, in a language that is not asked for",
    "UniqueLang": "{focus} has more than one {field} in one language",
    "Equals": "{field} of {focus} differ from what they must equal: {value}",
    "Disjoint": "{field} of {focus} must not hold {value}",
    "LessThan": "{field} is {value}, which is not below what it must stay below",
    "LessThanOrEquals": "{field} is {value}, which is above what it may reach",
    "Closed": "{focus} has {field}, which the contract {shape} does not know",
    "QualifiedMinCount": "{focus} has too few {field} of the kind that is asked for",
    "QualifiedMaxCount": "{focus} has too many {field} of the kind that is limited",
    "Not": "{subject} is what the contract {shape} rules out",
    "Or": "{subject} meets no alternative of the contract {shape}",
    "Xone": "{subject} does not meet exactly one alternative of the contract {shape}",
    "And": "{subject} does not meet every part of the contract {shape}",
    "Node": "{subject} does not meet the contract {shape}",
})  # fmt: skip
_MENDED: Mapping[str, str] = MappingProxyType({
    "MinCount": "give at least {limit} {field}", "MaxCount": "give at most {limit} {field}", "In": "use one of {allowed}", "HasValue": "give {field} the value {allowed}",
    "Datatype": "write a value of type {limit}", "NodeKind": "give one of {allowed}", "Class": "name one that is a {limit}",
    "MinInclusive": "write {limit} or more", "MaxInclusive": "write {limit} or less", "MinExclusive": "write more than {limit}", "MaxExclusive": "write less than {limit}",
    "MinLength": "write at least {limit} characters", "MaxLength": "write at most {limit} characters", "Pattern": "write it like {limit}",
    "LanguageIn": "write it in one of {allowed}", "UniqueLang": "keep one for each language", "Closed": "leave {field} out",
    "Equals": "give it the values of {limit}", "Disjoint": "give it no value of {limit}", "LessThan": "keep it below {limit}", "LessThanOrEquals": "keep it at most {limit}",
    "QualifiedMinCount": "give at least {limit} of that kind", "QualifiedMaxCount": "give at most {limit} of that kind",
})  # fmt: skip
_BOUNDS = ("MinInclusive", "MaxInclusive", "MinExclusive", "MaxExclusive")
_LISTED = 12
_OTHERWISE = "{focus} breaks the contract {shape}"
_LONGEST = 60
# the first that a value breaks says most; the rest follow from it
_TELLING = ("Datatype", "NodeKind", "Class", "MinCount", "MaxCount", "In", "Pattern", "MinLength", "MaxLength")


def what_was_met(component: str, shape: str, focus: str, field: str, value: str, limit: str = "") -> str:
    """A sentence about a result: `status` is `aproved`, which is not one of the allowed values. `field` may be ''."""
    said = _SAID.get(component, _OTHERWISE)
    if not field and "{field}" in said:
        said = _OTHERWISE + (", met {value}" if value else "")
    elif said is _OTHERWISE and value and value != focus:
        said += ", met {value}"
    if component in _BOUNDS and field and _number(limit) and not _number(value):
        said = "{field} is {value}, which cannot be compared with {limit}"
    if not limit:
        said = said.replace(", below {limit}", ", too small").replace(", above {limit}", ", too large").replace("more than {limit} ", "too many values of ")
        said = said.replace(", not above {limit}", ", too small").replace(", not below {limit}", ", too large")
    subject = f"{_quoted(field)} of {_quoted(focus)}" if field else _quoted(focus)
    return said.format(focus=_quoted(focus), field=_quoted(field), value=_quoted(value), limit=limit, shape=shape, subject=subject, length=f"{len(value):,}")


def remedy(component: str, shape: str, field: str, limit: str, allowed: Sequence[str]) -> str:
    """How to mend a result whose shape does not say it."""
    said = _MENDED.get(component, "")
    if not said or ("{limit}" in said and not limit) or ("{allowed}" in said and not allowed):
        return f"see what the contract {shape} asks for"
    return said.format(field=_quoted(field), limit=limit, allowed=", ".join(allowed[:_LISTED]) + (" ..." if len(allowed) > _LISTED else ""))


def telling(component: str) -> tuple[int, str]:
    """Rank of a component among those that one value breaks: the most telling first."""
    return (_TELLING.index(component) if component in _TELLING else len(_TELLING), component)


def _number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f"`{flat if len(flat) <= _LONGEST else flat[: _LONGEST - 3] + '...'}`"
