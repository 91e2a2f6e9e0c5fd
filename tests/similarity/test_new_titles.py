"""The honest hold-out: an index of O*NET 29.1 asked for the strings that are new in 30.1. They took no part in fitting the pack `likeness`."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from invented_titles import DAY

from engine.rules import load_rulebook
from engine.similarity import (
    ConceptText,
    LabelledConcept,
    LikenessSettings,
    Ranker,
    SimilarityIndex,
    WiderGroup,
    plain_words,
    similarity_arrays,
)

pytestmark = [pytest.mark.published, pytest.mark.campaign]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _named(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows(folder / "Alternate Titles.txt"):
        found[row["Alternate Title"]].add(row["O*NET-SOC Code"])
    return found


def test_titles_that_no_index_has_seen(published_data: Path) -> None:
    old, new = published_data / "onet_29_1", published_data / "onet_30_1"
    filed, later = _named(old), _named(new)
    known = {plain_words(title) for title in filed}
    asked = {title: codes for title, codes in sorted(later.items()) if plain_words(title) not in known}
    assert len(asked) == 1_420
    occupations = list(_rows(old / "Occupation Data.txt"))
    namings = [LabelledConcept(title, code, "alternate") for title, codes in filed.items() for code in codes] + [LabelledConcept(o["Title"], o["O*NET-SOC Code"], "canonical") for o in occupations]
    texts = [ConceptText(o["O*NET-SOC Code"], o["Description"]) for o in occupations] + [ConceptText(t["O*NET-SOC Code"], t["Task"]) for t in _rows(old / "Task Statements.txt")]
    groups = [WiderGroup(o["O*NET-SOC Code"], level, o["O*NET-SOC Code"][:digits]) for o in occupations for level, digits in ((2, 4), (3, 2))]
    ranker = Ranker(SimilarityIndex(similarity_arrays(namings, texts, groups)), LikenessSettings.of(load_rulebook(), DAY))
    found = ranker.rank(list(asked), 5)
    hits = np.array([[ranker.index.concepts[c] in codes for c in row] for row, codes in zip(found.concept, asked.values(), strict=True)])
    assert hits[:, 0].mean() >= 0.51, "of the first"
    assert hits.any(axis=1).mean() >= 0.81, "among five"
    assert abs(found.probability[:, 0].mean() / 1e6 - hits[:, 0].mean()) <= 0.04, "it is about as sure as it is right"
    assert found.accepted.mean() >= 0.85, "a title that nobody filed is a title still"
