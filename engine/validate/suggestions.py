"""What would mend a finding on authored content: allowed values, the nearest of them, YAML to paste; and the page of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from rapidfuzz import fuzz, process

from engine.sources import snippet
from engine.validate.findings import Suggestion

CONTRACTS_PAGE = "docs/reference/contracts.md"
DIAGNOSTICS_PAGE = "docs/reference/diagnostics.md"
_ROOMS = {"WED": "wed-authored-content", "DOC": "doc-authored-documents", "VAL": "val-judging-authored-content"}
_NEAR = 60
_MEANT = re.compile(r"did you mean `([^`]+)`\?")
_BOUNDS = ("MinInclusive", "MaxInclusive")
DocumentPath = tuple[str | int, ...]


def nearest_value(met: str, allowed: Iterable[str]) -> str:
    """The allowed value that was most likely meant; '' where none is near."""
    folded = {a: a.lower() for a in sorted(set(allowed))}
    found = process.extract(met.lower(), folded, scorer=fuzz.ratio, limit=None, score_cutoff=_NEAR)
    ranked: list[str] = [name for _, _, name in sorted(found, key=lambda hit: (-hit[1], hit[2]))]
    return ranked[0] if ranked and met else ""


def meant(fix: str) -> str:
    """The name that a remedy offers in words; '' where it offers none."""
    offered = _MEANT.search(fix)
    return offered[1] if offered else ""


def suggestion_for(component: str, path: DocumentPath | None, value: str, allowed: tuple[str, ...], limit: str) -> Suggestion:
    """For a result of a contract; `path` is where its field stands or would stand in the document, None where no field gives it."""
    near = nearest_value(value, allowed) if component in ("In", "HasValue", "Class") else ""
    if path is None or not path:
        return Suggestion(allowed, near)
    match component:
        case "In" | "HasValue":
            paste = snippet(path, near or allowed[0]) if allowed else snippet(path)
        case "MinCount" | "MinLength" | "Datatype" | "QualifiedMinCount":
            paste = snippet(path)
        case _ if component in _BOUNDS and limit:
            paste = snippet(path, _number(limit))
        case _:
            paste = ""
    return Suggestion(allowed, near, paste)


def without_item(path: DocumentPath, items: object, number: int) -> Suggestion:
    """The list at a path without one of its items."""
    return Suggestion(snippet=snippet(path, [item for n, item in enumerate(items) if n != number])) if isinstance(items, list) else Suggestion()


def page_of(code: str, shape: str) -> str:
    """Page of the documentation with its anchor: of the contract, else of the diagnostic code."""
    return f"{CONTRACTS_PAGE}#{shape.lower()}" if shape else f"{DIAGNOSTICS_PAGE}#{_ROOMS.get(code[:3], code[:3].lower())}"


def _number(text: str) -> Any:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return int(number) if number == number.to_integral_value() else number
