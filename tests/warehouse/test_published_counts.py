"""The published releases give the counts that were checked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_records import Build, Built

pytestmark = pytest.mark.published


@pytest.fixture(scope="module")
def published(build: Build, published_data: Path) -> Built:
    return build(published_data, None)


ROWS_IN = {
    "Occupation Data.txt": 1_016, "Task Statements.txt": 18_796, "Emerging Tasks.txt": 328, "Tasks to DWAs.txt": 23_850, "DWA Reference.txt": 2_087,
    "IWA Reference.txt": 332, "Content Model Reference.txt": 630, "Alternate Titles.txt": 56_505, "Job Zones.txt": 923, "Related Occupations.txt": 18_460,
    "Technology Skills.txt": 32_773, "Tools Used.txt": 41_662, "Skills.txt": 62_580, "Knowledge.txt": 59_004, "Interests.txt": 8_307, "Scales Reference.txt": 31,
    "soc_2018_direct_match_title_file.csv": 6_539,
}  # fmt: skip
RECORDS = {
    "Occupation": 1_016, "OccupationGroup": 1_447, "BROADER.Occupation.OccupationGroup": 1_016, "HAS_ACTIVITY.Task.WorkActivity": 23_850,
    "RELATED_TO.Occupation.Occupation": 18_460, "REQUIRES_SKILL.Occupation.Skill": 31_290, "REQUIRES_KNOWLEDGE.Occupation.Knowledge": 29_502, "Skill": 35,
    "Knowledge": 33, "Interest": 6, "HAS_INTEREST.Occupation.Interest": 5_538, "PERFORMS.Occupation.Task": 18_796 + 328, "REVISES.Task.Task": 53,
}  # fmt: skip
GAPS = [
    "93 of 1,016 occupations have no task statements", "845 of 18,796 task statements have no task type", "6,819 of 46,095 distinct alternate titles name more than one occupation",
    "has no frequency categories (FT)", "`Sample of Reported Titles.txt` is absent",
]  # fmt: skip


def test_rows_in(published: Built) -> None:
    met = {t.file: t.rows_in for t in published.findings.tables}
    assert {file: met[file] for file in ROWS_IN} == ROWS_IN


def test_records(published: Built) -> None:
    assert {target: published.digests.counts[target] for target in RECORDS} == RECORDS
    by_source = published.rows("Task", "source", "task_type")
    onet = [kind for source, kind in by_source.values() if source == "source/onet@30.1"]
    assert {kind: onet.count(kind) for kind in ("Core", "Supplemental", "Emerging", None)} == {"Core": 13_643, "Supplemental": 4_308, "Emerging": 328, None: 845}


def test_only_the_derived_means_name_tasks_that_the_release_lacks(published: Built) -> None:
    assert [(o.target, o.count) for o in published.findings.orphans if o.source.startswith("source/onet")] == [("onet@30.1/task_frequency_mean.csv", 18)]


@pytest.mark.parametrize("sentence", GAPS)
def test_gaps(published: Built, sentence: str) -> None:
    assert any(sentence in gap for gap in published.findings.gaps)


def test_the_older_release_as_published_builds_alone(build: Build, published_data: Path) -> None:
    met = build(published_data / "onet_29_1", None)
    assert met.digests.counts["Occupation"] == 1_016
    assert met.warehouse.distinct_rows("Occupation", ("release",)) == [("29.1",)]
