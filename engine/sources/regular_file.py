"""Reading a source file whole, and only a file: a FIFO, device or socket in its place would hang the build or never end."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from engine.contracts import BadInput, InputOutput, Place

MAX_FILE_BYTES = 128 * 1024**2
_KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFIFO: "FIFO", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device"}
_FIX = "check that it is a file and may be read"


def kind_of(path: Path) -> str:
    """`file`, `folder`, `FIFO`, `socket` or `device`, links followed; '' where nothing is. Raises InputOutput SRC201 where the machine does not tell."""
    try:
        return _KINDS.get(stat.S_IFMT(path.stat().st_mode), "thing unknown")
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the path
        return ""
    except OSError as error:
        raise InputOutput.at("SRC201", f"cannot look at the path: {error.strerror}", fix=_FIX, place=Place(str(path))) from None


def refuse_irregular(path: Path, shown: str = "") -> None:
    """Raises InputOutput SRC201 for what is there and neither a file nor a folder; a folder and an absent file fail when read."""
    kind = kind_of(path)
    if kind not in ("file", "folder", ""):
        raise InputOutput.at("SRC201", f"not a regular file: a {kind}", why="reading it may never end", fix="put a regular file in its place", place=Place(shown or str(path)))


def read_bytes(path: Path, shown: str = "") -> bytes:
    """All bytes of a file; `shown` is how messages call it (default: the path).

    Raises InputOutput SRC201 for no regular file, or where the machine refuses; BadInput SRC263 for more than MAX_FILE_BYTES.
    """
    refuse_irregular(path, shown)
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            raw = stream.read(MAX_FILE_BYTES + 1) if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        raise InputOutput.at("SRC201", f"cannot read the file: {error.strerror}", fix=_FIX, place=Place(shown or str(path))) from None
    if max(size, len(raw)) > MAX_FILE_BYTES:
        raise BadInput.at("SRC263", f"the file has {max(size, len(raw))} bytes or more, at most {MAX_FILE_BYTES} are read", why="no publisher's table is that large, and it would not fit into memory", fix="look at what the file is", place=Place(shown or str(path)))
    return raw
