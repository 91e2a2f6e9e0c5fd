"""The words that the normaliser knows: read once from vocabulary.yaml, joined with the seniority terms of the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.documents import read_document

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class SeniorityTerm:
    """One word or phrase that tells seniority: its words, the seniority's key and rank (1 is entry)."""

    words: Phrase
    seniority: str
    rank: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Compiled word lists. Phrases are tuples of canonical words; `longest` holds the longest phrase length of a list."""

    markup: re.Pattern[str]
    apostrophes: re.Pattern[str]
    requisition: tuple[re.Pattern[str], ...]
    employment: Mapping[Phrase, str]
    employment_patterns: tuple[re.Pattern[str], ...]
    marks: re.Pattern[str]
    parting_words: re.Pattern[str]
    places: frozenset[Phrase]
    abbreviations: Mapping[str, Phrase]
    abbreviations_last: Mapping[str, Phrase]
    abbreviations_not_last: Mapping[str, Phrase]
    activities: Mapping[str, str]
    gender_forms: Mapping[str, str]
    irregular: Mapping[str, str]
    kept: frozenset[str]
    levels: frozenset[Phrase]
    seniority: Mapping[Phrase, SeniorityTerm]
    seniority_closing: Mapping[Phrase, SeniorityTerm]
    stop_words: frozenset[str]
    work_nouns: frozenset[str]
    longest: int

    def seniority_of(self, phrase: Phrase, closing: bool) -> SeniorityTerm | None:
        """What a phrase tells where it stands: a word of two seniorities is the higher as the last word of a title, else the lower."""
        return (self.seniority_closing if closing else self.seniority).get(phrase)


@cache
def _document() -> Mapping[str, Any]:
    value: Mapping[str, Any] = read_document(Path(__file__).with_name("vocabulary.yaml"), "engine/resolver/vocabulary.yaml").value
    return value


def _phrase(text: object) -> Phrase:
    return tuple(str(text).split())


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


def load_vocabulary(seniorities: Iterable[SeniorityTerm] = ()) -> Vocabulary:
    """Vocabulary with the graph's seniority terms. Where two share a term, the lower rank holds before other words, the higher behind them."""
    lists = _document()
    terms: dict[Phrase, SeniorityTerm] = {}
    closing: dict[Phrase, SeniorityTerm] = {}
    for term in sorted(seniorities, key=lambda t: (t.words, t.rank, t.seniority)):
        terms.setdefault(term.words, term)
        closing[term.words] = term
    employment = {_phrase(p): form for form, phrases in lists["employment_form"].items() for p in phrases}
    abbreviations = lists["abbreviations"]
    levels = frozenset(_phrase(level) for level in lists["levels"])
    segments = lists["segments"]
    return Vocabulary(
        markup=re.compile(lists["unicode"]["markup"], re.IGNORECASE | re.DOTALL),
        apostrophes=re.compile("[" + re.escape(lists["unicode"]["apostrophes"]) + "]"),
        requisition=tuple(re.compile(p, re.IGNORECASE) for p in lists["requisition"]),
        employment=employment,
        employment_patterns=tuple(re.compile(p, re.IGNORECASE) for p in lists["employment_patterns"]),
        marks=_any_of(segments["marks"]),
        parting_words=re.compile(r"\s+(?:" + "|".join(segments["words"]) + r")\s+", re.IGNORECASE),
        places=frozenset(_phrase(p) for p in segments["places"]),
        abbreviations={short: _phrase(long) for short, long in abbreviations["anywhere"].items()},
        abbreviations_last={short: _phrase(long) for short, long in abbreviations["last"].items()},
        abbreviations_not_last={short: _phrase(long) for short, long in abbreviations["not_last"].items()},
        activities=lists["activities"],
        gender_forms=lists["gender_forms"],
        irregular=lists["plural"]["irregular"],
        kept=frozenset(str(word) for word in lists["plural"]["kept"]),
        levels=levels,
        seniority=terms,
        seniority_closing=closing,
        stop_words=frozenset(lists["stop_words"]),
        work_nouns=frozenset(lists["work_nouns"]),
        longest=max(len(p) for p in (*employment, *levels, *terms)),
    )
