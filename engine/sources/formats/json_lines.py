"""JSON lines as a flat table: the keys of the objects are the columns; what is not text is given as canonical JSON text."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.contracts import Diagnostic, Place
from engine.documents import strict_json
from engine.sources.formats.line_faults import MAX_LINE, too_long
from engine.sources.formats.records import MAX_CELLS, Faults, Records, too_many_cells

_BOM = b"\xef\xbb\xbf"


class _Number(str):
    """A number as it was written: nothing is rounded on the way."""

    __slots__ = ()


def json_header(raw: bytes) -> tuple[str, ...] | None:
    """Keys of the first object; None where the first line is no object."""
    first = raw.removeprefix(_BOM).split(b"\n", 1)[0]
    try:
        met = _parsed(first)
    except ValueError:
        return None
    return tuple(met)


def read_json_lines(raw: bytes, columns: Mapping[str, str], required: frozenset[str], shown: str) -> tuple[Records, Faults]:
    """Records, and faults: SRC264 (no JSON object, a repeated key), SRC265 (a required key is missing), SRC221 (NUL), SRC225 (too long), SRC263 (too many).

    `columns` gives the staged column of each key. A last line without end is read: an object says itself whether it is whole.
    """
    if (cells := raw.count(b"\n") * len(columns)) > MAX_CELLS:
        return Records([], {}), Faults((too_many_cells(shown, cells),))
    lines: list[int] = []
    values: dict[str, list[str | None]] = {column: [] for column in columns.values()}
    faults = Faults()
    for number, line in enumerate(_lines(raw), 1):
        if len(line) > MAX_LINE:
            faults.add(too_long(shown, number, len(line), MAX_LINE))
            continue
        try:
            met = _parsed(line)
            texts = {column: _text(met.get(key)) for key, column in columns.items()}
        except (ValueError, RecursionError) as error:  # among them wrong UTF-8, halves of surrogate pairs, a nesting that can be read but not written
            faults.add(Diagnostic(Place(shown, number), "SRC264", f"no whole JSON object: {_said(error)}", "each line must hold one object with distinct keys", "mend the line, or fetch the file again"))
            continue
        faults.extend(Diagnostic(Place(shown, number), "SRC265", f"the key `{key}` is missing", "columns are found by their official names", "mend the line, or fetch the file again") for key in sorted(required - met.keys()))
        if any(t and "\0" in t for t in texts.values()):
            faults.add(Diagnostic(Place(shown, number), "SRC221", "a NUL character", "the file was damaged or is not text", "fetch the file again"))
        lines.append(number)
        for column, text in texts.items():
            values[column].append(text)
    return Records(lines, values), faults


def _lines(raw: bytes) -> Iterator[bytes]:
    """Lines without their ends; white space after the last object is none."""
    return (line.rstrip(b"\r\n") for line in io.BytesIO(raw.removeprefix(_BOM).rstrip()))


def _parsed(line: bytes) -> dict[str, Any]:
    """One object. Raises ValueError."""
    met = strict_json(line.decode("utf-8"), _Number)
    if not isinstance(met, dict):
        raise ValueError("not an object")
    return met


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, _Number):
        return None if value is None else str(value)
    if isinstance(value, str):
        return value
    return _canonical(value)


def _canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces; numbers as they were written."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_canonical(v)}" for k, v in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _said(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return f"byte 0x{error.object[error.start]:02x} is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)[:120]
