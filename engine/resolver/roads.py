"""The roads from a title to records, surest first: filed word for word; the same words or a corrected spelling; known titles inside; shared words.

In: a normalised title and the index. Out: candidates, best first. Refuses to know tiers and audiences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

from engine.contracts import MICRO
from engine.resolver.bare_words import BareWords
from engine.resolver.candidates import TITLE_CLASSES, TITLE_NAMINGS, Candidate, MatchSettings, Trust, naming_of, untouched
from engine.resolver.inner_titles import InnerTitles, titles_among
from engine.resolver.normalise import NormalisedTitle
from engine.resolver.title_index import TitleIndex
from engine.resolver.title_rows import Naming, SimilarKey
from engine.resolver.variants import Variant
from engine.resolver.vocabulary import Phrase

MAX_WORDS = 12
_TRIED = 6  # of more known words not every choice is tried
Filed = tuple[Variant, tuple[Naming, ...]]
RowsLeft = Callable[[str, Any], int]  # the rows of `title_evidence` that a value of a column alone does not stop, as bits


class Matcher:
    """Walks the roads. `roads` is lazy, so that a title found word for word costs one look-up."""

    def __init__(self, index: TitleIndex, settings: MatchSettings) -> None:
        self._index, self._settings, self._vocabulary = index, settings, index.vocabulary
        self._words, self._trust = BareWords(index.vocabulary), Trust(settings)
        self._inner = InnerTitles(index, self._words, self._trust)

    def roads(self, title: NormalisedTitle) -> Iterator[tuple[Candidate, ...]]:
        """Candidates in four groups, one for each road."""
        yield self.exact(title.variants)
        yield from self.further(title)

    def exact(self, variants: Sequence[Variant]) -> tuple[Candidate, ...]:
        """Records filed under a variant word for word, see `filed`."""
        return self.made(self.filed(variants))

    def made(self, filed: Sequence[Filed]) -> tuple[Candidate, ...]:
        """Candidates of what is filed."""
        return tuple(c for variant, namings in filed for c in self._trust.made(namings, "exact", variant.dropped, variant.rank))

    def filed(self, variants: Sequence[Variant]) -> list[Filed]:
        """The least dropped variant that is filed, and the least dropped that an authored role goes by if nothing more of weight was dropped for it."""
        found = self._index.exact([v.key for v in variants])
        if not found:
            return []
        hits = [v for v in variants if v.key in found]
        first = hits[0]
        for variant in hits[1:]:
            roles = tuple(n for n in found[variant.key] if n.target.startswith("role/"))
            if roles and self._settings.weightless.issuperset(set(variant.dropped) - set(first.dropped)):
                return [(first, found[first.key]), (variant, roles)]
        return [(first, found[first.key])]

    def further(self, title: NormalisedTitle, rows_left: RowsLeft | None = None) -> Iterator[tuple[Candidate, ...]]:
        """The other three roads. Where `rows_left` is given, records that share words are left out unless one of them might claim something."""
        words = tuple(title.text.split())[:MAX_WORDS]
        base = next((v for v in title.variants if v.key == title.text), None)
        dropped, rank = (base.dropped, base.rank) if base else ((), 0)
        corrected = self._corrected(words)
        if corrected != words:
            dropped = (*dropped, "spelling")
        yield self._reordered(corrected, dropped, rank, corrected != words)
        yield self._inner.found(corrected, dropped, rank)
        if rows_left is None or self._may_claim(corrected, dropped, rank, rows_left):
            yield self._similar(corrected, dropped, rank)

    def second_jobs(self, title: NormalisedTitle) -> tuple[tuple[str, Naming], ...]:
        """Published titles that stand as a part of their own behind the head of a title."""
        if not title.segments:
            return ()
        found = self._index.exact(title.segments)
        return tuple((part, naming) for part in title.segments for naming in found.get(part, ()))

    def _corrected(self, words: Phrase) -> Phrase:
        known, least, letters = self._vocabulary.seniority, self._settings.spelling, self._settings.spelling_letters
        return tuple([word if len(word) < letters or (word,) in known else self._index.spelled(word, least) or word for word in words])

    def _reordered(self, words: Phrase, dropped: tuple[str, ...], rank: int, corrected: bool) -> tuple[Candidate, ...]:
        if corrected:
            from_spelling = self.exact(self._readings(words, dropped, rank))
            if from_spelling:
                return from_spelling
        found = titles_among(self._index.same_words(words))
        return self._trust.made(found, "same_words", dropped, rank) if found else ()

    def _readings(self, words: Phrase, dropped: tuple[str, ...], rank: int) -> tuple[Variant, ...]:
        bare, bare_rank = self._words.without_seniority(words)
        whole = Variant(" ".join(words), dropped, rank)
        return (whole, Variant(" ".join(bare), (*dropped, "seniority"), max(rank, bare_rank))) if bare and bare != words else (whole,)

    def _may_claim(self, words: Phrase, dropped: tuple[str, ...], rank: int, rows_left: RowsLeft) -> bool:
        """Whether a filed key could share such words with these that some row lets a record of it claim something, whatever else is true of it.

        Never says no where `_similar` finds a record that claims something; it only looks at less.
        """
        index = self._index
        contents = self._words.contents(words)
        asked = tuple(dict.fromkeys(contents))
        known = [w for w in asked if index.known(w)]
        if not known or len(known) > _TRIED:
            return bool(known)
        weight = {w: index.weight(w) for w in asked}
        total, head = sum(weight.values()) or 1, contents[-1]
        rows = _any(rows_left, "naming", TITLE_NAMINGS) & _any(rows_left, "target_class", TITLE_CLASSES)
        rows &= rows_left("road", "similar") & rows_left("untouched", untouched(dropped)) & rows_left("dropped_rank", rank) & rows_left("strangers", 0)
        rows &= rows_left("rest_declared", False) & rows_left("rest_unknown", False)
        rows &= rows_left("head_titles", index.heads(head)) & rows_left("head_general", head in self._vocabulary.work_nouns)
        agreeing, strange = rows & rows_left("head_agrees", True), rows & rows_left("head_agrees", False)
        if not agreeing | strange:
            return False
        sums = [0]
        for word in known:  # the weight of every choice of known words; bit n of its place stands for word n
            sums += [held + weight[word] for held in sums]
        for choice in range(len(sums) - 1, 0, -1):
            share = sums[choice] * MICRO // total
            left = (agreeing | strange) & rows_left("coverage", share) & rows_left("familiarity", share)
            if left and (left := left & rows_left("shared_words", choice.bit_count())):
                some = [word for n, word in enumerate(known) if choice >> n & 1]
                if (left & agreeing and asked[-1] in some and index.together(some, asked[-1])) or (left & strange and index.together(some, None)):
                    return True
        return False

    def _similar(self, words: Phrase, dropped: tuple[str, ...], rank: int) -> tuple[Candidate, ...]:
        near = self._index.similar(words, self._settings.limit)
        head = next(iter(reversed(self._words.contents(words))), "")
        found = self._index.exact([s.key for s in near])
        kinds = tuple(dict.fromkeys(dropped))
        made: list[Candidate] = []
        for key in near:
            if len(made) >= self._settings.limit:
                break
            made += self._shared(key, head, titles_among(found[key.key]), kinds, rank)
        return tuple(made[: self._settings.limit])

    def _shared(self, key: SimilarKey, head: str, namings: tuple[Naming, ...], dropped: tuple[str, ...], rank: int) -> list[Candidate]:
        likeness, heads, general = max(key.back, key.likeness), self._index.heads(head), head in self._vocabulary.work_nouns
        rivals = len({n.target for n in namings})
        named = [(n, naming_of(n)) for n in namings]
        trusted = [(self._trust.of(naming, "similar", dropped), n, naming) for n, naming in named]
        trusted.sort(key=lambda t: (-t[0], t[1].target, t[2]))
        return [
            Candidate(
                n, "similar", naming, trust * key.coverage // MICRO * likeness // MICRO, dropped, rank, rivals, coverage=key.coverage, familiarity=key.coverage, back=key.back,
                head_agrees=key.head_agrees, head_titles=heads, shared_words=key.shared, head_general=general, likeness=likeness,
            )
            for trust, n, naming in trusted[: self._settings.limit]
        ]  # fmt: skip


def _any(rows_left: RowsLeft, column: str, values: Sequence[str]) -> int:
    return reduce(or_, [rows_left(column, value) for value in values])
