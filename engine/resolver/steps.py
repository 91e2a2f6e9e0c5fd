"""The normaliser's steps, in order: each takes the draft of a title and hands on a new one, keeping what it took away."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.resolver.vocabulary import Phrase, Vocabulary

_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\{([^{}]*)\}")
_WORD = re.compile(r"[^\W_]+(?:[+#]+)?|&", re.UNICODE)
_DASHED = re.compile(r"\b(e)-(?=[a-z]{4,})")  # e-commerce and e-learning are one word
_EDGES = " \t-–—|,;:/@#*.·•"


@dataclass(frozen=True, slots=True)
class Stripped:
    """Something taken off a title: its kind (requisition, employment_form, location, segment, explanation, level, seniority),
    the text as it stood, the step that took it, and what it says (`part_time`, `seniority/manager`)."""

    kind: str
    text: str
    step: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A title on its way: the text left, its segments as words (head first), the same before the form of
    employment went (`parts`) with how they were written, and what was taken off."""

    text: str
    segments: tuple[Phrase, ...] = ()
    parts: tuple[Phrase, ...] = ()
    written: tuple[tuple[Phrase, str], ...] = ()
    stripped: tuple[Stripped, ...] = ()

    def shown(self) -> str:
        """How the draft reads in a trace."""
        return " | ".join(" ".join(s) for s in self.segments) if self.segments else self.text


def words_of(text: str, vocabulary: Vocabulary) -> Phrase:
    """Canonical words of a text: case folded, accents off, abbreviations written out, gender forms and the last plural levelled."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    plain = vocabulary.apostrophes.sub("", _DASHED.sub(r"\1", plain))
    raw = _WORD.findall(plain)
    words: list[str] = []
    last = len(raw) - 1
    for position, word in enumerate(raw):
        if word == "&":
            words.append("and")
            continue
        placed = vocabulary.abbreviations_last if position == last else vocabulary.abbreviations_not_last
        long = placed.get(word) or vocabulary.abbreviations.get(word)
        if long is not None:
            words.extend(long)
        else:
            words.append(vocabulary.gender_forms.get(word, word))
    if words:
        words[-1] = singular(words[-1], vocabulary)
        for position, word in enumerate(words[1:], 1):
            if word in ("and", "or"):
                words[position - 1] = singular(words[position - 1], vocabulary)
    return tuple(words)


def singular(word: str, vocabulary: Vocabulary) -> str:
    """Singular of an English noun by small rules; words of the kept list stay."""
    if word in vocabulary.kept or len(word) < 4 or not word.endswith(("s", "n", "e", "t", "h")):
        return vocabulary.irregular.get(word, word)
    irregular = vocabulary.irregular.get(word)
    if irregular is not None:
        return irregular
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return _person(word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return _person(word[:-1])


def _person(word: str) -> str:
    return word[:-6] + "person" if word.endswith("people") else word


def unicode_step(draft: Draft, vocabulary: Vocabulary) -> Draft:
    """Compatibility forms, markup, control and bidi characters."""
    text = unicodedata.normalize("NFKC", html.unescape(draft.text))
    text = vocabulary.markup.sub(" ", text)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cs", "Cn"))
    return replace(draft, text=" ".join(text.split()))


def requisition_step(draft: Draft, vocabulary: Vocabulary) -> Draft:
    """Requisition and posting numbers."""
    return _without(draft, vocabulary.requisition, "requisition", "requisition")


def bracket_step(draft: Draft, vocabulary: Vocabulary) -> Draft:
    """Explanations in brackets; a bracket that only tells the form of employment or a place is kept as that."""
    found: list[Stripped] = []

    def take(match: re.Match[str]) -> str:
        inside = next((g for g in match.groups() if g is not None), "")
        words = words_of(inside, vocabulary)
        if words:
            found.append(_bracket(inside.strip(), words, vocabulary))
        return " "

    text = _tidy(_BRACKETED.sub(take, draft.text))
    if not found or not any(c.isalpha() for c in text):
        return draft
    return replace(draft, text=text, stripped=draft.stripped + tuple(found))


def _bracket(text: str, words: Phrase, vocabulary: Vocabulary) -> Stripped:
    if words in vocabulary.employment:
        return Stripped("employment_form", text, "bracket", vocabulary.employment[words])
    if words in vocabulary.places or words[-1:] in vocabulary.places:
        return Stripped("location", text, "bracket")
    if words in vocabulary.levels:
        return Stripped("level", text, "bracket")
    return Stripped("explanation", text, "bracket")


def employment_pattern_step(draft: Draft, vocabulary: Vocabulary) -> Draft:
    """Hours, durations and pay."""
    return _without(draft, vocabulary.employment_patterns, "employment_form", "employment_pattern", "hours_or_pay")


def segment_step(draft: Draft, vocabulary: Vocabulary) -> Draft:
    """Parts at dashes, bars, commas and at words such as `at` and `in`; what follows is a place, a brand or a specialism."""
    parts: list[Phrase] = []
    written: list[tuple[Phrase, str]] = []
    for index, piece in enumerate(vocabulary.marks.split(draft.text)):
        for inner, text in enumerate(vocabulary.parting_words.split(piece) if index == 0 else (piece,)):
            words = words_of(text, vocabulary)
            if words and (inner == 0 or parts):
                parts.append(words)
                written.append((words, _tidy(text)))
    return replace(draft, segments=tuple(parts), parts=tuple(parts), written=tuple(written))


def employment_step(draft: Draft, vocabulary: Vocabulary) -> Draft:
    """Form of employment: phrases anywhere in a segment; a segment that holds nothing else goes."""
    segments: list[Phrase] = []
    found: list[Stripped] = []
    for words in draft.segments:
        kept: list[str] = []
        position = 0
        while position < len(words):
            phrase = longest_phrase(words, position, vocabulary.employment, vocabulary.longest)
            if phrase:
                form = vocabulary.employment[phrase]
                found.append(Stripped("scope" if form == "scope" else "employment_form", " ".join(phrase), "employment_form", form))
                position += len(phrase)
            else:
                kept.append(words[position])
                position += 1
        if any(c.isalpha() for word in kept for c in word):
            kept[-1] = singular(kept[-1], vocabulary)
            segments.append(tuple(kept))
    if not segments:
        return draft
    return replace(draft, segments=tuple(segments), stripped=draft.stripped + tuple(found))


def longest_phrase(words: Phrase, position: int, phrases: object, longest: int) -> Phrase:
    """The longest listed phrase that starts at a position; empty where none does."""
    for length in range(min(longest, len(words) - position), 0, -1):
        phrase = words[position : position + length]
        if phrase in phrases:  # type: ignore[operator]
            return phrase
    return ()


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(_EDGES)


def _without(draft: Draft, patterns: tuple[re.Pattern[str], ...], kind: str, step: str, value: str = "") -> Draft:
    text, found = draft.text, []
    for pattern in patterns:
        found += [Stripped(kind, _tidy(match.group()), step, value) for match in pattern.finditer(text)]
        text = pattern.sub(" ", text)
    text = re.sub(r"\(\s*\)|\[\s*\]", " ", text)
    text = _tidy(text)
    if not found or not any(c.isalpha() for c in text):
        return draft
    return replace(draft, text=text, stripped=draft.stripped + tuple(found))


Step = Callable[[Draft, Vocabulary], Draft]
STEPS: tuple[tuple[str, Step], ...] = (
    ("unicode", unicode_step),
    ("requisition", requisition_step),
    ("bracket", bracket_step),
    ("employment_pattern", employment_pattern_step),
    ("segment", segment_step),
    ("employment_form", employment_step),
)
