"""Writes damaged titles of an O*NET release with the code of the title that each was made from.

    python tests/evaluation/corrupted.py FOLDER COUNT OUT.csv [SEED]

Which titles: names (alternate, short, of an occupation) of one to six words without brackets or slashes whose letters and digits name exactly one
occupation in the release, in an order that the seed mixes; every title once before any twice. A damaged form whose letters and digits are those of a name
of another occupation is passed over (its code would be wrong), as is one that an earlier title gave already.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from corrupter import Corrupted, corrupt, vocabulary
from onet_titles import codes_by_key, key_of, names_of, write_labelled

MOST_WORDS = 6
ROUNDS = 20


def clear_titles(folder: Path) -> dict[str, str]:
    """The titles that name one occupation, each string once, with its code."""
    names = list(names_of(folder))
    codes = codes_by_key(names)
    found: dict[str, tuple[str, str]] = {}
    for _, title, _ in names:
        key = key_of(title)
        if len(codes[key]) == 1 and 1 <= len(title.split()) <= MOST_WORDS and not set(title) & set("()[]/"):
            found.setdefault(key, (title, codes[key][0]))
    return dict(found.values())


def corrupted(folder: Path, count: int, seed: int) -> Iterator[tuple[Corrupted, str]]:
    """`count` damaged titles with their codes; fewer where the release gives no more."""
    known, clear, words = codes_by_key(names_of(folder)), clear_titles(folder), vocabulary()
    mixed = sorted(clear, key=lambda t: hashlib.sha256(f"{seed}\x1f{t}".encode()).digest())
    given: set[str] = set()
    for number in range(ROUNDS):
        for title in mixed:
            damaged = corrupt(title, seed, number, words)
            if damaged.title in given or known.get(key_of(damaged.title), (clear[title],)) != (clear[title],):
                continue
            given.add(damaged.title)
            yield damaged, clear[title]
            if len(given) == count:
                return


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        raise SystemExit("usage: corrupted.py FOLDER COUNT OUT.csv [SEED]")
    chosen = corrupted(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[4]) if len(sys.argv) == 5 else 1)
    print(f"{write_labelled(Path(sys.argv[3]), ((damaged.title, (code,)) for damaged, code in chosen)):,} titles")
