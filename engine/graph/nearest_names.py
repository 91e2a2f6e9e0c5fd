"""The nearest names for a remedy: only those that are near enough to have been meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_NEAR = 70  # of 100; below it a suggestion misleads more than it helps
_BEGINNING = 3
_LISTED = 12


def nearest(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Up to `most` known names that `name` begins (three letters or more) or resembles, whatever the case: best first, then by name."""
    lowered = name.lower()
    folded = {k: k.lower() for k in sorted(known)}
    begun = [k for k, low in folded.items() if len(lowered) >= _BEGINNING and low.startswith(lowered)]
    alike = process.extract(lowered, folded, scorer=fuzz.ratio, limit=None, score_cutoff=_NEAR)
    ranked = [k for _, _, k in sorted(alike, key=lambda found: (-found[1], found[2]))]
    return tuple(dict.fromkeys([*ranked, *begun]))[:most]


def remedy(name: str, known: Iterable[str], page: str) -> str:
    """`did you mean ...?` where a known name is near, else a few of the known ones and the page of the handbook with all."""
    names = sorted(known)
    found = nearest(name, names, 1)
    if found:
        return f"did you mean {found[0]}?"
    rest = len(names) - _LISTED
    return f"known: {', '.join(names[:_LISTED])}{f' and {rest} more' if rest > 0 else ''}; see {page}"
