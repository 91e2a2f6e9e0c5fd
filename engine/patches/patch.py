"""A patch as frozen values: who proposes what, why, on which evidence, and the changes in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from engine.contracts import Place, decimal_text
from engine.rules import ParameterValue
from engine.warehouse import Cell

Act = Literal["add", "retire", "replace"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the author rests on: a sentence, the source (`source/onet@30.1`; '' where none is named) and where in it."""

    says: str
    source: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record or relationship of a record table added, retired or replaced.

    `identity` holds the key columns (`id`; `from`, `to` and, where stated, `naming_kind`), `cells` lexical values by column, with `whole`
    all of them and else only those that change; `stamp` the provenance columns that are stated; `with_links` retires what leads to
    or from a retired record.
    """

    number: int
    act: Act
    target: str
    identity: Mapping[str, str]
    cells: Mapping[str, Cell]
    stamp: Mapping[str, str]
    whole: bool
    with_links: bool
    place: Place

    @property
    def subject(self) -> str:
        """Key of the record, or table and ends of the relationship."""
        if "id" in self.identity:
            return self.identity["id"]
        named = f" ({self.identity['naming_kind']})" if "naming_kind" in self.identity else ""
        return f"{self.target.partition('.')[0]} {self.identity['from']} -> {self.identity['to']}{named}"

    @property
    def sentence(self) -> str:
        """What is done, in a few words."""
        if self.act == "replace" and not self.whole:
            return f"replace {self.subject}: " + ", ".join(f"{name} = {_text(cell)}" for name, cell in self.cells.items())
        return f"{self.act} {self.subject}"

    def rests_on(self, other: Change) -> bool:
        """Whether this change cannot stand without the other: a link on an added record, a retired record on its retired links."""
        if isinstance(other, ParameterChange):
            return False
        ends = {self.identity.get("from"), self.identity.get("to")} - {None}
        if self.act == "add" and other.act == "add" and "id" in other.identity:
            return other.identity["id"] in ends
        return self.act == "retire" and other.act == "retire" and self.identity.get("id") in {other.identity.get("from"), other.identity.get("to")} - {None}


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A rule parameter's value from a day on: added, put in place of the one of that day, or retired (`value` None)."""

    number: int
    act: Act
    pack: str
    name: str
    since: date
    value: ParameterValue | None
    place: Place

    @property
    def subject(self) -> str:
        """Pack and parameter."""
        return f"{self.pack}.{self.name}"

    @property
    def sentence(self) -> str:
        """What is done, in a few words."""
        told = "" if self.value is None else f" = {_text(self.value)}"
        return f"{self.act} {self.subject}{told} from {self.since.isoformat()}"

    def rests_on(self, other: Change) -> bool:  # noqa: ARG002 - as RecordChange
        """A parameter stands alone."""
        return False


Change = RecordChange | ParameterChange


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch: its name, who proposed it and when, why, how sure the author is (share; None where not said), evidence, changes."""

    name: str
    author: str
    dated: date
    reason: str
    confidence: Decimal | None
    evidence: tuple[Evidence, ...]
    changes: tuple[Change, ...]

    @property
    def record_changes(self) -> tuple[RecordChange, ...]:
        """Only those of records and relationships."""
        return tuple(c for c in self.changes if isinstance(c, RecordChange))

    @property
    def parameter_changes(self) -> tuple[ParameterChange, ...]:
        """Only those of rule parameters."""
        return tuple(c for c in self.changes if isinstance(c, ParameterChange))

    def without(self, number: int) -> tuple[Change, ...]:
        """Changes without one of them and without those that cannot stand without it."""
        gone = {number}
        while more := {c.number for c in self.changes if c.number not in gone and any(c.rests_on(o) for o in self.changes if o.number in gone)}:
            gone |= more
        return tuple(c for c in self.changes if c.number not in gone)


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {_text(v)}" for k, v in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "[" + ", ".join(map(_text, value)) + "]"
    return "nothing" if value is None else str(value)
