"""Where published graphs stand: immutable snapshots, one pointer to the current one, one lock for whoever changes anything.

In: a folder. Out: snapshots, and a scratch folder for the next one. Refuses to know: how a graph is made or read.

    current            name of the current snapshot
    snapshots/<name>/  records/ graph.<engine> facts.sqlite titles.sqlite receipt.json findings.json seal.json
    building/<random>/ scratch of a running build; what a killed one left is removed by the next
    verified/<name>    which files were compared with the seal, so that they need not be hashed again
    lock
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.contracts import BadInput, Corrupt, EngineError, Locked
from engine.graph.durable_files import machine_faults, sync_folder, sync_tree, write_durably
from engine.graph.snapshots import SEAL, Snapshot, seal

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,99}\Z")
_POINTER_LIMIT = 200


class Workspace:
    """A workspace folder; nothing is written before a build begins. Default: the user's data folder of this platform."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder is None:
            import platformdirs

            folder = Path(platformdirs.user_data_dir("work-intelligence-graph", appauthor=False))
        self.folder = folder

    def current(self) -> Snapshot | None:
        """The current snapshot after a look at its file sizes; None where nothing was published yet.

        Raises Corrupt: WSP301 the pointer is garbled or names an absent snapshot, with the newest that could be chosen;
        WSP302-WSP307 see Snapshot.
        """
        name = self._pointer()
        if name is None:
            return None
        snapshot = self._snapshot(name)
        if not snapshot.folder.is_dir():
            raise self._astray(f"the current snapshot {name} is not there", "its folder was removed or never arrived")
        snapshot.receipt()
        snapshot.verify_seal()
        return snapshot

    def current_name(self) -> str | None:
        """The name that the pointer says, whether or not such a snapshot stands; None where it is absent or garbled."""
        text = self._pointer_text()
        return text if text is not None and _NAME.match(text) else None

    def required(self) -> Snapshot:
        """The current snapshot. Raises BadInput WSP101 where there is none."""
        snapshot = self.current()
        if snapshot is None:
            raise BadInput.at("WSP101", "this workspace holds no graph yet", fix="make one with `wig build`")
        return snapshot

    def snapshots(self) -> tuple[Snapshot, ...]:
        """All snapshots, whole or broken, in the order of their publication, newest last."""
        with machine_faults("cannot read the workspace"):
            folder = self.folder / "snapshots"
            found = [self._snapshot(p.name) for p in folder.iterdir() if p.is_dir() and _NAME.match(p.name)] if folder.is_dir() else []
            return tuple(sorted(found, key=lambda s: (_published(s), s.name)))

    def use(self, name: str) -> Snapshot:
        """Make a snapshot the current one. Raises BadInput WSP102 for an unknown name, Corrupt where it is broken."""
        with self._locked():
            snapshot = next((s for s in self.snapshots() if s.name == name), None)
            if snapshot is None:
                known = ", ".join(s.name for s in self.snapshots()) or "none yet; make one with `wig build`"
                raise BadInput.at("WSP102", f"there is no snapshot `{name}`", fix=f"known: {known}")
            snapshot.receipt()
            snapshot.verify_seal(full=True)
            self._point_at(name)
            return snapshot

    def prune(self, keep: int) -> tuple[str, ...]:
        """Remove all but the newest `keep` snapshots; the current one always stays. Answers the removed names, oldest first."""
        if keep < 1:
            raise BadInput.at("WSP103", f"cannot keep {keep} snapshots", fix="keep at least one")
        with self._locked():
            pointer = self._pointer()
            gone = [s for s in self.snapshots()[:-keep] if s.name != pointer]
            for snapshot in gone:
                self._discard(snapshot)
            return tuple(s.name for s in gone)

    @contextlib.contextmanager
    def begin(self) -> Iterator[Building]:
        """A scratch folder under the lock, gone at the end unless published.

        Raises Locked WSP501 during another build, InputOutput FIL101-FIL103 where the folder cannot be written to.
        """
        with self._locked():
            scratch = self._scratch()
            try:
                yield Building(scratch, self)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)

    def publish(self, scratch: Path, name: str) -> Snapshot:
        """See Building.publish."""
        if not _NAME.match(name):
            raise BadInput.at("WSP104", f"`{name}` cannot name a snapshot", fix="use lower-case letters, digits, dots, hyphens")
        with machine_faults("cannot publish the graph"):
            seal(scratch)
            sync_tree(scratch)
            snapshot, engine = self._snapshot(name), Snapshot(scratch, scratch).engine
            snapshot.folder.parent.mkdir(exist_ok=True)
            if _stands(snapshot) and snapshot.engine != engine:
                snapshot = self._snapshot(f"{name}-{engine}")
            if not _stands(snapshot):
                if snapshot.folder.exists():
                    self._discard(snapshot)
                os.rename(scratch, snapshot.folder)
                sync_folder(snapshot.folder.parent)
            snapshot.remember_verified(e.name for e in snapshot.sealed_files())
            self._point_at(snapshot.name)
        return snapshot

    def _snapshot(self, name: str) -> Snapshot:
        return Snapshot(self.folder / "snapshots" / name, self.folder / "verified" / name)

    def _pointer_text(self) -> str | None:
        with machine_faults("cannot read the workspace"):
            try:
                raw = (self.folder / "current").read_bytes()
            except FileNotFoundError:
                return None
        return raw[:_POINTER_LIMIT].decode("utf-8", "replace").removesuffix("\n")

    def _pointer(self) -> str | None:
        text = self._pointer_text()
        if text is not None and not _NAME.match(text):
            raise self._astray("the pointer to the current snapshot is garbled", "the file `current` holds no name of a snapshot")
        return text

    def _astray(self, what: str, why: str) -> EngineError:
        """The pointer leads nowhere: with the newest snapshots that it could be moved to."""
        others = ", ".join(s.name for s in self.snapshots()[-3:])
        fix = f"choose one of the others with `wig snapshots use` ({others})" if others else "build it again with `wig build`"
        return Corrupt.at("WSP301", what, why=why, fix=fix)

    def _point_at(self, name: str) -> None:
        with machine_faults("cannot move the pointer"):
            write_durably(self.folder / "current", f"{name}\n".encode())

    def _scratch(self) -> Path:
        """A new scratch folder; those that killed builds left are removed first (we hold the lock, so nobody uses them)."""
        with machine_faults("cannot start a build"):
            building = self.folder / "building"
            building.mkdir(exist_ok=True)
            for left in sorted(building.iterdir()):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            for left in sorted([*self.folder.glob(".current.*"), *self.folder.glob("verified/.*")]):
                left.unlink()
            return Path(tempfile.mkdtemp(dir=building))

    def _discard(self, snapshot: Snapshot) -> None:
        """Out of sight in one step, then removed: a kill in between leaves no half snapshot."""
        with machine_faults(f"cannot remove the snapshot {snapshot.name}"):
            (self.folder / "building").mkdir(exist_ok=True)
            aside = Path(tempfile.mkdtemp(dir=self.folder / "building")) / snapshot.name
            os.rename(snapshot.folder, aside)
            sync_folder(snapshot.folder.parent)
            shutil.rmtree(aside.parent)
            snapshot.memory.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        import filelock

        with machine_faults("cannot write to the workspace"):
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / "lock"
            lock = filelock.FileLock(path, timeout=0)
            try:
                lock.acquire()
            except filelock.Timeout:
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o644))  # a lock file that cannot be made times out too, held by nobody
                why = "two writers would overwrite each other's work"
                raise Locked.at("WSP501", "another build is using this workspace", why=why, fix="wait until it ends, or choose another --workspace") from None
        try:
            yield
        finally:
            lock.release()


@dataclass(frozen=True, slots=True)
class Building:
    """A running build: fill `folder`, then publish it."""

    folder: Path
    workspace: Workspace

    def graph_path(self, engine: str) -> Path:
        """Where the graph of an engine goes."""
        return self.folder / f"graph.{engine}"

    def publish(self, name: str) -> Snapshot:
        """Seal, make durable, move into place, then move the pointer: a kill at any moment leaves the old or the new current.

        A whole snapshot of the same name is kept and only pointed at, a broken one is replaced; where a whole one of the other
        engine has the name, the new one is called `<name>-<engine>`. Raises BadInput WSP104 (name), WSP201 (incomplete),
        InputOutput FIL101-FIL103.
        """
        return self.workspace.publish(self.folder, name)


def _stands(snapshot: Snapshot) -> bool:
    """Whether a whole snapshot is already there."""
    try:
        snapshot.receipt()
        snapshot.verify_seal(full=True)
    except EngineError:
        return False
    return True


def _published(snapshot: Snapshot) -> int:
    try:
        return (snapshot.folder / SEAL).stat().st_mtime_ns
    except OSError:
        return 0
