"""The signals: for each, which texts are a concept's document and how their terms are weighed. How much a signal counts is no matter of this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.similarity.field import FieldSettings


@dataclass(frozen=True, slots=True)
class Signal:
    """`made_of`: `titles` of the concept, its own `name`, the `texts` about it, `all` of these, or the titles of its `group` on a level."""

    made_of: str
    settings: FieldSettings
    level: int = 0


_WORDS, _PHRASES, _LETTERS = ("word",), ("word", "pair"), ("gram3", "gram4")

_TELLING = 200  # letters that more concepts hold tell none of them apart: without them the strings new in 30.1 are answered as well, in a seventh of the time

SIGNALS: Mapping[str, Signal] = {
    "all_words": Signal("all", FieldSettings(_WORDS, saturation=1.2, length=0.5)),
    "all_letters": Signal("all", FieldSettings(("gram4",), commonest=_TELLING, saturation=1.2, length=0.5)),
    "head": Signal("titles", FieldSettings(("head",), saturation=1.2, length=0.2)),
    "name": Signal("name", FieldSettings(_LETTERS, commonest=_TELLING)),
    "text": Signal("texts", FieldSettings(_WORDS, saturation=1.2, length=0.6)),
    "text_letters": Signal("texts", FieldSettings(("gram4",), commonest=_TELLING, saturation=1.2, length=0.6)),
    "minor_phrases": Signal("group", FieldSettings(_PHRASES, saturation=1.2, length=0.5), 2),
    "minor_letters": Signal("group", FieldSettings(_LETTERS, saturation=1.2, length=0.5), 2),
}
TITLE_FIELDS: Mapping[str, FieldSettings] = {
    "near_letters": FieldSettings(_LETTERS, commonest=500),
    "near_phrases": FieldSettings(_PHRASES),
}
MEANING = "near_meaning"  # nearest titles by a sentence model, where the index was built with one
TEXT_PART = 300_000  # beside a title a text about the concept counts this much, in millionths
NEAREST = 60
LEAST = 350_000
LEAST_MEANT = 800_000  # of the nearest by meaning: the cosine of any two titles is far from nothing
