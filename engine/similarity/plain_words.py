"""A text as plain words: one case, no marks, possessives off. What a title means is not asked here; the resolver's normaliser does that."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+[+#]*")
_BRACKET = re.compile(r"\(([^()]*)\)")
_SHORT = 7
_POSSESSIVE = re.compile(r"['\u2019]s\b|['\u2019]")


def plain_words(text: str) -> str:
    """Words in order, apart by one blank. Never fails."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_WORD.findall(_POSSESSIVE.sub("", text.casefold().replace("&", " and "))))


def forms_of(title: str) -> tuple[str, ...]:
    """What a title says in two ways: outside its brackets, and in them where that is several words or an abbreviation. Never empty."""
    if "(" not in title:
        return (plain_words(title),)
    inside = [part for part in _BRACKET.findall(title) if len(part.split()) > 1 or (part.isupper() and len(part) < _SHORT)]
    found = dict.fromkeys(plain_words(text) for text in (_BRACKET.sub(" ", title), *inside))
    return tuple(form for form in found if form) or (plain_words(title),)
