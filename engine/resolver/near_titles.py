"""Published titles of which every word stands in a text, as written or nearly so, in any order and with other words around.

How well one accounts for the text is told in thousandths of a natural logarithm: what its words are worth (the rarer, the more), less what their readings
cost. In: a normalised title. Out: filed keys, best first. Refuses to know tiers, and what a kind of slip costs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from engine.contracts import MICRO
from engine.resolver.near_words import NearWords
from engine.resolver.normalise import NormalisedTitle
from engine.resolver.title_index import TitleIndex
from engine.resolver.vocabulary import Phrase
from engine.resolver.words import singular, written_out, written_words

_POOL = 40  # keys looked at word by word
_WORDS = 16
_MANY = 64  # titles from which their words are worth reading together
_NO_WORDS = frozenset(("requisition", "pay", "gender_marker"))
_CUT = re.compile(r"([^\W\d_]{3,})\.(?!\w)")


@dataclass(frozen=True, slots=True)
class NearTitle:
    """A filed key and how it stands in a text: `points` by which it accounts for it, `cost` of the readings, `coverage` of what the text says (millionths),
    words of the text beside it, those `read` as another word with that word, whether they stand there together, in its order,
    and behind a word that leads in (`as a ...`)."""

    key: str
    points: int
    cost: int
    coverage: int
    words: int
    rest: tuple[str, ...]
    read: tuple[tuple[str, str], ...]
    together: bool
    ordered: bool
    led: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """Words of a text that carry meaning, the place of the last one that is led in, of the last that is no number, and the words that carry none."""

    words: Phrase
    led: int
    last: int
    letters: frozenset[str]


class NearTitles:
    """Looks over one index."""

    def __init__(self, index: TitleIndex, costs: Mapping[str, int]) -> None:
        self._index, self._costs, self._vocabulary = index, costs, index.vocabulary
        self._near: NearWords | None = None
        self._further = sum(max(0, costs[name]) for name in ("ordered", "together", "led", "at_edge", "alike"))  # the most that a place in the text can add
        self._short = {*index.vocabulary.abbreviations, *index.vocabulary.abbreviations_last, *index.vocabulary.abbreviations_not_last}

    @property
    def near_words(self) -> NearWords:
        """Read when first asked for."""
        if self._near is None:
            self._near = NearWords(self._index.words(), self._costs, {**self._vocabulary.spellings, **self._vocabulary.gender_forms})
        return self._near

    def learn(self, titles: Sequence[NormalisedTitle]) -> None:
        """Read the words of many titles at once; what is found in them stays the same."""
        if len(titles) >= _MANY:
            words = {word for title in titles if title.variants for word in self._read(title).split(" ")}
            self.near_words.learn(singular(word, self._vocabulary) for word in words - self._vocabulary.stop_words)

    def found(self, title: NormalisedTitle, limit: int) -> tuple[NearTitle, ...]:
        """Such keys, those first that account best for the text; at a tie by key."""
        if not title.variants:
            return ()
        vocabulary, stop = self._vocabulary, self._vocabulary.stop_words
        words: list[str] = []
        led = last = 0  # the last word before which one of no meaning stands, as in `work as a ...`, and the last that is no number
        before, letters = "", set()
        for word in self._read(title).split(" "):
            if word in stop or (len(word) == 1 and word.isalpha()):
                letters.add(word)
            elif len(words) < _WORDS:
                led = len(words) if before in stop and words else led
                words.append(singular(word, vocabulary))
                last = len(words) - 1 if word.isalpha() else last
            before = word
        seen = _Seen(tuple(words), led, last, frozenset(letters))
        cut = frozenset(_CUT.findall(title.given.lower())) if "." in title.given else frozenset()
        readings = self._readings(title.given, seen.words, cut)
        told: list[NearTitle] = []
        best: list[int] = []  # points of the best found so far, least first
        for most, key, bag in self._sharing(readings):
            if len(best) == limit and most + self._further < best[0]:
                break  # none that follows can reach these
            found = self._aligned(key, bag, seen, readings)
            if found is not None:
                told.append(found)
                best = sorted((*best, found.points))[-limit:]
        told.sort(key=lambda t: (-t.points, t.key))
        return tuple(told[:limit])

    def _readings(self, given: str, words: Phrase, cut: frozenset[str]) -> dict[str, list[tuple[int, int]]]:
        """Filed words with (points, place in the text) of every word that may stand for them."""
        near, costs = self.near_words, self._costs
        also: dict[str, tuple[str, ...]] = {}
        for word in written_words(given, self._vocabulary):
            if word not in self._short:  # only a short form can have two readings
                continue
            two = tuple({*written_out(word, self._vocabulary, True), *written_out(word, self._vocabulary, False)})
            if len(two) > 1:
                also |= dict.fromkeys(two, two)
        stands: dict[str, list[tuple[int, int]]] = {}
        for place, word in enumerate(words):
            worth = self._index.weight(word) if self._index.known(word) else min(costs["letter"] * len(word), costs["unknown_most"])
            for text, cost in near.near(word, word in cut):
                stands.setdefault(text, []).append((worth - cost, place))
            for other in also.get(word, ()):
                if other != word:
                    stands.setdefault(other, []).append((worth, place))
        return stands

    def _sharing(self, stands: dict[str, list[tuple[int, int]]]) -> list[tuple[int, str, str]]:
        """Keys all of whose words may stand in the text with the most that their words can be worth, those first that might account for most of it."""
        most = {text: max(several)[0] for text, several in stands.items()}
        rows = sorted((-sum([most[word] for word in bag.split(" ")]), number, key, bag) for number, key, bag, _, _ in self._index.made_of(list(stands)))
        return [(-points, key, bag) for points, _, key, bag in rows[:_POOL] if points < 0]

    def _aligned(self, key: str, bag: str, seen: _Seen, stands: dict[str, list[tuple[int, int]]]) -> NearTitle | None:
        """Every word of the key at a place of its own in the text, the surest first; None where one has none."""
        taken: dict[int, str] = {}
        words = seen.words
        points = exact = 0
        for word in sorted(bag.split(" "), key=lambda w: (len(stands[w]), w)):
            free = [(p, -place) for p, place in stands[word] if -place not in taken]
            if not free:
                return None
            gained, place = max(free)
            taken[place] = word
            points += gained
            if words[-place] == word:
                exact += 1
        index, costs = self._index, self._costs
        places = sorted(-p for p in taken)
        text = [taken[-p] for p in places]
        order = [w for w in dict.fromkeys(singular(w, self._vocabulary) for w in key.split(" ")) if w in text]
        ordered, together = order == text, places[-1] - places[0] + 1 == len(places)
        if len(text) > 1:
            points += costs["ordered"] * ordered + costs["together"] * together
        if together:
            points += costs["led"] * (0 < seen.led == places[0]) + costs["at_edge"] * (places[0] == 0 or places[-1] >= seen.last)
        points -= costs["letter_missing"] * len([w for w in key.split(" ") if len(w) == 1 and w.isalpha() and w not in seen.letters and w not in self._vocabulary.stop_words])
        points += round(fuzz.ratio(" ".join(words[p] for p in places), key) * costs["alike"] / 100)
        rest = tuple([w for p, w in enumerate(words) if -p not in taken])
        held = sum([index.weight(w) for w in text])
        whole = held + sum([index.weight(w) for w in rest])
        return NearTitle(key, points, len(text) - exact, held * MICRO // whole if whole else 0, len(text), rest, tuple((words[p], taken[-p]) for p in places if words[p] != taken[-p]), together, ordered, together and 0 < seen.led == places[0])

    def _read(self, title: NormalisedTitle) -> str:
        """The words of a title, all but what is no word of it: numbers, pay (`$22/hr`), for whom a post is, and the employer where the rest is filed without it."""
        if any(part.kind == "brand" for part in title.stripped):
            rest = _without(title, _NO_WORDS | {"brand"})
            if self._index.exact([rest]):
                return rest
        return _without(title, _NO_WORDS)


def _without(title: NormalisedTitle, kinds: frozenset[str]) -> str:
    """The variant of a title that leaves off the most of some kinds and nothing else."""
    return max((v for v in title.variants if kinds.issuperset(v.dropped)), key=lambda v: len(v.dropped), default=title.variants[0]).key
