"""One release of one publisher, ready to stage: its files opened, checked against their layouts, fingerprinted and held to their pins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.contracts import BadInput, Corrupt, Diagnostic, Fingerprint, InputOutput, Place
from engine.sources.archive import unpack
from engine.sources.delivered_files import DeliveredFiles
from engine.sources.format_faults import nearest
from engine.sources.layout import Publisher, TableLayout
from engine.sources.ledger import Ledger, Origin
from engine.sources.table_file import TableFile, open_table

READ_ME = "Read Me.txt"
MOST_UNPACKED = 1024**3
TOLD_BY = {"hand": "the release was stated by hand", "ledger": "the release is the only one that the ledger knows"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One release of one publisher, ready to stage. `gaps` states what it lacks."""

    publisher: Publisher
    origin: Origin
    tables: tuple[TableFile, ...]
    fingerprints: tuple[Fingerprint, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Files of one release in a folder or zip with these `names`. `release` is '' where the delivery does not tell it; `told_by`: who then did."""

    publisher: Publisher
    release: str
    path: Path
    names: frozenset[str]
    files: DeliveredFiles
    told_by: str = ""

    @property
    def order(self) -> tuple[tuple[int, ...], bool, str]:
        """Newest last; of the same release a folder before a zip, then by name."""
        return tuple(int(p) for p in re.split(r"[.-]", self.release) if p.isdigit()), self.path.is_dir(), self.path.name


def deliver(found: Found, ledger: Ledger, scratch: Path | None) -> Delivery:
    """Open every file of a delivery. A zip is unpacked below `scratch`.

    Raises BadInput with every fault of names and headers (SRC206, SRC210 to SRC212, SRC260 to SRC276); Corrupt SRC230 (a pin);
    InputOutput SRC201, SRC202.
    """
    publisher, origin = found.publisher, ledger.origin(found.publisher.name, found.release)
    folder, faults = found.path, list[Diagnostic]()
    if not folder.is_dir():
        if scratch is None:
            raise InputOutput.at("SRC202", "a zip needs a scratch folder to be unpacked to", fix="give one", place=Place(str(folder)))
        folder = unpack(folder, frozenset(found.files.names.values()), scratch / "unpacked" / f"{publisher.name}@{found.release}", most_bytes=MOST_UNPACKED)
    tables: list[TableFile] = []
    gaps: list[str] = []
    title = f"{origin.entry.title} {found.release}"
    if found.told_by:
        # who told it does not stand in a receipt: a build and its verification may be told differently of the same files
        gaps.append(f"{title}: neither the names nor a `{READ_ME}` tell that this is the release")
    if origin.entry.known(found.release) is None:
        gaps.append(f"{title} is not in the source ledger: its release date is unknown")
    gaps.extend(f"{title}: `{left}` is there too and not read; `{taken}` was read" for taken, left in found.files.left)
    for layout in publisher.tables:
        name = found.files.names.get(layout.staged_table)
        if name is None:
            if not layout.optional:
                faults.append(Diagnostic(Place(str(found.path)), "SRC206", f"`{layout.file}` is missing; {_nearest_file(layout.file, found.names)}", f"{origin.entry.title} cannot be read without it", "add the file, or fetch the release again"))
            elif layout.absence:
                gaps.append(f"{title}: `{layout.file}` is absent, and with it {layout.absence}")
            continue
        table = open_table(folder / name, layout, faults, str(found.path / name), scratch / "converted" if scratch else None)
        if table is not None:
            tables.append(table)
            gaps.extend(f"{title}: {gap}" for gap in _table_gaps(table, layout))
    if faults:
        raise BadInput(*faults)
    fingerprints = tuple(sorted(Fingerprint("source", f"{origin.entry.name}@{found.release}/{t.name}", t.sha256, t.size) for t in tables))
    _check_pins(origin, tables)
    return Delivery(publisher, origin, tuple(tables), fingerprints, tuple(gaps))


def _table_gaps(table: TableFile, layout: TableLayout) -> Iterator[str]:
    if table.unknown:
        yield f"`{table.name}` has columns that are not read: {', '.join(table.unknown)}"
    if lacking := [c.name for c in layout.columns if not c.required and c.name not in table.header]:
        yield f"`{table.name}` has no column {', '.join(f'`{name}`' for name in lacking)}: what stands there in other releases is missing"
    if layout.open_end:
        yield f"`{table.name}` is published without an end to its last line: whether that line is whole cannot be told"
    if not layout.projected:
        yield f"`{table.name}` is checked and not projected: no class of the ontology holds it"


def _nearest_file(name: str, names: frozenset[str]) -> str:
    hint = nearest(name, names)
    return hint if hint.startswith("did") else f"{len(names)} other files are there"


def _check_pins(origin: Origin, tables: list[TableFile]) -> None:
    pins = origin.entry.sha256.get(origin.release, {})
    wrong = [t for t in tables if pins.get(t.name, t.sha256) != t.sha256]
    if wrong:
        raise Corrupt(*(Diagnostic(Place(t.shown), "SRC230", f"SHA-256 {t.sha256} is not the pinned {pins[t.name]}", "the ledger vouches for other bytes", "fetch the release again, or change the pin after review") for t in wrong))
