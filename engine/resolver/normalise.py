"""A title as people write it, made comparable: ordered steps, what each took off, and the keys to look up, least dropped first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from engine.resolver.segment_steps import SEGMENT_STEPS
from engine.resolver.steps import TEXT_STEPS, Draft, Stripped, signs_in, tidy, unicode_step
from engine.resolver.variants import Variant, keys_of
from engine.resolver.vocabulary import Phrase, SeniorityTerm, Vocabulary
from engine.resolver.words import WORD_STEPS, is_code, read_words, singular, word_stages, words_of, written_words

MAX_CHARACTERS = 300
STEP_NAMES = ("unicode", *(s.name for s in TEXT_STEPS), *WORD_STEPS, *(s.name for s in SEGMENT_STEPS), "head", "level")  # in the order in which they run

_NO_LETTERS = "it holds no letters"
Trace = tuple[tuple[str, str], ...]
Noted = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class NormalisedTitle:
    """A title with its variants (least dropped first), what was taken off and the seniority that it tells.

    `text` is the shortest honest reading: numbers, brackets, form, place and level off. `refused` says why it is not a title.
    """

    given: str
    text: str
    variants: tuple[Variant, ...]
    stripped: tuple[Stripped, ...]
    seniority: SeniorityTerm | None
    segments: tuple[str, ...]
    refused: str
    vocabulary: Vocabulary = field(compare=False, repr=False)

    @property
    def trace(self) -> Trace:
        """Every step that changed something, with what it left. Made anew when asked for: a list of titles needs none."""
        return trace_of(self.given, self.vocabulary)

    @property
    def bracketed(self) -> tuple[str, ...]:
        """Canonical words of what brackets explain: `HR Manager (Attorney)`."""
        return tuple([canonical_key(s.text, self.vocabulary) for s in self.stripped if s.kind == "explanation"])


def parts_told(title: NormalisedTitle, known: Callable[[str], bool]) -> tuple[Stripped, ...]:
    """What was taken off, with the value `name` for a part of which no published title knows a word (`soma`): a place, an employer or a brand.

    `known` tells whether some published title holds a canonical word.
    """
    return tuple(replace(s, value="name") if s.kind == "segment" and not any(map(known, words_of(s.text, title.vocabulary))) else s for s in title.stripped)


def canonical_key(text: str, vocabulary: Vocabulary) -> str:
    """The key under which a published title is filed: its canonical words joined by blanks, seniority and all."""
    return " ".join(words_of(text, vocabulary))


def normalise(title: str, vocabulary: Vocabulary) -> NormalisedTitle:
    """Run the steps over a title. Never fails and never strips to nothing; what is no title at all comes back `refused`."""
    return _run(title, vocabulary, None, hurried=True)


def trace_of(title: str, vocabulary: Vocabulary, every: bool = False) -> Trace:
    """What each step left of a title, where it changed something. `every` lets each step look, cue or not; it says the same."""
    trace: Noted = []
    _run(title, vocabulary, trace, hurried=not every)
    return tuple(trace)


def _run(title: str, vocabulary: Vocabulary, trace: Noted | None, hurried: bool) -> NormalisedTitle:
    """All steps. `hurried` leaves out those for which the title holds neither sign nor cue; the answer is the same."""
    reason = _refusal(title)
    if reason == _NO_LETTERS and is_code(code := title.strip()):  # the only title without letters
        return NormalisedTitle(title, code, (Variant(canonical_key(code, vocabulary), (), 0),), (), None, (), "", vocabulary)
    if reason:
        return _refused(title[:MAX_CHARACTERS], reason, vocabulary)
    draft = Draft(title)
    unicode_step(draft, vocabulary)
    _note(trace, "unicode", draft.text, title)
    cleaned = draft.text
    written = written_words(cleaned, vocabulary)
    full, cues = read_words(written, vocabulary)
    if not full or (cleaned != title and not any(map(str.isalpha, cleaned))):
        return _refused(title, "it holds no words", vocabulary)
    if _repeats(written, vocabulary):
        return _refused(title, "it only repeats one word", vocabulary)
    signs = signs_in(cleaned)
    if hurried and trace is None and not cues and not signs and full[0] not in vocabulary.stop_words and full[-1] not in vocabulary.stop_words:
        text = " ".join(full)
        return NormalisedTitle(title, text, (Variant(text, (), 0),), (), None, (), "", vocabulary)
    for step in TEXT_STEPS:
        if step.name in cues or (signs and step.on_signs) or not hurried:
            before = draft.text
            step.run(draft, vocabulary)
            if trace is not None:
                left = " | ".join(text for text, _ in draft.written.values()) or draft.text
                _note(trace, step.name, left, before if tidy(left) != tidy(before) else left)
    if not draft.segments:
        words = full if draft.text == cleaned else words_of(draft.text, vocabulary)
        if not words:
            return _refused(title, "it holds no words", vocabulary)
        draft.segments = draft.parts = (words,)
    if trace is not None:
        trace += _word_trace(draft, vocabulary)
    for step in SEGMENT_STEPS:
        if step.name in cues or not hurried:
            before = draft.shown() if trace is not None else ""
            step.run(draft, vocabulary)
            _note(trace, step.name, draft.shown() if trace is not None else "", before)
    return _read(title, full, draft, vocabulary, trace)


def _read(title: str, full: Phrase, draft: Draft, vocabulary: Vocabulary, trace: Noted | None) -> NormalisedTitle:
    """The steps `head` and `level`: the keys to look up, and the shortest reading."""
    keys = keys_of(full, draft, vocabulary)
    text = " ".join(keys.shortest)
    if trace is not None:
        _note(trace, "head", " ".join(keys.head), draft.shown())
        _note(trace, "level", text, " ".join(keys.head))
    segments = tuple([" ".join(s) for s in draft.segments[1:]])
    return NormalisedTitle(title, text, keys.variants, (*draft.stripped, *keys.tails, *keys.levels), keys.seniority, segments, "", vocabulary)


def _repeats(written: list[str], vocabulary: Vocabulary) -> bool:
    """Whether the words are one word over and over."""
    if len(written) < 2 or written[0][:2] != written[1][:2]:  # a plural begins as its singular does
        return False
    return len({singular(word, vocabulary) for word in written}) == 1


def _note(trace: Noted | None, step: str, after: str, before: str) -> None:
    if trace is not None and after != before:
        trace.append((step, after))


def _word_trace(draft: Draft, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """What the steps of single words made of the segments, as these were written."""
    pieces = [draft.written[words][0] for words in draft.segments] if draft.written else [tidy(draft.text)]
    before = " | ".join(pieces)
    for number, step in enumerate(WORD_STEPS):
        after = " | ".join(" ".join(word_stages(piece, vocabulary)[number]) for piece in pieces)
        if after != before:
            yield step, after
        before = after


def _refused(title: str, reason: str, vocabulary: Vocabulary) -> NormalisedTitle:
    return NormalisedTitle(title, "", (), (), None, (), reason, vocabulary)


def _refusal(title: str) -> str:
    if not title.strip():
        return "it is empty"
    if len(title) > MAX_CHARACTERS:
        return f"it is longer than the {MAX_CHARACTERS} characters a title may have"
    if not any(map(str.isalpha, title)):
        return _NO_LETTERS
    return ""
