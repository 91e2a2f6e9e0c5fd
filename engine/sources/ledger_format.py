"""The form of the source ledger: what an entry says of a source, its releases, its files and how they are fetched.

In: plain values of TOML. Out: checked, frozen models. Addresses, names and citations may hold `{release}`; addresses also
`{release_}` (dots and hyphens as underscores: `30_1`) and `{yy}` (its last two digits).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Share = Annotated[Decimal, Field(ge=0, le=1)]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1)]
FileName = Annotated[str, Field(pattern=r"^[^./\\:\x00-\x1f][^/\\:\x00-\x1f]*$", max_length=200)]
HttpsAddress = Annotated[str, Field(pattern=r"^https://[A-Za-z0-9.-]+/\S*$")]
Host = Annotated[str, Field(pattern=r"^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Seconds = Annotated[Decimal, Field(gt=0, le=86_400)]
_STRICT = ConfigDict(frozen=True, extra="forbid")


def filled(text: str, release: str) -> str:
    """A text of the ledger with its places for the release filled in."""
    short = re.sub(r"\D", "", release)[-2:]
    return text.replace("{release_}", re.sub(r"[.-]", "_", release)).replace("{release}", release).replace("{yy}", short)


class KnownRelease(BaseModel):
    """A release in the publisher's numbering and the month or day it came out."""

    model_config = _STRICT
    release: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    release_date: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$")]

    @property
    def day(self) -> date:
        """The day, or the first of the month where only the month is known."""
        return date.fromisoformat(self.release_date if len(self.release_date) == 10 else f"{self.release_date}-01")


class SourceArchive(BaseModel):
    """A zip that holds several files of a source. `byte_cap` limits the zip itself; what comes out is limited by the files' own caps."""

    model_config = _STRICT
    name: FileName
    address: HttpsAddress
    byte_cap: Count


class SourceFile(BaseModel):
    """One file of a source: the columns that it must have, those it may have, the most bytes taken in, and where it is had.

    It is had from `address`, or from the archive called `archive` under its own name (or `delivered_as`); else `not_fetchable` says
    why it is not. `alternatives` are other names of the same table. `not_read` says why no loader reads it. `releases`: only these hold it.
    """

    model_config = _STRICT
    name: FileName
    columns: tuple[Text, ...] = ()
    other_columns: tuple[Text, ...] = ()
    optional: bool = False
    byte_cap: Count
    alternatives: tuple[FileName, ...] = ()
    address: HttpsAddress | None = None
    archive: FileName | None = None
    delivered_as: FileName | None = None
    not_fetchable: Text | None = None
    not_read: Text | None = None
    releases: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> SourceFile:
        ways = [w for w in (self.address, self.archive, self.not_fetchable) if w is not None]
        if len(ways) != 1:
            raise ValueError("give exactly one of `address`, `archive` and `not_fetchable`")
        if len(set(self.columns) | set(self.other_columns)) < len(self.columns) + len(self.other_columns):
            raise ValueError("a column stands twice")
        return self

    def saved_as(self, release: str) -> str:
        """The name under which a fetched copy stands in the cache."""
        return filled(self.delivered_as or self.name, release)

    def names(self, release: str) -> tuple[str, ...]:
        """Every name under which the file may be delivered, the official one first."""
        return tuple(dict.fromkeys(filled(n, release) for n in (self.name, *self.alternatives, self.delivered_as or self.name)))

    def of(self, release: str) -> bool:
        """Whether a release holds this file."""
        return not self.releases or release in self.releases


class LedgerEntry(BaseModel):
    """One source. `confidence` holds for facts as published, `derived_confidence` where a derived table stands in (shares 0 to 1).

    `attribution` is what must be shown wherever its content goes, '' where nothing must. `hosts` are those that a fetch may be sent on
    to (a leading dot: that domain and all below it). `address_checked`: whether a person has requested the addresses and had the files.
    `withheld` are parts of the source that are never fetched, each with its reason.
    """

    model_config = _STRICT
    name: Text
    title: Text
    owner: Text
    description: Text
    licence: Annotated[str, Field(pattern=r"^[A-Za-z0-9.+-]+$")]
    licence_text: Text
    licence_address: HttpsAddress | None = None
    allowed_use: Literal["ship", "runtime", "internal_practice_only", "measurement_only"]
    runtime_eligible: bool
    layer: Literal["canonical_taxonomy", "market_signal", "research_signal", "benchmark", "authored"]
    address: Text
    address_checked: bool
    citation: Text
    attribution: str
    confidence: Share
    derived_confidence: Share
    pin: Text | None = None
    hosts: tuple[Host, ...] = ()
    not_fetchable: Text | None = None
    withheld: Mapping[str, Text] = Field(default_factory=dict)
    releases: Annotated[tuple[KnownRelease, ...], Field(min_length=1)]
    sha256: Mapping[str, Mapping[str, Sha256]] = Field(default_factory=dict)
    archives: tuple[SourceArchive, ...] = ()
    files: tuple[SourceFile, ...] = ()

    @field_validator("files", "archives")
    @classmethod
    def _named_once(cls, value: tuple[SourceFile | SourceArchive, ...]) -> tuple[SourceFile | SourceArchive, ...]:
        names = [v.name for v in value]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"`{twice[0]}` stands twice")
        return value

    @model_validator(mode="after")
    def _archives_known(self) -> LedgerEntry:
        known = {a.name for a in self.archives}
        for file in self.files:
            if file.archive is not None and file.archive not in known:
                raise ValueError(f"the file `{file.name}` names the archive `{file.archive}`, which is not listed")
        return self

    def known(self, release: str) -> KnownRelease | None:
        """The ledger's line on a release, None where it has none."""
        return next((r for r in self.releases if r.release == release), None)

    def permits(self, host: str) -> bool:
        """Whether a fetch of this source may speak to a host: one of its own addresses', or one that is listed."""
        own = {urlsplit(a).hostname for a in (*(f.address for f in self.files), *(a.address for a in self.archives)) if a}
        return host in own or any(host == h.lstrip(".") or (h.startswith(".") and host.endswith(h)) for h in self.hosts)


class FetchRules(BaseModel):
    """How patient a fetch is: seconds for connecting, for one read and for a file as a whole; attempts, waits between them, redirects, progress."""

    model_config = _STRICT
    connect_seconds: Seconds
    read_seconds: Seconds
    total_seconds: Seconds
    attempts: Annotated[int, Field(ge=1, le=20)]
    backoff_seconds: Annotated[Decimal, Field(ge=0, le=600)]
    backoff_most_seconds: Annotated[Decimal, Field(ge=0, le=3_600)]
    retry_after_most_seconds: Annotated[Decimal, Field(ge=0, le=3_600)]
    redirects: Annotated[int, Field(ge=0, le=20)]
    caller: Annotated[str, Field(pattern=r"^[\x20-\x7e]+$")]
