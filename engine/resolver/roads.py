"""The roads from a title to records, surest first: filed word for word; the same words or a corrected spelling; a title that stands in it all but for its
spelling; known titles inside; likeness.

In: a normalised title and the index. Out: candidates, best first. Refuses to know tiers and audiences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engine.contracts import MICRO
from engine.resolver.bare_words import BareWords
from engine.resolver.candidates import Candidate, MatchSettings, Trust, letters_of, naming_of
from engine.resolver.inner_titles import InnerTitles, titles_among
from engine.resolver.likeness import Likened
from engine.resolver.normalise import NormalisedTitle, canonical_key
from engine.resolver.shared_words import SharedWords
from engine.resolver.title_index import TitleIndex
from engine.resolver.title_rows import Naming
from engine.resolver.variants import Variant
from engine.resolver.vocabulary import Phrase

MAX_WORDS = 12
_KEPT = 100_000
Filed = tuple[Variant, tuple[Naming, ...]]


class Matcher:
    """Walks the roads. They are walked lazily, so that a title found word for word costs one look-up."""

    def __init__(self, index: TitleIndex, settings: MatchSettings) -> None:
        self._index, self._settings, self._vocabulary = index, settings, index.vocabulary
        self._words, self._trust = BareWords(index.vocabulary), Trust(settings)
        self._inner = InnerTitles(index, self._words, self._trust)
        self._shared = SharedWords(index, self._words, self._trust)
        self._likened: dict[tuple[str, str], Naming | None] = {}

    def exact(self, variants: Sequence[Variant], given: str = "") -> tuple[Candidate, ...]:
        """Records filed under a variant word for word, see `filed` and `made`."""
        return self.made(self.filed(variants), given)

    def made(self, filed: Sequence[Filed], given: str) -> tuple[Candidate, ...]:
        """Candidates of what is filed; of rivals that go by one key those first whose title stands in the text as given."""
        return tuple(c for variant, namings in filed for c in self._trust.made(namings, "exact", variant.dropped, variant.rank, given))

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

    def in_part(self, filed: Sequence[Filed], title: NormalisedTitle) -> bool:
        """Whether what is filed is only a part of the title: words were set aside that may tell the work, no authored role goes by that part, and nobody published the title as
        it is given."""
        variant, namings = filed[0]
        if self._settings.aside.issuperset(variant.dropped) or any(n.target.startswith("role/") for _, namings in filed for n in namings):
            return False
        whole = letters_of(title.given)
        return not any(letters_of(n.title) == whole for n in namings)

    def further(self, title: NormalisedTitle, likened: Likened | None) -> Iterator[tuple[Candidate, ...]]:
        """The other four roads; `likened` tells what the title is like."""
        words = tuple(title.text.split())[:MAX_WORDS]
        base = next((v for v in title.variants if v.key == title.text), None)
        dropped, rank = (base.dropped, base.rank) if base else ((), 0)
        corrected = self._corrected(words)
        if corrected != words:
            dropped = (*dropped, "spelling")
        yield self._reordered(corrected, dropped, rank, corrected != words)
        if likened is not None:
            yield self._near_spelling(likened, base.dropped if base else (), rank)
        inner = self._inner.found(corrected, dropped, rank)
        yield inner if likened is None or likened.accepted else tuple([c._replace(unlike_titles=True) for c in inner])
        if likened is not None:
            yield self._likeness(likened, words, base.dropped if base else (), rank)

    def shared(self, title: NormalisedTitle) -> tuple[Candidate, ...]:
        """Records that share words with a title. They claim nothing: a reader chooses from them where no index tells what the title resembles."""
        base = next((v for v in title.variants if v.key == title.text), None)
        words = self._corrected(tuple(title.text.split())[:MAX_WORDS])
        return self._shared.found(words, base.dropped if base else (), base.rank if base else 0, self._settings.limit)

    def second_jobs(self, title: NormalisedTitle, nearly: Callable[[str], tuple[Naming, ...]]) -> tuple[tuple[str, Naming], ...]:
        """Published titles that stand as a part of their own behind the head of a title, in brackets, or that a misspelt head may be: as written, with single
        words corrected, or by `nearly`, which tells what is meant all but for the spelling. Brackets hold short forms too, which are near to anything: they
        are read as written."""
        within = title.bracketed
        if not title.segments and not within:
            return ()
        parts = tuple(dict.fromkeys((title.text, *title.segments, *within)))
        found = self._index.exact(parts)
        mended = {part: " ".join(self._corrected(tuple(part.split())[:MAX_WORDS])) for part in parts if part not in found}
        meant = self._index.exact(sorted(set(mended.values()) - mended.keys()))
        told = parts[title.text in found or not title.segments :]
        return tuple([(part, naming) for part in told for naming in found.get(part) or (() if part in within else meant.get(mended.get(part, "")) or nearly(part))])

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

    def _near_spelling(self, likened: Likened, dropped: tuple[str, ...], rank: int) -> tuple[Candidate, ...]:
        """Records of the published title that stands in the text, all but for its spelling."""
        near = likened.near
        if near is None or likened.title is None:  # where nothing tells whether a text is a title at all, a slip of spelling is none
            return ()
        kinds = tuple(dict.fromkeys((*dropped, *(("spelling",) if near.read else ()), *(("trailing",) if near.rest else ()))))
        made = self._trust.made(titles_among(likened.namings), "near_spelling", kinds, rank)
        lost = max((self._words.without_seniority((word,))[1] for word in near.rest), default=0)
        return tuple([
            c._replace(
                strength=c.strength * likened.near_chance // MICRO, dropped_rank=max(rank, lost), coverage=near.coverage, familiarity=near.coverage, shared_words=near.words,
                strangers=likened.beside, likelihood=likened.near_chance, unlike_titles=not likened.accepted,
            )
            for c in made
        ])  # fmt: skip

    def _likeness(self, likened: Likened, words: Phrase, dropped: tuple[str, ...], rank: int) -> tuple[Candidate, ...]:
        """What the title resembles: occupations by the published title that speaks most for each, and the groups that hold them."""
        if likened.title is None:
            return ()
        kinds = tuple(dict.fromkeys(dropped))
        strangers = sum(1 for word in self._words.contents(words) if not self._index.known(word))
        made = []
        for target, chance, title in (*((c.occupation, c.chance, c.title) for c in likened.codes), *((group, chance, "") for group, chance in likened.groups)):
            naming = self._naming_for(target, title)
            if naming is not None:
                listed = naming_of(naming)
                strength = self._trust.of(listed, "likeness", kinds) * chance // MICRO
                made.append(Candidate(naming, "likeness", listed, strength, kinds, rank, 1, strangers=strangers, likelihood=chance, unlike_titles=not likened.accepted))
        return tuple(made[: self._settings.limit])

    def _naming_for(self, target: str, title: str) -> Naming | None:
        """A record in which a title names a thing: that title, or the thing's own name where it is not filed so."""
        found = self._likened.get((target, title))
        if found is None:
            if len(self._likened) > _KEPT:
                self._likened.clear()
            texts = [canonical_key(form, self._vocabulary) for form in (title, title.partition("(")[0], self._index.label(target)) if form]
            filed = self._index.exact(texts)
            found = next((n for text in texts for n in filed.get(text, ()) if n.target == target), None)
            self._likened[target, title] = found
        return found
