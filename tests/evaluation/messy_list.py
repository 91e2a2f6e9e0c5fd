"""Writes a long list of titles as a job board has them: half of it published titles word for word, half vacancy titles and their damaged forms.

    python tests/evaluation/messy_list.py FOLDER_OF_ONET VALIDATION.csv COUNT OUT.csv [SEED]

The second half holds every vacancy title once, then damaged forms of them, round after round; all rows are mixed in an order that the seed tells.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, count, islice
from pathlib import Path

from corrupter import corrupt, vocabulary
from onet_titles import names_of

COLUMN = "vacancyTitle"


def mixed(rows: Sequence[str], seed: int) -> list[str]:
    """The rows in an order that follows from the seed and each row's place and text."""
    return [row for _, row in sorted(enumerate(rows), key=lambda placed: hashlib.sha256(f"{seed}\x1f{placed[0]}\x1f{placed[1]}".encode()).digest())]


def damaged(titles: Sequence[str], seed: int) -> Iterator[str]:
    """Damaged forms of the titles, round after round, without end."""
    words = vocabulary()
    return (corrupt(title, seed, number, words).title for number in count() for title in titles)


def messy(onet: Path, vacancies: Path, rows: int, seed: int) -> list[str]:
    """So many rows, half of them published."""
    published = mixed(sorted({title for _, title, _ in names_of(onet)}), seed)[: rows // 2]
    with vacancies.open(encoding="utf-8-sig", newline="") as file:
        advertised = [title for row in csv.DictReader(file) if (title := " ".join(row[COLUMN].split()))]
    return mixed([*published, *islice(chain(advertised, damaged(advertised, seed)), rows - len(published))], seed)


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        raise SystemExit("usage: messy_list.py FOLDER_OF_ONET VALIDATION.csv COUNT OUT.csv [SEED]")
    made = messy(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[5]) if len(sys.argv) == 6 else 1)
    with Path(sys.argv[4]).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([("title",), *((title,) for title in made)])
    print(f"{len(made):,} titles")
