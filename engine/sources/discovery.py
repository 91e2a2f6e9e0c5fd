"""Which publishers' files lie where: deliveries found, releases told apart, one release of each chosen, every file checked and fingerprinted.

In: a folder of publishers' folders, one publisher's folder, or a publisher's zip. Out: `Discovery`. Nothing is read beyond
headers and digests; names and order of folders make no difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.contracts import BadInput, Corrupt, Diagnostic, Fingerprint, InputOutput, Place
from engine.sources.archive import archive_names, unpack
from engine.sources.format_faults import nearest
from engine.sources.layout import Publisher
from engine.sources.ledger import Ledger, Origin
from engine.sources.publishers import PUBLISHERS
from engine.sources.regular_file import kind_of, read_bytes
from engine.sources.table_file import TableFile, open_table

READ_ME = "Read Me.txt"
MAX_DEPTH = 2
_RELEASE = re.compile(r"\d+([.-]\d+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Available:
    """A delivery that was found: publisher, release, where, and whether it is the one in use."""

    publisher: str
    release: str
    place: str
    used: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """One release of one publisher, ready to stage. `gaps` states what it lacks."""

    publisher: Publisher
    origin: Origin
    tables: tuple[TableFile, ...]
    fingerprints: tuple[Fingerprint, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """Deliveries in use, in the ledger's order; everything found; gaps that belong to no delivery."""

    deliveries: tuple[Delivery, ...]
    available: tuple[Available, ...]
    gaps: tuple[str, ...]

    @property
    def undelivered(self) -> tuple[Publisher, ...]:
        """Publishers that deliver nothing here."""
        delivered = {d.publisher.name for d in self.deliveries}
        return tuple(p for p in PUBLISHERS if p.name not in delivered)


@dataclass(frozen=True, slots=True)
class _Found:
    """`release` is '' where the delivery does not tell it; `stated` where it was then named by hand."""

    publisher: Publisher
    release: str
    path: Path
    names: frozenset[str]
    stated: bool = False

    @property
    def order(self) -> tuple[tuple[int, ...], bool, str]:
        """Newest last; of the same release a folder before a zip, then by name."""
        return tuple(int(p) for p in self.release.split(".") if p.isdigit()), self.path.is_dir(), self.path.name


def discover(source_dir: Path | None, ledger: Ledger, chosen_releases: Mapping[str, str] | None = None, scratch: Path | None = None) -> Discovery:
    """Find what a source folder (or zip) delivers. None delivers nothing, which is no fault. Zips are unpacked below `scratch`.

    The release in use is the chosen one, else the ledger's pin, else the newest. A sole delivery that does not tell its release
    has the chosen one, and a gap says so.
    Raises InputOutput SRC200 (no such folder), SRC201 (unreadable), SRC202 (scratch folder); BadInput SRC203 (nothing known in it),
    SRC204 (release cannot be told), SRC205 (chosen release not delivered), SRC207 (not the form of a release), SRC206 (required file missing), SRC210 to SRC212
    (headers), SRC240, SRC241 (zip); Corrupt SRC230 (a file is not the one that the ledger pins).
    """
    chosen = dict(chosen_releases or {})
    for name in sorted(set(chosen) - {p.name for p in PUBLISHERS}):
        raise BadInput.at("SRC205", f"no release of `{name}` can be chosen", fix=nearest(name, (p.name for p in PUBLISHERS)))
    for name, release in sorted(chosen.items()):
        if not _RELEASE.fullmatch(release):
            raise BadInput.at("SRC207", f"`{release}` has not the form of a release", fix=f"write it like {name}@30.1")
    if source_dir is None:
        if chosen:
            raise BadInput.at("SRC205", f"release {next(iter(sorted(chosen.items())))} was chosen, but there is no source folder", fix="name it with --source-dir")
        return Discovery((), (), ("no publisher's files were given: the graph holds the embedded SOC structure and the authored content only",))
    if not kind_of(source_dir):
        raise InputOutput.at("SRC200", "no such folder or file", fix="check the path given with --source-dir", place=Place(str(source_dir)))
    found, unknown = _found(source_dir)
    if not found:
        raise BadInput.at("SRC203", "no publisher's files that this engine loads are in here", fix="name a folder with the O*NET text release (Occupation Data.txt and others), its zip, or a folder of such folders", place=Place(str(source_dir)))
    deliveries: list[Delivery] = []
    available: list[Available] = []
    gaps: list[str] = []
    for publisher in sorted(PUBLISHERS, key=lambda p: ledger.origin(p.name).rank):
        mine = sorted((f for f in found if f.publisher is publisher), key=lambda f: f.order)
        if not mine:
            if publisher.name in chosen:
                raise BadInput.at("SRC205", f"{publisher.name} {chosen[publisher.name]} was chosen, but nothing of {publisher.name} is delivered", fix="leave the choice out, or add the files", place=Place(str(source_dir)))
            continue
        mine = _told(mine, chosen.get(publisher.name))
        used = _used(publisher, mine, chosen.get(publisher.name) or ledger.entry(publisher.name).pin, source_dir)
        available.extend(Available(publisher.name, f.release, str(f.path), f is used) for f in mine)
        gaps.extend(f"{publisher.name} {f.release} ({f.path.name}) is available and not used" for f in mine if f is not used)
        deliveries.append(_delivery(used, ledger, scratch))
    if unknown:
        gaps.append(f"{len(unknown)} folders or zips hold nothing that is loaded: {', '.join(unknown)}")
    return Discovery(tuple(deliveries), tuple(available), tuple(gaps))


def _found(source_dir: Path) -> tuple[list[_Found], tuple[str, ...]]:
    """Deliveries at most MAX_DEPTH folders down, and the names of the top folders and zips that hold none."""
    found: list[_Found] = []
    unknown: list[str] = []
    pending = [(source_dir, 0)]
    while pending:
        path, depth = pending.pop()
        here = _recognised(path)
        found.extend(here)
        if kind_of(path) == "folder" and not here and depth < MAX_DEPTH:
            pending.extend((child, depth + 1) for child in _listed(path) if kind_of(child) == "folder" or child.suffix.lower() == ".zip")
    for child in _listed(source_dir) if kind_of(source_dir) == "folder" else ():
        holds = any(f.path == child or child in f.path.parents for f in found)
        if not holds and not any(f.path == source_dir for f in found) and (kind_of(child) == "folder" or child.suffix.lower() == ".zip"):
            unknown.append(child.name)
    return found, tuple(sorted(unknown))


def _listed(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in sorted(os.listdir(folder)) if not name.startswith(".")]
    except OSError as error:
        raise InputOutput.at("SRC201", f"cannot list the folder: {error.strerror}", fix="permit reading it", place=Place(str(folder))) from None


def _recognised(path: Path) -> list[_Found]:
    names = frozenset(c.name for c in _listed(path)) if kind_of(path) == "folder" else archive_names(path)
    result = []
    for publisher in PUBLISHERS:
        if not publisher.recognise(names):
            continue
        release = publisher.release_of(path.resolve().name, _read_me(path, names))
        result.append(_Found(publisher, release or "", path, names))
    return result


def _told(mine: list[_Found], stated: str | None) -> list[_Found]:
    """Deliveries of one publisher with their releases; only a sole one may have its release from the hand that chose."""
    if len(mine) == 1 and stated and not mine[0].release:
        return [replace(mine[0], release=stated, stated=True)]
    for found in mine:
        if not found.release:
            by_hand = f", or state it: --release {found.publisher.name}@30.1" if len(mine) == 1 else ""
            raise BadInput.at(
                "SRC204", f"cannot tell which release of {found.publisher.name} this is", why="every record carries the release of its source",
                fix=f"keep the publisher's `{READ_ME}` beside the files, or name the folder like db_30_1_text{by_hand}", place=Place(str(found.path)),
            )  # fmt: skip
    return mine


def _read_me(path: Path, names: frozenset[str]) -> str:
    """Text of the Read Me; a zip's is not opened, its name tells the release."""
    if READ_ME not in names or not path.is_dir():
        return ""
    return read_bytes(path / READ_ME).decode("utf-8", "replace")


def _used(publisher: Publisher, mine: list[_Found], wanted: str | None, source_dir: Path) -> _Found:
    if wanted is None:
        return mine[-1]
    matching = [f for f in mine if f.release == wanted]
    if not matching:
        raise BadInput.at(
            "SRC205", f"{publisher.name} {wanted} is wanted and not delivered; found: {', '.join(sorted({f.release for f in mine}))}",
            why="a chosen or pinned release is never replaced by another", fix="choose one that is there, or add the files", place=Place(str(source_dir)),
        )  # fmt: skip
    return matching[-1]


def _delivery(found: _Found, ledger: Ledger, scratch: Path | None) -> Delivery:
    publisher, origin = found.publisher, ledger.origin(found.publisher.name, found.release)
    folder, faults = found.path, list[Diagnostic]()
    if not folder.is_dir():
        if scratch is None:
            raise InputOutput.at("SRC202", "a zip needs a scratch folder to be unpacked to", fix="give one", place=Place(str(folder)))
        wanted = frozenset(t.file for t in publisher.tables)
        folder = unpack(folder, wanted, scratch / "unpacked" / f"{publisher.name}@{found.release}")
    tables: list[TableFile] = []
    gaps: list[str] = []
    title = f"{origin.entry.title} {found.release}"
    if found.stated:
        gaps.append(f"{title}: neither the folder's name nor a `{READ_ME}` tells the release; it was stated by hand")
    if origin.entry.known(found.release) is None:
        gaps.append(f"{title} is not in the source ledger: its release date is unknown")
    for layout in publisher.tables:
        if layout.file not in found.names:
            if not layout.optional:
                faults.append(Diagnostic(Place(str(found.path)), "SRC206", f"`{layout.file}` is missing; {_nearest_file(layout.file, found.names)}", f"{origin.entry.title} cannot be read without it", "add the file, or fetch the release again"))
            elif layout.absence:
                gaps.append(f"{title}: `{layout.file}` is absent, and with it {layout.absence}")
            continue
        table = open_table(folder / layout.file, layout, faults, str(found.path / layout.file))
        if table is None:
            continue
        tables.append(table)
        if table.unknown:
            gaps.append(f"{title}: `{layout.file}` has columns that are not read: {', '.join(table.unknown)}")
        if not layout.projected:
            gaps.append(f"{title}: `{layout.file}` is checked and not projected: no class of the ontology holds it")
    if faults:
        raise BadInput(*faults)
    fingerprints = tuple(sorted(Fingerprint("source", f"{origin.entry.name}@{found.release}/{t.layout.file}", t.sha256, t.size) for t in tables))
    _check_pins(origin, tables)
    return Delivery(publisher, origin, tuple(tables), fingerprints, tuple(gaps))


def _nearest_file(name: str, names: frozenset[str]) -> str:
    hint = nearest(name, names)
    return hint if hint.startswith("did") else f"{len(names)} other files are there"


def _check_pins(origin: Origin, tables: list[TableFile]) -> None:
    pins = origin.entry.sha256.get(origin.release, {})
    wrong = [t for t in tables if pins.get(t.layout.file, t.sha256) != t.sha256]
    if wrong:
        raise Corrupt(*(Diagnostic(Place(t.shown), "SRC230", f"SHA-256 {t.sha256} is not the pinned {pins[t.layout.file]}", "the ledger vouches for other bytes", "fetch the release again, or change the pin after review") for t in wrong))
