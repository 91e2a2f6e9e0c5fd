"""Places in a TOML text by the path of a value: the parser of the standard library keeps no positions.

In: the text. Out: file, line and dotted path. Knows tables (`[a]`, `[a.b]`), lists of tables (`[[a.b]]`) and keys that begin a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.contracts import Place
from engine.sources.format_faults import DocumentPath

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_STEP = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_KEY = re.compile(r"\s*(?:\"([^\"]*)\"|([A-Za-z0-9_-]+))\s*=")


@dataclass(frozen=True, slots=True)
class TomlPlaces:
    """`shown` is how messages call the file; `lines` maps every path that has a line of its own to it."""

    shown: str
    lines: dict[DocumentPath, int]

    @classmethod
    def of(cls, text: str, shown: str) -> TomlPlaces:
        """Read the lines of headers and keys."""
        lines: dict[DocumentPath, int] = {}
        counts: dict[DocumentPath, int] = {}
        table: DocumentPath = ()
        for number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(line):
                table = tuple(next(filter(None, m), "") for m in _STEP.findall(header[2]))
                if header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                lines.setdefault(table, number)
            elif key := _KEY.match(line):
                lines.setdefault((*table, key[1] or key[2]), number)
        return cls(shown, lines)

    def __call__(self, path: DocumentPath) -> Place:
        """The place of a value, or of the nearest thing around it that has a line."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return Place(self.shown, self.lines[path[:length]], 1, ".".join(map(str, path)))
        return Place(self.shown, 1, 1, ".".join(map(str, path)))
