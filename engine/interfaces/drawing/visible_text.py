"""Text from anywhere made safe to show: what would steer a terminal, hide, or stand in no XML document is written out."""

from __future__ import annotations

import unicodedata

# control, format (bidirectional marks, zero widths), lone surrogates, and code points that are no characters
_HIDDEN = ("Cc", "Cf", "Cs", "Cn")


def visible(text: str, keep: str = "") -> str:
    """Every hidden character as `\\u202e`; those in `keep` stand as they are. A character of no known category counts as hidden."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in keep or unicodedata.category(c) not in _HIDDEN else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in text)


def cells(text: str) -> int:
    """Columns that a text takes on a terminal: wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def counted(number: int, noun: str) -> str:
    """`1 violation`, `2,000 violations`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
