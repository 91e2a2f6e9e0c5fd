"""A reliability diagram: stated confidence against the share that was right, as SVG for a page and as bars of characters for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from engine.interfaces.drawing.visible_text import counted

if TYPE_CHECKING:
    from decimal import Decimal

    from engine.evaluation import ReliabilityBin

_SIDE, _LEFT, _TOP, _BELOW = 320, 56, 12, 64
_BAR = 30  # characters of a whole bar


def reliability_lines(bins: Sequence[ReliabilityBin]) -> tuple[str, ...]:
    """A bar for each bin that holds answers: `#` up to the share that was right, `|` where the confidence stands."""
    most = max((len(f"{b.answers:,}") for b in bins), default=1)
    head = f"{'confidence':<12}{'answers':>{max(7, most)}}  stated   right  0{' ' * (_BAR - 1)}1"
    return (head, *(
        f"{b.low:.2f}-{b.high:.2f}   {b.answers:>{max(7, most)},}  {b.confidence:>6.3f}  {b.accuracy:>6.3f}  {_bar(b.confidence, b.accuracy).rstrip()}"
        for b in bins if b.confidence is not None and b.accuracy is not None
    ))  # fmt: skip


def reliability_svg(bins: Sequence[ReliabilityBin], name: str) -> str:
    """Bars of the share that was right over the confidence, a dot at each bin's mean confidence, and the line on which both are equal."""
    width, height = _LEFT + _SIDE + 16, _TOP + _SIDE + _BELOW
    told = f"{name}: " + "; ".join(f"confidence {b.confidence:.2f}, right {b.accuracy:.2f}, {counted(b.answers, 'answer')}" for b in bins if b.confidence is not None and b.accuracy is not None)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(told)}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'fill="currentColor" font-family="system-ui, sans-serif" font-size="11">{"".join(_shapes(bins))}</svg>'
    )


def _shapes(bins: Sequence[ReliabilityBin]) -> Iterator[str]:
    for tenth in range(0, 11, 2):
        at = tenth * _SIDE // 10
        yield f'<text x="{_LEFT + at}" y="{_TOP + _SIDE + 16}" text-anchor="middle">{tenth / 10:.1f}</text>'
        yield f'<text x="{_LEFT - 8}" y="{_TOP + _SIDE - at + 4}" text-anchor="end">{tenth / 10:.1f}</text>'
        yield f'<line x1="{_LEFT}" y1="{_TOP + _SIDE - at}" x2="{_LEFT + _SIDE}" y2="{_TOP + _SIDE - at}" stroke="currentColor" stroke-opacity="0.15"/>'
    for b in bins:
        if b.confidence is None or b.accuracy is None:
            continue
        left, right, top = _across(b.low), _across(b.high), _up(b.accuracy)
        yield f'<rect x="{left + 1:.1f}" y="{top:.1f}" width="{right - left - 2:.1f}" height="{_TOP + _SIDE - top:.1f}" fill-opacity="0.35"/>'
        yield f'<circle cx="{_across(b.confidence):.1f}" cy="{top:.1f}" r="4"/>'
        yield f'<text x="{(left + right) / 2:.1f}" y="{_TOP + _SIDE + 32}" text-anchor="middle" font-size="9">{b.answers:,}</text>'
    yield f'<line x1="{_LEFT}" y1="{_TOP + _SIDE}" x2="{_LEFT + _SIDE}" y2="{_TOP}" stroke="currentColor" stroke-dasharray="5 4"/>'
    yield f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="currentColor"/>'
    yield f'<text x="{_LEFT + _SIDE / 2:.0f}" y="{_TOP + _SIDE + 54}" text-anchor="middle">confidence stated (below it: answers)</text>'
    yield f'<text x="14" y="{_TOP + _SIDE / 2:.0f}" text-anchor="middle" transform="rotate(-90 14 {_TOP + _SIDE / 2:.0f})">share right</text>'


def _across(share: Decimal) -> float:
    return _LEFT + float(share) * _SIDE


def _up(share: Decimal) -> float:
    return _TOP + (1 - float(share)) * _SIDE


def _bar(confidence: Decimal, accuracy: Decimal) -> str:
    bar = list("#" * round(accuracy * _BAR) + " " * (_BAR - round(accuracy * _BAR)))
    bar[min(_BAR - 1, int(confidence * _BAR))] = "|"
    return "".join(bar)
