"""The manifest of a list: whose it is, what it may be used for, which file and columns. It cannot name a layer, a record table or a target.

Messages tell keys and never values: what stands in a list or beside it may be about persons.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.contracts import BadInput, Diagnostic, Place
from engine.sources.format_faults import nearest
from engine.sources.regular_file import read_bytes

MANIFEST = "intake.toml"
_SAFE_KEY = re.compile(r"[a-z_]{1,30}")
Text = Annotated[str, Field(min_length=1, max_length=300)]


class Manifest(BaseModel):
    """What a list says of itself. `columns` declares every column of the file; others are neither read nor taken in."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
    title: Text
    owner: Text
    licence: Annotated[str, Field(pattern=r"^[A-Za-z0-9.+-]+$")]
    allowed_use: Literal["ship", "runtime", "internal_practice_only", "measurement_only"]
    collected: date
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")]
    format: Literal["csv", "tsv", "txt", "parquet"]
    title_column: Text
    count_column: Text | None = None
    columns: tuple[Text, ...]
    citation: Text | None = None

    @property
    def release(self) -> str:
        """`nordic-postings-2026-10-01`."""
        return f"{self.name}-{self.collected.isoformat()}"


def read_manifest(path: Path) -> Manifest:
    """Read one manifest. Raises InputOutput SRC201 where it cannot be read, BadInput SRC362 (not TOML), SRC363 (a key unknown, missing or wrong)."""
    raw = read_bytes(path)
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadInput.at("SRC362", "the manifest is not UTF-8", fix="save it as UTF-8", place=Place(str(path))) from None
    except tomllib.TOMLDecodeError as error:
        met = re.search(r"line (\d+), column (\d+)", str(error))
        raise BadInput.at("SRC362", "the manifest is not TOML", fix="mend it at this place", place=Place(str(path), int(met[1]), int(met[2])) if met else Place(str(path))) from None
    try:
        manifest = Manifest.model_validate(data)
    except ValidationError as error:
        raise BadInput(*(_fault(path, fault["type"], str(fault["loc"][0])) for fault in error.errors(include_url=False))) from None
    undeclared = [key for key in ("title_column", "count_column") if (getattr(manifest, key) or manifest.columns[0]) not in manifest.columns] if manifest.columns else ["title_column"]
    faults = [Diagnostic(Place(str(path), path=key), "SRC363", f"`{key}` names a column that `columns` does not declare", "what is not declared is not read", "declare it in `columns`") for key in undeclared]
    if manifest.count_column == manifest.title_column:
        faults.append(Diagnostic(Place(str(path), path="count_column"), "SRC363", "the title and the count are one column", fix="name the column that holds numbers, or leave `count_column` out"))
    if manifest.format == "txt" and (manifest.count_column or len(manifest.columns) > 1):
        faults.append(Diagnostic(Place(str(path), path="format"), "SRC363", "a file of the format txt has one column, one title to a line", fix="declare the title alone, or say csv or tsv"))
    if len(set(manifest.columns)) < len(manifest.columns):
        faults.append(Diagnostic(Place(str(path), path="columns"), "SRC363", "`columns` declares a column twice", fix="remove one"))
    if faults:
        raise BadInput(*faults)
    return manifest


def _fault(path: Path, kind: str, met: str) -> Diagnostic:
    key = met if _SAFE_KEY.fullmatch(met) else "(a key)"
    place = Place(str(path), path=key)
    if kind == "extra_forbidden":
        return Diagnostic(place, "SRC363", f"`{key}` is no key of a manifest", "a list says what it is; its layer and where it goes are not its to say", nearest(key, Manifest.model_fields))
    if kind == "missing":
        return Diagnostic(place, "SRC363", f"`{key}` is missing", fix=f"add `{key} = ...`; see docs/how-to/bring_a_title_list.md")
    return Diagnostic(place, "SRC363", f"`{key}` is not as it should be", fix="see docs/how-to/bring_a_title_list.md for its form")
