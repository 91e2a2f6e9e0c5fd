"""Keys of things that publishers and authors name by a string alone: one record for each case-folded string."""

from __future__ import annotations

import unicodedata

from engine.contracts import key, sha256_hex, slug

MAX_SLUG = 60
DIGEST_DIGITS = 8


def fold(text: str) -> str:
    """The string under which two spellings are one name: NFC, case folded, inner white space as single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def named_key(prefix: str, text: str) -> str:
    """Key from a readable slug and eight digits of the folded string's SHA-256, so that `C++` and `C#` stay apart."""
    folded = fold(text)
    readable = slug(folded)[:MAX_SLUG].strip("-")
    digest = sha256_hex(folded.encode())[:DIGEST_DIGITS]
    return key(prefix, f"{readable}-{digest}" if readable else digest)


def title_key(text: str) -> str:
    """Key of a job title: `Marketing Manager` and `marketing  manager` have the same."""
    return named_key("title", text)


def technology_key(kind: str, name: str) -> str:
    """Key of a software product or tool; the same name as software and as tool are two records."""
    return named_key("technology", f"{name} {kind}")
