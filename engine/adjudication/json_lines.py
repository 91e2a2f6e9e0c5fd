"""Files of JSON lines from strangers, read strictly: every line becomes an object with its place, or a fault. Nothing is repaired."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.contracts import BadInput, Diagnostic, InputOutput, Place

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


def read_lines(path: Path) -> tuple[list[tuple[Place, dict[str, Any]]], list[Diagnostic]]:
    """Objects with their places in the order of the file, and the faults of the other lines: ADJ103 (no UTF-8), ADJ104 (no JSON object on one line).

    Blank lines are none. Raises as read_bytes.
    """
    found: list[tuple[Place, dict[str, Any]]] = []
    faults: list[Diagnostic] = []
    for number, line in enumerate(read_bytes(path).removeprefix(_BOM).split(b"\n"), 1):
        if not line.strip():
            continue
        place = Place(path.name, number, 1)
        if len(line) > MAX_LINE:
            faults.append(Diagnostic(place, "ADJ104", f"a line of {len(line):,} bytes is longer than {MAX_LINE // 1024} KB", _WHY, "an answer is one short sentence"))
            continue
        try:
            found.append((place, parsed_object(line.decode("utf-8"))))
        except UnicodeDecodeError as error:
            faults.append(Diagnostic(Place(path.name, number, error.start + 1), "ADJ103", f"byte 0x{line[error.start]:02x} is not UTF-8", "text is UTF-8", "save the file as UTF-8"))
        except (ValueError, RecursionError, ArithmeticError) as error:
            told = str(error).splitlines()[0][:120] if str(error) else "nested too deep"
            faults.append(Diagnostic(Place(path.name, number, getattr(error, "colno", 1)), "ADJ104", f"not a JSON object on one line: {told}", _WHY, "mend the line, or record it again"))
    return found, faults


def parsed_object(text: str) -> dict[str, Any]:
    """The one JSON object of a text; numbers with a fraction as Decimal. Raises ValueError, RecursionError or ArithmeticError, whatever the text holds."""
    value = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once)
    if not isinstance(value, dict):
        raise ValueError(f"met {type(value).__name__}, not an object")
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half a character (a lone surrogate)") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")
