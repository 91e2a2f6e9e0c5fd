"""What came in from each source of the ledger, what did not, and why: one report for each release in use and each absent source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.contracts import Fingerprint, Receipt
from engine.sources import Ledger


class SaidOfSource(Protocol):
    """What the Source record of a snapshot says: a list of the market states its own owner and terms in its manifest."""

    @property
    def label(self) -> str:
        """Title and release."""
        ...

    @property
    def owner(self) -> str:
        """Who publishes it."""
        ...

    @property
    def licence(self) -> str:
        """SPDX id or LicenseRef."""
        ...

    @property
    def allowed_use(self) -> str:
        """As in the source ledger."""
        ...

    @property
    def citation(self) -> str:
        """The publisher's citation."""
        ...


@dataclass(frozen=True, slots=True)
class FileIntake:
    """A delivered file: rows read and kept, rows dropped by code, SHA-256 and size in bytes as the receipt has them."""

    file: str
    rows_in: int
    kept: int
    dropped: Mapping[str, int]
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class JoinIntake:
    """How far the source's rows met the rest: offered, matched by method, unmatched by reason."""

    name: str
    what: str
    offered: int
    met: int
    matched: Mapping[str, int]
    unmatched: Mapping[str, int]

    @property
    def share(self) -> int:
        """Rows that met something, in whole percent rounded down; 0 where nothing was offered."""
        return self.met * 100 // self.offered if self.offered else 0


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    """A row that met nothing: its join, its own key, its place, and why."""

    join: str
    subject: str
    source_ref: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceIntake:
    """One source. `absent` says why it delivers nothing ('' where it delivers); `records` counts what it states by record table.

    `place` is where it was found, '' for the project's own; `unmatched` are all rows that met nothing.
    """

    name: str
    release: str
    key: str
    title: str
    owner: str
    licence: str
    allowed_use: str
    runtime_eligible: bool
    layer: str
    citation: str
    absent: str
    place: str
    files: tuple[FileIntake, ...]
    records: Mapping[str, int]
    joins: tuple[JoinIntake, ...]
    unmatched: tuple[UnmatchedRow, ...]
    gaps: tuple[str, ...]

    @property
    def rows_in(self) -> int:
        """Rows read."""
        return sum(f.rows_in for f in self.files)

    @property
    def kept(self) -> int:
        """Rows kept."""
        return sum(f.kept for f in self.files)


@dataclass(frozen=True, slots=True)
class Intake:
    """All sources of the ledger in its order, gaps that belong to none of them, and what else was seen in the folder."""

    snapshot: str
    receipt_id: str
    sources: tuple[SourceIntake, ...]
    gaps: tuple[str, ...]
    seen: tuple[str, ...]


def intake_of(
    snapshot: str, receipt: Receipt, findings: Mapping[str, Any], ledger: Ledger, stated: Mapping[str, Mapping[str, int]], said: Mapping[str, SaidOfSource]
) -> Intake:
    """The intake of a build from its receipt and its findings (JSON types, as the snapshot keeps them).

    `stated` counts records by record table and source; `said` are the Source records by key. A source whose absence an older build did not explain says just that.
    """
    reasons = {str(a["publisher"]): str(a["reason"]) for a in findings.get("absent", ())}
    places = {(str(a["publisher"]), str(a["release"])): str(a["place"]) for a in findings.get("available", ()) if a["used"]}
    sources: list[SourceIntake] = []
    for entry in ledger.entries:
        releases = receipt.releases.get(entry.name, "")
        for release in releases.split(" + ") if releases else ("",):
            key = f"source/{entry.name}@{release}"
            files = _files(key, receipt, findings) if release else ()
            records = {target: by[key] for target, by in stated.items() if key in by and target != "Source"}
            absent = "" if release and (files or records) else reasons.get(entry.name, "this build did not say why")
            own = said.get(key)
            title = own.label.removesuffix(f" {release}") if own else entry.title
            owner, licence, use = (own.owner, own.licence, own.allowed_use) if own else (entry.owner, entry.licence, entry.allowed_use)
            sources.append(
                SourceIntake(
                    entry.name, release, key, title, owner, licence, use, entry.runtime_eligible, entry.layer, own.citation if own else "", absent,
                    places.get((entry.name, release), ""), files, records, tuple(_join(j) for j in findings.get("joins", ()) if j["source"] == key),
                    tuple(UnmatchedRow(u["join"], u["subject"], u["source_ref"], u["reason"]) for u in findings.get("unmatched", ()) if u["source"] == key),
                    _gaps(entry.title, release, receipt) if release else (),
                )
            )  # fmt: skip
    owned = tuple(label for s in sources if s.release for label in _labels(ledger.entry(s.name).title, s.release))
    return Intake(snapshot, receipt.receipt_id, tuple(sources), tuple(g for g in receipt.gaps if not g.startswith(owned)), tuple(findings.get("seen", ())))


def _gaps(title: str, release: str, receipt: Receipt) -> tuple[str, ...]:
    return tuple(gap.removeprefix(label).strip() for gap in receipt.gaps for label in _labels(title, release) if gap.startswith(label))


def _labels(title: str, release: str) -> tuple[str, str]:
    """How the gaps of a source begin: a publisher's, and those of a list of the market."""
    return f"{title} {release}:", f"title list {release}:"


def _files(key: str, receipt: Receipt, findings: Mapping[str, Any]) -> tuple[FileIntake, ...]:
    """Files that were staged, and files that were read another way (authored content), in name order."""
    name = key.removeprefix("source/")
    known = {f.name.partition("/")[2]: f for f in receipt.inputs if f.kind == "source" and f.name.startswith(f"{name}/")}
    staged = {t["file"]: t for t in findings["tables"] if t["source"] == key}
    lists = {m["file"]: m for m in findings.get("market", ()) if f"market@{m['release']}" == name}
    found = []
    for file in sorted(known.keys() | staged.keys()):
        if file in lists:
            found.append(_list(lists[file], known[file]))
            continue
        row: Mapping[str, Any] = staged.get(file, {})
        dropped = {d["reason"]: d["count"] for d in row.get("dropped", ())}
        proof = known.get(file)
        found.append(FileIntake(file, row.get("rows_in", 0), row.get("kept", 0), dropped, proof.sha256 if proof else "", proof.size if proof else 0))
    return tuple(found)


def _list(taken: Mapping[str, Any], proof: Fingerprint) -> FileIntake:
    """A list of the market. Its drops are counted in rows and in cells, so they need not add up to the rows that were not kept."""
    dropped: dict[str, int] = {}
    for drop in taken["dropped"]:
        code = f"{drop['code']} {drop['kind']}".strip()
        dropped[code] = dropped.get(code, 0) + drop["count"]
    return FileIntake(proof.name.partition("/")[2], taken["rows_in"], taken["rows_kept"], dropped, proof.sha256, proof.size)


def _join(join: Mapping[str, Any]) -> JoinIntake:
    matched, unmatched = ({str(m["name"]): int(m["count"]) for m in join[side]} for side in ("matched", "unmatched"))
    return JoinIntake(join["name"], join["what"], join["offered"], sum(matched.values()), matched, unmatched)

