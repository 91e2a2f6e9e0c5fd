"""Lists to match, and their judgements, from publishers' folders:

    python tests/matching/published_lists.py vacancies DATA OUT     vacancy titles against ESCO's occupations; half of them as labelled examples
    python tests/matching/published_lists.py crosswalk DATA OUT     O*NET's occupation titles against all labels of ESCO; exact links as gold (or --links exact,close)

The crosswalk is opened here alone, as gold: the product never reads it for matching.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.matching import LabelRow

LINKS = {"exact": "exactMatch", "close": "closeMatch", "narrow": "narrowMatch", "broad": "broadMatch"}


@dataclass(frozen=True)
class Lists:
    """Queries, candidates, the candidates that are right for each query, and labelled examples."""

    queries: tuple[LabelRow, ...]
    candidates: tuple[LabelRow, ...]
    gold: dict[str, tuple[str, ...]]
    examples: tuple[tuple[str, str], ...] = ()

    def every(self, step: int) -> Lists:
        """The same with one query in so many."""
        kept = self.queries[::step]
        return Lists(kept, self.candidates, {q.id: self.gold[q.id] for q in kept}, self.examples)

    def write(self, folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "queries.csv", ("id", "label"), ((q.id, q.label) for q in self.queries))
        listed = ((c.id, c.label, c.concept, c.description, "\n".join(c.alternatives)) for c in self.candidates)
        _write(folder / "candidates.csv", ("id", "label", "concept", "description", "alternative_labels"), listed)
        (folder / "qrels.txt").write_text("".join(f"{query} 0 {right} 1\n" for query, gold in self.gold.items() for right in gold), encoding="utf-8")
        if self.examples:
            _write(folder / "examples.csv", ("title", "candidate_id"), self.examples)
        return f"{len(self.queries):,} queries, {len(self.candidates):,} candidates, {len(self.examples):,} examples"


def vacancy_lists(data: Path) -> Lists:
    """The halves are told apart by a digest of the title, so that no title stands in both: one is asked, the other holds the examples (weights were fitted on it)."""
    occupations = _esco(data)
    known = {r["conceptUri"] for r in occupations}
    halves: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    for row in _table(data / "vacancy_titles" / "validation.csv"):
        title = " ".join(row["vacancyTitle"].split())
        if title and row["conceptUri"] in known:
            halves[hashlib.sha256(title.lower().encode()).digest()[0] & 1].append((title, row["conceptUri"]))
    fitted, measured = halves
    candidates = tuple(LabelRow(r["conceptUri"], r["preferredLabel"], "", r["description"], tuple(r["altLabels"].split("\n"))) for r in occupations)
    queries = tuple(LabelRow(f"v{n:05d}", title) for n, (title, _) in enumerate(measured))
    return Lists(queries, candidates, {q.id: (right,) for q, (_, right) in zip(queries, measured, strict=True)}, tuple(fitted))


def crosswalk_lists(data: Path, links: Sequence[str] = ("exact",)) -> Lists:
    """Every label of an occupation that the crosswalk links so is right."""
    labels = [(label.strip(), r["conceptUri"]) for r in _esco(data) for label in (r["preferredLabel"], *r["altLabels"].split("\n")) if label.strip()]
    candidates = tuple(LabelRow(f"L{n:05d}", label, concept) for n, (label, concept) in enumerate(labels))
    labels_of: dict[str, list[str]] = defaultdict(list)
    for row in candidates:
        labels_of[row.concept].append(row.id)
    lines = (data / "esco_onet_crosswalk" / "crosswalk_esco_onet.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.startswith("O*NET Id"))
    linked: dict[str, set[str]] = defaultdict(set)
    for found in csv.DictReader(lines[first:]):
        if found["Type of Match"] in {LINKS[link] for link in links} and found["ESCO or ISCO URI"] in labels_of:
            linked[found["O*NET Id"]].add(found["ESCO or ISCO URI"])
    asked = [r for r in _table(data / "onet_30_1" / "Occupation Data.txt", delimiter="\t", quoting=csv.QUOTE_NONE) if r["O*NET-SOC Code"] in linked]
    queries = tuple(LabelRow(f"t{n:04d}", row["Title"]) for n, row in enumerate(asked))
    gold = {q.id: tuple(label for concept in sorted(linked[row["O*NET-SOC Code"]]) for label in labels_of[concept]) for q, row in zip(queries, asked, strict=True)}
    return Lists(queries, candidates, gold)


def _esco(data: Path) -> list[dict[str, str]]:
    return _table(data / "esco_1_2_0" / "occupations_en.csv")


def _table(path: Path, delimiter: str = ",", quoting: Literal[0, 3] = csv.QUOTE_MINIMAL) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, quoting=quoting))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


if __name__ == "__main__":
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("kind", choices=("vacancies", "crosswalk"))
    wanted.add_argument("data", type=Path)
    wanted.add_argument("out", type=Path)
    wanted.add_argument("--links", default="exact", help=f"of {', '.join(LINKS)}, with commas")
    given = wanted.parse_args()
    print((vacancy_lists(given.data) if given.kind == "vacancies" else crosswalk_lists(given.data, given.links.split(","))).write(given.out))
