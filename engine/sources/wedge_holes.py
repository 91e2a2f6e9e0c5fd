"""Reading on past format faults: stand-ins where the format was broken, so that what could be read is judged in the same run.

A hole is the YAML path of a stand-in. What is found at a hole says nothing about the author's work and is not shown.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from pydantic import ValidationError

from engine.sources.format_faults import DocumentPath
from engine.sources.wedge_format import AuthoredFile
from engine.sources.wedge_positions import Passage, Positions, value_at
from engine.sources.wedge_samples import kind_at, sample

_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Mended:
    """Content with stand-ins, where they are, the names that were made up for them, and whether no whole list was lost."""

    content: AuthoredFile
    holes: tuple[DocumentPath, ...]
    invented: frozenset[str]
    whole: bool


def mended(value: Mapping[str, Any], error: ValidationError) -> Mended | None:
    """The content of a document that broke the format: unknown keys left out, stand-ins for what is missing or wrong. None where that does not help."""
    raw = copy.deepcopy(dict(value))
    marker = "unread"
    while marker in repr(value):
        marker += "x"
    numbers, holes, invented, whole = count(1), list[DocumentPath](), set[str](), True

    def word() -> str:
        invented.add(name := f"{marker}-{next(numbers)}")
        return name

    for _ in range(_ROUNDS):
        for fault in error.errors(include_url=False):
            path: DocumentPath = tuple(fault["loc"])
            around = value_at(raw, path[:-1])
            whole = whole and len(path) > 1
            if fault["type"] == "extra_forbidden" and isinstance(around, dict):
                around.pop(path[-1], None)
            elif isinstance(around, (dict, list)) and (kind := kind_at(path)) is not None:
                around[path[-1]] = sample(kind, word, items=False)  # type: ignore[index]
                holes.append(path)
        try:
            return Mended(AuthoredFile.model_validate(raw), tuple(sorted(set(holes), key=repr)), frozenset(invented), whole)
        except ValidationError as again:
            error = again
    return None


@dataclass(frozen=True, slots=True)
class Holes:
    """Everything that could not be read: paths by file, the columns they give, and whether every file was read at all."""

    paths: Mapping[str, tuple[DocumentPath, ...]] = field(default_factory=dict)
    columns: frozenset[str] = frozenset()
    complete: bool = True

    @classmethod
    def of(cls, found: Iterable[tuple[str, DocumentPath]], positions: Positions, *, complete: bool) -> Holes:
        """Holes of all files; the columns are those of the records around them."""
        paths: dict[str, tuple[DocumentPath, ...]] = {}
        columns = set()
        for file, path in sorted(set(found), key=repr):
            paths[file] = (*paths.get(file, ()), path)
            columns.add(positions.record_at(file, path)[1])
        return cls(paths, frozenset(columns), complete)

    def hide(self, passage: Passage | None, column: str, *, backwards: bool) -> bool:
        """Whether a finding on a column of a record says nothing new: it stands in a hole, around one, or is looked at from the other end of one."""
        if backwards:
            return not self.complete or column in self.columns
        if passage is None:
            return False
        where = (passage.field(column) if column else None) or passage.path
        holes = self.paths.get(passage.document.file, ())
        return any(hole == where[: len(hole)] or (column and where != passage.path and where == hole[: len(where)]) for hole in holes)
