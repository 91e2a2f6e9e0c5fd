"""A plain matcher of titles by letter triples: what one writes in ten minutes. It names the nearest title and decides nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable


def triples(text: str) -> set[str]:
    """Letter triples of a text with its edges marked."""
    padded = f"^{text.lower()}$"
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


class PlainMatcher:
    """Titles by their triples; the nearest one shares the greatest part of them (Dice)."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._titles = list(titles)
        self._sizes: list[int] = []
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, title in enumerate(self._titles):
            held = triples(title)
            self._sizes.append(len(held))
            for triple in held:
                self._holders[triple].append(number)

    def nearest(self, title: str) -> str:
        """The nearest title, or '' where none shares a triple."""
        asked = triples(title)
        shared: Counter[int] = Counter()
        for triple in asked:
            shared.update(self._holders.get(triple, ()))
        best = max(shared, key=lambda n: (shared[n] / (len(asked) + self._sizes[n]), -n), default=None)
        return "" if best is None else self._titles[best]
