"""Words of titles as the roads read them: singular, without stop words, without seniority. What was read once is kept, up to a bound."""

from __future__ import annotations

from engine.resolver.seniority import work_ends
from engine.resolver.steps import longest_phrase
from engine.resolver.vocabulary import Phrase, Vocabulary
from engine.resolver.words import singular

_KEPT = 50_000


class BareWords:
    """The words of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._singular: dict[str, str] = {}
        self._bare: dict[Phrase, tuple[Phrase, int]] = {}

    def singular(self, word: str) -> str:
        """Singular of an English noun by small rules."""
        found = self._singular.get(word)
        if found is None:
            if len(self._singular) > _KEPT:
                self._singular.clear()
            found = self._singular[word] = singular(word, self._vocabulary)
        return found

    def contents(self, words: Phrase) -> Phrase:
        """Words that carry meaning, singular, in order: stop words and single letters off."""
        stop = self._vocabulary.stop_words
        return tuple([self.singular(w) for w in words if w not in stop and (len(w) > 1 or not w.isalpha())])

    def without_seniority(self, words: Phrase) -> tuple[Phrase, int]:
        """Words that tell no seniority, and the highest rank among those that do (0 where none)."""
        found = self._bare.get(words)
        if found is None:
            if len(self._bare) > _KEPT:
                self._bare.clear()
            found = self._bare[words] = self._parted(words)
        return found

    def _parted(self, words: Phrase) -> tuple[Phrase, int]:
        kept: list[str] = []
        rank = position = ends = 0
        seniority, longest = self._vocabulary.seniority, self._vocabulary.longest
        while position < len(words):
            term = longest_phrase(words, position, seniority, longest)
            if term:
                ends = ends or work_ends(words, self._vocabulary) + 1
                position += len(term)
                told = self._vocabulary.seniority_of(term, closing=position > ends - 1)
                rank = max(rank, told.rank if told else 0)
            else:
                kept.append(words[position])
                position += 1
        return tuple(kept), rank
