"""Records that share words with a title, for a reader to choose from where nothing tells what the title resembles: they claim nothing.

In: a title's words and the index. Out: candidates, those first whose titles hold most of what the title says. Refuses to know tiers.
"""

from __future__ import annotations

from collections import Counter

from engine.contracts import MICRO
from engine.resolver.bare_words import BareWords
from engine.resolver.candidates import Candidate, Trust
from engine.resolver.inner_titles import titles_among
from engine.resolver.title_index import TitleIndex
from engine.resolver.vocabulary import Phrase

_COMMON = 1_000  # keys that hold a word from which it only adds to what a rarer word found


class SharedWords:
    """Over one index."""

    def __init__(self, index: TitleIndex, words: BareWords, trust: Trust) -> None:
        self._index, self._words, self._trust = index, words, trust

    def found(self, words: Phrase, dropped: tuple[str, ...], rank: int, limit: int) -> tuple[Candidate, ...]:
        """At most so many candidates; at a tie the shorter title, then the first by key."""
        asked = tuple(dict.fromkeys(self._words.contents(words)))
        held: Counter[int] = Counter()
        for word in sorted(filter(self._index.known, asked), key=lambda w: (-self._index.weight(w), w)):
            numbers = tuple(self._index.holding(word))
            if len(numbers) <= _COMMON or not held:
                held.update(dict.fromkeys(numbers, self._index.weight(word)))
            else:
                held.update({number: self._index.weight(word) for number in numbers if number in held})
        whole = sum(self._index.weight(word) for word in asked) or 1
        keys = {key[1]: (held[key[0]], key[4]) for key in self._index.numbered(sorted(held))}
        best = sorted(keys, key=lambda text: (-keys[text][0], keys[text][1], text))[:limit]
        filed = self._index.exact(best)
        made: list[Candidate] = []
        for text in best:
            points, weight = keys[text]
            coverage, back = min(MICRO, points * MICRO // whole), min(MICRO, points * MICRO // weight) if weight else 0
            for candidate in self._trust.made(titles_among(filed[text]), "shared_words", dropped, rank):
                strength = candidate.strength * coverage // MICRO
                made.append(candidate._replace(strength=strength, coverage=coverage, familiarity=coverage, back=back, shared_words=len({*text.split(" ")} & {*asked})))
        return tuple(made[:limit])
