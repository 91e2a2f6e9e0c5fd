"""Known titles inside a longer one: the longest that closes it, the longest that opens it, and words of functions and archetypes anywhere in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.contracts import MICRO
from engine.resolver.bare_words import BareWords
from engine.resolver.candidates import Candidate, Trust, naming_of
from engine.resolver.title_index import TitleIndex
from engine.resolver.title_rows import Naming
from engine.resolver.vocabulary import Phrase

_PHRASE_WORDS = 5
_GROUNDS = ("function/", "archetype/")
_Span = tuple[int, int]
_Found = Mapping[str, tuple[Naming, ...]]


def titles_among(namings: Iterable[Naming]) -> tuple[Naming, ...]:
    """Namings of roles, occupations and groups: whatever is a title and not a word of a field."""
    return tuple([n for n in namings if not n.target.startswith(_GROUNDS)])


class InnerTitles:
    """Looks inside titles."""

    def __init__(self, index: TitleIndex, words: BareWords, trust: Trust) -> None:
        self._index, self._words, self._trust, self._vocabulary = index, words, trust, index.vocabulary

    def found(self, words: Phrase, dropped: tuple[str, ...], rank: int) -> tuple[Candidate, ...]:
        """What closes the title, what opens it, then the terms in it. `dropped` and `rank` are of what was set aside before."""
        last, activities = len(words), self._activities(words)
        singular = [self._words.singular(word) for word in words]
        spans = {(i, j): " ".join((*words[i : j - 1], singular[j - 1])) for i in range(last) for j in range(i + 1, min(last, i + _PHRASE_WORDS) + 1)}
        found = self._index.exact(list(dict.fromkeys((*spans.values(), *activities.values()))))
        if not found:
            return ()
        candidates: list[Candidate] = []
        for start in range(1, last):
            titles = titles_among(found.get(spans.get((start, last), ""), ()))
            if titles and self._words.without_seniority(words[start:])[0]:
                candidates += self._partial(titles, "head", words[start:], words[:start], dropped, rank)
                break
        for end in range(last - 1, 0, -1):
            titles = titles_among(found.get(spans.get((0, end), ""), ()))
            if titles and self._words.without_seniority(words[:end])[0]:
                candidates += self._partial(titles, "start", words[:end], words[end:], dropped, rank)
                break
        return (*candidates, *self._terms(words, (*spans.items(), *activities.items()), found, dropped, rank))

    def _activities(self, words: Phrase) -> Mapping[_Span, str]:
        """Ends of the title with the activity that its last word stands for, as a function's words may name it."""
        last, activity = len(words), self._vocabulary.activities.get(words[-1])
        return {(start, last): " ".join((*words[start:-1], activity)) for start in range(max(0, last - _PHRASE_WORDS), last - 1)} if activity else {}

    def _partial(self, namings: tuple[Naming, ...], road: str, part: Phrase, rest: Phrase, dropped: tuple[str, ...], rank: int) -> list[Candidate]:
        index = self._index
        inside, others = self._words.contents(part), self._words.contents(rest)
        bare, rest_rank = self._words.without_seniority(others)
        whole = inside + bare
        head = inside[-1] if inside else ""
        familiar = inside + tuple([w for w in bare if road == "head" and index.goes_with(w, head)])
        coverage = index.share(inside, whole)
        familiarity = index.share(familiar, whole) if familiar != inside else coverage
        heads, general = index.heads(head), head in self._vocabulary.work_nouns
        unknown = bool(bare) and all(index.heads(w) == 0 for w in bare)
        strangers = sum(1 for w in bare if not index.known(w))
        kinds = tuple(dict.fromkeys((*dropped, "seniority") if bare != others else dropped))
        rank = max(rank, rest_rank)
        made: list[Candidate] = []
        for naming in namings:
            declared = naming.target.startswith("role/") and self._declared(naming.target, bare)
            extra = "" if not bare else "specialism" if declared else "trailing" if road == "start" else ""
            aside = (*kinds, extra) if extra and extra not in kinds else kinds
            listed = naming_of(naming)
            strength = self._trust.of(listed, "declared" if declared else road, aside)
            if road == "head" and not declared:
                strength = strength * (MICRO + max(coverage, familiarity)) // (2 * MICRO)
            made.append(Candidate(
                naming, road, listed, strength, aside, rank, len(namings), coverage, familiarity, head_titles=heads, shared_words=len(inside), head_general=general,
                strangers=strangers, rest_declared=declared, rest_unknown=unknown,
            ))  # fmt: skip
        return made

    def _declared(self, role: str, words: Phrase) -> bool:
        declared = self._index.specialisms(role)
        return bool(words) and (" ".join(words) in declared or all(word in declared for word in words))

    def _terms(self, words: Phrase, spans: Iterable[tuple[_Span, str]], found: _Found, dropped: tuple[str, ...], rank: int) -> list[Candidate]:
        """Functions and archetypes whose words stand in the title; archetypes only where no function's do. The trust is divided by what each says."""
        index, vocabulary = self._index, self._vocabulary
        held: dict[str, dict[str, None]] = {}
        longest: dict[str, Naming] = {}
        for (start, end), key in sorted((item for item in spans if item[1] in found), key=lambda item: (item[0][0] - item[0][1], item)):
            for naming in found[key]:
                if naming.target.startswith(_GROUNDS):
                    longest.setdefault(naming.target, naming)
                    held.setdefault(naming.target, {}).update(dict.fromkeys(self._words.contents(words[start:end])))
        if not held:
            return []
        targets = sorted(t for t in held if t.startswith("function/")) or sorted(held)
        whole = self._words.contents(words)
        bare, lost = self._words.without_seniority(words)
        told = {vocabulary.activities.get(words[-1])}
        general = {w for w in whole if w in vocabulary.work_nouns} | set(self._words.contents(tuple(w for w in words if w not in bare)))
        coverage = index.share(general.union(*(held[t] for t in targets)), whole)
        weights = {t: sum(index.weight(w) for w in held[t]) for t in targets}
        total = sum(weights.values()) or 1
        strangers, head_general = sum(1 for w in bare if not index.known(w)), bool(whole) and (whole[-1] in general or whole[0] in general)
        made: list[Candidate] = []
        for target in targets:
            aside = 0 if longest[target].key.split()[-1] in told else lost  # whoever does the activity: nothing of the title is set aside
            kinds = tuple(dict.fromkeys((*dropped, "seniority") if aside else dropped))
            listed, share = naming_of(longest[target]), weights[target] * MICRO // total
            strength = self._trust.of(listed, "term", kinds) * (MICRO + coverage) // (2 * MICRO) * share // MICRO
            made.append(Candidate(
                longest[target], "term", listed, strength, kinds, max(rank, aside), 1, coverage, coverage, share, head_general=head_general, strangers=strangers,
            ))  # fmt: skip
        return made
