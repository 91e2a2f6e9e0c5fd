"""Whether a report is what the suite expects: equal multisets of results, fresh blank nodes up to renaming."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from w3c_manifest import Expected

from engine.shapes.results import ValidationResult
from engine.shapes.terms import Blank, Term

Naming = dict[Blank, Blank]


def differences(expected: Expected, conforms: bool, found: Sequence[ValidationResult]) -> list[str]:
    """What is missing and what is too much, one line each; none where the report is as expected.

    A source constraint and messages count where the expected report states them; details never do (the suite has none).
    """
    told = [] if conforms == expected.conforms else [f"conforms is {conforms}"]
    wanted = list(expected.results)
    if len(wanted) == len(found) and _match(wanted, list(found), expected.fresh, {}) is not None:
        return told
    missing = Counter(map(_stated, wanted)) - Counter(_stated(f, w) for f in found for w in [_nearest(f, wanted)])
    surplus = Counter(_stated(f, _nearest(f, wanted)) for f in found) - Counter(map(_stated, wanted))
    return [*told, *(f"missing: {r}" for r in missing.elements()), *(f"too much: {r}" for r in surplus.elements())] or [f"{len(found)} results for {len(wanted)}"]


def _nearest(found: ValidationResult, wanted: Sequence[ValidationResult]) -> ValidationResult | None:
    return next((w for w in wanted if (w.focus, w.source_shape, w.component) == (found.focus, found.source_shape, found.component)), None)


def _stated(result: ValidationResult, like: ValidationResult | None = None) -> ValidationResult:
    """A result with what is compared: without what the one that it is like does not state."""
    like = like or result
    return replace(result, detail=(), messages=result.messages if like.messages else (), source_constraint=result.source_constraint if like.source_constraint else None)


def _match(wanted: list[ValidationResult], found: list[ValidationResult], fresh: frozenset[Blank], naming: Naming) -> Naming | None:
    """A naming of the fresh blank nodes under which every wanted result is found, each once."""
    if not wanted:
        return naming
    first, rest = wanted[0], wanted[1:]
    for at, candidate in enumerate(found):
        if (named := _same(first, _stated(candidate, first), fresh, naming)) is not None and (whole := _match(rest, found[:at] + found[at + 1 :], fresh, named)) is not None:
            return whole
    return None


def _same(wanted: ValidationResult, found: ValidationResult, fresh: frozenset[Blank], naming: Naming) -> Naming | None:
    if (wanted.path, wanted.component, wanted.severity, wanted.messages) != (found.path, found.component, found.severity, found.messages):
        return None
    named: Naming | None = naming
    for mine, other in ((wanted.focus, found.focus), (wanted.value, found.value), (wanted.source_shape, found.source_shape), (wanted.source_constraint, found.source_constraint)):
        named = _same_term(mine, other, fresh, named) if named is not None else None
    return named


def _same_term(wanted: Term | None, found: Term | None, fresh: frozenset[Blank], naming: Naming) -> Naming | None:
    if isinstance(wanted, Blank) and wanted in fresh:
        if wanted in naming:
            return naming if naming[wanted] == found else None
        return {**naming, wanted: found} if isinstance(found, Blank) and found not in naming.values() else None
    return naming if wanted == found else None
