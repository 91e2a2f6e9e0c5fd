"""The published title that stands in a text, all but for its spelling, with what can be seen of it and the chance that it is meant.

In: a normalised title and the index. Out: that title, its records and the words beside it. Refuses to know what a text resembles as a whole.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from engine.resolver.candidates import letters_of
from engine.resolver.near_titles import NearTitle, NearTitles
from engine.resolver.normalise import NormalisedTitle
from engine.resolver.seniority import words_of_rank
from engine.resolver.title_index import TitleIndex
from engine.resolver.title_rows import Naming
from engine.resolver.words import singular, words_of

_NEAR = 6
_GRADE = re.compile(r"([^\W\d_]+)\s+(?:\d{1,2}|[A-Za-z])\s*(?=$|[^\w\s])")
NEAR_FEATURES = (
    "constant", "rest_known", "rest_unknown", "rest_aside", "changed", "one_word", "two_words", "margin", "rivals", "apart", "unordered", "whole", "points",
    "rest_fits", "rest_known_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meant:
    """The published title that stands in a text, the records of it, the occupations that they name (the first `alike` of them by titles that are written equally like
    the text), words `beside` it that may tell the work, whether none is (`alone`) and no part that was set aside tells other work (`whole`), and the chance (0 to 1) that it is meant."""

    near: NearTitle | None
    namings: tuple[Naming, ...]
    codes: tuple[str, ...]
    alike: int
    beside: tuple[str, ...]
    alone: bool
    whole: bool
    chance: float


_NOTHING = Meant(None, (), (), 0, (), False, False, 0.0)


class MeantTitles:
    """Over one index; `costs` of a reading and `weights` of NEAR_FEATURES are those of the pack `likeness`."""

    def __init__(self, index: TitleIndex, costs: Mapping[str, int], weights: Mapping[str, float]) -> None:
        self._index, self._weights = index, weights
        self._near = NearTitles(index, costs)

    def learn(self, titles: Sequence[NormalisedTitle]) -> None:
        """Read many titles at once; what is meant by each stays the same."""
        self._near.learn(titles)

    def meant(self, title: NormalisedTitle) -> Meant:
        """The title that stands in a text, unless words of work stand beside it: then what the text resembles as a whole tells more."""
        found = self._near.found(title, _NEAR)
        if not found:
            return _NOTHING
        beside = self._beside(title, found[0])
        if self._plain(title, found[0], beside):
            return _NOTHING
        namings, alike = self._namings(title, found)
        codes = tuple(dict.fromkeys(n.target for n in namings if n.target.startswith("occupation/")))
        ranks = words_of_rank(tuple(title.text.split()), self._index.vocabulary)
        alone = not beside and (found[0].words > 1 or ranks.issuperset(found[0].rest))  # one word beside a number or an address may be no title
        whole = alone and self._told_elsewhere(title).isdisjoint(found[0].rest)
        return Meant(found[0], namings, codes, len(alike.intersection(codes)), beside, alone, whole, logistic(self._told(found, codes, beside), self._weights))

    def _namings(self, title: NormalisedTitle, found: Sequence[NearTitle]) -> tuple[tuple[Naming, ...], frozenset[str]]:
        """Namings of the keys that account best for a text, those first that are written most like it, and what is named by these."""
        keys = [f.key for f in found if f.points == found[0].points]
        filed = self._index.exact(keys)
        namings = [n for key in keys for n in filed.get(key, ())]
        if len(namings) < 2:
            return tuple(namings), frozenset(n.target for n in namings)
        given = letters_of(title.given).split(" ")
        likeness = {written: _written_alike(letters_of(written), given) for written in {n.title for n in namings}}
        most = max(likeness.values())
        ordered = sorted(namings, key=lambda n: (-likeness[n.title], n.target, n.kind, n.title))
        return tuple(ordered), frozenset(n.target for n in namings if likeness[n.title] == most)

    def _beside(self, title: NormalisedTitle, near: NearTitle) -> tuple[str, ...]:
        """Words beside a title that stands in a text which may tell the work: no seniority, no grade (`band c`), nothing before a colon that it stands behind."""
        if not near.rest:
            return ()
        told = words_of_rank(tuple(title.text.split()), self._index.vocabulary)
        kept = set(title.text.split())
        kept.difference_update(grade.lower() for grade in _GRADE.findall(title.given))
        if ":" in title.given:
            opening, _, rest = title.given.partition(":")
            written = set(words_of(rest, self._index.vocabulary))
            if not written.isdisjoint(near.key.split(" ")):
                kept.difference_update(words_of(opening, self._index.vocabulary))
        return tuple([w for w in near.rest if w in kept and w not in told])

    def _told_elsewhere(self, title: NormalisedTitle) -> set[str]:
        """Words of parts and explanations that were set aside and may tell other work."""
        aside = [s.text for s in title.stripped if s.kind == "explanation" or (s.kind == "segment" and s.value != "name")]
        return {singular(word, self._index.vocabulary) for text in aside for word in words_of(text, self._index.vocabulary)}

    def _plain(self, title: NormalisedTitle, near: NearTitle, beside: Sequence[str]) -> bool:
        """Whether a text holds other words of titles beside a title that stands in it as written, or the same words in brackets."""
        names = frozenset(near.key.split(" "))
        return ("(" in title.given and any(w in names for w in near.rest)) or (bool(beside) and not near.cost and not near.led and all(map(self._index.known, beside)))

    def _told(self, found: Sequence[NearTitle], codes: Sequence[str], beside: Sequence[str]) -> dict[str, float]:
        """NEAR_FEATURES of the key that accounts best for a text."""
        index, near = self._index, found[0]
        margin = 10.0
        for other in found[1:]:
            targets = {n.target for n in index.exact([other.key]).get(other.key, ())}
            if not targets & set(codes):
                margin = min(10.0, (near.points - other.points) / 1000)
                break
        head = singular(near.key.rpartition(" ")[2], index.vocabulary)
        return {
            "constant": 1.0, "rest_known": sum(index.weight(w) for w in beside if index.known(w)) / 10_000, "rest_unknown": float(sum(1 for w in beside if not index.known(w))),
            "rest_aside": float(len(near.rest) - len(beside)), "changed": float(near.cost), "one_word": float(near.words == 1), "two_words": float(near.words == 2), "margin": margin,
            "rivals": math.log1p(len(codes)), "apart": float(not near.together), "unordered": float(not near.ordered), "whole": float(not beside), "points": near.points / 10_000,
            "rest_fits": float(sum(1 for w in beside if index.goes_with(w, head))), "rest_known_count": float(sum(1 for w in beside if index.known(w))),
        }  # fmt: skip


def _written_alike(title: str, given: Sequence[str]) -> int:
    """How alike a published title is written to those words of a text, as many in a row, that are written most like it, in whatever order (thousandths of a percent)."""
    count = title.count(" ") + 1
    rows = [" ".join(given[start : start + count]) for start in range(max(1, len(given) - count + 1))]
    return max(round(max(fuzz.ratio(title, row), fuzz.token_sort_ratio(title, row)) * 1000) for row in rows)


def log_odds(share: float) -> float:
    """Logarithm of a chance to the rest, kept within what a ten-thousandth can tell."""
    held = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(held / (1 - held))


def logistic(told: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The chance that features with these weights (points of log-odds) tell."""
    score = sum(told[name] * weights[name] for name in sorted(weights) if name in told)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
