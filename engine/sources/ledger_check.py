"""The ledger judged: against the loaders' layouts, and against the files of a folder.

In: the ledger, and where files are to be judged their folder. Out: diagnostics with their line in the ledger, and one verdict a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.contracts import Diagnostic, InputOutput, Place, Severity
from engine.sources.delivered_files import DeliveredFiles, delivered_files
from engine.sources.format_faults import nearest
from engine.sources.layout import Publisher, TableLayout
from engine.sources.ledger import Ledger
from engine.sources.ledger_format import LedgerEntry, SourceFile
from engine.sources.publishers import PUBLISHERS
from engine.sources.regular_file import kind_of, read_bytes
from engine.sources.source_cache import hashed, release_named
from engine.sources.table_file import open_table

MAX_DEPTH = 2
READ_ME = "Read Me.txt"


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """One file of a source in a folder: its release ('' where nothing tells it), its bytes, and what was met.

    `pin` is `unpinned` (the ledger holds no digest), `equal` or `differs`. `missing` and `unknown` are columns. `faults` are what does not hold.
    """

    source: str
    release: str
    file: str
    place: str
    found: bool
    optional: bool
    sha256: str = ""
    size: int = 0
    byte_cap: int = 0
    pin: str = "unpinned"
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    faults: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """`faults` of the ledger against the layouts, one verdict for each file of the folder, the sources that it holds nothing of, and zips, which are not judged."""

    faults: tuple[Diagnostic, ...]
    files: tuple[FileVerdict, ...] = ()
    absent: tuple[str, ...] = ()
    zips: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing that was judged is at fault; notes are no faults."""
        return not self.faults and not any(d.severity is Severity.ERROR for f in self.files for d in f.faults)


def check_ledger(ledger: Ledger, source_dir: Path | None = None, publishers: Sequence[Publisher] = PUBLISHERS) -> LedgerCheck:
    """Judge the ledger, and with a folder every file that it delivers, at most two folders down; zips are judged by the build, not here.

    Raises InputOutput SRC200 (no such folder), SRC201 (unreadable).
    """
    faults = tuple(sorted((*_unread(ledger, publishers), *(d for p in publishers for d in _layout_faults(ledger, p)))))
    if source_dir is None:
        return LedgerCheck(faults)
    if kind_of(source_dir) != "folder":
        raise InputOutput.at("SRC200", "no such folder", fix="check the path given with --source-dir", place=Place(str(source_dir)))
    verdicts: list[FileVerdict] = []
    zips: list[str] = []
    for folder in _folders(source_dir, 0):
        zips += [str(p) for p in _listed(folder) if p.suffix.lower() == ".zip"]
        names = frozenset(p.name for p in _listed(folder) if kind_of(p) == "file")
        for publisher in publishers:
            for delivered in delivered_files(publisher, names):
                verdicts.extend(_verdicts(ledger, publisher, delivered, folder, names))
    met = {v.source for v in verdicts}
    order = {e.name: rank for rank, e in enumerate(ledger.entries)}
    return LedgerCheck(faults, tuple(sorted(verdicts, key=lambda v: (order[v.source], v.release))), tuple(e.name for e in ledger.entries if e.files and e.name not in met), tuple(zips))


def _unread(ledger: Ledger, publishers: Sequence[Publisher]) -> Iterator[Diagnostic]:
    """Sources whose files nobody reads."""
    names = {p.name for p in publishers}
    for entry in ledger.entries:
        if entry.files and entry.name not in names:
            yield Diagnostic(ledger.places((entry.name,)), "SRC316", f"the ledger lists files of {entry.name}, and no loader reads that source", fix="add its publisher to engine/sources/publishers.py, or leave the files out")


def _layout_faults(ledger: Ledger, publisher: Publisher) -> Iterator[Diagnostic]:
    """Where the ledger and a publisher's layouts say different things."""
    entry = ledger.entry(publisher.name)
    read: set[str] = set()
    for layout in publisher.tables:
        at = next((n for n, f in enumerate(entry.files) if set(layout.names) & {f.name, *f.alternatives}), None)
        if at is None:
            yield Diagnostic(ledger.places((entry.name,)), "SRC310", f"the loader of {entry.name} reads `{layout.file}`, which the ledger does not list", fix=f"add it under [[{entry.name}.files]]")
            continue
        file = entry.files[at]
        read.add(file.name)
        place = ledger.places((entry.name, "files", at))
        if strange := sorted(set(layout.names) - {file.name, *file.alternatives}):
            yield Diagnostic(place, "SRC311", f"the loader also reads `{file.name}` under the name `{strange[0]}`, which the ledger does not list", fix="add it to `alternatives`")
        needed, known = [c.name for c in layout.columns if c.required and c.name], [*file.columns, *file.other_columns]
        for column in needed:
            if column not in file.columns:
                yield Diagnostic(place, "SRC312", f"the loader needs the column `{column}` of `{file.name}`, which the ledger does not expect", fix=f"add it to `columns`; {nearest(column, known)}")
        for column in (c.name for c in layout.columns if not c.required and c.name and c.name not in known):
            yield Diagnostic(place, "SRC313", f"the loader reads the column `{column}` of `{file.name}`, which the ledger does not know", fix=f"add it to `other_columns`; {nearest(column, known)}")
        if layout.optional != file.optional:
            yield Diagnostic(place, "SRC314", f"`{file.name}` is {'optional' if layout.optional else 'required'} for the loader and {'optional' if file.optional else 'required'} in the ledger", fix="make them agree")
    for number, file in enumerate(entry.files):
        if (file.name in read) == (file.not_read is not None):
            what = f"`{file.name}` is read, though the ledger gives a reason why it is not" if file.not_read else f"no loader of {entry.name} reads `{file.name}`, and the ledger gives no reason"
            yield Diagnostic(ledger.places((entry.name, "files", number)), "SRC315", what, fix="remove `not_read`" if file.not_read else "add `not_read` with the reason, or a layout")


def _folders(folder: Path, depth: int) -> Iterator[Path]:
    """The folder and those in it, in name order, at most MAX_DEPTH down; hidden ones left out."""
    yield folder
    if depth < MAX_DEPTH:
        for child in _listed(folder):
            if kind_of(child) == "folder":
                yield from _folders(child, depth + 1)


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    except OSError as error:
        raise InputOutput.at("SRC201", f"cannot list the folder: {error.strerror}", fix="permit reading it", place=Place(str(folder))) from None


def _verdicts(ledger: Ledger, publisher: Publisher, delivered: DeliveredFiles, folder: Path, names: frozenset[str]) -> Iterator[FileVerdict]:
    entry = ledger.entry(publisher.name)
    read_me = read_bytes(folder / READ_ME).decode("utf-8", "replace") if READ_ME in names else ""
    release = delivered.release or release_named(entry.name, folder.name) or publisher.release_of(folder.resolve().name, read_me) or ""
    assumed = not release and len(entry.releases) == 1
    release = entry.releases[0].release if assumed else release
    for file in entry.files:
        if file.not_read is not None or (release and not file.of(release)):
            continue
        layout = next((t for t in publisher.tables if set(t.names) & {file.name, *file.alternatives}), None)
        name = delivered.names.get(layout.staged_table) if layout else None
        place = ledger.places((entry.name, "files", entry.files.index(file)))
        if layout is None or name is None:
            fault = Diagnostic(Place(str(folder)), "SRC320", f"`{file.name}` is required and not there", fix="add the file, or fetch the release again")
            yield FileVerdict(entry.name, release, file.name, str(folder), False, file.optional, byte_cap=file.byte_cap, faults=() if file.optional else (fault,))
            continue
        yield _verdict(entry, file, layout, release, folder / name, place, assumed)


def _verdict(entry: LedgerEntry, file: SourceFile, layout: TableLayout, release: str, path: Path, listed: Place, assumed: bool) -> FileVerdict:
    faults: list[Diagnostic] = []
    sha256, size = hashed(path)
    place = Place(str(path))
    pinned = entry.sha256.get(release, {}).get(path.name)
    if pinned is not None and pinned != sha256:
        faults.append(Diagnostic(place, "SRC230", f"SHA-256 {sha256} is not the pinned {pinned}", "the ledger vouches for other bytes", "fetch the release again, or change the pin after review"))
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    if size > file.byte_cap:
        faults.append(Diagnostic(place, "SRC321", f"{size:,} bytes, more than the cap of {file.byte_cap:,}", "a file that outgrows its cap is not what was expected", f"look at it; if it is right, raise `byte_cap` at {listed}"))
    else:
        table = open_table(path, layout, faults)
        if table is not None:
            named = [c for c in table.header if c]
            missing = tuple(c for c in file.columns if c not in named)
            unknown = tuple(c for c in named if c not in file.columns and c not in file.other_columns)
            faults.extend(Diagnostic(place, "SRC322", f"the column `{c}`, which the ledger expects, is missing", fix=f"take the publisher's own file, or mend the ledger at {listed}") for c in missing)
    if assumed or entry.known(release) is None:
        taken = "; the only one that the ledger knows is taken" if assumed else ""
        told = f"release `{release}` is not in the ledger" if release and not assumed else f"nothing tells which release this is{taken}"
        faults.append(Diagnostic(Place(str(path.parent)), "SRC323", told, severity=Severity.NOTE))
    faults.extend(Diagnostic(place, "SRC324", f"the column `{c}` is not known to the ledger; it is not read", severity=Severity.NOTE) for c in unknown)
    pin = "unpinned" if pinned is None else "equal" if pinned == sha256 else "differs"
    return FileVerdict(entry.name, release, file.name, str(path), True, file.optional, sha256, size, file.byte_cap, pin, missing, unknown, tuple(faults))
