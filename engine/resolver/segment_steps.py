"""The normaliser's steps over segments: phrases that stand for the form of employment, shift, scope and the like, and the place that closes a head."""

from __future__ import annotations

from functools import partial

from engine.resolver.steps import PHRASE_KINDS, Draft, Step, Stripped
from engine.resolver.vocabulary import BARE_PLACE_LETTERS, Phrase, Vocabulary
from engine.resolver.words import singular


def phrase_step(name: str, draft: Draft, vocabulary: Vocabulary) -> None:
    """Phrases of a step's list, anywhere in a segment; a segment that holds nothing else goes, unless only an employer would be left."""
    segments: dict[Phrase, None] = {}
    found: list[Stripped] = []
    for words in draft.segments:
        taken, kept = _without_phrases(name, words, vocabulary)
        if not taken:
            segments[words] = None
            continue
        found += taken
        if any(c.isalpha() for word in kept for c in word):
            kept = (*kept[:-1], singular(kept[-1], vocabulary))
            segments[kept] = None
            draft.written.setdefault(kept, draft.written.get(words, ("", "")))
        elif kept:  # a number by itself
            found.append(Stripped("level" if kept in vocabulary.levels else "requisition", " ".join(kept), name))
    if not found or not segments:
        return
    head = next(iter(segments))
    if head == draft.segments[0] or draft.written.get(head, ("", ""))[1] not in vocabulary.employer_behind:
        draft.segments = tuple(segments)
        draft.stripped += found


def _without_phrases(name: str, words: Phrase, vocabulary: Vocabulary) -> tuple[list[Stripped], Phrase]:
    """The phrases of a step's list in some words, and what is left of them without `of` and `and` at the edges."""
    phrases = vocabulary.phrases[name]
    found: list[Stripped] = []
    kept: list[str] = []
    position = 0
    while position < len(words):
        phrase = phrases.at(words, position)
        if phrase:
            found.append(Stripped(PHRASE_KINDS[name], " ".join(phrase), name, phrases.says[phrase]))
        else:
            kept.append(words[position])
        position += len(phrase) or 1
    while found and kept and kept[-1] in vocabulary.stop_words:
        kept.pop()
    while found and kept and kept[0] in vocabulary.stop_words:
        kept.pop(0)
    return found, tuple(kept)


def location_step(draft: Draft, vocabulary: Vocabulary) -> None:
    """Bare names of places that close the head."""
    while length := _closing_place(draft.segments[0], vocabulary):
        head = draft.segments[0]
        draft.stripped.append(Stripped("location", " ".join(head[-length:]), "location"))
        draft.segments = ((*head[: -length - 1], singular(head[-length - 1], vocabulary)), *draft.segments[1:])


def _closing_place(head: Phrase, vocabulary: Vocabulary) -> int:
    """Number of words of the place that closes some words, 0 where none does or nothing would stand before it."""
    for length in (3, 2, 1):
        place = head[-length:]
        if len(head) > length and place in vocabulary.places and len("".join(place)) >= BARE_PLACE_LETTERS and head[-length - 1] not in vocabulary.stop_words:
            return length
    return 0


SEGMENT_STEPS = (*(Step(name, partial(phrase_step, name)) for name in PHRASE_KINDS), Step("location", location_step))
