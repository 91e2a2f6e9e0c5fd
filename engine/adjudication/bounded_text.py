"""Text of strangers made fit to be shown to a reviewer: bounded, without characters that hide or steer, quoted so that it stays data."""

from __future__ import annotations

import json
import unicodedata

_BLANK = ("Cc", "Zl", "Zp", "Zs")
_GONE = ("Cf", "Co", "Cs", "Cn")


def bounded_text(text: str) -> str:
    """NFC on one line: controls and separators as single blanks; format, bidi, private, surrogate and unassigned characters out."""
    met = ((c, unicodedata.category(c)) for c in text)
    kept = "".join(" " if category in _BLANK else c for c, category in met if category not in _GONE)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def quoted(text: str) -> str:
    """The text as a JSON string in which no angle bracket stands, so that it can close no mark around it."""
    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def shortened(text: str, longest: int) -> str:
    """The text, cut at a blank where it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"
