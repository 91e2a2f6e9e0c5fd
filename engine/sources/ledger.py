"""The source ledger: whose each source is, what it may be used for, which releases are known and which one is pinned.

In: `graph_data/sources.toml`. Out: `Ledger`, and for a release in use an `Origin` that stamps records with provenance.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pydantic import ConfigDict, ValidationError, create_model

from engine.contracts import BadInput, Diagnostic, Fingerprint, InputOutput, Place, decimal_text, key, sha256_hex
from engine.documents import data_folder
from engine.sources.format_faults import FaultCodes, format_faults, nearest
from engine.sources.ledger_format import FetchRules, LedgerEntry, filled
from engine.sources.toml_places import TomlPlaces

SOURCE_NAMES = (
    "onet", "soc", "onet-soc", "wedge", "oews", "esco", "esco-onet", "economic-index", "gpts-are-gpts", "working-with-ai", "gdpval", "vacancy-titles", "market",
)  # fmt: skip
FETCHING = "fetching"
CODES = FaultCodes("SRC102", "SRC103", "SRC104")


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

    @property
    def attribution(self) -> str:
        """What must be shown wherever content of this release goes; '' where nothing is prescribed."""
        return filled(self.entry.attribution, self.release)

    def provenance(self, source_ref: str, *, confidence: Decimal | None = None, derived_by: str) -> dict[str, str]:
        """The six provenance columns of a record, lexical."""
        share = decimal_text(self.entry.confidence if confidence is None else confidence)
        return {"source": self.key, "source_ref": source_ref, "release": self.release, "licence": self.entry.licence, "confidence": share, "derived_by": derived_by}

    def source_record(self) -> dict[str, str]:
        """The Source record of this release, lexical."""
        return {
            "id": self.key, "label": f"{self.entry.title} {self.release}", "address": self.entry.address, "allowed_use": self.entry.allowed_use,
            "citation": filled(self.entry.citation, self.release), "description": self.entry.description, "layer": self.entry.layer,
            "owner": self.entry.owner, "runtime_eligible": "true" if self.entry.runtime_eligible else "false",
            **self.provenance(f"sources.toml:{self.ledger_line}", confidence=Decimal(1), derived_by="ledger"),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger:
    """Entries in order of precedence, the line each begins on, the fingerprint of the file, how patient fetches are, and where each value stands."""

    entries: tuple[LedgerEntry, ...]
    lines: tuple[int, ...]
    fingerprint: Fingerprint
    fetching: FetchRules
    places: TomlPlaces = field(compare=False, repr=False)

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
    places = TomlPlaces.of(text, source.name)
    named = {name: {"name": name, **value} if isinstance(value, dict) and name != FETCHING else value for name, value in data.items()}
    shape = create_model("LedgerFile", __config__=ConfigDict(extra="forbid"), **{FETCHING: (FetchRules, ...)}, **dict.fromkeys(SOURCE_NAMES, (LedgerEntry, ...)))  # type: ignore[call-overload]
    try:
        ledger = shape.model_validate(named)
    except ValidationError as error:
        raise BadInput(*format_faults(error, shape, places, CODES)) from None
    entries: list[LedgerEntry] = [getattr(ledger, name) for name in named if name != FETCHING]
    faults = [
        Diagnostic(places((e.name, "pin")), "SRC105", f"`{e.name}` is pinned to `{e.pin}`, which is no known release", fix=nearest(e.pin, (r.release for r in e.releases)))
        for e in entries if e.pin is not None and e.known(e.pin) is None
    ]  # fmt: skip
    if faults:
        raise BadInput(*faults)
    fingerprint = Fingerprint("source", "sources.toml", sha256_hex(raw), len(raw))
    return Ledger(tuple(entries), tuple(places((e.name,)).line for e in entries), fingerprint, ledger.fetching, places)

