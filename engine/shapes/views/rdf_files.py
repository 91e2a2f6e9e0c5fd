"""RDF files: which format they are in, what is refused before a byte is parsed, and their triples as chunks of canonical N-Triples.

In: a path, limits. Out: bytes of whole lines, in the order of the file. Refuses to know: columns, databases, shapes.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.contracts import BadInput, Diagnostic, EngineError, InputOutput, Place
from engine.shapes.views import parsing_child
from engine.shapes.views.parsing_child import REFUSED_MARK, REFUSED_STATUS, Refused

SUFFIXES = {
    ".ttl": "turtle", ".turtle": "turtle", ".nt": "ntriples", ".ntriples": "ntriples", ".nq": "nquads", ".nquads": "nquads", ".trig": "trig",
    ".jsonld": "jsonld", ".json": "jsonld", ".rdf": "rdfxml", ".owl": "rdfxml", ".xml": "rdfxml",
}  # fmt: skip
FORMATS = tuple(sorted(set(SUFFIXES.values())))
CHUNK = 8 << 20  # fits the caches better than more, and is worth a statement of its own
_SMALL = 64 << 10
_PIPE = 1 << 20  # where the system allows it; the usual 64 KB make both sides wait for each other
_LINE_FORMATS = ("turtle", "ntriples", "nquads", "trig")


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What a file may cost: bytes of the file, bytes of memory and processor seconds of its parser (more by one for each 2 MB of the file).

    `growth` is how many times its own length a file may stand for when written out (64 MiB are always allowed).
    """

    file_bytes: int = 2 << 30
    parser_memory: int = 512 << 20
    parser_seconds: int = 4
    growth: int = 30


def format_of(path: Path, named: str | None = None) -> str:
    """Format of a file by its suffix, or as named (one of FORMATS). Raises BadInput SHP113."""
    found = named or SUFFIXES.get(path.suffix.lower())
    if found not in FORMATS:
        what = f"no such format: {named}" if named else f"no format of RDF is known by the suffix {path.suffix or '(none)'}"
        raise BadInput.at("SHP113", what, why="a format is never guessed from content", fix=f"name one of {', '.join(FORMATS)}", place=Place(str(path)))
    return found


def base_of(path: Path) -> str:
    """The IRI that relative IRIs of a file are taken against: where it stands, links followed as far as they lead."""
    return Path(os.path.realpath(path)).as_uri()


def read_lines(path: Path, form: str, limits: ReadingLimits, base: str | None = None) -> Generator[bytes, None, None]:
    """Triples of a file as chunks of about 8 MB of canonical N-Triples, whole lines each; named graphs are merged.

    Relative IRIs are taken against `base`, or the place of the file. Nothing of a file counts unless the iterator ends: it raises
    BadInput SHP110 (no such RDF), SHP111 (something that lies elsewhere), SHP112 (beyond a limit), SHP113 (no such file),
    InputOutput SHP114 (the machine refused).
    """
    place = Place(str(path))
    size = file_bytes(path, limits)
    base = base or base_of(path)
    most = (64 << 20) + limits.growth * size
    try:
        if size <= _SMALL and form in _LINE_FORMATS and b"<<" not in path.read_bytes():
            # a process of its own costs more than such a file, and nothing in these formats nests but terms in `<<`
            lines = bytearray()
            parsing_child.pour(str(path), form, base, most, lines.extend)
            if lines:
                yield bytes(lines)
            return
    except Refused as refused:
        raise _bad(place, refused.parts) from None
    except OSError as error:
        raise _unreadable(place, error) from None
    yield from _lines_of_child(path, {"path": str(path), "format": form, "base": base, "most": most, "memory_bytes": limits.parser_memory, "seconds": limits.parser_seconds + size // 2_000_000})


def file_bytes(path: Path, limits: ReadingLimits) -> int:
    """Size of a file that can be read. Raises BadInput SHP110 (empty), SHP112 (too large), SHP113 (no such file), InputOutput SHP114."""
    place = Place(str(path))
    try:
        status = os.stat(path)
        if stat.S_ISREG(status.st_mode):
            with open(path, "rb"):
                pass
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput.at("SHP113", "there is no such file", why="what is not there cannot be judged", fix="check the path", place=place) from None
    except OSError as error:
        raise _unreadable(place, error) from None
    if not stat.S_ISREG(status.st_mode):
        what = "this is a folder" if stat.S_ISDIR(status.st_mode) else "this is no plain file"
        raise BadInput.at("SHP113", what, why="data is read from plain files", fix="name the files themselves", place=place)
    if status.st_size == 0:
        raise BadInput.at("SHP110", "the file is empty", why="a file that lost its content must not count as a graph that holds", fix="write it again; a graph that is meant to be empty may hold a comment", place=place)
    if status.st_size > limits.file_bytes:
        raise BadInput.at("SHP112", f"the file has {status.st_size:,} bytes, more than {limits.file_bytes:,}", why="reading is bounded", fix="split the file, or raise the limit", place=place)
    return status.st_size


def _lines_of_child(path: Path, request: dict[str, object]) -> Generator[bytes, None, None]:
    """Lines as the child writes them; the next chunk is fetched while the last one is worked on."""
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen([sys.executable, "-P", parsing_child.__file__, json.dumps(request)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints, pipesize=_PIPE)
        assert child.stdout is not None
        with ThreadPoolExecutor(1) as fetching:
            try:
                rest = b""
                fetched = fetching.submit(child.stdout.read, CHUNK)
                while data := fetched.result():
                    fetched = fetching.submit(child.stdout.read, CHUNK)
                    end = data.rfind(b"\n") + 1
                    if end:
                        yield rest + data[:end]
                    rest = data[end:] if end else rest + data
                status = child.wait()
            finally:
                child.kill()  # before the thread is waited for, which reads to the child's end
                child.wait()
        child.stdout.close()
        if status or rest:
            raise _ending(Place(str(path)), status, complaints, request)


def _ending(place: Place, status: int, complaints: IO[bytes], request: dict[str, object]) -> EngineError:
    """Why a child ended before the end of its file."""
    complaints.seek(0)
    said = complaints.read(1 << 16).decode("utf-8", "replace")
    refusals = [line.removeprefix(REFUSED_MARK) for line in said.splitlines() if line.startswith(REFUSED_MARK)]
    if status == REFUSED_STATUS and refusals:
        return _bad(place, json.loads(refusals[-1]))
    why = "a file that was not read to its end must not be judged"
    if status == -signal.SIGXCPU:
        return BadInput.at("SHP112", f"parsing took more than {request['seconds']} s of processor time", why=why, fix="the file nests or repeats itself without measure: write it as N-Triples, or raise the limit", place=place)
    if "MemoryError" in said or "memory allocation" in said:
        return BadInput.at("SHP112", f"parsing took more than {request['memory_bytes']:,} bytes of memory", why=why, fix="write the file as N-Triples, which is read line by line, or raise the limit", place=place)
    if status < 0 and status != -signal.SIGKILL:
        return BadInput.at("SHP112", f"the parser broke down (signal {-status})", why=why, fix="the file nests too deep: write it as N-Triples", place=place)
    last = said.strip().splitlines()[-1:] or ["it was stopped from outside" if status < 0 else f"exit status {status}"]
    return InputOutput.at("SHP114", f"the parser could not read the file: {last[0]}", why=why, fix="check the file and the disk", place=place)


def _bad(place: Place, parts: dict[str, object]) -> EngineError:
    return BadInput(Diagnostic(Place(place.file, int(str(parts["line"])), int(str(parts["column"]))), str(parts["code"]), str(parts["what"]), str(parts["why"]), str(parts["fix"])))


def _unreadable(place: Place, error: OSError) -> EngineError:
    return InputOutput.at("SHP114", f"the file cannot be read: {error.strerror or error}", why="a file that was not read must not be judged", fix="check its permissions", place=place)
