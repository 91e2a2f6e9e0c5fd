"""The keys under which a title is looked up: whole, turned round, without tails, without each of its seniority words; least dropped first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.resolver.steps import Draft, Stripped, longest_phrase
from engine.resolver.vocabulary import Phrase, Vocabulary

MAX_VARIANTS = 48
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
class Reading:
    """Words without levels or seniority, and what went."""

    words: Phrase
    kinds: tuple[str, ...]
    rank: int
    taken: tuple[Stripped, ...]


def joined(segments: tuple[Phrase, ...]) -> Phrase:
    """The words of all segments in order."""
    return tuple(word for segment in segments for word in segment)


def seniority_spans(words: Phrase, vocabulary: Vocabulary) -> tuple[Phrase, ...]:
    """Level and seniority phrases of some words, in order."""
    found: list[Phrase] = []
    position = 0
    while position < len(words):
        phrase = longest_phrase(words, position, vocabulary.seniority, vocabulary.longest) or longest_phrase(words, position, vocabulary.levels, vocabulary.longest)
        if phrase:
            found.append(phrase)
        position += max(1, len(phrase))
    return tuple(found)


def work_ends(words: Phrase, vocabulary: Vocabulary) -> int:
    """Number of words up to the last one that tells no seniority; 0 where all do. What stands behind closes the title."""
    position = end = 0
    for _, phrase, is_span in _walk(words, seniority_spans(words, vocabulary)):
        position += len(phrase)
        end = end if is_span else position
    return end


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


def _reading(words: Phrase, vocabulary: Vocabulary, chosen: int) -> Reading:
    """Take off the chosen level and seniority phrases (bit n stands for the n-th of the last ones); `of` and `and` at the edges go with them."""
    kept: list[str] = []
    taken: list[Stripped] = []
    rank = 0
    spans = seniority_spans(words, vocabulary)
    position, ends = 0, work_ends(words, vocabulary)
    for number, phrase, is_span in _walk(words, spans):
        position += len(phrase)
        if not is_span or not chosen >> (len(spans) - 1 - number) & 1:
            kept.extend(phrase)
            continue
        term = vocabulary.seniority_of(phrase, closing=position > ends)
        rank = max(rank, term.rank if term else 0)
        taken.append(Stripped("seniority" if term else "level", " ".join(phrase), "seniority", term.seniority if term else ""))
    while kept and kept[0] in vocabulary.stop_words:
        kept.pop(0)
    while kept and kept[-1] in vocabulary.stop_words:
        kept.pop()
    return Reading(tuple(kept), tuple(dict.fromkeys(t.kind for t in taken)), rank, tuple(taken))


_Layout = tuple[Phrase, tuple[str, ...], int]


def _layouts(segments: tuple[Phrase, ...], vocabulary: Vocabulary) -> tuple[list[_Layout], list[_Layout]]:
    """Ways to read the segments: (all in order, turned round, the head alone), and what is tried last: a tail alone.

    Each with the kinds dropped and the rank of seniority in dropped parts. Seniority words alone never stand for a title.
    """
    first: list[_Layout] = [(joined(segments), (), 0)]
    parted = segments[0]
    if len(parted) > 2 and (parted[0], parted[-1]) in vocabulary.seniority:  # assistant store manager: the seniority stands around the work
        first.append((parted[1:-1] + (parted[0], parted[-1]), ("order", *((_tail_kind(segments[1], vocabulary),) if len(segments) > 1 else ())), 0))
    if len(segments) == 1:
        return first, []
    tail = _tail_kind(segments[1], vocabulary)
    first.append((joined(tuple(reversed(segments))), ("order",), 0))
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


def variants_of(full: Phrase, draft: Draft, vocabulary: Vocabulary) -> tuple[tuple[Variant, ...], tuple[Stripped, ...], Reading]:
    """Keys to look up, least dropped first; the tails that were set aside; and the shortest reading (levels off, seniority on)."""
    found: dict[str, Variant] = {}

    def add(words: Phrase, dropped: tuple[str, ...], rank: int = 0) -> None:
        if words and len(found) < MAX_VARIANTS:
            found.setdefault(" ".join(words), Variant(" ".join(words), tuple(dict.fromkeys(dropped)), rank))

    add(full, ())
    noise = tuple(s.kind for s in draft.stripped)
    layouts, leftovers = _layouts(draft.segments, vocabulary)
    if draft.parts != draft.segments:  # a word of the form of employment may be part of the title after all (travel agent)
        earlier = tuple(s.kind for s in draft.stripped if s.step != "employment_form")
        bare = {words for words, _, _ in layouts}  # these are reached by dropping the form alone, below
        for words, dropped, rank in _layouts(draft.parts, vocabulary)[0]:
            if words not in bare:
                add(words, earlier + dropped, rank)
    for words, dropped, rank in layouts:
        add(words, noise + dropped, rank)
    for number in range(1, 2 ** min(len(seniority_spans(joined(draft.segments), vocabulary)), _SPANS)):
        for words, dropped, rank in layouts:
            reading = _reading(words, vocabulary, number)
            add(reading.words, noise + dropped + reading.kinds, max(rank, reading.rank))
    for words, dropped, rank in leftovers:
        add(words, noise + dropped, rank)
    head = draft.segments[0] if _reading(draft.segments[0], vocabulary, _ALL).words else joined(draft.segments[:2])
    written = dict(draft.written)
    tails = tuple(Stripped(_tail_kind(s, vocabulary), written.get(s, " ".join(s)), "segment") for s in draft.segments[1:]) if head == draft.segments[0] else ()
    spans = seniority_spans(head, vocabulary)
    levels_off = _reading(head, vocabulary, sum(1 << (len(spans) - 1 - n) for n, p in enumerate(spans) if p in vocabulary.levels))
    return tuple(found.values()), tails, levels_off if levels_off.words else Reading(head, (), 0, ())
