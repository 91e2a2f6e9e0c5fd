"""The ways out of the engine, and what a licence policy answers about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Exit(StrEnum):
    """A way out: see the pack `licence` for what each one is."""

    SCREEN = "screen"
    ANSWER = "answer"
    EXPORT = "export"
    REPORT = "report"
    RELEASE_PACK = "release_pack"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True, order=True)
class LicensedSource:
    """A source as its record in the snapshot states it; `allowed_use` as in the source ledger."""

    key: str
    label: str
    owner: str
    licence: str
    allowed_use: str
    citation: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an exit does with a source's records, the row of the pack that says so, and its sentence."""

    source: str
    carried: bool
    cited: bool
    rule: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Attribution:
    """A citation that goes with what is carried: source key, label, owner, licence, the publisher's citation text."""

    source: str
    label: str
    owner: str
    licence: str
    citation: str


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """Records that an exit does not carry: their source (key and label), how many, and why."""

    source: str
    label: str
    count: int
    reason: str

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        return f"{self.count:,} of {self.label} left out: {self.reason}"


@dataclass(frozen=True, slots=True)
class Admitted(Generic[T]):
    """Records that may pass, in their order; what was refused, by source; the citations owed for what passes."""

    carried: tuple[T, ...]
    refused: tuple[Refused, ...]
    attributions: tuple[Attribution, ...]
