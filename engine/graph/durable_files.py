"""Files that are either there whole or not at all, and the machine's refusals said in our words."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from engine.contracts import InputOutput

_BLOCK = 1 << 20


@contextlib.contextmanager
def machine_faults(doing: str) -> Iterator[None]:
    """Turn an OSError of the block into InputOutput: FIL101 no permission, FIL102 disk full, FIL103 anything else."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            refusal = InputOutput.at("FIL102", f"{doing}: the disk is full", fix="make room and try again; the published graph is untouched")
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            fix = "choose a folder that you may write to with --workspace"
            refusal = InputOutput.at("FIL101", f"{doing}: not permitted", why=error.strerror or "", fix=fix)
        else:
            fix = "check the disk and the folder given with --workspace"
            refusal = InputOutput.at("FIL103", f"{doing}: {error.strerror or type(error).__name__}", fix=fix)
        raise refusal from None


def write_durably(path: Path, data: bytes) -> None:
    """Put `data` at `path` so that a reader, and a reader after a power cut, sees the old file or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; where folders cannot be synced (Windows) nothing is done."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Make every file and every name below a folder durable."""
    for place, _, files in os.walk(folder, topdown=False):
        for name in sorted(files):
            with (Path(place) / name).open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(Path(place))


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, read in blocks of 1 MiB."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def files_below(folder: Path) -> tuple[str, ...]:
    """Names of all files below a folder, relative to it with forward slashes, in name order."""
    return tuple(sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()))
