"""Shares of a list as one bar, for a page and for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from engine.interfaces.drawing.visible_text import visible

_WIDTH, _BAR, _LINE = 900, 44, 26
_MARKS = "█▓▒░·"
# told apart by lightness too, so that the bar reads in grey and to people who do not see colour
_FILLS = ("#0b5d3b", "#3fa26f", "#e0a526", "#b8b8b8", "#6f6f6f")


def bar_lines(parts: Sequence[tuple[str, int]], width: int = 60) -> tuple[str, ...]:
    """A bar of characters and a legend; each part with a title has at least one."""
    total = sum(n for _, n in parts)
    bar = "".join(_MARKS[i % len(_MARKS)] * (max(1, round(n * width / total)) if n else 0) for i, (_, n) in enumerate(parts)) if total else ""
    return (bar, *(f"{_MARKS[i % len(_MARKS)]} {name}: {n:,} ({share(n, total)})" for i, (name, n) in enumerate(parts)))


def bar_svg(parts: Sequence[tuple[str, int]], told: str) -> str:
    """The bar as SVG with a legend under it; `told` is what a screen reader says."""
    total = sum(n for _, n in parts) or 1
    height = _BAR + 14 + _LINE * len(parts)
    drawn = [f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(visible(told))}" xmlns="http://www.w3.org/2000/svg">']
    at = 0
    for i, (name, n) in enumerate(parts):
        end = round(sum(k for _, k in parts[: i + 1]) * _WIDTH / total)
        drawn.append(f'<rect x="{at}" y="0" width="{end - at}" height="{_BAR}" fill="{_FILLS[i % len(_FILLS)]}"><title>{escape(visible(name))}: {n:,}</title></rect>')
        at = end
    for i, (name, n) in enumerate(parts):
        y = _BAR + 14 + _LINE * i
        drawn.append(f'<rect x="0" y="{y}" width="16" height="16" fill="{_FILLS[i % len(_FILLS)]}"/>')
        drawn.append(f'<text x="26" y="{y + 13}" font-size="15" fill="currentColor">{escape(visible(name))}: {n:,} ({share(n, total)})</text>')
    return "".join([*drawn, "</svg>"])


def share(part: int, whole: int) -> str:
    """A part of a whole in percent with one place, half up; what is not quite nothing or all never reads so, nor as more than it is."""
    if not whole or not part:
        return "0 %"
    if part == whole:
        return "100 %"
    tenths = (part * 2000 + whole) // (2 * whole)
    if tenths in (0, 1000):
        return "under 0.1 %" if tenths == 0 else "over 99.9 %"
    return f"{tenths // 10}.{tenths % 10} %"
