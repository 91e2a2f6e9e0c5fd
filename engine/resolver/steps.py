"""The normaliser's steps, in order: each takes something off the draft of a title and keeps it as a typed fact."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from engine.resolver.vocabulary import PHRASE_STEPS, Patterns, Phrase, Vocabulary
from engine.resolver.words import words_of

_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\{([^{}]*)\}")
_EMPTY_BRACKET = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}")
_SIGNS = re.compile(r"[()\[\]{}/|*:;_·•→»,@~$£€₹+–—−-]")  # without one of these no step that looks for signs need look
PHRASE_KINDS = {name: "language" if name == "bilingual" else name for name in PHRASE_STEPS}
_JOINERS = (("and",), ("or",))
_EDGES = " \t-–—|,:;/@*.·•"  # no #: it may belong to a word (C#)


@dataclass(frozen=True, slots=True)
class Stripped:
    """Something taken off a title: its kind (requisition, gender_marker, pay, employment_form, shift, scope, language, notice, location, brand,
    segment, explanation, level, seniority), the text as it stood, the step that took it, and what it says (`part_time`, `seniority/manager`)."""

    kind: str
    text: str
    step: str
    value: str = ""


@dataclass(slots=True)
class Draft:
    """A title on its way, changed step by step: the text left; then its segments as words (head first), how each was written and by which word
    or sign it was parted; `parts` are the segments before phrases went out of them."""

    text: str
    segments: tuple[Phrase, ...] = ()
    parts: tuple[Phrase, ...] = ()
    written: dict[Phrase, tuple[str, str]] = field(default_factory=dict)
    stripped: list[Stripped] = field(default_factory=list)

    def shown(self) -> str:
        """How the draft reads in a trace."""
        return " | ".join(" ".join(s) for s in self.segments) if self.segments else self.text


def unicode_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """Compatibility forms, markup, control and bidi characters."""
    text = html.unescape(draft.text) if "&" in draft.text else draft.text
    if not text.isascii() or not text.isprintable() or "<" in text:
        text = unicodedata.normalize("NFKC", text)
        text = vocabulary.markup.sub(" ", text)
        text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cs", "Cn"))
    draft.text = " ".join(text.split())


def requisition_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """Requisition and posting numbers."""
    _take_off(draft, vocabulary.patterns["requisition"], "requisition", "requisition")


def gender_marker_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """For whom a post is (`(m/f/d)`, `H/F`, `male or female`), and endings for both sexes in one word."""
    _take_off(draft, vocabulary.endings, "gender_marker", "gender_marker", instead="")
    _take_off(draft, vocabulary.patterns["gender_marker"], "gender_marker", "gender_marker")


def bracket_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """Explanations in brackets; a bracket that only tells the form of employment, a place or a level is kept as that, one that tells seniority stays as a part."""
    if "(" not in draft.text and "[" not in draft.text and "{" not in draft.text:
        return
    found: list[Stripped] = []
    behind: list[str] = []

    def take(match: re.Match[str]) -> str:
        inside = next((g for g in match.groups() if g is not None), "")
        words = words_of(inside, vocabulary)
        if words in vocabulary.seniority and not _initials(draft.text[: match.start()]).endswith(inside.strip().lower()):
            behind.append(inside.strip())
        elif words:
            found.append(_bracket(inside.strip(), words, vocabulary))
        return " "

    text = tidy(_BRACKETED.sub(take, draft.text))
    if (found or behind) and any(map(str.isalpha, text)):
        draft.text = " - ".join((text, *behind))
        draft.stripped += found


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.lower().split())


def _bracket(text: str, words: Phrase, vocabulary: Vocabulary) -> Stripped:
    for name, phrases in vocabulary.phrases.items():
        if words in phrases:
            return Stripped(PHRASE_KINDS[name], text, "bracket", phrases.says[words])
    if vocabulary.place(words) or " ".join(words[:2]) in vocabulary.place_behind:
        return Stripped("location", text, "bracket")
    if words in vocabulary.languages:
        return Stripped("language", text, "bracket")
    return Stripped("level" if words in vocabulary.levels else "explanation", text, "bracket")


def introduction_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """The opening of a sentence that comes to the title behind an article."""
    _take_off(draft, vocabulary.patterns["introduction"], "notice", "introduction")


def pay_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """What a post pays."""
    _take_off(draft, vocabulary.patterns["pay"], "pay", "pay")


def working_time_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """Hours and durations."""
    _take_off(draft, vocabulary.patterns["working_time"], "employment_form", "working_time", "hours")


def language_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """Languages that must be spoken."""
    _take_off(draft, vocabulary.patterns["language"], "language", "language")


def segment_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """Parts at dashes, bars, commas and at words such as `at` and `in`; what follows is a place, a brand or a specialism. A part is kept once."""
    text, (marks,) = draft.text, vocabulary.marks
    draft.written = {}
    end, behind = 0, ""
    for match in marks.finditer(text):
        _part(draft, text[end : match.start()], behind, vocabulary)
        behind, end = match.group().strip(), match.end()
    _part(draft, text[end:], behind, vocabulary)
    draft.segments = draft.parts = tuple(draft.written)


def _part(draft: Draft, text: str, behind: str, vocabulary: Vocabulary) -> None:
    """Add the part behind a mark; the head is parted again at words."""
    words = words_of(text, vocabulary)
    if not words:
        return
    if not behind and not vocabulary.parting_words.isdisjoint(words):
        (parting,) = vocabulary.parting
        head, *rest = parting.split(text)  # parting words and what follows them take turns
        if rest and (opening := words_of(head, vocabulary)):
            _keep(draft, opening, head, behind, vocabulary)
            for word, tail in zip(rest[::2], rest[1::2], strict=True):
                _keep(draft, words_of(tail, vocabulary), tail, " ".join(word.lower().split()), vocabulary)
            return
    _keep(draft, words, text, behind, vocabulary)


def _keep(draft: Draft, words: Phrase, text: str, behind: str, vocabulary: Vocabulary) -> None:
    if any(map(str.isalpha, text)):
        if words:
            draft.written.setdefault(words, (tidy(text), behind))
    elif words and words not in _JOINERS:
        draft.stripped.append(Stripped("level" if words in vocabulary.levels else "requisition", tidy(text), "segment"))


def tail_of(words: Phrase, draft: Draft, vocabulary: Vocabulary) -> Stripped:
    """A part behind the head as a fact: level or seniority alone, a place, an employer, else just a segment."""
    text, behind = draft.written.get(words, (" ".join(words), ""))
    if words in vocabulary.ranks:
        term = vocabulary.seniority_of(words, closing=True)
        return Stripped(vocabulary.ranks.says[words], text, "segment", term.seniority if term else "")
    employer = behind in vocabulary.employer_behind
    if words in vocabulary.places or behind in vocabulary.place_behind or (vocabulary.place(words) and not employer):
        return Stripped("location", text, "segment")
    if words in vocabulary.languages:
        return Stripped("language", text, "segment")
    firm = employer or words[-1:] in vocabulary.legal_forms or words[-2:] in vocabulary.legal_forms
    return Stripped("brand" if firm else "segment", text, "segment")


def longest_phrase(words: Phrase, position: int, phrases: Container[Phrase], longest: int) -> Phrase:
    """The longest listed phrase that starts at a position; empty where none does."""
    for length in range(min(longest, len(words) - position), 0, -1):
        phrase = words[position : position + length]
        if phrase in phrases:
            return phrase
    return ()


def tidy(text: str) -> str:
    """Blanks single, marks off the edges."""
    return " ".join(text.split()).strip(_EDGES)


def _take_off(draft: Draft, patterns: Patterns, kind: str, step: str, value: str = "", instead: str = " ") -> None:
    text, found = draft.text, []
    for pattern in patterns:
        met = [Stripped(kind, tidy(match.group()), step, value) for match in pattern.finditer(text)]
        if met:
            found += met
            text = pattern.sub(instead, text)
    if not found:
        return
    text = tidy(_EMPTY_BRACKET.sub(" ", text))
    if any(map(str.isalpha, text)):
        draft.text = text
        draft.stripped += found


@dataclass(frozen=True, slots=True)
class Step:
    """A step with its name. `on_signs`: it looks wherever a title holds marks or brackets; else only where a word is a cue for it."""

    name: str
    run: Callable[[Draft, Vocabulary], None]
    on_signs: bool = False


TEXT_STEPS = (
    Step("introduction", introduction_step),
    Step("pay", pay_step),
    Step("requisition", requisition_step),
    Step("gender_marker", gender_marker_step),
    Step("working_time", working_time_step),
    Step("language", language_step),
    Step("bracket", bracket_step, on_signs=True),
    Step("segment", segment_step, on_signs=True),
)
def signs_in(text: str) -> bool:
    """Whether a text holds marks or brackets."""
    return _SIGNS.search(text) is not None
