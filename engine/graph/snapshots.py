"""A published graph as a folder that never changes again: its files, its receipt, and the seal that notices a changed byte.

The seal finds accidents (a bad disk, a stray copy); whether a snapshot is *right* is a matter of recomputation, elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, Corrupt, Diagnostic, EngineError, Fingerprint, Place, Receipt, canonical_json
from engine.graph.durable_files import file_sha256, files_below, machine_faults, write_durably
from engine.graph.store import ENGINES, GraphStore, open_graph

SEAL, RECEIPT = "seal.json", "receipt.json"
_REBUILD = "build it again with `wig build`"


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What the seal says of one file: its name in the snapshot, SHA-256, size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot on disk. `memory` is a file outside of it that remembers which bytes were already compared with the seal."""

    folder: Path
    memory: Path

    @property
    def name(self) -> str:
        """Name of the snapshot: what the builder called it."""
        return self.folder.name

    @property
    def engine(self) -> str:
        """Engine of the graph file. Raises Corrupt WSP302 where the snapshot holds none."""
        found = [e for e in sorted(ENGINES) if (self.folder / f"graph.{e}").is_file()]
        if len(found) != 1:
            raise self._corrupt("WSP302", "holds no graph file" if not found else "holds graphs of two engines")
        return found[0]

    @property
    def graph(self) -> Path:
        """The graph file."""
        return self.folder / f"graph.{self.engine}"

    @property
    def records(self) -> Path:
        """Folder of the record files."""
        return self.folder / "records"

    @property
    def facts(self) -> Path:
        """Fact columns (SQLite)."""
        return self.folder / "facts.sqlite"

    @property
    def titles(self) -> Path:
        """Title index (SQLite)."""
        return self.folder / "titles.sqlite"

    @property
    def similarity(self) -> Path:
        """Folder of the index of likeness."""
        return self.folder / "similarity"

    @property
    def sentence_model(self) -> Path | None:
        """Folder of the sentence model that the index of likeness was built with, None where it was built without one."""
        folder = self.similarity / "model"
        return folder if folder.is_dir() else None

    @property
    def findings(self) -> Path:
        """What the contracts said of the records."""
        return self.folder / "findings.json"

    def receipt(self) -> Receipt:
        """The receipt of the build. Raises Corrupt WSP303 where it is missing or garbled."""
        try:
            data = json.loads((self.folder / RECEIPT).read_bytes())
            data["inputs"] = tuple(Fingerprint(**entry) for entry in data["inputs"])
            data["gaps"] = tuple(data["gaps"])
            data["attributions"] = tuple(data.get("attributions", ()))
            return Receipt(**data)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._corrupt("WSP303", f"{RECEIPT} is missing or garbled", str(error)) from None

    def sealed_files(self) -> tuple[SealedFile, ...]:
        """The seal, in name order. Raises Corrupt WSP304 where it is missing or garbled."""
        try:
            data = json.loads((self.folder / SEAL).read_bytes())
            return tuple(SealedFile(name, str(entry["sha256"]), int(entry["size"])) for name, entry in sorted(data.items()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._corrupt("WSP304", f"{SEAL} is missing or garbled", str(error)) from None

    def verify_seal(self, full: bool = False) -> None:
        """Compare the files with the seal: names and sizes, and with `full` every byte.

        Raises Corrupt with all differences: WSP305 a file is missing or has another size, WSP306 other bytes, WSP307 a file
        stands beside a sealed one (a write-ahead file would change what an engine reads).
        """
        sealed, faults = self.sealed_files(), []
        for entry in sealed:
            try:
                size = (self.folder / entry.name).stat().st_size
            except OSError:
                size = -1
            if size != entry.size:
                met = f"has {size} bytes" if size >= 0 else "is missing"
                faults.append(self._fault(entry.name, "WSP305", f"{met}, sealed with {entry.size}"))
            elif full and not self._same_bytes(entry):
                faults.append(self._fault(entry.name, "WSP306", "does not hold the bytes that were sealed"))
        faults += [self._fault(name, "WSP307", "was not there when the snapshot was sealed") for name in self._intruders(sealed)]
        if faults:
            raise Corrupt(*faults)

    def verified_path(self, name: str) -> Path:
        """Path of a sealed file after its bytes were compared with the seal (once: later only if size, time or inode differ).

        Raises Corrupt WSP305-WSP307 as verify_seal, and where the seal does not know the file.
        """
        self.verify_seal()
        entry = next((e for e in self.sealed_files() if e.name == name), None)
        if entry is None:
            raise Corrupt(self._fault(name, "WSP305", "is not part of the sealed snapshot"))
        path = self.folder / name
        with machine_faults(f"cannot read {name}"):
            known, stamp = self._remembered(), [entry.sha256, *_stamp(path)]
        if known.get(name) != stamp:
            if not self._same_bytes(entry):
                raise Corrupt(self._fault(name, "WSP306", "does not hold the bytes that were sealed"))
            self._remember({**known, name: stamp})
        return path

    def verified_folder(self, name: str) -> Path:
        """Path of a folder in the snapshot after the bytes of every sealed file in it were compared with the seal. Raises Corrupt WSP305-WSP307 as verified_path."""
        held = [entry.name for entry in self.sealed_files() if entry.name.startswith(f"{name}/")]
        if not held:
            raise Corrupt(self._fault(name, "WSP305", "is not part of the sealed snapshot"))
        for entry in held:
            self.verified_path(entry)
        return self.folder / name

    def open_graph(self) -> GraphStore:
        """The graph, read-only, after its bytes were compared with the seal."""
        engine = self.engine
        return open_graph(self.verified_path(f"graph.{engine}"), engine)

    def remember_verified(self, names: Iterable[str]) -> None:
        """Note that these files were just hashed and need no second look until they change."""
        wanted = set(names)
        self._remember({e.name: [e.sha256, *_stamp(self.folder / e.name)] for e in self.sealed_files() if e.name in wanted})

    def _same_bytes(self, entry: SealedFile) -> bool:
        with machine_faults(f"cannot read {entry.name}"):
            return file_sha256(self.folder / entry.name) == entry.sha256

    def _intruders(self, sealed: Iterable[SealedFile]) -> list[str]:
        """Unsealed files whose name continues a sealed one, such as graph.kuzu.wal."""
        names = {e.name for e in sealed}
        with machine_faults("cannot read the snapshot"):
            present = [p.name for p in self.folder.iterdir() if p.name not in names and p.is_file()]
        return sorted(p for p in present if any(p.startswith((n + ".", n + "-")) for n in names))

    def _remembered(self) -> dict[str, Any]:
        try:
            known = json.loads(self.memory.read_bytes())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _remember(self, stamps: Mapping[str, Any]) -> None:
        try:
            self.memory.parent.mkdir(exist_ok=True)
            write_durably(self.memory, json.dumps(stamps, sort_keys=True).encode())
        except OSError:
            return  # a workspace that cannot be written to is hashed every time

    def _fault(self, file: str, code: str, what: str) -> Diagnostic:
        return Diagnostic(Place(f"{self.name}/{file}"), code, what, "a published snapshot never changes", f"choose another with `wig snapshots use`, or {_REBUILD}")

    def _corrupt(self, code: str, what: str, why: str = "") -> EngineError:
        return Corrupt.at(code, f"the snapshot {self.name} {what}" if code == "WSP302" else what, why=why, fix=_REBUILD, place=Place(self.name))


def seal(folder: Path) -> None:
    """Write the seal of a folder. Raises BadInput WSP201 where it cannot become a snapshot."""
    names = [n for n in files_below(folder) if n != SEAL]
    graphs = [f"graph.{e}" for e in sorted(ENGINES) if f"graph.{e}" in names]
    if len(graphs) != 1 or RECEIPT not in names:
        raise BadInput.at("WSP201", "a snapshot needs one graph file and a receipt", why=f"found: {', '.join(names)[:200]}", fix="finish the build before publishing")
    beside = [n for n in names if n.startswith(graphs[0] + ".")]
    if beside:
        raise BadInput.at("WSP201", f"{beside[0]} stands beside the graph", why="the graph was not closed", fix="close the graph before publishing")
    entries = {n: {"sha256": file_sha256(folder / n), "size": (folder / n).stat().st_size} for n in names}
    (folder / SEAL).write_bytes(canonical_json(entries))


def _stamp(path: Path) -> list[int]:
    """What changes when the bytes of a file change: time of change (ns), of its inode (ns), size, inode."""
    stat = path.stat()
    return [stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino]
