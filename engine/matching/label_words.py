"""The words that labels are compared by: case, accents, plurals and little words levelled; for a query also what an advertisement adds to a title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from engine.documents import read_document

MAX_LETTERS = 2_000  # of a text; what stands beyond is not compared
_WORD = re.compile(r"[a-z0-9+#]+|[^\W\d_]+", re.UNICODE)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_POSSESSIVE = re.compile(r"['’`]s\b|['’`]")
_SPELT_OUT = re.compile(r"\b(?:[iI]\.\s?[tT]\b\.?|IT\b)")  # the branch, not the pronoun
_AMPERSANDS = ((re.compile(r"\br\s?(?:&|and)\s?d\b"), "research development"), (re.compile(r"\bf\s?(?:&|and)\s?b\b"), "food beverage"))
_PLURAL_ES = ("sses", "shes", "ches", "xes", "zes")
_LONGEST_PHRASE = 3  # words


class LabelWords:
    """Levels labels. A text comes back as lower-case words apart by blanks, cut at MAX_LETTERS."""

    def __init__(self, lists: Mapping[str, Any]) -> None:
        self._spellings = {str(slip): str(right) for slip, right in lists["spellings"].items()}
        self._little = frozenset(map(str, lists["little_words"]))
        self._advertised = frozenset(map(str, lists["advertised_words"]))
        self._also = {tuple(map(_singular, str(said).split())): tuple(map(_singular, str(words).split())) for said, words in lists["also_said"].items()}

    def plain(self, text: str) -> str:
        """A label as it stands in a list of candidates."""
        return " ".join(_singular(word) for word in self._raw(text) if word not in self._little)

    def asked(self, text: str) -> str:
        """A label as somebody asks for it: brackets, bare numbers and words of an advertisement off. Never stripped to nothing."""
        bare = _BRACKETED.sub(" ", text[:MAX_LETTERS])
        words = self._raw(bare)
        if len("".join(words)) < 3:
            words = self._raw(text)
        kept = [word for word in words if word not in self._advertised and word not in self._little and not word.isdigit()]
        return " ".join(_singular(word) for word in kept or words)

    def also_said(self, asked: str) -> str:
        """Other words for the same work, those of longer phrases first; empty where none is known."""
        words = tuple(asked.split())
        found: dict[str, None] = {}
        taken = [False] * len(words)
        for length in range(_LONGEST_PHRASE, 0, -1):
            for begin in range(len(words) - length + 1):
                more = self._also.get(words[begin : begin + length])
                if more is not None and not all(taken[begin : begin + length]):
                    found.update(dict.fromkeys(more))
                    taken[begin : begin + length] = [True] * length
        return " ".join(word for word in found if word not in words)

    def _raw(self, text: str) -> Sequence[str]:
        cut = _SPELT_OUT.sub(" ict ", text[:MAX_LETTERS])
        folded = unicodedata.normalize("NFKD", cut.casefold())
        plain = _POSSESSIVE.sub(_joined, "".join(c for c in folded if not unicodedata.combining(c)))
        for pattern, meant in _AMPERSANDS:
            plain = pattern.sub(meant, plain)
        return [self._spellings.get(word, word) for word in _WORD.findall(plain)]


def _joined(match: re.Match[str]) -> str:
    return "" if len(match.group()) > 1 else " "


@cache
def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(_PLURAL_ES):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@cache
def label_words() -> LabelWords:
    """The words with the lists of vocabulary.yaml."""
    return LabelWords(read_document(Path(__file__).with_name("vocabulary.yaml"), "engine/matching/vocabulary.yaml").value)


def split_labels(cell: str) -> tuple[str, ...]:
    """Several labels of one cell, apart by new lines or `|`, in order, each once."""
    return once(part.strip() for part in re.split(r"[\n\r|]+", cell))


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts that say something, in order, each once."""
    return tuple(dict.fromkeys(text for text in texts if text))
