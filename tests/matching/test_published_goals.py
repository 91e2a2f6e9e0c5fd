"""The goals of matching on publishers' files: vacancy titles to ESCO without and with examples, and O*NET's occupations to all ESCO labels.

The crosswalk is opened here, by the test, as gold; the halves are told apart by a digest of the title, so that no title stands in both.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from engine.build import BuildRequest, build_snapshot
from engine.graph import Snapshot, Workspace
from engine.matching import LabelRow, Matcher, label_words, questions_of, read_knowledge, settings_of
from engine.rules import load_rulebook

pytestmark = [pytest.mark.published, pytest.mark.campaign, pytest.mark.timeout(1200)]
WORDS, SETTINGS = label_words(), settings_of(load_rulebook(), date(2026, 11, 21))
TOP = 100
EVERY = 4  # one query in so many is asked


@pytest.fixture(scope="module")
def snapshot(published_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("delivered")
    for name in ("onet_30_1", "esco_1_2_0"):
        (folder / name).symlink_to(published_data / name)
    return build_snapshot(Workspace(tmp_path_factory.mktemp("workspace")), BuildRequest(folder)).snapshot


def _table(path: Path, delimiter: str = ",", quoting: Literal[0, 3] = csv.QUOTE_MINIMAL) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, quoting=quoting))


def _esco(folder: Path) -> list[dict[str, str]]:
    return _table(folder / "esco_1_2_0" / "occupations_en.csv")


def _halves(folder: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(title, address) pairs: those that weights were fitted on, and those that only measure."""
    known = {r["conceptUri"] for r in _esco(folder)}
    found: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    for row in _table(folder / "vacancy_titles" / "validation.csv"):
        title = " ".join(row["vacancyTitle"].split())
        if title and row["conceptUri"] in known:
            found[hashlib.sha256(title.lower().encode()).digest()[0] & 1].append((title, row["conceptUri"]))
    return found


def _ranked(snapshot: Snapshot, candidates: Sequence[LabelRow], titles: Iterable[str], examples: Sequence[tuple[str, str]], best: bool) -> list[list[str]]:
    knowledge = read_knowledge(snapshot, WORDS)
    questions = questions_of([LabelRow(f"q{n}", title) for n, title in enumerate(titles)], knowledge, WORDS)
    return [[c.concept if best else c.id for c in a.candidates] for a in Matcher(candidates, knowledge, WORDS, SETTINGS, examples).answers(questions, TOP, 0, best)]


def _figures(ranked: Sequence[Sequence[str]], gold: Sequence[frozenset[str]]) -> Mapping[str, float]:
    places = [next((place for place, found in enumerate(row, 1) if found in right), 0) for row, right in zip(ranked, gold, strict=True)]
    return {"MRR": sum(1 / p for p in places if p) / len(places), "A@1": places.count(1) / len(places)}


@pytest.mark.parametrize(("examples", "floor"), [(False, 0.395), (True, 0.525)], ids=["zero-shot", "with examples"])
def test_vacancy_titles_to_esco(snapshot: Snapshot, published_data: Path, examples: bool, floor: float) -> None:
    fitted, measured = _halves(published_data)
    candidates = [LabelRow(r["conceptUri"], r["preferredLabel"], "", r["description"], tuple(r["altLabels"].split("\n"))) for r in _esco(published_data)]
    asked = measured[::EVERY]
    figures = _figures(_ranked(snapshot, candidates, [t for t, _ in asked], fitted if examples else (), False), [frozenset([u]) for _, u in asked])
    assert figures["MRR"] >= floor, figures


def test_onet_titles_to_all_esco_labels(snapshot: Snapshot, published_data: Path) -> None:
    labels = [(label.strip(), r["conceptUri"]) for r in _esco(published_data) for label in (r["preferredLabel"], *r["altLabels"].split("\n")) if label.strip()]
    candidates = [LabelRow(f"L{n}", label, concept) for n, (label, concept) in enumerate(labels)]
    lines = (published_data / "esco_onet_crosswalk" / "crosswalk_esco_onet.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.startswith("O*NET Id"))
    gold: dict[str, set[str]] = defaultdict(set)
    for row in csv.DictReader(lines[first:]):
        if row["Type of Match"] == "exactMatch":
            gold[row["O*NET Id"]].add(row["ESCO or ISCO URI"])
    asked = [r for r in _table(published_data / "onet_30_1" / "Occupation Data.txt", delimiter="\t", quoting=csv.QUOTE_NONE) if r["O*NET-SOC Code"] in gold][::2]
    ranked = _ranked(snapshot, candidates, [r["Title"] for r in asked], (), True)
    figures = _figures(ranked, [frozenset(gold[r["O*NET-SOC Code"]]) for r in asked])
    assert figures["MRR"] >= 0.82, figures
    assert figures["A@1"] >= 0.74, figures
