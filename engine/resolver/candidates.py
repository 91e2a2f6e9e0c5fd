"""Candidates for a title: every published or authored record that matches it, on which road, how strongly, and what was dropped on the way.

In: a normalised title and the index. Out: candidates, best first. Refuses to know tiers and audiences; every number comes from the pack `title_evidence`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.contracts import MICRO, to_micro
from engine.resolver.index_build import content_words
from engine.resolver.normalise import NormalisedTitle
from engine.resolver.steps import longest_phrase, singular
from engine.resolver.title_index import TitleIndex
from engine.resolver.title_rows import Naming, SimilarKey
from engine.resolver.variants import Variant, work_ends
from engine.resolver.vocabulary import Phrase, Vocabulary
from engine.rules import Rulebook

MAX_WORDS = 12
_PHRASE_WORDS = 5


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """Parameters of the pack `title_evidence` that matching needs, shares in millionths."""

    road: Mapping[str, int]
    naming: Mapping[str, int]
    kept: Mapping[str, int]
    weightless: frozenset[str]
    limit: int
    spelling: int
    spelling_letters: int

    @classmethod
    def of(cls, rulebook: Rulebook, as_of: date) -> MatchSettings:
        """Read them as in force on a day."""

        def shares(name: str) -> dict[str, int]:
            return {kind: to_micro(share) for kind, share in rulebook.parameter("title_evidence", name, as_of).items()}

        weightless = frozenset(rulebook.parameter("title_evidence", "weightless_kinds", as_of))
        likeness = to_micro(rulebook.parameter("title_evidence", "spelling_likeness", as_of))
        limit, letters = (int(rulebook.parameter("title_evidence", name, as_of)) for name in ("candidate_limit", "spelling_letters"))
        return cls(shares("road_strength"), shares("naming_strength"), shares("kept_share"), weightless, limit, likeness, letters)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may say what the title means. `strength`, `coverage`, `familiarity`, `back`, `likeness` are shares in millionths.

    `road` tells how it was found, `naming` in which list the matched title stands, `signal` both in one word; `dropped` what was set
    aside, `dropped_rank` the highest rank of seniority among that; `rivals` how many things the matched title names.
    """

    found: Naming
    road: str
    naming: str
    strength: int
    dropped: tuple[str, ...]
    dropped_rank: int
    rivals: int
    coverage: int = MICRO
    familiarity: int = MICRO
    back: int = MICRO
    head_agrees: bool = True
    head_titles: int = 0
    shared_words: int = 0
    head_general: bool = False
    strangers: int = 0
    rest_declared: bool = False
    rest_unknown: bool = False
    likeness: int = MICRO

    @property
    def signal(self) -> str:
        """canonical, alias, occupation_name, alternate, reported, direct_match, group_name, class_name, term; else the road: same_words, head, start, similar."""
        return self.naming if self.road in ("exact", "term") else self.road

    @property
    def target(self) -> str:
        """Key of what the record names."""
        return self.found.target

    @property
    def untouched(self) -> bool:
        """Whether at most a requisition number was dropped."""
        return all(kind == "requisition" for kind in self.dropped)


def naming_of(naming: Naming) -> str:
    """The list a naming stands in, seen from what it names."""
    kind = naming.target_class
    if kind in ("function", "archetype"):
        return "term"
    if kind == "occupation" and naming.kind == "canonical":
        return "occupation_name"
    if kind == "soc" and naming.kind in ("canonical", "alias"):
        return "group_name" if naming.kind == "canonical" else "class_name"
    return naming.kind


class Matcher:
    """Walks the roads from a title to records, surest first; `roads` is lazy, so that a title found word for word costs one look-up."""

    def __init__(self, index: TitleIndex, settings: MatchSettings) -> None:
        self._index = index
        self._settings = settings
        self._vocabulary: Vocabulary = index.vocabulary

    def roads(self, title: NormalisedTitle) -> Iterator[tuple[Candidate, ...]]:
        """Candidates in four groups: filed word for word; the same words or a corrected spelling; known titles and terms inside; shared words."""
        yield self._exact(title.variants)
        words = tuple(title.text.split())[:MAX_WORDS]
        base = next((v for v in title.variants if v.key == title.text), None)
        dropped = tuple(kind for kind in (base.dropped if base else ()))
        rank = base.rank if base else 0
        corrected = self._corrected(words)
        if corrected != words:
            dropped = (*dropped, "spelling")
        yield self._reordered(corrected, dropped, rank, corrected != words)
        yield self._inside(corrected, dropped, rank)
        yield self._similar(corrected, dropped, rank)

    def second_jobs(self, title: NormalisedTitle) -> tuple[tuple[str, Naming], ...]:
        """Published titles that stand as a part of their own behind the head of a title."""
        if not title.segments:
            return ()
        found = self._index.exact(title.segments)
        return tuple((part, naming) for part in title.segments for naming in found.get(part, ()))

    def _exact(self, variants: Sequence[Variant]) -> tuple[Candidate, ...]:
        """The least dropped variant that is filed, and the least dropped that an authored role goes by if nothing more of weight was dropped for it."""
        found = self._index.exact([v.key for v in variants])
        hits = [v for v in variants if v.key in found]
        if not hits:
            return ()
        made = self._made(found[hits[0].key], "exact", hits[0].dropped, hits[0].rank)
        for variant in hits[1:]:
            roles = [n for n in found[variant.key] if n.target_class == "role"]
            if roles and self._settings.weightless.issuperset(set(variant.dropped) - set(hits[0].dropped)):
                return made + self._made(roles, "exact", variant.dropped, variant.rank)
        return made

    def _corrected(self, words: Phrase) -> Phrase:
        known, least, letters = self._vocabulary.seniority, self._settings.spelling, self._settings.spelling_letters
        return tuple(word if len(word) < letters or (word,) in known else self._index.spelled(word, least) or word for word in words)

    def _reordered(self, words: Phrase, dropped: tuple[str, ...], rank: int, corrected: bool) -> tuple[Candidate, ...]:
        if corrected:
            from_spelling = self._exact(self._readings(words, dropped, rank))
            if from_spelling:
                return from_spelling
        found = tuple(n for n in self._index.same_words(words) if n.target_class not in ("function", "archetype"))
        return self._made(found, "same_words", dropped, rank)

    def _readings(self, words: Phrase, dropped: tuple[str, ...], rank: int) -> tuple[Variant, ...]:
        bare, bare_rank = self._without_seniority(words)
        whole = Variant(" ".join(words), dropped, rank)
        return (whole, Variant(" ".join(bare), (*dropped, "seniority"), max(rank, bare_rank))) if bare and bare != words else (whole,)

    def _without_seniority(self, words: Phrase) -> tuple[Phrase, int]:
        kept: list[str] = []
        rank = position = 0
        ends = work_ends(words, self._vocabulary)
        while position < len(words):
            term = longest_phrase(words, position, self._vocabulary.seniority, self._vocabulary.longest)
            if term:
                position += len(term)
                told = self._vocabulary.seniority_of(term, closing=position > ends)
                rank = max(rank, told.rank if told else 0)
            else:
                kept.append(words[position])
                position += 1
        return tuple(kept), rank

    def _inside(self, words: Phrase, dropped: tuple[str, ...], rank: int) -> tuple[Candidate, ...]:
        """Longest known title that closes the title, that opens it, and functions' terms anywhere in it."""
        spans = {(i, j): " ".join((*words[i : j - 1], singular(words[j - 1], self._vocabulary))) for i in range(len(words)) for j in range(i + 1, min(len(words), i + _PHRASE_WORDS) + 1)}
        found = self._index.exact(sorted({*spans.values(), *self._activities(words).values()}))
        candidates: list[Candidate] = []
        last, first = len(words), 0
        for start in range(1, last):
            titles = self._titles(found.get(spans.get((start, last), ""), ()))
            if titles and self._without_seniority(words[start:])[0]:
                candidates += self._partial(titles, "head", words[start:], words[:start], dropped, rank)
                break
        for end in range(last - 1, 0, -1):
            titles = self._titles(found.get(spans.get((first, end), ""), ()))
            if titles and self._without_seniority(words[:end])[0]:
                candidates += self._partial(titles, "start", words[:end], words[end:], dropped, rank)
                break
        return tuple(candidates) + self._terms(words, spans, found, dropped, rank)

    def _activities(self, words: Phrase) -> Mapping[tuple[int, int], str]:
        """Ends of the title with the activity that its last word stands for, as a function's words may name it."""
        last, activity = len(words), self._vocabulary.activities.get(words[-1])
        return {(start, last): " ".join((*words[start:-1], activity)) for start in range(max(0, last - _PHRASE_WORDS), last - 1)} if activity else {}

    @staticmethod
    def _titles(namings: Iterable[Naming]) -> tuple[Naming, ...]:
        return tuple(n for n in namings if n.target_class not in ("function", "archetype"))

    def _partial(self, namings: tuple[Naming, ...], road: str, part: Phrase, rest: Phrase, dropped: tuple[str, ...], rank: int) -> tuple[Candidate, ...]:
        vocabulary, index = self._vocabulary, self._index
        inside, others = content_words(part, vocabulary), content_words(rest, vocabulary)
        bare, rest_rank = self._without_seniority(others)
        whole = inside + bare
        head = inside[-1] if inside else ""
        familiar = inside + tuple(w for w in bare if road == "head" and index.goes_with(w, head))
        coverage, familiarity = index.share(inside, whole), index.share(familiar, whole)
        unknown = bool(bare) and all(index.heads(w) == 0 for w in bare)
        strangers = sum(1 for w in bare if not index.known(w))
        kinds = (*dropped, *(("seniority",) if bare != others else ()))
        made: list[Candidate] = []
        for naming in namings:
            declared = naming.target_class == "role" and self._declared(naming.target, bare)
            extra = () if not bare else ("specialism",) if declared else ("trailing",) if road == "start" else ()
            (one,) = self._made((naming,), "declared" if declared else road, (*kinds, *extra), max(rank, rest_rank), len(namings))
            strength = one.strength * (MICRO + max(coverage, familiarity)) // (2 * MICRO) if not declared and road == "head" else one.strength
            made.append(
                replace(
                    one, road=road, strength=strength, rivals=len(namings), coverage=coverage, familiarity=familiarity, head_titles=index.heads(head),
                    shared_words=len(inside), head_general=head in vocabulary.work_nouns, strangers=strangers, rest_declared=declared, rest_unknown=unknown,
                )
            )  # fmt: skip
        return tuple(made)

    def _declared(self, role: str, words: Phrase) -> bool:
        declared = self._index.specialisms(role)
        return bool(words) and (" ".join(words) in declared or all(word in declared for word in words))

    def _terms(self, words: Phrase, spans: Mapping[tuple[int, int], str], found: Mapping[str, tuple[Naming, ...]], dropped: tuple[str, ...], rank: int) -> tuple[Candidate, ...]:
        """Functions and archetypes whose words stand in the title; archetypes only where no function's do. The trust is divided by what each says."""
        index, vocabulary = self._index, self._vocabulary
        held: dict[str, dict[str, None]] = {}
        longest: dict[str, Naming] = {}
        for (start, end), key in sorted((*spans.items(), *self._activities(words).items()), key=lambda item: (item[0][0] - item[0][1], item)):
            for naming in found.get(key, ()):
                if naming.target_class in ("function", "archetype"):
                    longest.setdefault(naming.target, naming)
                    held.setdefault(naming.target, {}).update(dict.fromkeys(content_words(words[start:end], vocabulary)))
        targets = sorted(t for t in held if t.startswith("function/")) or sorted(held)
        whole = content_words(words, vocabulary)
        bare, lost = self._without_seniority(words)
        told = {self._vocabulary.activities.get(words[-1])}
        general = {w for w in whole if w in vocabulary.work_nouns} | set(content_words(tuple(w for w in words if w not in bare), vocabulary))
        coverage = index.share(general.union(*(held[t] for t in targets)), whole)
        weights = {t: sum(index.weight(w) for w in held[t]) for t in targets}
        total = sum(weights.values()) or 1
        strangers, head_general = sum(1 for w in bare if not index.known(w)), bool(whole) and (whole[-1] in general or whole[0] in general)
        made: list[Candidate] = []
        for target in targets:
            aside = 0 if longest[target].key.split()[-1] in told else lost  # whoever does the activity: nothing of the title is set aside
            (one,) = self._made((longest[target],), "term", (*dropped, *(("seniority",) if aside else ())), max(rank, aside))
            share = weights[target] * MICRO // total
            strength = one.strength * (MICRO + coverage) // (2 * MICRO) * share // MICRO
            made.append(replace(one, strength=strength, coverage=coverage, familiarity=coverage, back=share, head_general=head_general, strangers=strangers))
        return tuple(made)

    def _similar(self, words: Phrase, dropped: tuple[str, ...], rank: int) -> tuple[Candidate, ...]:
        near = self._index.similar(words, self._settings.limit)
        head = next(iter(reversed(content_words(words, self._vocabulary))), "")
        found = self._index.exact([s.key for s in near])
        made: list[Candidate] = []
        for key in near:
            made += self._shared(key, head, self._titles(found[key.key]), dropped, rank)
        return tuple(made[: self._settings.limit])

    def _shared(self, key: SimilarKey, head: str, namings: tuple[Naming, ...], dropped: tuple[str, ...], rank: int) -> Iterator[Candidate]:
        likeness = max(key.back, key.likeness)
        for one in self._made(namings, "similar", dropped, rank):
            strength = one.strength * key.coverage // MICRO * likeness // MICRO
            yield replace(
                one, strength=strength, coverage=key.coverage, familiarity=key.coverage, back=key.back, head_agrees=key.head_agrees,
                head_titles=self._index.heads(head), shared_words=key.shared, head_general=head in self._vocabulary.work_nouns, likeness=likeness,
            )  # fmt: skip

    def _made(self, namings: Sequence[Naming], road: str, dropped: tuple[str, ...], rank: int, rivals: int = 0) -> tuple[Candidate, ...]:
        kinds = tuple(dict.fromkeys(dropped))
        kept = self._settings.road[road]
        for kind in kinds:
            kept = kept * self._settings.kept[kind] // MICRO
        count = rivals or len({n.target for n in namings})
        made = [Candidate(n, road, naming_of(n), kept * self._settings.naming[naming_of(n)] // MICRO, kinds, rank, count) for n in namings]
        return tuple(sorted(made, key=lambda c: (-c.strength, c.target, c.naming))[: self._settings.limit])
