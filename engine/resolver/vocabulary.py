"""The words that the normaliser knows: read once from vocabulary.yaml, joined with the seniority terms of the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from engine.documents import read_document

Phrase = tuple[str, ...]
PHRASE_STEPS = ("employment_form", "shift", "scope", "bilingual", "notice")  # they take listed phrases out of the words
PATTERN_STEPS = ("introduction", "pay", "requisition", "gender_marker", "working_time", "language")
BARE_PLACE_LETTERS = 4  # shorter names of places are words of English too (in, or, me)


@dataclass(frozen=True, slots=True, order=True)
class SeniorityTerm:
    """One word or phrase that tells seniority: its words, the seniority's key and rank (1 is entry)."""

    words: Phrase
    seniority: str
    rank: int


class Patterns:
    """Regular expressions of one step, compiled when a title first gives cause."""

    __slots__ = ("_compiled", "_sources")

    def __init__(self, sources: Iterable[str]) -> None:
        self._sources = tuple(sources)
        self._compiled: tuple[re.Pattern[str], ...] | None = None

    def __iter__(self) -> Any:
        if self._compiled is None:
            self._compiled = tuple(re.compile(source, re.IGNORECASE) for source in self._sources)
        return iter(self._compiled)


class Phrases:
    """Phrases of words with what each says, found by their first word, the longest first. `first_words` are all words that open one."""

    __slots__ = ("_by_first", "first_words", "says")

    def __init__(self, says: Mapping[Phrase, str]) -> None:
        self.says = says
        by_first: dict[str, list[Phrase]] = {}
        for phrase in sorted(says, key=lambda p: (-len(p), p)):
            by_first.setdefault(phrase[0], []).append(phrase)
        self._by_first = {word: tuple(phrases) for word, phrases in by_first.items()}
        self.first_words = frozenset(by_first)

    def __contains__(self, phrase: object) -> bool:
        return phrase in self.says

    def at(self, words: Phrase, position: int) -> Phrase:
        """The longest phrase that starts at a position; empty where none does."""
        for phrase in self._by_first.get(words[position], ()):
            if words[position : position + len(phrase)] == phrase:
                return phrase
        return ()


@dataclass(frozen=True, slots=True)
class Form:
    """Canonical words of one written word: inside a title, as its last word, before `and`; and the steps that it is a cue for."""

    inside: Phrase
    closing: Phrase
    joined: Phrase
    cues: frozenset[str]


@dataclass(frozen=True, slots=True, repr=False)
class Vocabulary:
    """Compiled word lists, each named after its step in vocabulary.yaml. Phrases are tuples of canonical words; `longest` is the greatest number of words
    of a phrase. `forms` fills as words are met and is no part of what the vocabulary says."""

    markup: re.Pattern[str]
    patterns: Mapping[str, Patterns]
    endings: Patterns
    phrases: Mapping[str, Phrases]
    marks: Patterns
    parting: Patterns
    parting_words: frozenset[str]
    employer_behind: frozenset[str]
    place_behind: frozenset[str]
    languages: frozenset[Phrase]
    legal_forms: frozenset[Phrase]
    apostrophes: re.Pattern[str]
    joined: re.Pattern[str]
    abbreviations: Mapping[str, Phrase]
    abbreviations_last: Mapping[str, Phrase]
    abbreviations_not_last: Mapping[str, Phrase]
    spellings: Mapping[str, str]
    gender_forms: Mapping[str, str]
    irregular: Mapping[str, str]
    kept: frozenset[str]
    places: frozenset[Phrase]
    levels: frozenset[Phrase]
    seniority: Mapping[Phrase, SeniorityTerm]
    seniority_closing: Mapping[Phrase, SeniorityTerm]
    ranks: Phrases
    stop_words: frozenset[str]
    activities: Mapping[str, str]
    work_nouns: frozenset[str]
    longest: int
    cue_words: Mapping[str, frozenset[str]]
    forms: dict[str, Form] = field(default_factory=dict, compare=False, repr=False)

    def seniority_of(self, phrase: Phrase, closing: bool) -> SeniorityTerm | None:
        """What a phrase tells where it stands: a word of two seniorities is the higher as the last word of a title, else the lower."""
        return (self.seniority_closing if closing else self.seniority).get(phrase)

    def place(self, words: Phrase) -> bool:
        """Whether some words are a place or end in one (`boise id`)."""
        return words in self.places or words[-1:] in self.places


@cache
def vocabulary_lists() -> Mapping[str, Any]:
    """The word lists as they stand in vocabulary.yaml, by step."""
    value: Mapping[str, Any] = read_document(Path(__file__).with_name("vocabulary.yaml"), "engine/resolver/vocabulary.yaml").value
    return value


def _phrase(text: object) -> Phrase:
    return tuple(str(text).split())


def _phrases(texts: Iterable[object]) -> frozenset[Phrase]:
    return frozenset(map(_phrase, texts))


def _characters(text: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(text)}]" if text else r"(?!)")


def load_vocabulary(seniorities: Iterable[SeniorityTerm] = (), lists: Mapping[str, Any] | None = None) -> Vocabulary:
    """Vocabulary with the graph's seniority terms. Where two share a term, the lower rank holds before other words, the higher behind them.

    `lists` stands in for vocabulary.yaml: what a step would do without one of its lists is found so.
    """
    lists = vocabulary_lists() if lists is None else lists
    terms: dict[Phrase, SeniorityTerm] = {}
    closing: dict[Phrase, SeniorityTerm] = {}
    for term in sorted(seniorities, key=lambda t: (t.words, t.rank, t.seniority)):
        terms.setdefault(term.words, term)
        closing[term.words] = term
    forms = {_phrase(p): form for form, phrases in lists["employment_form"].items() for p in phrases}
    phrases = {"employment_form": Phrases(forms)} | {name: Phrases(dict.fromkeys(_phrases(lists[name]), "")) for name in PHRASE_STEPS[1:]}
    levels, places = _phrases(lists["level"]), _phrases(lists["location"])
    segment, abbreviation, plural, matching = lists["segment"], lists["abbreviation"], lists["plural"], lists["matching"]
    ranks = Phrases(dict.fromkeys(levels, "level") | dict.fromkeys(terms, "seniority"))
    parting_words = frozenset(str(word).split()[-1] for word in segment["words"])
    names = "|".join(lists["language"]["names"])
    cues = {name: frozenset(lists[name]["cues"]) for name in PATTERN_STEPS} | {name: p.first_words for name, p in phrases.items()}
    cues |= {"segment": parting_words, "location": frozenset(p[-1] for p in places if len("".join(p)) >= BARE_PLACE_LETTERS), "seniority": ranks.first_words}
    return Vocabulary(
        markup=re.compile(lists["unicode"]["markup"] or r"(?!)", re.IGNORECASE | re.DOTALL),
        patterns={name: Patterns(str(p).replace("{names}", names) for p in lists[name]["patterns"]) for name in PATTERN_STEPS},
        endings=Patterns(filter(None, [lists["gender_marker"]["endings"]])),
        phrases=phrases,
        marks=Patterns(["|".join(f"(?:{p})" for p in segment["marks"]) or r"(?!)"]),
        parting=Patterns([r"\s+(" + "|".join(segment["words"]) + r")\s+" if segment["words"] else r"((?!))"]),
        parting_words=parting_words,
        employer_behind=frozenset(segment["employer_behind"]),
        place_behind=frozenset(segment["place_behind"]),
        languages=_phrases(lists["language"]["names"]),
        legal_forms=_phrases(segment["legal_forms"]),
        apostrophes=_characters(lists["case"]["apostrophes"]),
        joined=re.compile(lists["case"]["joined"] or r"(?!)()"),
        abbreviations={short: _phrase(long) for short, long in abbreviation["anywhere"].items()},
        abbreviations_last={short: _phrase(long) for short, long in abbreviation["last"].items()},
        abbreviations_not_last={short: _phrase(long) for short, long in abbreviation["not_last"].items()},
        spellings=lists["spelling"],
        gender_forms=lists["gender_form"],
        irregular=plural["irregular"],
        kept=frozenset(str(word) for word in plural["kept"]),
        places=places,
        levels=levels,
        seniority=terms,
        seniority_closing=closing,
        ranks=ranks,
        stop_words=frozenset(matching["stop_words"]),
        activities=matching["activities"],
        work_nouns=frozenset(matching["work_nouns"]),
        longest=max((len(p) for p in chain(levels, terms, *(p.says for p in phrases.values()))), default=1),
        cue_words=cues,
    )
