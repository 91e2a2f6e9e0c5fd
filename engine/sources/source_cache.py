"""The cache of fetched files: one folder for each release of a source, a receipt of what was fetched, and why a source was skipped.

In: a workspace's folder. Out: the cache's folder, its verified files, the stated skips. Refuses to know: the network.

    <workspace>/sources/<name>@<release>/<file>          fetched files, each moved in whole
    <workspace>/sources/<name>@<release>/fetched.json    receipt: address, SHA-256, size and entity tag of each
    <workspace>/sources/.skipped/<name>@<release>.json   why the source, or a file of it, could not be had
    <workspace>/sources/.partial/                        downloads under way; a later run goes on with them
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from engine.contracts import InputOutput, Place, canonical_json

RECEIPT = "fetched.json"
FOLDER = "sources"
_BLOCK = 1 << 20
Kind = Literal["stated", "absent", "network", "refused", "integrity", "offline"]


@dataclass(frozen=True, slots=True)
class CachedFile:
    """A file of the cache as its receipt has it. `address` is the one asked for, `etag` '' where the publisher gave none; `archive_sha256` is that of the zip it came in."""

    name: str
    address: str
    sha256: str
    size: int
    etag: str = ""
    archive: str = ""
    archive_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a source (`file` is '') or one file of it was not had.

    `kind`: `stated` (the ledger says it cannot be fetched), `absent` (the release does not hold it), `network` (not reached, not found, too slow), `refused` (too large, sent
    elsewhere, not what was asked for), `integrity` (a digest differs), `offline` (not in the cache).
    """

    name: str
    release: str
    file: str
    kind: Kind
    reason: str

    @property
    def sentence(self) -> str:
        """What was not had, and why, as one line."""
        return f"{self.name} {self.release}{f': {self.file}' if self.file else ''} was not fetched: {self.reason}"


def cache_folder(workspace_folder: Path) -> Path:
    """The folder that holds the fetched files of a workspace; it may not exist yet. `discover` takes it as a source folder."""
    return workspace_folder / FOLDER


def cached_sources(workspace_folder: Path) -> Path | None:
    """The cache's folder where it holds anything that was fetched, else None: what a build without a source folder reads."""
    folder = cache_folder(workspace_folder)
    held = folder.is_dir() and any(read_receipt(p) for p in sorted(folder.glob("*@*")) if p.is_dir())
    return folder if held else None


def skipped(workspace_folder: Path) -> tuple[Skip, ...]:
    """What earlier fetches into this workspace could not have, by source, release and file. A garbled note is no skip."""
    return skips_in(cache_folder(workspace_folder))


def skips_in(cache: Path) -> tuple[Skip, ...]:
    """The same of a cache folder."""
    found: list[Skip] = []
    folder = cache / ".skipped"
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            found.extend(Skip(**line) for line in json.loads(path.read_text(encoding="utf-8"))["skips"])
    return tuple(sorted(found, key=lambda s: (s.name, s.release, s.file)))


def note_skips(cache: Path, name: str, release: str, skips: Iterable[Skip]) -> None:
    """Keep, or where there are none remove, the note of what could not be had."""
    path = cache / ".skipped" / f"{name}@{release}.json"
    lines = [asdict(s) for s in sorted(skips, key=lambda s: s.file)]
    if lines:
        write_whole(path, canonical_json({"skips": lines}))
    else:
        path.unlink(missing_ok=True)


def release_folder(cache: Path, name: str, release: str) -> Path:
    """Where the files of one release stand; its name tells source and release."""
    return cache / f"{name}@{release}"


def release_named(name: str, folder: str) -> str:
    """The release that a folder of the cache tells of a source by its own name (`onet@30.1`); '' for any other folder."""
    source, _, release = folder.partition("@")
    return release if source == name else ""


def read_receipt(folder: Path) -> dict[str, CachedFile]:
    """Files by name as the receipt has them; nothing where it is absent or garbled, so that they are fetched again."""
    try:
        told: dict[str, Any] = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        return {line["name"]: CachedFile(**line) for line in told["files"]}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def write_receipt(folder: Path, name: str, release: str, files: Iterable[CachedFile]) -> None:
    """Replace the receipt of a release."""
    lines = [asdict(f) for f in sorted(files, key=lambda f: f.name)]
    write_whole(folder / RECEIPT, canonical_json({"source": name, "release": release, "files": lines}))


def fault_of(folder: Path, file: CachedFile) -> str | None:
    """What is wrong with a cached file after reading all of it; None where its bytes are those of the receipt."""
    path = folder / file.name
    if not path.is_file():
        return "it is not in the cache any more"
    sha256, size = hashed(path)
    return None if (sha256, size) == (file.sha256, file.size) else f"its bytes (SHA-256 {sha256}, {size} bytes) are not those that were fetched ({file.sha256}, {file.size} bytes)"


def hashed(path: Path) -> tuple[str, int]:
    """SHA-256 and size in bytes of a file, read in blocks. Raises InputOutput SRC301."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise InputOutput.at("SRC301", f"cannot read a cached file: {error.strerror}", fix="permit reading the cache, or fetch into another with --cache", place=Place(str(path))) from None
    return digest.hexdigest(), size


def write_whole(path: Path, data: bytes) -> None:
    """Put bytes at a path so that a reader sees the old file or the new one. Raises InputOutput SRC302."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputOutput.at("SRC302", f"cannot write to the cache: {error.strerror}", fix="make room, permit writing there, or name another folder with --cache", place=Place(str(path))) from None
