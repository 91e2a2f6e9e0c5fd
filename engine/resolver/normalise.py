"""A title as people write it, made comparable: ordered steps, what each took off, and the keys to look up, least dropped first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.resolver.steps import STEPS, Draft, Stripped, longest_phrase, words_of
from engine.resolver.vocabulary import Phrase, SeniorityTerm, Vocabulary

MAX_CHARACTERS = 300
MAX_VARIANTS = 40
_ALL = -1
_SPANS = 3  # of more seniority phrases in one title only the last three are set aside one by one


@dataclass(frozen=True, slots=True)
class Variant:
    """A key to look up, the kinds of things dropped to get it, and the highest rank of seniority among them (0 where none)."""

    key: str
    dropped: tuple[str, ...]
    rank: int = 0

    @property
    def words(self) -> Phrase:
        """The words of the key."""
        return tuple(self.key.split())


@dataclass(frozen=True, slots=True)
class NormalisedTitle:
    """A title with its variants (least dropped first), what was taken off, the seniority that it tells and the trace of steps.

    `text` is the shortest honest reading: numbers, brackets, form, place and level off. `refused` says why it is not a title.
    """

    given: str
    text: str
    variants: tuple[Variant, ...]
    stripped: tuple[Stripped, ...]
    seniority: SeniorityTerm | None
    trace: tuple[tuple[str, str], ...]
    segments: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """Words without levels or seniority, and what went."""

    words: Phrase
    kinds: tuple[str, ...]
    rank: int
    taken: tuple[Stripped, ...]


def canonical_key(text: str, vocabulary: Vocabulary) -> str:
    """The key under which a published title is filed: its canonical words joined by blanks, seniority and all."""
    return " ".join(words_of(text, vocabulary))


def normalise(title: str, vocabulary: Vocabulary) -> NormalisedTitle:
    """Run the steps over a title. Never fails and never strips to nothing; what is no title at all comes back `refused`."""
    reason = _refusal(title)
    if reason:
        return NormalisedTitle(title[:MAX_CHARACTERS], "", (), (), None, (), (), reason)
    draft = Draft(title)
    trace: list[tuple[str, str]] = []
    full: Phrase = ()
    for name, step in STEPS:
        after = step(draft, vocabulary)
        if after != draft:
            trace.append((name, after.shown()))
        draft = after
        if name == "unicode":
            full = words_of(draft.text, vocabulary)
            if not any(c.isalpha() for c in draft.text) or not full:
                return NormalisedTitle(title, "", (), (), None, tuple(trace), (), "it holds no words")
    if not draft.segments:
        return NormalisedTitle(title, "", (), draft.stripped, None, tuple(trace), (), "it holds no words")
    variants, tails, spans = _variants(full, draft, vocabulary)
    seniority = max((vocabulary.seniority[p] for p in _spans(_joined(draft.segments), vocabulary) if p in vocabulary.seniority), key=lambda t: t.rank, default=None)
    text = " ".join(spans.words)
    if text != draft.shown():
        trace.append(("seniority", text))
    return NormalisedTitle(title, text, variants, draft.stripped + tails + spans.taken, seniority, tuple(trace), tuple(" ".join(s) for s in draft.segments[1:]))


def _refusal(title: str) -> str:
    if not title.strip():
        return "it is empty"
    if len(title) > MAX_CHARACTERS:
        return f"it is longer than the {MAX_CHARACTERS} characters a title may have"
    if not any(c.isalpha() for c in title):
        return "it holds no letters"
    return ""


def _joined(segments: tuple[Phrase, ...]) -> Phrase:
    return tuple(word for segment in segments for word in segment)


def _spans(words: Phrase, vocabulary: Vocabulary) -> tuple[Phrase, ...]:
    """Level and seniority phrases of some words, in order."""
    found: list[Phrase] = []
    position = 0
    while position < len(words):
        phrase = longest_phrase(words, position, vocabulary.seniority, vocabulary.longest) or longest_phrase(words, position, vocabulary.levels, vocabulary.longest)
        if phrase:
            found.append(phrase)
        position += max(1, len(phrase))
    return tuple(found)


def _walk(words: Phrase, spans: tuple[Phrase, ...]) -> Iterator[tuple[int, Phrase, bool]]:
    """Words one by one, and the spans among them with their number."""
    position = number = 0
    while position < len(words):
        if number < len(spans) and words[position : position + len(spans[number])] == spans[number]:
            yield number, spans[number], True
            position += len(spans[number])
            number += 1
        else:
            yield number, words[position : position + 1], False
            position += 1


def _reading(words: Phrase, vocabulary: Vocabulary, chosen: int) -> _Reading:
    """Take off the chosen level and seniority phrases (bit n stands for the n-th of the last ones); `of` and `and` at the edges go with them."""
    kept: list[str] = []
    taken: list[Stripped] = []
    rank = 0
    spans = _spans(words, vocabulary)
    for number, phrase, is_span in _walk(words, spans):
        if not is_span or not chosen >> (len(spans) - 1 - number) & 1:
            kept.extend(phrase)
            continue
        term = vocabulary.seniority.get(phrase)
        rank = max(rank, term.rank if term else 0)
        taken.append(Stripped("seniority" if term else "level", " ".join(phrase), "seniority", term.seniority if term else ""))
    while kept and kept[0] in vocabulary.stop_words:
        kept.pop(0)
    while kept and kept[-1] in vocabulary.stop_words:
        kept.pop()
    return _Reading(tuple(kept), tuple(dict.fromkeys(t.kind for t in taken)), rank, tuple(taken))


_Layout = tuple[Phrase, tuple[str, ...], int]


def _layouts(segments: tuple[Phrase, ...], vocabulary: Vocabulary) -> tuple[list[_Layout], list[_Layout]]:
    """Ways to read the segments: (all in order, turned round, the head alone), and what is tried last: a tail alone.

    Each with the kinds dropped and the rank of seniority in dropped parts. Seniority words alone never stand for a title.
    """
    first: list[_Layout] = [(_joined(segments), (), 0)]
    if len(segments) == 1:
        return first, []
    tail = _tail_kind(segments[1], vocabulary)
    first.append((_joined(tuple(reversed(segments))), ("order",), 0))
    if len(segments) > 2:
        rest = _tail_kind(segments[2], vocabulary)
        first += [(segments[1] + segments[0], ("order", rest), 0), (segments[0] + segments[1], (rest,), 0)]
    bare = [_reading(segment, vocabulary, _ALL) for segment in segments]
    last: list[_Layout] = []
    if bare[0].words:
        first.append((segments[0], (tail,), 0))
    lost = 0 if bare[0].words else bare[0].rank
    for index, segment in enumerate(segments[1:], 1):
        if bare[index].words:
            (first if lost and index == 1 else last).append((segment, ("seniority",) if lost and len(segments) == 2 else ("head_segment",), lost))
    return first, last


def _tail_kind(words: Phrase, vocabulary: Vocabulary) -> str:
    return "location" if words in vocabulary.places or words[-1:] in vocabulary.places else "segment"


def _variants(full: Phrase, draft: Draft, vocabulary: Vocabulary) -> tuple[tuple[Variant, ...], tuple[Stripped, ...], _Reading]:
    noise = tuple(dict.fromkeys(s.kind for s in draft.stripped))
    found: dict[str, Variant] = {}

    def add(words: Phrase, dropped: tuple[str, ...], rank: int = 0) -> None:
        if words and len(found) < MAX_VARIANTS:
            found.setdefault(" ".join(words), Variant(" ".join(words), dropped, rank))

    add(full, ())
    layouts, leftovers = _layouts(draft.segments, vocabulary)
    for words, dropped, rank in layouts:
        add(words, noise + dropped, rank)
    for number in range(1, 2 ** min(len(_spans(_joined(draft.segments), vocabulary)), _SPANS)):
        for words, dropped, rank in layouts:
            reading = _reading(words, vocabulary, number)
            add(reading.words, tuple(dict.fromkeys(noise + dropped + reading.kinds)), max(rank, reading.rank))
    for words, dropped, rank in leftovers:
        add(words, noise + dropped, rank)
    head = draft.segments[0] if _reading(draft.segments[0], vocabulary, _ALL).words else _joined(draft.segments[:2])
    tails = tuple(Stripped(_tail_kind(s, vocabulary), dict(draft.written).get(s, " ".join(s)), "segment") for s in draft.segments[1:]) if head == draft.segments[0] else ()
    spans = _spans(head, vocabulary)
    levels_off = _reading(head, vocabulary, sum(1 << (len(spans) - 1 - n) for n, p in enumerate(spans) if p in vocabulary.levels))
    return tuple(found.values()), tails, levels_off if levels_off.words else _Reading(head, (), 0, ())
