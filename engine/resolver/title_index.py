"""The title index as it is asked: exact keys, the same words in another order, known titles inside a longer one, near spellings, shared words.

In: canonical words. Out: namings and similar keys with whole-number scores. Refuses to know tiers, thresholds and decisions.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rapidfuzz import fuzz

from engine.contracts import MICRO, Corrupt
from engine.resolver.index_build import FORMAT, bag_of, content_words, trigrams
from engine.resolver.title_rows import Naming, SimilarKey
from engine.resolver.vocabulary import Phrase, SeniorityTerm, Vocabulary, load_vocabulary

_NAMING = (
    "SELECT k.text, n.title, t.key, t.label, n.kind, o.source, n.source_ref, o.release, o.licence, n.confidence FROM key k JOIN naming n ON n.key_id = k.id"
    " JOIN target t ON t.id = n.target_id JOIN origin o ON o.id = n.origin_id WHERE "
)


class TitleIndex:
    """A compiled index, opened read-only. Not shared between threads; open one each.

    Raises Corrupt RES003 where the file is not an index of this format.
    """

    def __init__(self, path: Path) -> None:
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
        self._tokens: dict[str, tuple[int, int, int, int] | None] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def exact(self, keys: Sequence[str]) -> dict[str, tuple[Naming, ...]]:
        """Namings filed under these keys; a key that is not filed is absent. Order within a key is that of the build."""
        return self._namings("k.text", keys)

    def same_words(self, words: Phrase) -> tuple[Naming, ...]:
        """Namings of keys that hold the same words in another order."""
        bag = bag_of(words, self.vocabulary)
        found = self._namings("k.bag", [bag]) if " " in bag else {}
        return tuple(naming for key in sorted(found) for naming in found[key])

    def specialisms(self, target: str) -> frozenset[str]:
        """Words that narrow a role without changing it."""
        return frozenset(words for (words,) in self._db.execute("SELECT words FROM specialism WHERE target = ?", (target,)))

    def label(self, target: str) -> str:
        """Label of a thing that some title names; empty where none does."""
        row = self._db.execute("SELECT label FROM target WHERE key = ?", (target,)).fetchone()
        return str(row[0]) if row else ""

    def weight(self, word: str) -> int:
        """Rarity of a word, thousandths of a natural logarithm; a word never seen weighs most."""
        token = self._token(word)
        return token[1] if token else self._unknown

    def known(self, word: str) -> bool:
        """Whether some filed title holds the word."""
        return self._token(word) is not None

    def heads(self, word: str) -> int:
        """Number of filed keys that end in this noun."""
        token = self._token(word)
        return token[3] if token else 0

    def share(self, part: Iterable[str], whole: Iterable[str]) -> int:
        """Share of some words' rarity that a part of them holds, in millionths; 0 where there are none."""
        inside = set(part)
        words = tuple(dict.fromkeys(whole))
        total = sum(self.weight(w) for w in words)
        return sum(self.weight(w) for w in words if w in inside) * MICRO // total if total else 0

    def goes_with(self, word: str, head: str) -> bool:
        """Whether some filed title that ends in this noun also holds the word."""
        token = self._token(word)
        if token is None:
            return False
        row = self._db.execute("SELECT 1 FROM posting p CROSS JOIN key k ON k.id = p.key_id WHERE p.token_id = ? AND k.head = ? LIMIT 1", (token[0], head)).fetchone()
        return row is not None

    def spelled(self, word: str, least: int) -> str | None:
        """The filed word nearest in spelling, if its edit similarity in millionths reaches `least`; most filed first among equals."""
        if self._token(word) is not None:
            return None
        grams = trigrams(word)
        marks = ",".join("?" * len(grams))
        near = self._db.execute(
            f"SELECT t.text, t.keys, count(*) AS shared FROM trigram g JOIN token t ON t.id = g.token_id WHERE g.gram IN ({marks}) GROUP BY t.id ORDER BY shared DESC, t.keys DESC, t.text LIMIT 24",
            grams,
        ).fetchall()
        best = max(((round(fuzz.ratio(word, text) * 10_000), keys, text) for text, keys, _ in near if text[0] == word[0]), default=(0, 0, ""), key=lambda b: (b[0], b[1], b[2]))
        return best[2] if best[0] >= least else None

    def similar(self, words: Phrase, limit: int, pool: int = 400) -> tuple[SimilarKey, ...]:
        """Keys that share words with these, best first: rarest words decide which are looked at, at most `pool` of them."""
        asked = tuple(dict.fromkeys(content_words(words, self.vocabulary)))
        known = sorted((token for token in map(self._token, asked) if token is not None), key=lambda t: (t[2], t[0]))
        shared: Counter[int] = Counter()
        for number, weight, count, _ in known:
            if shared and count > 4 * pool:  # a common word only adds to keys that a rarer one found
                continue
            for (key,) in self._db.execute("SELECT key_id FROM posting WHERE token_id = ?", (number,)):
                shared[key] += weight
        if not shared:
            return ()
        chosen = sorted(shared, key=lambda key: (-shared[key], key))[:pool]
        marks = ",".join("?" * len(chosen))
        text, inside = " ".join(words), set(asked)
        found: list[SimilarKey] = []
        for key, bag, head, total in self._db.execute(f"SELECT text, bag, head, weight FROM key WHERE id IN ({marks})", chosen):
            both = inside.intersection(bag.split())
            likeness = round(max(fuzz.ratio(text, key), fuzz.token_sort_ratio(text, key)) * 10_000)
            back = sum(self.weight(w) for w in both) * MICRO // total if total else 0
            found.append(SimilarKey(key, self.share(both, asked), back, likeness, bool(asked) and head == asked[-1], len(both)))
        found.sort(key=lambda s: (-s.coverage, not s.head_agrees, -(s.back + s.likeness), s.key))
        return tuple(found[:limit])

    def _token(self, word: str) -> tuple[int, int, int, int] | None:
        if word not in self._tokens:
            if len(self._tokens) > 50_000:
                self._tokens.clear()
            self._tokens[word] = self._db.execute("SELECT id, weight, keys, heads FROM token WHERE text = ?", (word,)).fetchone()
        return self._tokens[word]

    def _namings(self, column: str, values: Sequence[str]) -> dict[str, tuple[Naming, ...]]:
        if not values:
            return {}
        marks = ",".join("?" * len(values))
        found: dict[str, list[Naming]] = {}
        for row in self._db.execute(f"{_NAMING}{column} IN ({marks}) ORDER BY k.id, n.place", tuple(values)):
            found.setdefault(row[0], []).append(Naming(*row))
        return {key: tuple(namings) for key, namings in found.items()}
