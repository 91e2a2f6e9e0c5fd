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

from engine.contracts import BadInput, InputOutput, Place
from engine.sources.archive import archive_names
from engine.sources.delivered_files import delivered_files
from engine.sources.delivery import READ_ME, TOLD_BY, Delivery, Found, deliver
from engine.sources.format_faults import nearest
from engine.sources.layout import Publisher
from engine.sources.ledger import Ledger
from engine.sources.market import list_folders
from engine.sources.publishers import PUBLISHERS
from engine.sources.regular_file import kind_of, read_bytes
from engine.sources.source_cache import release_named

MAX_DEPTH = 2
MEASUREMENT = "measurement_only"
MARKET = "market"  # its lists come with a manifest each, and are read by the intake guard
AUTHORED = "authored"
_EMBEDDED = {"soc": "; the embedded structure stands in"}
_NO_LIST = "no folder below the source folder holds a list of titles with its manifest (`intake.toml`)"
_RELEASE = re.compile(r"\d+([.-]\d+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Available:
    """A delivery that was found: publisher, release, where, and whether it is the one in use."""

    publisher: str
    release: str
    place: str
    used: bool


@dataclass(frozen=True, slots=True)
class Absent:
    """A source of the ledger that delivers nothing to this build, and why."""

    publisher: str
    reason: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """Deliveries in use, in the ledger's order; everything found; gaps that belong to no delivery; who of the ledger delivers nothing, and why."""

    deliveries: tuple[Delivery, ...]
    available: tuple[Available, ...]
    gaps: tuple[str, ...]
    absent: tuple[Absent, ...] = ()

    @property
    def undelivered(self) -> tuple[Publisher, ...]:
        """Publishers that deliver nothing here."""
        delivered = {d.publisher.name for d in self.deliveries}
        return tuple(p for p in PUBLISHERS if p.name not in delivered)


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
        nobody = tuple(Absent(e.name, f"no source folder was given{_EMBEDDED.get(e.name, '')}") for e in ledger.entries if e.layer != AUTHORED)
        return Discovery((), (), ("no publisher's files were given: the graph holds the embedded SOC structure and the authored content only",), nobody)
    if not kind_of(source_dir):
        raise InputOutput.at("SRC200", "no such folder or file", fix="check the path given with --source-dir", place=Place(str(source_dir)))
    found, unknown = _found(source_dir)
    lists = list_folders(source_dir)
    if not found and not lists:
        raise BadInput.at("SRC203", "no publisher's files that this engine loads are in here", fix="name a folder with the O*NET text release (Occupation Data.txt and others), its zip, or a folder of such folders", place=Place(str(source_dir)))
    deliveries: list[Delivery] = []
    available: list[Available] = []
    gaps: list[str] = []
    absent: list[Absent] = []
    publishers = {p.name: p for p in PUBLISHERS}
    for entry in ledger.entries:
        publisher = publishers.get(entry.name)
        mine = sorted((f for f in found if f.publisher is publisher), key=lambda f: f.order)
        if entry.allowed_use == MEASUREMENT and mine:
            mine = _told(mine, None, ledger)
            available.extend(Available(entry.name, f.release, str(f.path), False) for f in mine)
            gaps.append(f"{entry.title} ({mine[-1].path.name}) is present, for measurement only, never loaded")
            absent.append(Absent(entry.name, "its files are present, for measurement only: they are never loaded"))
        elif publisher is not None and mine:
            mine = _told(mine, chosen.get(entry.name), ledger)
            used = _used(publisher, mine, chosen.get(entry.name) or entry.pin, source_dir)
            available.extend(Available(entry.name, f.release, str(f.path), f is used) for f in mine)
            gaps.extend(f"{entry.name} {f.release} ({f.path.name}) is available and not used" for f in mine if f is not used)
            gaps.extend([f"{entry.name} {used.release} ({used.path.name}): {TOLD_BY[used.told_by]}"] if used.told_by else [])
            deliveries.append(deliver(used, ledger, scratch))
        elif entry.name in chosen:
            raise BadInput.at("SRC205", f"{entry.name} {chosen[entry.name]} was chosen, but nothing of {entry.name} is delivered", fix="leave the choice out, or add the files", place=Place(str(source_dir)))
        elif entry.layer != AUTHORED and not (entry.name == MARKET and lists):
            absent.append(Absent(entry.name, _NO_LIST if entry.name == MARKET else _absence(publisher) + _EMBEDDED.get(entry.name, "")))
    if unknown:
        gaps.append(f"{len(unknown)} folders or zips hold nothing that is loaded: {', '.join(unknown)}")
    return Discovery(tuple(deliveries), tuple(available), tuple(gaps), tuple(absent))


def _found(source_dir: Path) -> tuple[list[Found], tuple[str, ...]]:
    """Deliveries at most MAX_DEPTH folders down, and the names of the top folders and zips that hold none."""
    found: list[Found] = []
    unknown: list[str] = []
    pending = [(source_dir, 0)]
    while pending:
        path, depth = pending.pop()
        here = _recognised(path)
        found.extend(here)
        if kind_of(path) == "folder" and (path == source_dir or not here) and depth < MAX_DEPTH:
            pending.extend((child, depth + 1) for child in _listed(path) if kind_of(child) == "folder" or child.suffix.lower() == ".zip")
    for child in _listed(source_dir) if kind_of(source_dir) == "folder" else ():
        holds = any(p == child or child in p.parents for p in (*(f.path for f in found), *list_folders(source_dir)))
        if not holds and not any(f.path == source_dir for f in found) and (kind_of(child) == "folder" or child.suffix.lower() == ".zip"):
            unknown.append(child.name)
    return found, tuple(sorted(unknown))


def _listed(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in sorted(os.listdir(folder)) if not name.startswith(".")]
    except OSError as error:
        raise InputOutput.at("SRC201", f"cannot list the folder: {error.strerror}", fix="permit reading it", place=Place(str(folder))) from None


def _recognised(path: Path) -> list[Found]:
    names = frozenset(c.name for c in _listed(path)) if kind_of(path) == "folder" else archive_names(path)
    return [
        Found(publisher, files.release or release_named(publisher.name, path.name) or publisher.release_of(path.resolve().name, _read_me(path, names)) or "", path, names, files)
        for publisher in PUBLISHERS for files in delivered_files(publisher, names)
    ]  # fmt: skip


def _told(mine: list[Found], stated: str | None, ledger: Ledger) -> list[Found]:
    """Deliveries of one publisher with their releases, newest last.

    Where one does not tell it, only a sole delivery may have it from the hand that chose, else from a ledger that knows just one.
    """
    if len(mine) == 1 and stated and not mine[0].release:
        return [replace(mine[0], release=stated, told_by="hand")]
    known = ledger.entry(mine[0].publisher.name).releases
    result = []
    for found in mine:
        if found.release:
            result.append(found)
        elif len(known) == 1:
            result.append(replace(found, release=known[0].release, told_by="ledger"))
        else:
            by_hand = f", or state it: --release {found.publisher.name}@30.1" if len(mine) == 1 else ""
            raise BadInput.at(
                "SRC204", f"cannot tell which release of {found.publisher.name} this is", why="every record carries the release of its source",
                fix=f"keep the publisher's `{READ_ME}` beside the files, or name the folder like db_30_1_text{by_hand}", place=Place(str(found.path)),
            )  # fmt: skip
    return sorted(result, key=lambda f: f.order)


def _absence(publisher: Publisher | None) -> str:
    """Why a source that may deliver does not."""
    if publisher is None:
        return "this engine reads no files of it"
    wanted = [t.file for t in publisher.tables if not t.optional] or [t.file for t in publisher.tables[:2]]
    return f"none of its files is in the source folder ({', '.join(f'`{name}`' for name in wanted[:3])})"


def _read_me(path: Path, names: frozenset[str]) -> str:
    """Text of the Read Me; a zip's is not opened, its name tells the release."""
    if READ_ME not in names or not path.is_dir():
        return ""
    return read_bytes(path / READ_ME).decode("utf-8", "replace")


def _used(publisher: Publisher, mine: list[Found], wanted: str | None, source_dir: Path) -> Found:
    if wanted is None:
        return mine[-1]
    matching = [f for f in mine if f.release == wanted]
    if not matching:
        raise BadInput.at(
            "SRC205", f"{publisher.name} {wanted} is wanted and not delivered; found: {', '.join(sorted({f.release for f in mine}))}",
            why="a chosen or pinned release is never replaced by another", fix="choose one that is there, or add the files", place=Place(str(source_dir)),
        )  # fmt: skip
    return matching[-1]
