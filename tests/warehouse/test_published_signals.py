"""The published files of three publishers give the figures that were checked by hand, through what a build finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_records import Build, Built

pytestmark = pytest.mark.published

SOURCES = ("economic-index", "gpts-are-gpts", "working-with-ai")
FOLDERS = ("onet_30_1", "economic_index_2025_02_10", "gpts_are_gpts", "working_with_ai")


@pytest.fixture(scope="module")
def published(build: Build, published_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("published")
    for name in FOLDERS:
        (folder / name).symlink_to(published_data / name, target_is_directory=True)
    return build(folder, None)


ROWS_IN = {
    "onet_task_mappings.csv": 3_514, "onet_task_statements_v20_1.csv": 19_530, "wage_data.csv": 1_090, "full_labelset.tsv": 19_265, "occ_level.csv": 923,
    "iwa_metrics.csv": 332, "soc_ai_applicability_scores.csv": 785, "soc_to_iwas.csv": 13_698, "onetsoc_2010_to_2019_crosswalk.csv": 1_164,
}  # fmt: skip
COVERAGE = {
    "task_texts_older": (3_513, 3_514), "task_texts": (3_115, 3_514), "tasks": (3_223, 3_514), "wages": (1_090, 1_090), "employment": (22, 22),
    "task_labels": (18_739, 19_265), "occupation_ratings": (923, 923), "activities": (332, 332), "applicability_scores": (780, 785),
    "occupation_activities": (13_402, 13_698),
}  # fmt: skip
METHODS = {
    "task_texts": {"same_text": 2_932, "same_words": 183},
    "tasks": {"text_of_older_release_then_id": 2_597, "text_of_older_release_then_id_other_wording": 108, "same_text": 367, "same_words": 16, "text_of_several_tasks": 135},
    "task_labels": {"same_task_id": 18_681, "same_task_id_other_wording": 58},
}  # fmt: skip
MEASURES = {
    "share_of_conversations": 3_513, "share_of_conversations_without_task": 1, "share_of_interactions": 6, "median_pay_unit_unknown": 1_090, "employment": 22,
    "gpt4_exposure_beta": 19_265 + 923, "human_exposure_beta": 19_265 + 923, "ai_applicability": 785, "share_of_activity_user": 332, "share_of_activity_ai": 332,
}  # fmt: skip


def test_rows_in(published: Built) -> None:
    met = {t.file: t.rows_in for t in published.findings.tables}
    assert {file: met[file] for file in ROWS_IN} == ROWS_IN


def test_coverage(published: Built) -> None:
    met = {j.name: (j.met, j.offered) for j in published.findings.joins if j.source.removeprefix("source/").split("@")[0] in SOURCES}
    assert met == COVERAGE


def test_ways_of_joining(published: Built) -> None:
    met = {j.name: {m.name: m.count for m in j.matched} for j in published.findings.joins if j.source.removeprefix("source/").split("@")[0] in SOURCES}
    assert {name: met[name] for name in METHODS} == METHODS


def test_the_one_text_that_is_no_task(published: Built) -> None:
    assert [(u.subject, u.reason) for u in published.findings.unmatched if u.join == "task_texts_older"] == [("none", "names_no_task")]


def test_measures(published: Built) -> None:
    met = [measure for (measure,) in published.rows("Evidence", "measure").values()]
    assert {name: met.count(name) for name in MEASURES} == MEASURES


def test_nothing_is_lost_on_the_way(published: Built) -> None:
    assert not {t.file: t.dropped for t in published.findings.tables if t.dropped and t.source.removeprefix("source/").split("@")[0] in SOURCES}
    assert not [o for o in published.findings.orphans if "HAS_EVIDENCE" in o.target]
    assert not [d for d in published.findings.duplicates if d.target in ("Evidence", "HAS_EVIDENCE.Task.Evidence")]


def test_the_shares_of_the_index_sum_to_all_conversations(published: Built) -> None:
    values = {key: (measure, float(str(value))) for key, (measure, value) in published.rows("Evidence", "measure", "value").items() if value is not None}
    assert sum(v for m, v in values.values() if str(m).startswith("share_of_conversations")) == pytest.approx(100, abs=0.001)
