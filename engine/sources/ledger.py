"""The source ledger: whose each source is, what it may be used for, which releases are known and which one is pinned.

In: `graph_data/sources.toml`. Out: `Ledger`, and for a release in use an `Origin` that stamps records with provenance.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from engine.contracts import BadInput, Diagnostic, Fingerprint, InputOutput, Place, decimal_text, key, sha256_hex
from engine.documents import data_folder
from engine.sources.format_faults import DocumentPath, FaultCodes, format_faults, nearest

SOURCE_NAMES = (
    "onet", "soc", "wedge", "oews", "esco", "esco-onet", "economic-index", "gpts-are-gpts", "working-with-ai", "gdpval", "vacancy-titles", "market",
)  # fmt: skip
CODES = FaultCodes("SRC102", "SRC103", "SRC104")
Share = Annotated[Decimal, Field(ge=0, le=1)]
Text = Annotated[str, Field(min_length=1)]


class KnownRelease(BaseModel):
    """A release in the publisher's numbering and the month or day it came out."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    release: Text
    release_date: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$")]

    @property
    def day(self) -> date:
        """The day, or the first of the month where only the month is known."""
        return date.fromisoformat(self.release_date if len(self.release_date) == 10 else f"{self.release_date}-01")


class LedgerEntry(BaseModel):
    """One source. `confidence` holds for facts as published, `derived_confidence` where a derived table stands in (shares 0 to 1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Text
    title: Text
    owner: Text
    description: Text
    licence: Annotated[str, Field(pattern=r"^[A-Za-z0-9.+-]+$")]
    allowed_use: Literal["ship", "runtime", "internal_practice_only", "measurement_only"]
    runtime_eligible: bool
    layer: Literal["canonical_taxonomy", "market_signal", "research_signal", "benchmark", "authored"]
    address: Text
    citation: Text
    confidence: Share
    derived_confidence: Share
    pin: Text | None = None
    releases: tuple[KnownRelease, ...] = ()
    sha256: Mapping[str, Mapping[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]]] = Field(default_factory=dict)

    def known(self, release: str) -> KnownRelease | None:
        """The ledger's line on a release, None where it has none."""
        return next((r for r in self.releases if r.release == release), None)


@dataclass(frozen=True, slots=True)
class Origin:
    """One release of one source in use. `rank` is its precedence (0 first), `ledger_line` its line in sources.toml."""

    entry: LedgerEntry
    release: str
    rank: int
    ledger_line: int

    @property
    def key(self) -> str:
        """Key of the Source record: `source/onet@30.1`."""
        return key("source", f"{self.entry.name}@{self.release}")

    @property
    def release_date(self) -> str:
        """Month or day of the release as the ledger has it; '' where the ledger does not know the release."""
        known = self.entry.known(self.release)
        return known.release_date if known else ""

    def provenance(self, source_ref: str, *, confidence: Decimal | None = None, derived_by: str) -> dict[str, str]:
        """The six provenance columns of a record, lexical."""
        share = decimal_text(self.entry.confidence if confidence is None else confidence)
        return {"source": self.key, "source_ref": source_ref, "release": self.release, "licence": self.entry.licence, "confidence": share, "derived_by": derived_by}

    def source_record(self) -> dict[str, str]:
        """The Source record of this release, lexical."""
        return {
            "id": self.key, "label": f"{self.entry.title} {self.release}", "address": self.entry.address, "allowed_use": self.entry.allowed_use,
            "citation": self.entry.citation.replace("{release}", self.release), "description": self.entry.description, "layer": self.entry.layer,
            "owner": self.entry.owner, "runtime_eligible": "true" if self.entry.runtime_eligible else "false",
            **self.provenance(f"sources.toml:{self.ledger_line}", confidence=Decimal(1), derived_by="ledger"),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger:
    """Entries in order of precedence, the line each begins on, and the fingerprint of the file."""

    entries: tuple[LedgerEntry, ...]
    lines: tuple[int, ...]
    fingerprint: Fingerprint

    def entry(self, name: str) -> LedgerEntry:
        """Entry by name. Raises BadInput SRC106 for a source that the ledger lacks."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        raise BadInput.at("SRC106", f"the ledger has no source `{name}`", fix=nearest(name, (e.name for e in self.entries)))

    def origin(self, name: str, release: str | None = None) -> Origin:
        """A release of a source; without `release` the pinned one, else the newest known."""
        entry = self.entry(name)
        rank = self.entries.index(entry)
        chosen = release or entry.pin or max(entry.releases, key=lambda r: r.day).release
        return Origin(entry, chosen, rank, self.lines[rank])


def load_ledger(path: Path | None = None) -> Ledger:
    """Read the ledger (default: the one of this installation).

    Raises InputOutput SRC100 where it cannot be read; BadInput SRC101 (not TOML), SRC102 (unknown key), SRC103 (missing key),
    SRC104 (wrong value), SRC105 (pinned release unknown), all of them at once.
    """
    source = path or data_folder("graph_data") / "sources.toml"
    try:
        raw = source.read_bytes()
    except OSError as error:
        raise InputOutput.at("SRC100", f"cannot read the source ledger: {error.strerror}", fix="check that the file exists and may be read", place=Place(source.name)) from None
    try:
        text = raw.decode("utf-8")
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        met = re.search(r"line (\d+), column (\d+)", str(error))
        place = Place(source.name, int(met[1]), int(met[2])) if met else Place(source.name)
        raise BadInput.at("SRC101", f"not TOML: {error}", fix="mend the file at this place", place=place) from None
    lines = _Lines(text, source.name)
    faults: list[Diagnostic] = []
    named = {name: {"name": name, **value} if isinstance(value, dict) else value for name, value in data.items()}
    shape = create_model("LedgerFile", __config__=ConfigDict(extra="forbid"), **dict.fromkeys(SOURCE_NAMES, (LedgerEntry, ...)))  # type: ignore[call-overload]
    entries: list[LedgerEntry] = []
    try:
        shape.model_validate(named)
        entries = [LedgerEntry.model_validate(value) for value in named.values()]
    except ValidationError as error:
        faults.extend(format_faults(error, shape, lines, CODES))
    for entry in entries:
        if entry.pin is None and not entry.releases:
            faults.append(Diagnostic(lines((entry.name,)), "SRC103", f"`{entry.name}` has neither a pin nor a known release", fix="add `releases`"))
        if entry.pin is not None and entry.known(entry.pin) is None:
            faults.append(Diagnostic(lines((entry.name, "pin")), "SRC105", f"`{entry.name}` is pinned to `{entry.pin}`, which is no known release", fix=nearest(entry.pin, (r.release for r in entry.releases))))
    if faults:
        raise BadInput(*faults)
    fingerprint = Fingerprint("source", "sources.toml", sha256_hex(raw), len(raw))
    return Ledger(tuple(entries), tuple(lines((e.name,)).line for e in entries), fingerprint)


class _Lines:
    """Place of a path in a TOML text: the line of its key below its table's header (tomllib keeps no positions)."""

    def __init__(self, text: str, shown: str) -> None:
        self.text, self.shown = text.splitlines(), shown

    def __call__(self, path: DocumentPath) -> Place:
        shown = ".".join(str(p) for p in path)
        header = next((n for n, line in enumerate(self.text, 1) if path and re.match(rf"\s*\[\s*\"?{re.escape(str(path[0]))}\"?\s*\]", line)), 0)
        if not header:
            return Place(self.shown, 1, 1, shown)
        for number in range(header + 1, len(self.text) + 1):
            line = self.text[number - 1]
            if line.lstrip().startswith("["):
                break
            if len(path) > 1 and re.match(rf"\s*{re.escape(str(path[1]))}\s*=", line):
                return Place(self.shown, number, 1, shown)
        return Place(self.shown, header, 1, shown)
