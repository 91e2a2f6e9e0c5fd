"""Files of JSON lines from strangers, read strictly: every line becomes an object with its place, or a fault. Nothing is repaired."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, Diagnostic, InputOutput, Place
from engine.documents import strict_json

MAX_BYTES = 64 * 1024 * 1024
MAX_LINE = 128 * 1024
_BOM = b"\xef\xbb\xbf"
_WHY = "one line holds one JSON object"


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises InputOutput ADJ101 where it cannot be read, BadInput ADJ102 where it is too large."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputOutput.at("ADJ101", f"cannot read {path.name}: {error.strerror}", fix="check the path", place=Place(str(path))) from None
    if len(raw) > MAX_BYTES:
        raise BadInput.at("ADJ102", f"the file is larger than {MAX_BYTES // 1024 // 1024} MB", why="verdicts are short", fix="split the file", place=Place(path.name))
    return raw


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its place, its bytes without the line's end, and the object that it holds or the fault that it is."""

    place: Place
    raw: bytes
    value: Mapping[str, Any] | None
    fault: Diagnostic | None

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.raw).hexdigest()


def read_lines(path: Path) -> list[Line]:
    """Lines in the order of the file. Faults: ADJ103 (no UTF-8), ADJ104 (no JSON object on one line). Blank lines are none. Raises as read_bytes."""
    found = []
    for number, raw in enumerate(read_bytes(path).removeprefix(_BOM).split(b"\n"), 1):
        if raw.strip():
            value, fault = _read(raw, Place(path.name, number, 1))
            found.append(Line(Place(path.name, number, 1), raw, value, fault))
    return found


def _read(raw: bytes, place: Place) -> tuple[Mapping[str, Any] | None, Diagnostic | None]:
    if len(raw) > MAX_LINE:
        return None, Diagnostic(place, "ADJ104", f"a line of {len(raw):,} bytes is longer than {MAX_LINE // 1024} KB", _WHY, "an answer is one short sentence")
    try:
        return parsed_object(raw.decode("utf-8")), None
    except UnicodeDecodeError as error:
        return None, Diagnostic(replace(place, column=error.start + 1), "ADJ103", f"byte 0x{raw[error.start]:02x} is not UTF-8", "text is UTF-8", "save the file as UTF-8")
    except ValueError as error:
        told = str(error).splitlines()[0][:120]
        return None, Diagnostic(replace(place, column=getattr(error, "colno", 1)), "ADJ104", f"not a JSON object on one line: {told}", _WHY, "mend the line, or record it again")


def parsed_object(text: str) -> dict[str, Any]:
    """The one JSON object of a text, read strictly. Raises ValueError, whatever the text holds."""
    value = strict_json(text)
    if not isinstance(value, dict):
        raise ValueError(f"met {type(value).__name__}, not an object")
    return value
