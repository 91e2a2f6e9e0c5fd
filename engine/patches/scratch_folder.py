"""A folder that is gone afterwards: removed when its user is done, and by the next one where its user was killed."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import filelock

from engine.contracts import InputOutput


@contextlib.contextmanager
def scratch_folder(under: Path | None = None) -> Iterator[Path]:
    """An empty folder below the machine's temporary folder (or `under`), held by a lock that ends with the process.

    Raises InputOutput WIF401 where none can be made.
    """
    try:
        home = under or Path(tempfile.gettempdir()) / f"wig-overlays-{_user()}"
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(home)
        descriptor, name = tempfile.mkstemp(suffix=".lock", dir=home)
        os.close(descriptor)
        lock = filelock.FileLock(name, timeout=0)
        lock.acquire()
        folder = Path(name).with_suffix("")
        folder.mkdir()
    except (OSError, filelock.Timeout) as error:
        raise InputOutput.at("WIF401", f"no temporary folder can be made: {error}", why="an overlay is built beside the snapshot", fix="set TMPDIR to a folder that may be written") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        Path(name).unlink(missing_ok=True)


def _sweep(home: Path) -> None:
    """Remove folders whose lock nobody holds any more."""
    for path in sorted(home.glob("*.lock")):
        lock = filelock.FileLock(path, timeout=0)
        try:
            lock.acquire()
        except (filelock.Timeout, OSError):
            continue
        shutil.rmtree(path.with_suffix(""), ignore_errors=True)
        lock.release()
        path.unlink(missing_ok=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else "user"
