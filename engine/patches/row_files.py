"""A file of many patches cut into its rows, byte for byte: YAML documents or JSON lines; a row that cannot be read stays a row, with its faults."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from engine.contracts import BadInput, Diagnostic, InputOutput, Place
from engine.documents import Document, parse_document, strict_json
from engine.ontology import Schema
from engine.patches.patch import Patch
from engine.patches.read_patch import patch_of

MAX_BYTES, MAX_ROWS = 64 * 1024 * 1024, 100_000
_MARK = re.compile(rb"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_NOTHING = re.compile(rb"(?:\s*(?:#[^\n]*)?(?:\n|\Z))*\Z")
_BOM = b"\xef\xbb\xbf"
Form = Literal["yaml", "jsonl"]


@dataclass(frozen=True, slots=True)
class PatchRow:
    """One row: its number from 1, the line on which it begins, its very bytes and their SHA-256, and the patch or its faults."""

    number: int
    line: int
    raw: bytes
    digest: str
    patch: Patch | None
    faults: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class PatchFile:
    """A file as it was read: its form, size in bytes, SHA-256 and rows; `between` are the bytes that belong to no row."""

    name: str
    form: Form
    size: int
    digest: str
    rows: tuple[PatchRow, ...]
    between: int


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises InputOutput WIF402."""
    return hashlib.sha256(_bytes(path)).hexdigest()


def read_rows(path: Path, schema: Schema) -> PatchFile:
    """Cut and read a file. `.jsonl`, `.ndjson` and `.json` are JSON lines, everything else YAML documents.

    Raises InputOutput WIF402 (cannot be read), BadInput WIF121 (too large, too many rows), WIF122 (no row at all). A row's own faults stand with it.
    """
    raw = _bytes(path)
    form: Form = "jsonl" if path.suffix.lower() in (".jsonl", ".ndjson", ".json") else "yaml"
    parts = list(_lines(raw) if form == "jsonl" else _documents(raw))
    if len(parts) > MAX_ROWS:
        raise BadInput.at("WIF121", f"{len(parts):,} rows are more than the {MAX_ROWS:,} of one file", fix="split the file", place=Place(path.name))
    if not parts:
        raise BadInput.at("WIF122", "the file holds no patch", fix="write one YAML document or one JSON line for each", place=Place(path.name))
    read = _json_row if form == "jsonl" else _yaml_row
    rows = []
    for number, (line, part) in enumerate(parts, 1):
        patch, faults = read(part, line, path.name, schema)
        rows.append(PatchRow(number, line, part, hashlib.sha256(part).hexdigest(), patch, faults))
    return PatchFile(path.name, form, len(raw), hashlib.sha256(raw).hexdigest(), tuple(rows), len(raw) - sum(len(r.raw) for r in rows))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputOutput.at("WIF402", f"cannot read the patches: {error.strerror}", fix="check the path", place=Place(str(path))) from None
    if len(raw) > MAX_BYTES:
        raise BadInput.at("WIF121", f"the file is larger than {MAX_BYTES // 1024 // 1024} MB", fix="split the file", place=Place(path.name))
    return raw


def _lines(raw: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(raw.split(b"\n"), 1):
        if line.strip(b" \t\r" + (_BOM if number == 1 else b"")):
            yield number, line


def _documents(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """A line that begins with three hyphens begins a document, wherever it stands: so says YAML."""
    starts = sorted({0, *(found.start() for found in _MARK.finditer(raw))})
    line = 1
    for start, end in zip(starts, [*starts[1:], len(raw)], strict=True):
        part = raw[start:end]
        if not _NOTHING.match(part.removeprefix(_BOM).removeprefix(b"---")):
            yield line, part
        line += part.count(b"\n")


def _yaml_row(raw: bytes, line: int, name: str, schema: Schema) -> tuple[Patch | None, tuple[Diagnostic, ...]]:
    def moved(place: Place) -> Place:
        return replace(place, line=max(place.line, 1) + line - 1)

    try:
        document = parse_document(raw.removeprefix(_BOM), name)
        shifted = Document(name, document.value, {path: moved(place) for path, place in document.places.items()})
    except BadInput as error:
        return None, tuple(replace(d, place=moved(d.place)) for d in error.diagnostics)
    return _patch(shifted, schema)


def _json_row(raw: bytes, line: int, name: str, schema: Schema) -> tuple[Patch | None, tuple[Diagnostic, ...]]:
    place = Place(name, line, 1)
    try:
        value = strict_json(raw.removeprefix(_BOM).decode("utf-8"))
    except ValueError as error:
        column = getattr(error, "colno", 1)
        fault = Diagnostic(replace(place, column=column), "WIF123", f"not a JSON object on one line: {str(error).splitlines()[0][:120]}", "one line holds one patch", "mend the line")
        return None, (fault,)
    return _patch(Document(name, value, {(): place}), schema)


def _patch(document: Document, schema: Schema) -> tuple[Patch | None, tuple[Diagnostic, ...]]:
    try:
        return patch_of(document, schema), ()
    except BadInput as error:
        return None, error.diagnostics

