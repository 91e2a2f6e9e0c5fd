"""Words that a word may stand for: itself, a slip of spelling, its consonants alone (`tchncn`), its beginning (`assoc`).

In: canonical words. Out: filed words with what each reading costs. Refuses to know titles, and what a kind of slip costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

_VOWELS = frozenset("aeiou")
_KEPT = 50_000
_SHORTEST, _LONG = 3, 6  # letters from which a word can be misspelled, and from which by two slips
_MOST = 80
_TOGETHER = 2_000  # words measured at once: bounds the memory
Reading = tuple[str, int]


def bare_of(word: str) -> str:
    """The first letter and the consonants behind it."""
    return word[:1] + "".join([letter for letter in word[1:] if letter not in _VOWELS])


class NearWords:
    """The filed words of one index. `costs` by kind (`slip`, `further_slip`, `first_letter`, `word_as_written`, `consonants`, `beginning`), thousandths of a natural logarithm."""

    def __init__(self, words: Iterable[str], costs: Mapping[str, int], forms: Mapping[str, str]) -> None:
        """`forms`: words in another form (`foreman`), with the one under which titles are filed."""
        self._costs, self._forms = costs, forms
        self._known: set[str] = set()
        self._by_length: dict[int, list[str]] = {}
        self._bare: dict[str, list[str]] = {}
        self._opening: dict[str, list[str]] = {}
        for word in sorted(words):
            self._known.add(word)
            if word.isalpha() and len(word) >= _SHORTEST:
                self._by_length.setdefault(len(word), []).append(word)
                self._bare.setdefault(bare_of(word), []).append(word)
                self._opening.setdefault(word[:_SHORTEST], []).append(word)
        for word, filed in sorted(forms.items()):
            if filed in self._known and word not in self._known and len(word) >= _SHORTEST:
                self._by_length.setdefault(len(word), []).append(word)
        self._kept: dict[tuple[str, bool], tuple[Reading, ...]] = {}

    def near(self, word: str, cut: bool = False) -> tuple[Reading, ...]:
        """Filed words with what it costs to read this one so, least first, then by word. `cut`: the word was marked as cut short."""
        found = self._kept.get((word, cut))
        if found is None:
            found = self._near(word, cut)
            self._keep(word, cut, found)
        return found

    def learn(self, words: Iterable[str]) -> None:
        """Measure many words at once, which takes a fifth of the time; what `near` says of them stays the same."""
        fresh: dict[tuple[int, int], list[str]] = {}
        for word in sorted(set(words)):
            if (word, False) not in self._kept and word.isalpha() and len(word) >= _SHORTEST:
                fresh.setdefault((len(word), self._slips(word)), []).append(word)
        for (length, slips), group in fresh.items():
            apart: dict[str, list[tuple[str, int]]] = {word: [] for word in group}
            for bucket in self._buckets(length, slips):
                for start in range(0, len(group), _TOGETHER):
                    some = group[start : start + _TOGETHER]
                    found = process.cdist(some, bucket, scorer=OSA.distance, score_cutoff=slips, dtype="uint8")
                    for row, place in zip(*(found <= slips).nonzero(), strict=True):
                        apart[some[row]].append((bucket[place], int(found[row, place])))
            for word in group:
                self._keep(word, False, self._near(word, False, apart[word]))

    def _keep(self, word: str, cut: bool, readings: tuple[Reading, ...]) -> None:
        if len(self._kept) > _KEPT:
            self._kept.clear()
        self._kept[word, cut] = readings

    def _slips(self, word: str) -> int:
        """How many slips of the hand a word may hold."""
        return 2 if len(word) >= _LONG and word not in self._known else 1

    def _buckets(self, length: int, slips: int) -> list[list[str]]:
        """Filed words that are so many slips away at most, by their length."""
        return [words for n in range(length - slips, length + slips + 1) if (words := self._by_length.get(n))]

    def _apart(self, word: str) -> Iterable[tuple[str, int]]:
        """Filed words within reach of a word with the slips between them."""
        slips = self._slips(word)
        for bucket in self._buckets(len(word), slips):
            for text, apart, _ in process.extract(word, bucket, scorer=OSA.distance, score_cutoff=slips, limit=None):
                yield text, int(apart)

    def _near(self, word: str, cut: bool, measured: Iterable[tuple[str, int]] | None = None) -> tuple[Reading, ...]:
        costs, known = self._costs, word in self._known
        met: dict[str, int] = {word: 0} if known else {}

        def meet(words: Sequence[str], cost: int) -> None:
            for one in words:
                met[one] = min(met.get(one, cost), cost)

        if not word.isalpha() or len(word) < _SHORTEST:
            return tuple(met.items())
        more = costs["word_as_written"] if known else 0
        for text, apart in self._apart(word) if measured is None else measured:
            if apart:
                meet((text if text in self._known else self._forms[text],), costs["slip"] + (apart - 1) * costs["further_slip"] + (costs["first_letter"] if text[0] != word[0] else 0) + more)
        if not known and bare_of(word) == word:
            meet(self._bare.get(word, ()), costs["consonants"])
        if not known or cut:
            meet([w for w in self._opening.get(word[:_SHORTEST], ()) if len(w) > len(word) and w.startswith(word)], costs["marked_beginning"] if cut else costs["beginning"])
        return tuple(sorted(met.items(), key=lambda item: (item[1], item[0]))[:_MOST])
