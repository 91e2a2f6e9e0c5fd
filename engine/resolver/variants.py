"""The keys under which a title is looked up: whole, turned round, without tails, without each of its seniority words; least dropped first."""

from __future__ import annotations

from typing import NamedTuple

from engine.resolver.segment_steps import SEGMENT_STEPS
from engine.resolver.seniority import Spans, reading, seniority_in, spans_of
from engine.resolver.steps import Draft, Stripped, tail_of
from engine.resolver.vocabulary import Phrase, SeniorityTerm, Vocabulary

MAX_VARIANTS = 48
_ALL = -1
_LATE = frozenset(step.name for step in SEGMENT_STEPS)
_SPANS = 3  # of more seniority phrases in one title only the last three are set aside one by one


class Variant(NamedTuple):  # a dozen are made for a title: a tuple is made in a third of a dataclass's time
    """A key to look up, the kinds of things dropped to get it, and the highest rank of seniority among them (0 where none)."""

    key: str
    dropped: tuple[str, ...]
    rank: int = 0

    @property
    def words(self) -> Phrase:
        """The words of the key."""
        return tuple(self.key.split())


class Layout(NamedTuple):
    """One order of the segments: its words, the kinds dropped for it, and the rank of seniority in dropped segments."""

    words: Phrase
    dropped: tuple[str, ...]
    rank: int


class Keys(NamedTuple):
    """What the last steps make of a draft: the keys, the parts set aside, the head, its shortest reading with the levels that went, and the seniority told."""

    variants: tuple[Variant, ...]
    tails: tuple[Stripped, ...]
    head: Phrase
    shortest: Phrase
    levels: tuple[Stripped, ...]
    seniority: SeniorityTerm | None


def joined(segments: tuple[Phrase, ...]) -> Phrase:
    """The words of all segments in order."""
    return segments[0] if len(segments) == 1 else tuple(word for segment in segments for word in segment)


def keys_of(full: Phrase, draft: Draft, vocabulary: Vocabulary) -> Keys:
    """Keys to look up, least dropped first, and the shortest reading (levels off, seniority on)."""
    segments = draft.segments
    tails = tuple([tail_of(words, draft, vocabulary) for words in segments[1:]])
    whole = spans_of(joined(segments), vocabulary)
    first = whole if len(segments) == 1 else spans_of(segments[0], vocabulary)
    head = first if len(segments) == 1 or reading(first, vocabulary, _ALL).words else spans_of(joined(segments[:2]), vocabulary)
    shortest, levels = _levels_off(head, vocabulary)
    variants = _variants(full, draft, tails, whole, vocabulary)
    return Keys(variants, tails if head is first else tails[1:], head.words, shortest, levels, seniority_in(whole, vocabulary))


def _variants(full: Phrase, draft: Draft, tails: tuple[Stripped, ...], whole: Spans, vocabulary: Vocabulary) -> tuple[Variant, ...]:
    found: dict[str, Variant] = {}

    def add(words: Phrase, dropped: tuple[str, ...], rank: int) -> None:
        key = " ".join(words)
        if words and key not in found and len(found) < MAX_VARIANTS:
            found[key] = Variant(key, tuple(dict.fromkeys(dropped)) if len(dropped) > 1 else dropped, rank)

    add(full, (), 0)
    noise = tuple([s.kind for s in draft.stripped])
    layouts, leftovers = _layouts(draft.segments, tails, vocabulary)
    if draft.parts != draft.segments:  # a word of the form of employment may be part of the title after all (travel agent)
        earlier = tuple([s.kind for s in draft.stripped if s.step not in _LATE])
        bare = {layout.words for layout in layouts}  # these are reached by dropping the form alone, below
        parts = draft.parts
        for words, dropped, rank in _layouts(parts, tuple([tail_of(part, draft, vocabulary) for part in parts[1:]]), vocabulary)[0]:
            if words not in bare:
                add(words, earlier + dropped, rank)
    for words, dropped, rank in layouts:
        add(words, noise + dropped, rank)
    if whole.places:
        spans = [whole, *[spans_of(layout.words, vocabulary) for layout in layouts[1:]]]
        for number in range(1, 2 ** min(len(whole.places), _SPANS)):
            for (_, dropped, rank), places in zip(layouts, spans, strict=True):
                words, kinds, lost = reading(places, vocabulary, number)
                add(words, noise + dropped + kinds, max(rank, lost))
    for words, dropped, rank in leftovers:
        add(words, noise + dropped, rank)
    return tuple(found.values())


def _layouts(segments: tuple[Phrase, ...], tails: tuple[Stripped, ...], vocabulary: Vocabulary) -> tuple[list[Layout], list[Layout]]:
    """Ways to read the segments: (all in order, turned round, the head alone), and what is tried last: a tail alone.

    Each with the kinds dropped and the rank of seniority in dropped parts. Seniority words alone never stand for a title.
    """
    first = [Layout(joined(segments), (), 0)]
    parted = segments[0]
    if len(parted) > 2 and (parted[0], parted[-1]) in vocabulary.seniority:  # assistant store manager: the seniority stands around the work
        first.append(Layout(parted[1:-1] + (parted[0], parted[-1]), ("order", *((tails[0].kind,) if tails else ())), _rank(segments[1:], vocabulary)))
    if len(segments) == 1:
        return first, []
    first.append(Layout(joined(segments[::-1]), ("order",), 0))
    if len(segments) > 2:
        rest, rest_rank = tails[1].kind, _rank(segments[2:], vocabulary)
        first += [Layout(segments[1] + segments[0], ("order", rest), rest_rank), Layout(segments[0] + segments[1], (rest,), rest_rank)]
    bare = [reading(spans_of(segment, vocabulary), vocabulary, _ALL) for segment in segments]
    last: list[Layout] = []
    if bare[0].words:
        first.append(Layout(segments[0], (tails[0].kind,), _rank(segments[1:], vocabulary)))
    lost = 0 if bare[0].words else bare[0].rank
    for index, segment in enumerate(segments[1:], 1):
        if bare[index].words:
            (first if lost and index == 1 else last).append(Layout(segment, ("seniority",) if lost and len(segments) == 2 else ("head_segment",), lost))
    return first, last


def _rank(segments: tuple[Phrase, ...], vocabulary: Vocabulary) -> int:
    """The highest rank among segments that are a word of seniority and nothing else."""
    return max([term.rank for s in segments if (term := vocabulary.seniority_of(s, closing=True))], default=0)


def _levels_off(spans: Spans, vocabulary: Vocabulary) -> tuple[Phrase, tuple[Stripped, ...]]:
    """The head without its numbered levels, and these; the head as it is where nothing else would be left. No single number or letter opens as a level."""
    words, last = spans.words, len(spans.places) - 1
    chosen = [(last - n, words[start:end]) for n, (start, end) in enumerate(spans.places) if words[start:end] in vocabulary.levels and (start or len(words[0]) > 1 or end > 1)]
    bare = reading(spans, vocabulary, sum(1 << bit for bit, _ in chosen)).words
    return (bare, tuple([_level(phrase, vocabulary) for _, phrase in chosen])) if bare else (words, ())


def _level(phrase: Phrase, vocabulary: Vocabulary) -> Stripped:
    term = vocabulary.seniority_of(phrase, closing=True)
    return Stripped("level" if term is None else "seniority", " ".join(phrase), "level", term.seniority if term else "")
