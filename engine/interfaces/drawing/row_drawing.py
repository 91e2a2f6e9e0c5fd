"""Rows as a plain table that fits a terminal and survives a pipe."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from typing import Any


def width() -> int:
    """Columns to draw in: the terminal's, between 60 and 120; 80 where there is none."""
    return max(60, min(120, shutil.get_terminal_size((80, 24)).columns))


def rows_text(columns: Sequence[str], rows: Sequence[Sequence[Any]], total_width: int | None = None, numbers: Collection[int] = ()) -> str:
    """Header, rule and rows; the widest columns are cut with an ellipsis until the table fits. `numbers` are columns (by position) set right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max([len(str(c)), *(len(row[i]) for row in cells)]) for i, c in enumerate(columns)]
    room = (total_width or width()) - 2 * (len(columns) - 1)
    while sum(widths) > room and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1

    def line(values: Sequence[str]) -> str:
        return "  ".join(_fit(v, w, right=i in numbers) for i, (v, w) in enumerate(zip(values, widths, strict=True))).rstrip()

    return "\n".join([line([str(c) for c in columns]), line(["-" * w for w in widths]), *(line(row) for row in cells)])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(v) for v in value)
    return " ".join(str(value).split())


def _fit(text: str, size: int, *, right: bool) -> str:
    return (text.rjust(size) if right else text.ljust(size)) if len(text) <= size else text[: size - 1] + "…"
