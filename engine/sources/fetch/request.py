"""A source fetched into the cache: what stands there already is proved, the rest is downloaded, unpacked, compared with its pin and moved in.

In: an entry of the ledger and a release. Out: `Fetched`. One file that cannot be had does not stop the others.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import filelock

from engine.contracts import BadInput, EngineError, InputOutput, Locked, Place
from engine.sources.archive import unpack
from engine.sources.fetch.address import Permitted
from engine.sources.fetch.download import Network, Wanted, download, forget
from engine.sources.fetch.outcome import NotHad
from engine.sources.format_faults import nearest
from engine.sources.ledger_format import FetchRules, LedgerEntry, SourceArchive, SourceFile, filled
from engine.sources.source_cache import CachedFile, Skip, fault_of, hashed, note_skips, read_receipt, release_folder, write_receipt

_WEB_PAGE = (b"<!doctype html", b"<html", b"<?xml version=\"1.0\" encoding=\"utf-8\"?><!doctype html")


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to fetch and how. `offline`: ask nobody. `again`: ask even for what is cached. `contact`: an address that publishers may write to.

    `loopback` permits plain http to this machine and `wait` replaces sleeping: both are for tests.
    Raises BadInput SRC303 for a release that the ledger does not know.
    """

    entry: LedgerEntry
    release: str
    cache: Path
    rules: FetchRules
    offline: bool = False
    again: bool = False
    contact: str = ""
    loopback: bool = False
    wait: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if self.entry.known(self.release) is None:
            what = f"the ledger knows no release `{self.release}` of {self.entry.name}"
            raise BadInput.at("SRC303", what, why="where a file stands is only known for listed releases", fix=nearest(self.release, (r.release for r in self.entry.releases)))


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stands in the cache now. `proved` were there and read again whole; `downloaded` came over the network; `withheld` is never fetched."""

    name: str
    release: str
    folder: Path
    proved: tuple[CachedFile, ...] = ()
    downloaded: tuple[CachedFile, ...] = ()
    skips: tuple[Skip, ...] = ()
    withheld: tuple[str, ...] = ()

    @property
    def had(self) -> bool:
        """Whether any file of the source stands in the cache."""
        return bool(self.proved or self.downloaded)


@dataclass(slots=True)
class _Work:
    """What one fetch has come to so far."""

    request: FetchRequest
    network: Network
    files: dict[str, CachedFile] = field(default_factory=dict)
    proved: set[str] = field(default_factory=set)
    skips: list[Skip] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return release_folder(self.request.cache, self.request.entry.name, self.request.release)

    @property
    def partial(self) -> Path:
        return self.request.cache / ".partial" / self.folder.name

    def skip(self, file: str, fault: NotHad) -> None:
        self.skips.append(Skip(self.request.entry.name, self.request.release, file, fault.kind, fault.reason))


def fetch_source(request: FetchRequest, say: Callable[[str], None]) -> Fetched:
    """Fetch one release of a source into the cache; the reasons for what could not be had are kept beside it.

    `say` hears a line for each step; details of a step begin with a blank.
    Raises InputOutput SRC301, SRC302 where the machine refuses; Locked SRC304 where another fetch works in the same cache.
    """
    entry, release = request.entry, request.release
    work = _Work(request, Network(request.rules, Permitted(entry, request.loopback), say, request.contact, request.wait))
    say(f"{entry.name} {release}")
    with _alone(request.cache):
        _prove(work)
        missing = [f for f in entry.files if f.of(release) and not any(n in work.files for n in f.names(release))]
        for file in (f for f in missing if f.not_fetchable is not None):
            why = entry.not_fetchable or file.not_fetchable or ""
            work.skip(filled(file.name, release), NotHad("stated", why))
        for file in (f for f in missing if f.address is not None):
            _try(work, (file,), partial(_fetch_file, work, file))
        for archive in entry.archives:
            inside = tuple(f for f in missing if f.archive == archive.name)
            if inside:
                _try(work, inside, partial(_fetch_archive, work, archive, inside))
        if not entry.files:
            work.skip("", NotHad("stated", entry.not_fetchable or "the ledger lists no file of it"))
        if not request.offline:  # what an earlier run met says more than that nobody was asked
            note_skips(request.cache, entry.name, release, work.skips)
    files = sorted(work.files.values(), key=lambda f: f.name)
    return Fetched(
        entry.name, release, work.folder, tuple(f for f in files if f.name in work.proved), tuple(f for f in files if f.name not in work.proved),
        tuple(sorted(work.skips, key=lambda s: s.file)), tuple(f"{part}: {why}" for part, why in entry.withheld.items()),
    )  # fmt: skip


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    lock = filelock.FileLock(cache / ".lock", timeout=0)
    try:
        with _writing(cache):
            cache.mkdir(parents=True, exist_ok=True)
            lock.acquire()
    except filelock.Timeout:
        raise Locked.at("SRC304", "another fetch works in this cache", fix="wait until it has ended", place=Place(str(cache))) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """What the machine refuses while writing stops the fetch: it would refuse the next file too."""
    try:
        yield
    except filelock.Timeout:
        raise
    except OSError as error:
        raise InputOutput.at("SRC302", f"cannot write to the cache: {error.strerror or error}", fix="make room, permit writing there, or name another folder with --cache", place=Place(str(path))) from None


def _prove(work: _Work) -> None:
    """Read what is cached again, whole; what is not what was fetched is told and fetched anew, or skipped where nobody may be asked."""
    request = work.request
    if request.again and not request.offline:
        return
    pins = request.entry.sha256.get(request.release, {})
    for name, file in sorted(read_receipt(work.folder).items()):
        if (fault := fault_of(work.folder, file)) is None and pins.get(name, file.sha256) != file.sha256:
            fault = f"its SHA-256 {file.sha256} is not the pinned {pins[name]}"
        if fault is None:
            work.files[name] = file
            work.proved.add(name)
            work.network.say(f" {name}: in the cache, read again")
        else:
            work.network.say(f" {name}: {fault}")
            if request.offline and (work.folder / name).is_file():
                work.skip(name, NotHad("integrity", fault))


def _try(work: _Work, files: tuple[SourceFile, ...], fetch: Callable[[], None]) -> None:
    """Fetch, and where that fails say why for each file that was to come of it."""
    names = [f.saved_as(work.request.release) for f in files]
    told = {s.file for s in work.skips}
    try:
        if work.request.offline:
            raise NotHad("offline", "not in the cache, and nobody was to be asked (--offline)")
        fetch()
    except NotHad as fault:
        for name in names:
            if name not in told and name not in work.files:
                work.skip(name, fault)
                work.network.say(f" {name}: skipped, {fault.reason}")


def _fetch_file(work: _Work, file: SourceFile) -> None:
    release, name = work.request.release, file.saved_as(work.request.release)
    wanted = Wanted(filled(file.address or "", release), file.byte_cap, work.partial / f"{name}.part", name)
    tag = _download(work, wanted)
    sha256, size = _checked(work, wanted, name)
    _move_in(work, wanted.partial, CachedFile(name, wanted.address, sha256, size, tag))
    forget(wanted)


def _fetch_archive(work: _Work, archive: SourceArchive, files: tuple[SourceFile, ...]) -> None:
    release = work.request.release
    wanted = Wanted(filled(archive.address, release), archive.byte_cap, work.partial / f"{archive.name}.zip.part", f"{archive.name}.zip")
    tag = _download(work, wanted)
    zip_sha256, _ = _checked(work, wanted, archive.name)
    names = {name: f for f in files for name in f.names(release)}
    room = work.partial / f"{archive.name}.unpacked"
    shutil.rmtree(room, ignore_errors=True)
    try:
        unpack(wanted.partial, frozenset(names), room, most_bytes=sum(f.byte_cap for f in files))
        for file in files:
            came = next((n for n in file.names(release) if (room / n).is_file()), None)
            if came is None:
                work.skip(file.saved_as(release), NotHad("absent", f"the publisher's zip of release {release} does not hold it"))
                continue
            sha256, size = hashed(room / came)
            pinned = work.request.entry.sha256.get(release, {}).get(came, sha256)
            if size > file.byte_cap:
                work.skip(came, NotHad("refused", f"{size:,} bytes in the zip, more than the cap of {file.byte_cap:,}"))
            elif pinned != sha256:
                work.skip(came, NotHad("integrity", f"SHA-256 {sha256} is not the pinned {pinned}"))
            else:
                _move_in(work, room / came, CachedFile(came, wanted.address, sha256, size, tag, archive.name, zip_sha256))
    except EngineError as error:
        forget(wanted)
        raise NotHad("refused", f"the zip was not taken: {error.diagnostics[0].what}") from None
    finally:
        shutil.rmtree(room, ignore_errors=True)
    forget(wanted)


def _download(work: _Work, wanted: Wanted) -> str:
    work.network.say(f" {wanted.shown}: from {wanted.address}")
    with _writing(wanted.partial):
        work.partial.mkdir(parents=True, exist_ok=True)
        return download(wanted, work.network)


def _checked(work: _Work, wanted: Wanted, name: str) -> tuple[str, int]:
    """SHA-256 and size of a download that is what was asked for; else it is thrown away and NotHad says why."""
    sha256, size = hashed(wanted.partial)
    pinned = work.request.entry.sha256.get(work.request.release, {}).get(name, sha256)
    with wanted.partial.open("rb") as file:
        begins = file.read(200).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    fault = None
    if sha256 != pinned:
        fault = NotHad("integrity", f"SHA-256 {sha256} is not the pinned {pinned}: the file is not taken")
    elif size == 0:
        fault = NotHad("refused", "an empty file came")
    elif begins.startswith(_WEB_PAGE):
        fault = NotHad("refused", "a web page came in place of the file")
    if fault is not None:
        forget(wanted)
        raise fault
    return sha256, size


def _move_in(work: _Work, come: Path, file: CachedFile) -> None:
    """Move a whole file into the cache, and only then say in the receipt that it is there."""
    with _writing(work.folder):
        work.folder.mkdir(parents=True, exist_ok=True)
        with come.open("rb") as opened:
            os.fsync(opened.fileno())
        os.replace(come, work.folder / file.name)
    work.files[file.name] = file
    kept = {name: f for name, f in read_receipt(work.folder).items() if name not in work.files and (work.folder / name).is_file()}
    write_receipt(work.folder, work.request.entry.name, work.request.release, (*kept.values(), *work.files.values()))
    work.network.say(f" {file.name}: {file.size:,} bytes, in the cache")
