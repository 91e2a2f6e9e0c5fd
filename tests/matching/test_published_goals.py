"""The goals of matching on publishers' files: vacancy titles to ESCO without and with examples, and O*NET's occupations to all ESCO labels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from published_lists import Lists, crosswalk_lists, vacancy_lists

from engine.build import BuildRequest, build_snapshot
from engine.evaluation import RankedRun, evaluate_run
from engine.graph import Snapshot, Workspace
from engine.matching import Matcher, label_words, questions_of, read_knowledge, settings_of
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


def _figures(snapshot: Snapshot, lists: Lists, *, examples: bool, best: bool) -> Mapping[str, float]:
    knowledge = read_knowledge(snapshot, WORDS)
    made = Matcher(lists.candidates, knowledge, WORDS, SETTINGS, lists.examples if examples else ())
    answers = made.answers(questions_of(lists.queries, knowledge, WORDS), TOP, 0, best)
    run = RankedRun("", {a.question.id: tuple(c.id for c in a.candidates) for a in answers})
    report = evaluate_run(run, {query: dict.fromkeys(right, 1) for query, right in lists.gold.items()}, "", 0)
    return {"MRR": float(report.mrr.value or 0), "A@1": float(report.within[1].value or 0)}


@pytest.mark.parametrize(("examples", "floor"), [(False, 0.395), (True, 0.56)], ids=["zero-shot", "with examples"])
def test_vacancy_titles_to_esco(snapshot: Snapshot, published_data: Path, examples: bool, floor: float) -> None:
    figures = _figures(snapshot, vacancy_lists(published_data).every(EVERY), examples=examples, best=False)
    assert figures["MRR"] >= floor, figures


@pytest.mark.parametrize(("links", "floors"), [(("exact",), (0.82, 0.74)), (("exact", "close"), (0.70, 0.60))], ids=["exact", "exact and close"])
def test_onet_titles_to_all_esco_labels(snapshot: Snapshot, published_data: Path, links: tuple[str, ...], floors: tuple[float, float]) -> None:
    figures = _figures(snapshot, crosswalk_lists(published_data, links).every(2), examples=False, best=True)
    assert figures["MRR"] >= floors[0], figures
    assert figures["A@1"] >= floors[1], figures
