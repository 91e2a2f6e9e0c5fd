"""Where a run keeps what it has finished, so that a killed one goes on where it stopped and counts nothing twice.

    .lock                    held by the run that works here
    unfinished/request.json  what the run is of: list, column, snapshot, day, program; another request starts anew
    unfinished/titles.json   the list was read to its end: counts and parts, written after every part
    unfinished/titles/       parts of distinct titles
    unfinished/routed/       finished portions, each a folder of answers with its receipt, moved here whole
    unfinished/scratch/      what is being written, reports included; whatever a killed run left is removed

What a killed run left is whole or not there, for it is written durably and moved. A file that says something else was damaged: where it says of what the work is, or
what the parts of the list are, nothing can be told from it and the run is refused (COV307); a damaged portion is done again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.contracts import Corrupt, EngineError, Locked, Place, canonical_json
from engine.contracts.canonical import plain
from engine.coverage.machine import machine_refusals
from engine.coverage.parts import Part
from engine.coverage.title_file import RowCounts
from engine.graph import file_sha256, sync_folder, write_durably

_FOLDER, _REQUEST, _TITLES, _RECEIPT = "unfinished", "request.json", "titles.json", "receipt.json"
_GARBLED = ""  # no document of ours


@dataclass(frozen=True, slots=True)
class Portion:
    """Parts that follow each other and are answered and finished together; `first` is the number of the first one."""

    first: int
    parts: tuple[Part, ...]

    @property
    def titles(self) -> int:
        """Titles in all parts."""
        return sum(p.titles for p in self.parts)


@dataclass(frozen=True, slots=True)
class Routed:
    """A finished portion: numbers of its parts, its files of answers in name order, how many titles they answer."""

    parts: tuple[int, ...]
    files: tuple[Path, ...]
    titles: int


class WorkFolder:
    """The unfinished work under an output folder; used under the lock. `damaged` names portions that were found damaged and removed."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / _FOLDER
        self.titles, self.routed, self.scratch = self.folder / "titles", self.folder / "routed", self.folder / "scratch"
        self.reports = self.scratch / "reports"
        self.damaged: list[str] = []

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the output folder. Raises Locked COV501 where another run holds it, InputOutput COV401 to COV403."""
        import filelock

        with machine_refusals("cannot use the output folder"):
            self.out.mkdir(parents=True, exist_ok=True)
            path = self.out / ".lock"
            lock = filelock.FileLock(path, timeout=0)
            try:
                lock.acquire()
            except filelock.Timeout:
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o644))  # a lock file that cannot be made times out too, held by nobody
                raise Locked.at("COV501", "another run writes to this folder", why="two runs would overwrite each other's work", fix="wait until it ends, or name another --out") from None
        try:
            yield
        finally:
            lock.release()

    def begin(self, request: Mapping[str, Any], *, anew: bool) -> tuple[str, ...]:
        """Make the folder ready for this request; what is left of another is removed. Answers the names of what differs from the run found there, empty where none.

        Raises Corrupt COV307 where it cannot be told of what the work found there is.
        """
        with machine_refusals("cannot use the output folder"):
            before = None if anew else _document(self.folder / _REQUEST)
            if before is not None and (not isinstance(before, dict) or not before):
                raise _garbled(_REQUEST, "it says of which list, snapshot and day the unfinished work is")
            wanted = plain(dict(request))
            changed = () if before in (None, wanted) else tuple(sorted(k for k in {*before, *wanted} if before.get(k) != wanted.get(k)))
            if before != wanted:
                self.discard()
            shutil.rmtree(self.scratch, ignore_errors=True)
            for folder in (self.titles, self.routed, self.scratch):
                folder.mkdir(parents=True, exist_ok=True)
            write_durably(self.folder / _REQUEST, canonical_json(wanted))
            return changed

    def discard(self) -> None:
        """Remove the unfinished work: out of sight in one step, then for good."""
        with machine_refusals("cannot remove unfinished work"):
            if self.folder.exists():
                aside = self.out / ".discarded"
                shutil.rmtree(aside, ignore_errors=True)
                os.rename(self.folder, aside)
            shutil.rmtree(self.out / ".discarded", ignore_errors=True)

    def keep_titles(self, counts: RowCounts, parts: Sequence[Part]) -> None:
        """State that the list was read to its end."""
        with machine_refusals("cannot write the parts of the list"):
            sync_folder(self.titles)
            write_durably(self.folder / _TITLES, canonical_json({"counts": counts.stated(), "parts": list(parts)}))

    def kept_titles(self) -> tuple[RowCounts, tuple[Part, ...]] | None:
        """Counts and parts of a list that was read to its end before; None where it was not, or where a part is not what it was: then nothing is kept.

        Raises Corrupt COV307 where it cannot be told what the parts are.
        """
        with machine_refusals("cannot read the parts of the list"):
            found = _document(self.folder / _TITLES)
        counts, parts = RowCounts(), tuple[Part, ...]()
        if found is not None:
            try:
                if not isinstance(found, dict) or not isinstance(found.get("parts"), list) or not found["parts"]:
                    raise ValueError("it names no parts")
                counts, parts = RowCounts.read(found.get("counts")), tuple(Part.read(p) for p in found["parts"])
            except ValueError as error:
                raise _garbled(_TITLES, f"it says what the parts of the list are: {error}") from None
        with machine_refusals("cannot read the parts of the list"):
            if parts and all((self.titles / p.name).is_file() and file_sha256(self.titles / p.name) == p.sha256 for p in parts):
                return counts, parts
            for folder in (self.titles, self.routed):  # answers to parts that are no more would be counted beside the new ones
                shutil.rmtree(folder)
                folder.mkdir()
        return None

    def finish(self, portion: Portion, answers: Path) -> Routed:
        """Move a folder of answers among the finished ones. Raises Corrupt COV302 where it does not answer every title of the portion."""
        import pyarrow.parquet as pq

        with machine_refusals("cannot keep answers"):
            files = sorted(answers.rglob("*.parquet"))
            titles = sum(pq.read_metadata(f).num_rows for f in files)
            if titles != portion.titles:
                raise Corrupt.at("COV302", f"{portion.titles} titles were handed out and {titles} came back", why="an engine lost or repeated answers", fix="run the command again; this portion is done anew")
            named = {f.relative_to(answers).as_posix(): file_sha256(f) for f in files}
            write_durably(answers / _RECEIPT, canonical_json({"parts": [p.number for p in portion.parts], "titles": titles, "files": named}))
            home = self.routed / f"portion-{portion.first:07d}"
            shutil.rmtree(home, ignore_errors=True)
            os.rename(answers, home)
            sync_folder(self.routed)
        return Routed(tuple(p.number for p in portion.parts), tuple(home / n for n in sorted(named)), titles)

    def finished(self) -> tuple[Routed, ...]:
        """Portions that were finished and are still what they were, by their first part; a damaged one is removed and done again."""
        found = []
        with machine_refusals("cannot read finished answers"):
            for home in sorted(self.routed.iterdir()):
                portion = _portion(home)
                if portion is None:
                    self.damaged.append(home.name)
                    shutil.rmtree(home, ignore_errors=True)
                else:
                    found.append(portion)
        return tuple(sorted(found, key=lambda r: r.parts[0]))


def _portion(home: Path) -> Routed | None:
    """A finished portion; None where it is not what it was."""
    told = _document(home / _RECEIPT)
    if not isinstance(told, dict) or not isinstance(told.get("files"), dict) or not isinstance(told.get("parts"), list) or not told["parts"]:
        return None
    if any(type(n) is not int for n in (*told["parts"], told.get("titles"))):
        return None
    if any(not (home / n).is_file() or file_sha256(home / n) != digest for n, digest in told["files"].items()):
        return None
    return Routed(tuple(told["parts"]), tuple(home / n for n in sorted(told["files"])), told["titles"])


def _document(path: Path) -> Any:
    """A JSON document; None where there is no such file, _GARBLED where it is no JSON."""
    try:
        found = json.loads(path.read_bytes())
        return _GARBLED if found is None else found
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, RecursionError):
        return _GARBLED


def _garbled(name: str, why: str) -> EngineError:
    fix = "run again with --anew: the list is covered from its beginning"
    return Corrupt.at("COV307", "the unfinished work cannot be gone on with: the file that describes it is garbled", why=why, fix=fix, place=Place(f"{_FOLDER}/{name}"))
