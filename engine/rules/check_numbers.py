"""Whether parameters and scorings mean something: dates that differ, factors over numbers, an order without ties."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.contracts import Diagnostic
from engine.rules.pack import Factor, Pack, Scoring
from engine.rules.spelling import did_you_mean


def parameter_faults(pack: Pack) -> Iterator[Diagnostic]:
    """RUL118: two values from one day, or values of different kinds."""
    for parameter in pack.parameters.values():
        where = pack.place("parameters", parameter.name, "values")
        days = [dated.since for dated in parameter.values]
        for day in sorted({d for d in days if days.count(d) > 1}):
            yield Diagnostic(where, "RUL118", f"`{parameter.name}` has two values from {day}", "nobody can tell which is in force", "give each value its own day")
        kinds = {_kind(dated.value) for dated in parameter.values}
        if len(kinds) > 1:
            yield Diagnostic(where, "RUL118", f"`{parameter.name}` is {' and '.join(sorted(kinds))}", "a parameter keeps its kind over time", "state all its values alike")


def scoring_faults(pack: Pack) -> Iterator[Diagnostic]:
    """RUL106, RUL107, RUL112, RUL119, RUL120 of every scoring."""
    for scoring in pack.scorings.values():
        yield from _order_faults(pack, scoring)
        for factor in scoring.factors:
            yield from _factor_faults(pack, scoring, factor)


def _factor_faults(pack: Pack, scoring: Scoring, factor: Factor) -> Iterator[Diagnostic]:
    path = ("scoring", scoring.name, "factors", factor.name)
    found = pack.columns_named(factor.uses)
    if len(found) != 1:
        yield _column_fault(pack, factor.uses, *path, "uses")
    elif not found[0][2].numeric:
        yield Diagnostic(pack.place(*path, "uses"), "RUL120", f"`{factor.uses}` is {found[0][2].type} and cannot be weighted", "a factor is a number", "use a share, count, number, hours or level")
    if factor.low >= factor.high:
        yield Diagnostic(pack.place(*path, "range"), "RUL120", f"the range from {factor.low} to {factor.high} is empty", "a factor must be able to differ", "write the lower end first")
    if factor.transform == "complement" and (factor.low != 0 or factor.high != 1):
        yield Diagnostic(pack.place(*path, "transform"), "RUL120", "a complement is taken of a share only", "one less the value has a meaning only between 0 and 1", "write `range: [0, 1]` or `transform: identity`")
    if isinstance(factor.weight, str):
        where = pack.place(*path, "weight")
        if factor.weight not in pack.parameters:
            yield Diagnostic(where, "RUL112", f"no parameter `${factor.weight}`", "a weight is a number or a parameter of its own pack", did_you_mean(factor.weight, pack.parameters))
        elif any(isinstance(d.value, bool) or not isinstance(d.value, int) for d in pack.parameters[factor.weight].values):
            yield Diagnostic(where, "RUL120", f"the weight `${factor.weight}` is not a whole number", "weights are parts per thousand, so that sums are exact", "state it per mille, for instance 250")


def _order_faults(pack: Pack, scoring: Scoring) -> Iterator[Diagnostic]:
    path = ("scoring", scoring.name, "order")
    names = [name for name, _ in scoring.order]
    if len(set(names)) < len(names) or "score" not in names or names[-1] != "subject":
        yield Diagnostic(pack.place(*path), "RUL119", f"the order {', '.join(names)} leaves ties", "equal questions need equal answers", "name score, then columns, and end with `subject asc`; each once")
    for position, name in enumerate(names):
        if name not in ("score", "subject") and len(pack.columns_named(name)) != 1:
            yield _column_fault(pack, name, *path, position)


def _column_fault(pack: Pack, name: str, *path: str | int) -> Diagnostic:
    if pack.columns_named(name):
        return Diagnostic(pack.place(*path), "RUL107", f"column `{name}` is declared more than once", "nobody can tell which one is meant", "rename one of them")
    return Diagnostic(pack.place(*path), "RUL106", f"no column `{name}`", "a scoring reads inputs, fact columns and outputs of tables of its own pack", did_you_mean(name, (c.name for _, _, c in pack.all_columns())))


def _kind(value: object) -> str:
    if isinstance(value, tuple):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    return {bool: "true or false", int: "a number", Decimal: "a number"}.get(type(value), "a text")
