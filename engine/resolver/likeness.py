"""Occupations for titles that are filed nowhere word for word: the published title that stands in them, all but for its spelling, and what they resemble.

In: normalised titles. Out: occupations, best first, with the chance that each is right, and the records these rest on. Refuses to know tiers; weights are
those of the pack `likeness`. Numbers are whole (millionths) once they leave this module, so that any batching gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from engine.contracts import MICRO, to_micro
from engine.resolver.meant_title import NEAR_FEATURES, Meant, MeantTitles, log_odds, logistic
from engine.resolver.near_titles import NearTitle
from engine.resolver.normalise import NormalisedTitle, normalise
from engine.resolver.title_index import TitleIndex
from engine.resolver.title_rows import Naming
from engine.rules import Rulebook

if TYPE_CHECKING:  # numbers in columns load only where a title is not filed
    from engine.similarity import Ranker, Ranking

_EVEN = 0.5  # more likely meant than not
_KEPT = 40_000  # parts of titles kept
FEATURES = ("constant", "near", "ranked", "agreed", "ranked_near", "none_near", "title", "filed_first")
SURE_FEATURES = ("constant", "near")


class RankedCode(NamedTuple):
    """An occupation that a title may mean: its key, the chance that it is right (millionths), and the published title that speaks for it, if one does."""

    occupation: str
    chance: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Likened:
    """What a title is like. `codes` best first; `near`: the published title that stands in it with its namings, the chance that it is meant (millionths), and how
    many words stand `beside` it that may tell the work; `title`: the chance that the text is a title at all (None where nothing can be likened), `accepted`
    whether that is enough; `doubtful`: whether it is not and no title is more likely than not all that the text says; `groups`: wider groups with the chance that the right
    occupation is in them."""

    codes: tuple[RankedCode, ...]
    near: NearTitle | None
    namings: tuple[Naming, ...]
    near_chance: int
    beside: int
    title: int | None
    accepted: bool
    doubtful: bool
    groups: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class LikenessWeights:
    """Parameters of the pack `likeness` that this module reads: costs of a reading; weights of the chance that a title is meant and of the chance of the first
    occupation, where the index of likeness was asked and where it was not; the chance (millionths) from which it is not asked."""

    costs: Mapping[str, int]
    near: Mapping[str, float]
    answer: Mapping[str, float]
    sure: Mapping[str, float]
    sure_from: int

    @classmethod
    def of(cls, rulebook: Rulebook, as_of: date) -> LikenessWeights:
        """Read them as in force on a day. Raises BadInput RUL214 where a model weighs what nobody can see."""

        def weights(name: str, features: Sequence[str]) -> Mapping[str, float]:
            return {feature: float(value) for feature, value in rulebook.weights("likeness", name, features, as_of).items()}

        costs = {name: int(value * 1000) for name, value in rulebook.parameter("likeness", "reading_cost", as_of).items()}
        return cls(
            costs, weights("near_confidence", NEAR_FEATURES), weights("answer_confidence", FEATURES), weights("sure_confidence", SURE_FEATURES),
            to_micro(rulebook.parameter("likeness", "sure_from", as_of)),
        )  # fmt: skip


class Likeness:
    """Over one index of titles and, where it has one, its index of likeness."""

    def __init__(self, index: TitleIndex, rulebook: Rulebook, as_of: date) -> None:
        self._index, self._rulebook, self._as_of = index, rulebook, as_of
        self._weights = LikenessWeights.of(rulebook, as_of)
        self._meant = MeantTitles(index, self._weights.costs, self._weights.near)
        self._aside = {*rulebook.parameter("title_evidence", "idle_kinds", as_of), *rulebook.parameter("likeness", "aside_kinds", as_of)}
        self._most = to_micro(rulebook.parameter("fallback", "filed_chance", as_of))  # nothing near is surer than what is filed
        self._least = to_micro(rulebook.parameter("likeness", "least_listed", as_of))
        self._likely = float(rulebook.parameter("title_evidence", "near_likelihood", as_of))
        self._parts: dict[str, tuple[Naming, ...]] = {}
        self._opened: Ranker | None = None
        self._few = False

    def likened(self, titles: Sequence[NormalisedTitle], shown: int) -> tuple[Likened, ...]:
        """What each title is like; at most `shown` occupations of each."""
        if not titles:
            return ()
        self._meant.learn(titles)
        meant = [self._meant.meant(title) for title in titles]
        ranker = self._ranker()
        if ranker is None:
            return tuple([self._answer(found, (), shown) for found in meant])
        asked = [None if self._sure(found) else self._asked(title, found) for title, found in zip(titles, meant, strict=True)]
        texts = list(dict.fromkeys(text for text in asked if text is not None))  # many titles are one once numbers and places are off
        places = {text: place for place, text in enumerate(texts)}
        ranking = ranker.rank(texts, shown)
        return tuple([self._certain(found, shown) if text is None else self._ranked(found, ranker, ranking, places[text], shown) for text, found in zip(asked, meant, strict=True)])

    def meant_part(self, part: str) -> tuple[Naming, ...]:
        """Namings of the published title that a part of several words is, all but for its spelling; none where that is not likely, or where nothing tells what is a
        title at all. One word beside a title is a place or an employer too often."""
        kept = self._parts.get(part)
        if kept is None:
            if len(self._parts) > _KEPT:
                self._parts.clear()
            kept = self._parts[part] = self._misspelt(part) if " " in part else ()
        return kept

    def _misspelt(self, part: str) -> tuple[Naming, ...]:
        found = self._meant.meant(normalise(part, self._index.vocabulary))
        likely = found.near is not None and found.near.cost > 0 and found.alone and found.chance >= self._likely
        return found.namings if likely and self._ranker() is not None else ()

    def _sure(self, meant: Meant) -> bool:
        """Whether a published title is meant for sure, so that what else the text resembles tells nothing: no other word of the text tells work."""
        return len(meant.codes) > 0 and meant.alike == 1 and meant.whole and _percent(meant.chance) >= self._weights.sure_from

    def _asked(self, title: NormalisedTitle, meant: Meant) -> str:
        """What the index of likeness is asked: the published title that is meant with the words beside it, or the whole text but for numbers, places and the form of work."""
        if meant.near is not None and meant.chance >= _EVEN:
            return " ".join((*meant.beside, meant.near.key))
        whole = title.variants[0] if title.variants else None
        if whole is None:
            return title.text
        idle = [v for v in title.variants if self._aside.issuperset(v.dropped)]
        return max(idle, key=lambda v: len(v.dropped), default=whole).key

    def _ranker(self) -> Ranker | None:
        if self._opened is None and self._index.likeness is not None:
            from engine.similarity import LikenessSettings, Ranker, SimilarityIndex

            index = SimilarityIndex.open(self._index.likeness())
            self._few = len(index.concepts) < int(self._rulebook.parameter("likeness", "least_concepts", self._as_of))
            self._opened = Ranker(index, LikenessSettings.of(self._rulebook, self._as_of, with_meaning=index.meaning is not None))
        return None if self._few else self._opened

    def _certain(self, meant: Meant, shown: int) -> Likened:
        """The occupations of the title that is meant for sure; that the text is a title is at least as likely."""
        chance = min(self._most, _percent(logistic({"constant": 1.0, "near": log_odds(meant.chance)}, self._weights.sure)))
        near = _percent(meant.chance)
        return Likened(_shared_out(_filed(meant, {}), chance, shown), meant.near, meant.namings, near, 0, near, True, False, ())

    def _ranked(self, meant: Meant, ranker: Ranker, ranking: Ranking, row: int, shown: int) -> Likened:
        """What a text is like by the index of likeness, and by the title that stands in it."""
        ranked = []
        for concept, chance, naming in zip(ranking.concept[row].tolist(), ranking.probability[row].tolist(), ranking.naming[row].tolist(), strict=True):
            ranked.append(RankedCode(ranker.index.concepts[concept], chance, ranker.index.naming(naming)[0] if naming >= 0 else ""))
        if not ranked:
            return self._answer(meant, (), shown)
        levels = ((2, ranking.minor[row], ranking.minor_probability[row]), (3, ranking.major[row], ranking.major_probability[row]))
        groups = tuple([(ranker.index.group(level, int(number)), _percent(int(chance) / MICRO)) for level, number, chance in levels if number >= 0])
        return self._answer(meant, ranked, shown, int(ranking.known[row]), bool(ranking.accepted[row]), groups)

    def _answer(self, meant: Meant, ranked: Sequence[RankedCode], shown: int, known: int | None = None, accepted: bool = True, groups: tuple[tuple[str, int], ...] = ()) -> Likened:
        listed, told, share = _listed(meant, ranked, known)
        doubtful = not accepted and known is not None and not (meant.alone and meant.chance >= _EVEN)  # no code is right for what is no title
        chance = min(self._most, _percent(logistic(told, self._weights.answer) * share * ((known or 0) / MICRO if doubtful else 1.0)))
        by_meaning = self._opened is not None and self._opened.index.meaning is not None  # then words that no title holds may still tell
        if doubtful and chance < self._least and not by_meaning:
            listed = ()
        return Likened(_shared_out(listed, chance, shown), meant.near, meant.namings, _percent(meant.chance), len(meant.beside), known, accepted, doubtful, groups)


def _filed(meant: Meant, likely: Mapping[str, RankedCode]) -> list[RankedCode]:
    """The occupations that the title which stands in the text names, each with the chance that the text resembles it."""
    first: dict[str, Naming] = {}
    for naming in meant.namings:
        first.setdefault(naming.target, naming)
    return [RankedCode(code, likely[code].chance if code in likely else 0, first[code].title) for code in meant.codes]


def _listed(meant: Meant, ranked: Sequence[RankedCode], known: int | None) -> tuple[Sequence[RankedCode], dict[str, float], float]:
    """Codes of the title that stands in the text and those that it resembles, in one list, what can be seen of the first, and its share among those that are named alike: of
    several occupations that one title names, none is picked for its code."""
    chance = meant.chance if meant.codes else 0.0
    top = ranked[0].chance / MICRO if ranked else 0.0
    filed = _filed(meant, {c.occupation: c for c in ranked}) if meant.codes else []
    filed[: meant.alike] = sorted(filed[: meant.alike], key=lambda c: -c.chance)
    first = bool(filed) and (chance >= top or chance >= _EVEN)
    ranks = {c.occupation for c in ranked}
    missing = [] if first else [c for c in filed[: meant.alike] if c.occupation not in ranks]  # what it is filed for stays in sight
    listed = [*filed, *(c for c in ranked if c.occupation not in meant.codes)] if first else [*ranked[: max(1, len(ranked) - len(missing))], *missing] if ranked else filed
    inside = max((c.chance for c in filed), default=0) / MICRO
    told = {
        "constant": 1.0, "near": log_odds(chance) if filed else 0.0, "ranked": log_odds(top), "agreed": float(bool(filed and ranked) and ranked[0].occupation in meant.codes),
        "ranked_near": inside, "none_near": float(not filed), "title": log_odds((known or 0) / MICRO), "filed_first": float(first),
    }  # fmt: skip
    rivals = [c.chance for c in filed[: meant.alike]] if first and meant.alike > 1 else [1]
    return listed, told, rivals[0] / sum(rivals) if sum(rivals) else 1 / len(rivals)


def _shared_out(listed: Sequence[RankedCode], chance: int, shown: int) -> tuple[RankedCode, ...]:
    """The first with its chance, the others sharing the rest as their own chances stand, none above the first; in whole percents. Nothing where the best is none."""
    if not chance:
        return ()
    rest = sum([c.chance for c in listed[1:]]) or 1
    left = MICRO - chance
    return tuple([c._replace(chance=chance if n == 0 else min(chance, _percent(c.chance * left / rest / MICRO))) for n, c in enumerate(listed[:shown])])


def _percent(share: float) -> int:
    """A chance in whole percents, which is as much as it is worth, as millionths."""
    return round(share * 100) * (MICRO // 100)
