"""The title index as it is asked: exact keys, the same words in another order, near spellings, keys made of some words.

In: canonical words. Out: namings, words and keys. Refuses to know tiers, thresholds and decisions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from engine.contracts import MICRO, Corrupt
from engine.resolver.filed_titles import Filed, FiledInMemory, FiledKey, FiledOnDisk
from engine.resolver.index_build import FORMAT, bag_of, trigrams
from engine.resolver.title_rows import Naming
from engine.resolver.vocabulary import Phrase, SeniorityTerm, Vocabulary, load_vocabulary

_KEPT = 50_000
_NEIGHBOURS = 24


class TitleIndex:
    """A compiled index, opened read-only. Not shared between threads; open one each.

    Raises Corrupt RES003 where the file is not an index of this format.
    """

    def __init__(self, path: Path, likeness: Callable[[], Path] | None = None) -> None:
        """`likeness` gives the folder of the index of likeness that was built with it, when that is first asked for; without one titles are likened to none."""
        self.likeness = likeness
        try:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            meta = dict(self._db.execute("SELECT name, value FROM meta"))
            terms = [SeniorityTerm(tuple(words.split()), seniority, rank) for words, seniority, rank in self._db.execute("SELECT words, seniority, rank FROM seniority")]
        except sqlite3.Error as error:
            raise Corrupt.at("RES003", f"{path.name} is not a title index: {error}", fix="run `wig build` again") from None
        if meta.get("format") != FORMAT:
            raise Corrupt.at("RES003", f"{path.name} is a title index of format {meta.get('format')}, this engine reads {FORMAT}", fix="run `wig build` again")
        self._unknown = int(meta["unknown_weight"])
        self.keys = int(meta["keys"])
        self.vocabulary: Vocabulary = load_vocabulary(terms)
        self._filed: Filed = FiledOnDisk(self._db)
        self._starting: dict[tuple[str, int], list[str]] = {}
        self._spelled: dict[tuple[str, int], str | None] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @property
    def warm(self) -> bool:
        """Whether the whole index is in memory."""
        return isinstance(self._filed, FiledInMemory)

    def warm_up(self) -> None:
        """Read the whole index into memory, for many titles: every answer stays the same and comes faster."""
        if not self.warm:
            held = FiledInMemory(self._db)
            for word in held.words():
                self._starting.setdefault((word[0], len(word)), []).append(word)
            self._filed = held

    def exact(self, keys: Sequence[str]) -> dict[str, tuple[Naming, ...]]:
        """Namings filed under these keys; a key that is not filed is absent. Order within a key is that of the build."""
        return self._filed.exact(keys)

    def same_words(self, words: Phrase) -> tuple[Naming, ...]:
        """Namings of keys that hold the same words in another order."""
        bag = bag_of(words, self.vocabulary)
        found = self._filed.of_bag(bag) if " " in bag else {}
        return tuple(naming for key in sorted(found) for naming in found[key])

    def specialisms(self, target: str) -> frozenset[str]:
        """Words that narrow a role without changing it."""
        return self._filed.specialisms(target)

    def label(self, target: str) -> str:
        """Label of a thing that some title names; empty where none does."""
        return self._filed.label(target)

    def weight(self, word: str) -> int:
        """Rarity of a word, thousandths of a natural logarithm; a word never seen weighs most."""
        token = self._filed.token(word)
        return token[1] if token else self._unknown

    def known(self, word: str) -> bool:
        """Whether some filed title holds the word."""
        return self._filed.token(word) is not None

    def words(self) -> Iterable[str]:
        """All words of filed titles."""
        return self._filed.words()

    def made_of(self, words: Sequence[str]) -> Iterable[FiledKey]:
        """Filed keys of which every word is among these: number, text, bag, head, weight."""
        return self._filed.keys(self._filed.made_of(words))

    def holding(self, word: str) -> Iterable[int]:
        """Numbers of the filed keys that hold a word, ascending."""
        token = self._filed.token(word)
        return self._filed.postings(token) if token else ()

    def numbered(self, numbers: Sequence[int]) -> Iterable[FiledKey]:
        """Filed keys by their numbers: number, text, bag, head, weight."""
        return self._filed.keys(numbers)

    def heads(self, word: str) -> int:
        """Number of filed keys that end in this noun."""
        token = self._filed.token(word)
        return token[3] if token else 0

    def share(self, part: Iterable[str], whole: Iterable[str]) -> int:
        """Share of some words' rarity that a part of them holds, in millionths; 0 where there are none."""
        weights = {word: self.weight(word) for word in whole}
        total = sum(weights.values())
        return sum([weights[word] for word in weights.keys() & set(part)]) * MICRO // total if total else 0

    def goes_with(self, word: str, head: str) -> bool:
        """Whether some filed title that ends in this noun also holds the word."""
        return self._filed.stands_with(word, head)

    def spelled(self, word: str, least: int) -> str | None:
        """The filed word nearest in spelling, if its edit similarity in millionths reaches `least`; most filed first among equals."""
        if self._filed.token(word) is not None:
            return None
        if (word, least) not in self._spelled:
            if len(self._spelled) > _KEPT:
                self._spelled.clear()
            self._spelled[word, least] = self._nearest(word, least) if self._may_be_near(word, least) else None
        return self._spelled[word, least]

    def _may_be_near(self, word: str, least: int) -> bool:
        """Whether any word with the same first letter is near enough; in memory that is told sooner than by counting triples."""
        if not self.warm:
            return True
        cutoff = least / 10_000 - 0.01  # a little below: the exact test follows
        length = len(word)
        reach = range(int(length * cutoff / (200 - cutoff)), int(length * (200 - cutoff) / cutoff) + 2) if cutoff > 1 else range(1, 1000)  # no other length can be that near
        near = (self._starting.get((word[0], n)) for n in reach)
        return any(words and process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=cutoff) for words in near)

    def _nearest(self, word: str, least: int) -> str | None:
        near = self._filed.neighbours(trigrams(word), _NEIGHBOURS)
        best = max(((round(fuzz.ratio(word, text) * 10_000), keys, text) for text, keys in near if text[0] == word[0]), default=(0, 0, ""))
        return best[2] if best[0] >= least else None

    def together(self, words: Sequence[str], head: str | None) -> bool:
        """Whether some filed key holds all of these words and, where one is given, ends in this noun."""
        tokens = sorted((token for token in map(self._filed.token, words) if token), key=lambda t: t[2])
        if len(tokens) < len(words):
            return False
        if head is not None and not all(self.goes_with(word, head) for word in words):
            return False
        if len(tokens) == 1:
            return True
        keys = set(self._filed.postings(tokens[0])).intersection(*(self._filed.postings(t) for t in tokens[1:]))
        return bool(keys) if head is None else any(key[3] == head for key in self._filed.keys(sorted(keys)))
