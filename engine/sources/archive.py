"""A publisher's zip, unpacked without trust: known file names only, no paths, limits on count and size."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path

from engine.contracts import BadInput, InputOutput, Place
from engine.sources.regular_file import refuse_irregular

MAX_ENTRIES = 2_000
MAX_BYTES = 2 * 1024**3
_CHUNK = 1024 * 1024


def archive_names(path: Path) -> frozenset[str]:
    """File names in a zip, without their folders. Raises InputOutput SRC201, BadInput SRC240."""
    with _opened(path) as archive:
        return frozenset(info.filename.replace("\\", "/").rsplit("/", 1)[-1] for info in archive.infolist() if not info.is_dir())


def unpack(path: Path, wanted: frozenset[str], folder: Path, *, most_bytes: int = MAX_BYTES) -> Path:
    """Unpack the wanted file names into `folder`, flat, and answer it; at most `most_bytes` come out in all.

    Raises BadInput SRC240 (no zip, or damaged), SRC241 (an entry points outside, a name stands twice, or the archive is too large);
    InputOutput SRC201 where the machine refuses.
    """
    place, total, seen = Place(str(path)), 0, set()
    with _opened(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise BadInput.at("SRC241", f"{len(entries)} entries in the zip, at most {MAX_ENTRIES} are read", fix="take the publisher's own zip", place=place)
        for info in entries:
            parts = info.filename.replace("\\", "/").split("/")
            if ".." in parts or parts[0] == "" or ":" in parts[0]:
                raise BadInput.at("SRC241", f"the entry `{info.filename}` points outside the zip", why="a zip must not write elsewhere", fix="take the publisher's own zip", place=place)
            if info.is_dir() or parts[-1] not in wanted:
                continue
            if parts[-1] in seen:
                raise BadInput.at("SRC241", f"`{parts[-1]}` stands in the zip twice", fix="take the publisher's own zip", place=place)
            seen.add(parts[-1])
            total = _copy(archive, info, folder / parts[-1], total, most_bytes, place)
    return folder


def _opened(path: Path) -> zipfile.ZipFile:
    refuse_irregular(path)
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise BadInput.at("SRC240", f"not a whole zip: {error}", fix="fetch the file again", place=Place(str(path))) from None
    except OSError as error:
        raise InputOutput.at("SRC201", f"cannot read the file: {error.strerror}", fix="check that it is a file and may be read", place=Place(str(path))) from None


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, total: int, most_bytes: int, place: Place) -> int:
    """Copy one entry; what counts is the bytes that come out, not those that the entry declares."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, target.open("wb") as sink:
            while chunk := source.read(_CHUNK):
                total += len(chunk)
                if total > most_bytes:
                    raise BadInput.at("SRC241", f"the zip unpacks to more than {most_bytes} bytes", fix="take the publisher's own zip", place=place)
                sink.write(chunk)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise BadInput.at("SRC240", f"`{info.filename}` cannot be unpacked: {error}", fix="fetch the file again", place=place) from None
    except OSError as error:
        raise InputOutput.at("SRC202", f"cannot unpack to the scratch folder: {error.strerror}", fix="make room or permit writing there", place=Place(str(target))) from None
    return total
