"""Words of a title that tell seniority or a numbered level: where they stand, and a title without them."""

from __future__ import annotations

from typing import NamedTuple

from engine.resolver.vocabulary import Phrase, SeniorityTerm, Vocabulary


class Spans(NamedTuple):
    """Some words, the places of the phrases of seniority and level among them (start, end), and the number of words up to the last one that is neither."""

    words: Phrase
    places: tuple[tuple[int, int], ...]
    ends: int


class Reading(NamedTuple):
    """Words without some of their levels and words of seniority: the kinds of what went, and the highest rank among it (0 where none)."""

    words: Phrase
    kinds: tuple[str, ...]
    rank: int


def spans_of(words: Phrase, vocabulary: Vocabulary) -> Spans:
    """Find the phrases of seniority and level, the longest first at each word."""
    ranks = vocabulary.ranks
    openers = ranks.first_words
    if openers.isdisjoint(words):
        return Spans(words, (), len(words))
    places: list[tuple[int, int]] = []
    position = ends = 0
    while position < len(words):
        if words[position] in openers and (phrase := ranks.at(words, position)):
            places.append((position, position + len(phrase)))
            position += len(phrase)
        else:
            position += 1
            ends = position
    return Spans(words, tuple(places), ends)


def words_of_rank(words: Phrase, vocabulary: Vocabulary) -> frozenset[str]:
    """The words that stand in phrases of seniority and level (`entry level`)."""
    return frozenset(word for start, end in spans_of(words, vocabulary).places for word in words[start:end])


def work_ends(words: Phrase, vocabulary: Vocabulary) -> int:
    """Number of words up to the last one that tells no seniority; 0 where all do. What stands behind closes the title."""
    return spans_of(words, vocabulary).ends


def seniority_in(spans: Spans, vocabulary: Vocabulary) -> SeniorityTerm | None:
    """The highest seniority that some words tell."""
    best: SeniorityTerm | None = None
    for start, end in spans.places:
        term = vocabulary.seniority_of(spans.words[start:end], closing=start >= spans.ends)
        if term is not None and (best is None or term.rank > best.rank):
            best = term
    return best


def reading(spans: Spans, vocabulary: Vocabulary, chosen: int) -> Reading:
    """Take off the chosen phrases (bit n stands for the n-th of the last ones, -1 for all); `of` and `and` at the edges go with them."""
    words, places, ends = spans
    kinds: tuple[str, ...] = ()
    rank = 0
    if chosen and places:
        kept: Phrase = ()
        position, last = 0, len(places) - 1
        for number, (start, end) in enumerate(places):
            if chosen >> (last - number) & 1:
                kept += words[position:start]
                position = end
                term = vocabulary.seniority_of(words[start:end], closing=end > ends)
                if term is not None and term.rank > rank:
                    rank = term.rank
                kind = "level" if term is None else "seniority"
                if kind not in kinds:
                    kinds += (kind,)
        words = kept + words[position:]
    stops = vocabulary.stop_words
    while words and words[0] in stops:
        words = words[1:]
    while words and words[-1] in stops:
        words = words[:-1]
    return Reading(words, kinds, rank)
