"""A condition and what it could have been by one slip: left out, turned round, a bound taken the other way, a value of a set lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from engine.rules.unary import AnyOf, Compare, Contains, Equal, Fixed, Not, Operand, ParameterRef, Range, Unary
from engine.rules.values import ParameterValue, value_text

Kind = Literal["fails", "holds", "bound", "value"]
_STRICT = {">=": ">", ">": ">=", "<=": "<", "<": "<="}


@dataclass(frozen=True, slots=True)
class Variant:
    """A test that stands where another stood, and what a case must show to tell the two apart.

    `fails`: the condition left out; `holds`: the condition turned round; `bound`: its end taken in or left out; `value`: one
    of its values lost.
    """

    kind: Kind
    needs: str
    test: Unary


def variants(test: Unary, parameters: Mapping[str, ParameterValue]) -> Iterator[Variant]:
    """Every variant of a condition, the plain ones first. `any` is no condition and has none."""
    if test == Fixed("any"):
        return
    yield Variant("fails", "a case that this condition alone keeps from the row", Fixed("any"))
    yield Variant("holds", "a case that the row decides because this condition holds", _turned(test))
    yield from _slips(test, parameters)


def _turned(test: Unary) -> Unary:
    if isinstance(test, Not):
        return test.test
    if isinstance(test, Fixed):
        return Fixed("present" if test.word == "missing" else "missing")
    return Not(test)


def _slips(test: Unary, parameters: Mapping[str, ParameterValue]) -> Iterator[Variant]:
    if isinstance(test, Compare):
        shown = value_text(_value(test.bound, parameters))
        yield Variant("bound", f"a case at {shown} itself", replace(test, sign=_STRICT[test.sign]))
    elif isinstance(test, Range):
        yield Variant("bound", f"a case at {value_text(_value(test.low, parameters))} itself", replace(test, low_in=not test.low_in))
        yield Variant("bound", f"a case at {value_text(_value(test.high, parameters))} itself", replace(test, high_in=not test.high_in))
    elif isinstance(test, Equal):
        for shown, fewer in _fewer(test.operand, parameters):
            yield Variant("value", f"a case that meets `{shown}`", Equal(fewer))
    elif isinstance(test, Contains):
        yield from _fewer_items(test, parameters)
    elif isinstance(test, AnyOf):
        for position, inner in enumerate(test.tests):
            before, after = test.tests[:position], test.tests[position + 1 :]
            if before or after:
                yield Variant("value", f"a case that meets `{_shown(inner, parameters)}` alone", AnyOf((*before, *after)))
            for slip in _slips(inner, parameters):
                yield replace(slip, test=AnyOf((*before, slip.test, *after)))
    elif isinstance(test, Not):
        for slip in _slips(test.test, parameters):
            yield replace(slip, test=Not(slip.test))


def _fewer_items(test: Contains, parameters: Mapping[str, ParameterValue]) -> Iterator[Variant]:
    for position, operand in enumerate(test.items):
        before, after = test.items[:position], test.items[position + 1 :]
        for shown, fewer in _fewer(operand, parameters):
            yield Variant("value", f"a case that meets `{shown}` alone", Contains((*before, fewer, *after)))
        if before or after:
            yield Variant("value", f"a case that meets `{value_text(_value(operand, parameters))}` alone", Contains((*before, *after)))


def _fewer(operand: Operand, parameters: Mapping[str, ParameterValue]) -> Iterator[tuple[str, Operand]]:
    """A list without each of its values in turn; a single value cannot be lost without the condition."""
    values = _value(operand, parameters)
    if isinstance(values, tuple) and len(values) > 1:
        for value in dict.fromkeys(values):
            yield value_text(value), replace(operand, value=tuple(v for v in values if v != value))


def _value(operand: Operand, parameters: Mapping[str, ParameterValue]) -> ParameterValue:
    found: ParameterValue = parameters[operand.value.name] if isinstance(operand.value, ParameterRef) else operand.value
    return found


def _shown(test: Unary, parameters: Mapping[str, ParameterValue]) -> str:
    if isinstance(test, Fixed):
        return test.word
    if isinstance(test, Equal):
        return value_text(_value(test.operand, parameters))
    if isinstance(test, Compare):
        return f"{test.sign} {value_text(_value(test.bound, parameters))}"
    if isinstance(test, Range):
        return f"{value_text(_value(test.low, parameters))} to {value_text(_value(test.high, parameters))}"
    if isinstance(test, Contains):
        return f"contains {', '.join(value_text(_value(item, parameters)) for item in test.items)}"
    if isinstance(test, AnyOf):
        return ", ".join(_shown(inner, parameters) for inner in test.tests)
    return f"not {_shown(test.test, parameters)}"
