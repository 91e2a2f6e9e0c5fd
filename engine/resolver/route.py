"""The route of a title: its whole answer in short fields, as lists of many titles carry it, without its evidence in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.contracts import Reason
from engine.rules import TableResult

_TEXT = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Route:
    """One title's answer; every field that a Resolution has too equals that of `Resolver.resolve` of the same title.

    `occupation` is the code that leads clearly, `occupations` all codes, best first, at most ten; `groups` codes of
    wider groups with the chance that the right occupation is in them, narrowest first. `reasons` read `pack.table.row: sentence`, in the order of
    the Resolution's. `decision_id` is that of `Rulebook.decision_ids` over the tables of the packs `fallback` and `service`, of the subject that
    `subject_of` gives: equal for equal title, rules, records and day.
    """

    title: str
    normalized: str
    fallback_tier: str
    service_tier: str
    runtime_action: str
    outcome: str
    role: str | None
    ground: str | None
    function: str | None
    occupation: str | None
    occupations: tuple[str, ...]
    groups: tuple[tuple[str, Decimal], ...]
    confidence: Decimal
    reasons: tuple[str, ...]
    caveats: tuple[str, ...]
    review_tags: tuple[str, ...]
    decision_id: str


def reason_text(reason: Reason) -> str:
    """A reason on one line; where no row held, the table alone stands before the sentence."""
    place = f"{reason.pack}.{reason.table}.{reason.rule}" if reason.rule else f"{reason.pack}.{reason.table}"
    return f"{place}: {reason.sentence}"


def line_text(result: TableResult, row: str, sentence: str) -> str:
    """The same of a row that held."""
    bound = result.evaluation.bound
    return f"{bound.pack}.{bound.table.name}.{row}: {sentence}"


def subject_of(title: str, targets: Sequence[str]) -> str:
    """What a decision is about: a JSON list of the title as given and the keys of the accepted records, best first. Half characters are written out."""
    whole = title if title.isascii() else title.encode("utf-8", "backslashreplace").decode()
    return f"[{', '.join(map(_TEXT, (whole, *targets)))}]"
