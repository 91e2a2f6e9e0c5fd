"""What is filed in a title index, by two ways of reading the one file: a look-up at a time, for one title, or all at once, for a list of them.

Both give the same answers in the same order. The second holds about four times the file in memory and is read in well under a second.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from engine.resolver.title_rows import Naming

Token = tuple[int, int, int, int]  # number, weight, keys that hold it, keys that end in it
FiledKey = tuple[int, str, str, str, int]  # number, text, bag, head, weight
_NAMING = (
    "SELECT k.text, n.title, t.key, t.label, n.kind, o.source, n.source_ref, o.release, o.licence, n.confidence FROM key k JOIN naming n ON n.key_id = k.id"
    " JOIN target t ON t.id = n.target_id JOIN origin o ON o.id = n.origin_id WHERE "
)
_KEPT = 50_000


class Filed(Protocol):
    """What the index is asked for."""

    def exact(self, keys: Sequence[str]) -> dict[str, tuple[Naming, ...]]:
        """Namings by key, in the order of the build; a key that is not filed is absent."""

    def of_bag(self, bag: str) -> dict[str, tuple[Naming, ...]]:
        """The same for the keys of a bag of words."""

    def token(self, word: str) -> Token | None:
        """A word that some key holds."""

    def specialisms(self, target: str) -> frozenset[str]:
        """Words that narrow a role."""

    def label(self, target: str) -> str:
        """Label of a target, empty where none is filed."""

    def stands_with(self, word: str, head: str) -> bool:
        """Whether some key that ends in the head holds the word."""

    def neighbours(self, grams: Sequence[str], most: int) -> list[tuple[str, int]]:
        """Words that share most letter triples, with the number of keys that hold them."""

    def postings(self, token: Token) -> Iterable[int]:
        """Numbers of the keys that hold a word, ascending."""

    def keys(self, numbers: Sequence[int]) -> Iterable[FiledKey]:
        """Keys by number."""

    def words(self) -> Iterable[str]:
        """All words, in their order."""

    def made_of(self, words: Sequence[str]) -> Sequence[int]:
        """Numbers of the keys of which every word is among these, ascending."""


class FiledOnDisk:
    """One look-up at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._tokens: dict[str, Token | None] = {}

    def exact(self, keys: Sequence[str]) -> dict[str, tuple[Naming, ...]]:
        """See Filed."""
        return self._namings("k.text", keys)

    def of_bag(self, bag: str) -> dict[str, tuple[Naming, ...]]:
        """See Filed."""
        return self._namings("k.bag", (bag,))

    def token(self, word: str) -> Token | None:
        """See Filed."""
        if word not in self._tokens:
            if len(self._tokens) > _KEPT:
                self._tokens.clear()
            self._tokens[word] = self._db.execute("SELECT id, weight, keys, heads FROM token WHERE text = ?", (word,)).fetchone()
        return self._tokens[word]

    def specialisms(self, target: str) -> frozenset[str]:
        """See Filed."""
        return frozenset(words for (words,) in self._db.execute("SELECT words FROM specialism WHERE target = ?", (target,)))

    def label(self, target: str) -> str:
        """See Filed."""
        row = self._db.execute("SELECT label FROM target WHERE key = ?", (target,)).fetchone()
        return str(row[0]) if row else ""

    def stands_with(self, word: str, head: str) -> bool:
        """See Filed."""
        token = self.token(word)
        if token is None:
            return False
        row = self._db.execute("SELECT 1 FROM posting p CROSS JOIN key k ON k.id = p.key_id WHERE p.token_id = ? AND k.head = ? LIMIT 1", (token[0], head)).fetchone()
        return row is not None

    def neighbours(self, grams: Sequence[str], most: int) -> list[tuple[str, int]]:
        """See Filed."""
        rows = self._db.execute(
            f"SELECT t.text, t.keys, count(*) AS shared FROM trigram g JOIN token t ON t.id = g.token_id WHERE g.gram IN ({_marks(grams)})"
            " GROUP BY t.id ORDER BY shared DESC, t.keys DESC, t.text LIMIT ?",
            (*grams, most),
        )
        return [(text, keys) for text, keys, _ in rows]

    def postings(self, token: Token) -> Iterable[int]:
        """See Filed."""
        return [key for (key,) in self._db.execute("SELECT key_id FROM posting WHERE token_id = ?", (token[0],))]

    def keys(self, numbers: Sequence[int]) -> Iterable[FiledKey]:
        """See Filed."""
        return self._db.execute(f"SELECT id, text, bag, head, weight FROM key WHERE id IN ({_marks(numbers)})", tuple(numbers))

    def words(self) -> Iterable[str]:
        """See Filed."""
        return [text for (text,) in self._db.execute("SELECT text FROM token ORDER BY id")]

    def made_of(self, words: Sequence[str]) -> Sequence[int]:
        """See Filed. A key weighs as much as its words do."""
        tokens = [token[0] for word in words if (token := self.token(word)) is not None]
        rows = self._db.execute(
            "SELECT p.key_id FROM posting p JOIN token t ON t.id = p.token_id JOIN key k ON k.id = p.key_id"
            f" WHERE p.token_id IN ({_marks(tokens)}) GROUP BY p.key_id HAVING sum(t.weight) = max(k.weight) ORDER BY p.key_id",
            tuple(tokens),
        )
        return [key for (key,) in rows]

    def _namings(self, column: str, values: Sequence[str]) -> dict[str, tuple[Naming, ...]]:
        if not values:
            return {}
        found: dict[str, list[Naming]] = {}
        for row in self._db.execute(f"{_NAMING}{column} IN ({_marks(values)}) ORDER BY k.id, n.place", tuple(values)):
            found.setdefault(row[0], []).append(Naming._make(row))
        return {key: tuple(namings) for key, namings in found.items()}


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


class FiledInMemory:
    """The whole index, read once; namings are made when they are first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT id, text, bag, head, weight FROM key ORDER BY id").fetchall()
        self._keys: list[FiledKey] = rows
        self._number = {text: number for number, text, _, _, _ in rows}
        self._bags: dict[str, list[int]] = {}
        self._heads: dict[str, set[str]] = {}
        for number, _, bag, head, _ in rows:
            self._bags.setdefault(bag, []).append(number)
            self._heads.setdefault(head, set()).update(bag.split(" "))
        self._targets: dict[int, tuple[str, str]] = {number: (key, label) for number, key, label in connection.execute("SELECT id, key, label FROM target")}
        self._labels = dict(self._targets.values())
        self._origins = {number: origin for number, *origin in connection.execute("SELECT id, source, release, licence FROM origin")}
        stated = connection.execute("SELECT key_id, target_id, kind, title, origin_id, source_ref, confidence FROM naming ORDER BY key_id, place")
        self._rows: dict[int, list[tuple[Any, ...]]] = {key: list(group) for key, group in groupby(stated, itemgetter(0))}
        self._made: dict[str, tuple[Naming, ...]] = {}
        self._words = connection.execute("SELECT id, weight, keys, heads, text FROM token ORDER BY id").fetchall()
        self._tokens: dict[str, Token] = {row[4]: row[:4] for row in self._words}
        self._postings = _grouped(connection.execute("SELECT token_id, key_id FROM posting ORDER BY token_id, key_id"))
        self._grams = _grouped(connection.execute("SELECT gram, token_id FROM trigram ORDER BY gram, token_id"))
        self._weights: Any = None
        self._held: Any = None
        self._arrays: dict[int, Any] = {}
        self._narrowing = {target: frozenset(words) for target, words in _grouped(connection.execute("SELECT target, words FROM specialism ORDER BY target")).items()}

    def exact(self, keys: Sequence[str]) -> dict[str, tuple[Naming, ...]]:
        """See Filed; the order of the keys is that of the build, as in the file."""
        number = self._number
        found = {key: number[key] for key in keys if key in number}
        if len(found) > 1:
            found = dict(sorted(found.items(), key=itemgetter(1)))
        return {key: self._made.get(key) or self._namings(n, key) for key, n in found.items()}

    def of_bag(self, bag: str) -> dict[str, tuple[Naming, ...]]:
        """See Filed."""
        return {(key := self._keys[n - 1][1]): self._namings(n, key) for n in self._bags.get(bag, ())}

    def token(self, word: str) -> Token | None:
        """See Filed."""
        return self._tokens.get(word)

    def specialisms(self, target: str) -> frozenset[str]:
        """See Filed."""
        return self._narrowing.get(target, frozenset())

    def label(self, target: str) -> str:
        """See Filed."""
        return self._labels.get(target, "")

    def stands_with(self, word: str, head: str) -> bool:
        """See Filed."""
        return word in self._heads.get(head, ())

    def neighbours(self, grams: Sequence[str], most: int) -> list[tuple[str, int]]:
        """See Filed."""
        shared: Counter[int] = Counter()
        for gram in grams:
            shared.update(self._grams.get(gram, ()))
        best = sorted((-count, -self._words[number - 1][2], self._words[number - 1][4]) for number, count in shared.items())[:most]
        return [(text, -keys) for _, keys, text in best]

    def postings(self, token: Token) -> Sequence[int]:
        """See Filed."""
        return self._postings.get(token[0], ())

    def keys(self, numbers: Sequence[int]) -> Iterator[FiledKey]:
        """See Filed."""
        rows = self._keys
        return (rows[number - 1] for number in numbers)

    def words(self) -> Iterable[str]:
        """See Filed."""
        return self._tokens

    def made_of(self, words: Sequence[str]) -> Sequence[int]:
        """See Filed."""
        found = [token[0] for word in dict.fromkeys(words) if (token := self._tokens.get(word)) is not None]
        if not found:
            return ()
        import numpy as np

        if self._weights is None:
            self._weights = np.array([row[4] for row in self._keys], np.int64)
            self._held = np.zeros(len(self._keys), np.int64)  # all zero between two questions: only what is touched is looked at
            self._arrays = {token: np.array(keys, np.int64) - 1 for token, keys in self._postings.items()}
        parts = [self._arrays[token] for token in found]
        touched = np.concatenate(parts)
        held, whole = self._held, self._weights
        np.add.at(held, touched, np.repeat([self._words[token - 1][1] for token in found], [len(part) for part in parts]))
        full = np.unique(touched[held[touched] == whole[touched]]) + 1
        held[touched] = 0
        numbers: list[int] = full.tolist()
        return numbers

    def _namings(self, number: int, key: str) -> tuple[Naming, ...]:
        if key not in self._made:
            targets, origins = self._targets, self._origins
            self._made[key] = tuple([
                Naming(key, title, *targets[target], kind, origins[origin][0], source_ref, origins[origin][1], origins[origin][2], confidence)
                for _, target, kind, title, origin, source_ref, confidence in self._rows.pop(number, ())
            ])  # fmt: skip
        return self._made[key]


def _grouped(rows: Iterable[tuple[Any, Any]]) -> dict[Any, tuple[Any, ...]]:
    return {first: tuple([second for _, second in group]) for first, group in groupby(rows, itemgetter(0))}
