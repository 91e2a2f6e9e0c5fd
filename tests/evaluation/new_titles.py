"""Writes the titles that are new in the later of two O*NET releases with the codes that it gives them: a hold-out for an index of the earlier one.

    python tests/evaluation/new_titles.py EARLIER LATER OUT.csv

What is new: an alternate title of the later release whose letters and digits, in lower case, are those of no name of the earlier one (alternate title, short
title or name of an occupation). From 29.1 to 30.1 that is 1,418 strings. Compared letter by letter, and with alternate titles alone, it would be 1,437:
19 of those stand in 29.1 with another hyphen or comma, as a short title or as the name of an occupation, and an exact look-up finds them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from onet_titles import codes_by_key, key_of, names_of, write_labelled


def new_titles(earlier: Path, later: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Each new string as its first row spells it, in the order of strings, with the codes of every row of the later release that holds it."""
    known = {key_of(title) for _, title, _ in names_of(earlier)}
    names = list(names_of(later))
    codes = codes_by_key(names)
    spelled: dict[str, str] = {}
    for kind, title, _ in names:
        if kind == "alternate" and key_of(title) not in known:
            spelled.setdefault(key_of(title), title)
    return [(spelled[key], codes[key]) for key in sorted(spelled)]


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit("usage: new_titles.py EARLIER LATER OUT.csv")
    print(f"{write_labelled(Path(sys.argv[3]), new_titles(Path(sys.argv[1]), Path(sys.argv[2]))):,} titles")
