"""The titles of an O*NET release as its folder has them: every name with the codes of all rows that hold it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

CODE = "O*NET-SOC Code"
NOTHING = ("", "n/a")


def key_of(title: str) -> str:
    """Letters and digits in lower case, one blank between their runs: `Web/UX Designer` and `web ux designer` are one string."""
    return " ".join(re.findall(r"[a-z0-9]+", title.casefold()))


def rows_of(folder: Path, file: str) -> Iterator[dict[str, str]]:
    """Rows of a tab-separated file, without quoting as O*NET writes it."""
    with (folder / file).open(encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE)


def names_of(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Every name: its kind (`alternate`, `short`, `occupation`), the text, the code; file by file in the order of rows."""
    for row in rows_of(folder, "Alternate Titles.txt"):
        yield "alternate", row["Alternate Title"], row[CODE]
        if row["Short Title"] not in NOTHING:
            yield "short", row["Short Title"], row[CODE]
    for row in rows_of(folder, "Occupation Data.txt"):
        yield "occupation", row["Title"], row[CODE]


def codes_by_key(names: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, ...]]:
    """The codes of each string, sorted."""
    found: dict[str, set[str]] = {}
    for _, title, code in names:
        found.setdefault(key_of(title), set()).add(code)
    return {key: tuple(sorted(codes)) for key, codes in found.items()}


def write_labelled(path: Path, rows: Iterable[tuple[str, tuple[str, ...]]]) -> int:
    """A CSV file with the columns `title` and `codes` (several codes with `;` between them); answers the number of rows."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("title", "codes"))
        for title, codes in rows:
            out.writerow((title, ";".join(codes)))
            written += 1
    return written
