"""The published releases give the counts that were checked by hand."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from built_records import Build, Built

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "sources"))
from market_lists import write_list

from engine.compare import read_titles
from engine.sources import load_intake_policy, load_ledger, read_market

pytestmark = pytest.mark.published


@pytest.fixture(scope="module")
def published(build: Build, published_data: Path) -> Built:
    return build(published_data, None)


ROWS_IN = {
    "Occupation Data.txt": 1_016, "Task Statements.txt": 18_796, "Emerging Tasks.txt": 328, "Tasks to DWAs.txt": 23_850, "DWA Reference.txt": 2_087,
    "IWA Reference.txt": 332, "Content Model Reference.txt": 630, "Alternate Titles.txt": 56_505, "Job Zones.txt": 923, "Related Occupations.txt": 18_460,
    "Technology Skills.txt": 32_773, "Tools Used.txt": 41_662, "Skills.txt": 62_580, "Knowledge.txt": 59_004, "Interests.txt": 8_307, "Scales Reference.txt": 31,
    "soc_2018_direct_match_title_file.csv": 6_539, "Task Ratings.txt": 35_242, "Task Categories.txt": 7, "Job Zone Reference.txt": 5, "Level Scale Anchors.txt": 483,
    "soc_2010_to_2018_crosswalk.csv": 900, "soc_2018_definitions.csv": 1_447, "onet_task_mappings.csv": 3_514, "onet_task_statements_v20_1.csv": 19_530, "wage_data.csv": 1_090,
    "onetsoc_2010_to_2019_crosswalk.csv": 1_164, "full_labelset.tsv": 19_265, "occ_level.csv": 923, "soc_ai_applicability_scores.csv": 785, "iwa_metrics.csv": 332, "soc_to_iwas.csv": 13_698,
    "tasks.parquet": 220, "train_filtered_with_rubric.jsonl": 95, "reference_links.csv": 360, "national_M2024_dl.csv": 1_403, "occupations_en.csv": 3_039, "crosswalk_esco_onet.csv": 4_253,
}  # fmt: skip
RECORDS = {
    "Occupation": 1_016, "OccupationGroup": 1_447, "BROADER.Occupation.OccupationGroup": 1_016, "HAS_ACTIVITY.Task.WorkActivity": 23_850,
    "RELATED_TO.Occupation.Occupation": 18_460, "REQUIRES_SKILL.Occupation.Skill": 31_290, "REQUIRES_KNOWLEDGE.Occupation.Knowledge": 29_502, "Skill": 35,
    "Knowledge": 33, "Interest": 6, "HAS_INTEREST.Occupation.Interest": 5_538, "PERFORMS.Occupation.Task": 18_796 + 328, "REVISES.Task.Task": 53,
    "WorkActivity": 2_087 + 332 + 41, "EscoOccupation": 3_039, "MAPS_TO.EscoOccupation.Occupation": 4_253 - 43 - 3, "BenchmarkTask": 220,
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


JOINED = {
    ("soc", "former_codes"): ({"crosswalk": 900}, {}),
    ("soc", "direct_match_titles"): ({"same_code": 6_534}, {}),
    ("onet-soc", "former_codes"): ({"crosswalk": 1_164}, {}),
    ("oews", "rows"): ({"same_code": 1_390, "rest_of_broad_group": 5}, {"all occupations together: no class of the classification": 1}),
    ("oews", "detailed_classes"): ({"own": 819, "aggregate": 28}, {"military occupations are not surveyed": 19, "no row has this code, and no row that holds several has it": 1}),
    ("oews", "occupation_codes"): ({"own": 819, "aggregate": 28}, {"military occupations are not surveyed": 19, "no row has this code, and no row that holds several has it": 1}),
    ("economic-index", "task_texts_older"): ({"same_text": 3_513}, {"names_no_task": 1}),
    ("gpts-are-gpts", "task_labels"): ({"same_task_id": 18_681, "same_task_id_other_wording": 58}, {"task_is_gone": 526}),
    ("gdpval", "gdpval_occupations"): ({"same_name": 215, "same_name_of_group": 5}, {}),
    ("gdpval", "gdpval_rubrics"): ({"same_text": 93}, {"no task of the gold set has this prompt, letter for letter": 2}),
    ("esco-onet", "esco_onet_links"): (
        {"same_code": 4_207}, {"leads to an ISCO group, which no relation of the ontology holds": 43, "the ESCO occupation is not in the release in use": 3},
    ),
    ("onet", "occupations_in_soc"): ({"same_code": 1_016}, {}),
    ("onet", "tasks_of_occupations"): ({"same_code": 923}, {"no task statement or emerging task names it": 93}),
}
US_RECORDS = {"LabourStatistic": 1_396, "REPLACED_BY.FormerCode.OccupationGroup": 900, "REPLACED_BY.FormerCode.Occupation": 1_164, "HAS_STATISTIC.OccupationGroup.LabourStatistic": 1_390 + 28}
US_GAPS = [
    "3 of 867 detailed classes of work have no direct-match title", "42 of 840 codes of 2010 were split", "7 of 1,396 codes stand both as broad and as detailed group",
    "90 of 1,396 rows have figures that the publisher withheld", "72 of 1,396 rows have wages at or above the highest that is published",
    "`Education, Training, and Experience.txt` is absent", "`Work Context.txt` is absent",
]  # fmt: skip


@pytest.mark.parametrize("join", sorted(JOINED), ids=".".join)
def test_joins(published: Built, join: tuple[str, str]) -> None:
    met = next(j for j in published.findings.joins if (j.source.removeprefix("source/").split("@")[0], j.name) == join)
    assert ({m.name: m.count for m in met.matched}, {m.name: m.count for m in met.unmatched}) == JOINED[join]


def test_records_of_the_united_states(published: Built) -> None:
    former = [edition for (edition,) in published.rows("FormerCode", "classification").values()]
    assert {edition: former.count(edition) for edition in sorted(set(former))} == {"onet-soc@2010": 1_110, "soc@2010": 840}
    codes = {code for (code,) in published.rows("OccupationGroup", "code").values()}
    titled = {end for _, end in published.warehouse.distinct_rows("NAMES.Title.OccupationGroup", ("naming_kind", "to")) if _ == "direct_match"}
    assert len(titled) == 864
    assert {str(end).removeprefix("soc/") for end in titled} <= codes
    assert {target: published.digests.counts[target] for target in US_RECORDS} == US_RECORDS
    levels = [level for (level,) in published.rows("OccupationGroup", "group_level").values()]
    assert {level: levels.count(level) for level in ("major", "minor", "broad", "detailed")} == {"major": 23, "minor": 98, "broad": 459, "detailed": 867}
    described = [level for level, description in published.rows("OccupationGroup", "group_level", "description").values() if description]
    assert described == ["detailed"] * 867


def test_the_survey_of_2024_has_the_rows_that_were_counted_by_hand(published: Built) -> None:
    met = next(t for t in published.findings.tables if t.source == "source/oews@2024")
    assert (met.rows_in, met.kept) == (1_403, 1_403)
    assert published.findings.dropped["duplicate_key:LabourStatistic"] == 7
    assert len({code for (code,) in published.rows("LabourStatistic", "code").values()}) == 1_396


def test_831_rows_of_the_survey_count_detailed_classes(published: Built) -> None:
    """As the publisher tells it: its detailed rows are the rows that count a detailed class, alone or with others."""
    detailed = {key for (key,), (level,) in published.rows("OccupationGroup", "group_level").items() if level == "detailed"}
    ends = [(end, coverage) for (start, end), (coverage,) in published.rows("HAS_STATISTIC.OccupationGroup.LabourStatistic", "coverage").items() if start in detailed]
    assert len({end for end, _ in ends}) == 831
    assert len({end for end, coverage in ends if coverage == "own"}) == 819


def test_marks_stay_with_the_columns_that_hold_them(published: Built) -> None:
    marks: dict[str, dict[str, int]] = {"suppressed": {}, "top_coded": {}}
    for kind, found in marks.items():
        for (columns,) in published.rows("LabourStatistic", kind).values():
            for column in columns or ():  # type: ignore[attr-defined]
                found[column] = found.get(column, 0) + 1
    assert {c: n for c, n in marks["suppressed"].items() if c in ("H_MEAN", "A_MEAN", "A_MEDIAN")} == {"H_MEAN": 83, "A_MEAN": 7, "A_MEDIAN": 7}
    assert {c: n for c, n in marks["top_coded"].items() if c in ("A_MEDIAN", "A_PCT90", "H_PCT90")} == {"A_MEDIAN": 19, "A_PCT90": 72, "H_PCT90": 65}


def test_activities_by_level(published: Built) -> None:
    levels = [level for (level,) in published.rows("WorkActivity", "activity_level").values()]
    assert {level: levels.count(level) for level in set(levels)} == {"generalized": 41, "intermediate": 332, "detailed": 2_087}


def test_labels_and_relations_of_europe(published: Built) -> None:
    labels = published.rows("EscoOccupation", "alternate_labels").values()
    assert sum(len(many or ()) for (many,) in labels) == 30_373  # type: ignore[arg-type]
    kinds = [kind for (kind,) in published.rows("MAPS_TO.EscoOccupation.Occupation", "mapping_relation").values()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"exactMatch": 498, "closeMatch": 1_432 - 3, "broadMatch": 2_053, "narrowMatch": 227}


def test_the_benchmark(published: Built) -> None:
    tasks = published.rows("BenchmarkTask", "occupation_name", "sector", "rubric_text", "no_match_reason")
    assert (len({name for name, *_ in tasks.values()}), len({sector for _, sector, *_ in tasks.values()})) == (44, 9)
    assert sum(rubric is not None for _, _, rubric, _ in tasks.values()) == 93
    assert len({tasks[(task,)][0] for task, _ in published.rows("BENCHMARKS.BenchmarkTask.Occupation")}) == 43
    assert not [reason for *_, reason in tasks.values() if reason]


def test_vacancy_titles_are_there_to_measure_with_and_nothing_of_them_is_loaded(published: Built, published_data: Path, tmp_path: Path) -> None:
    """As a list of the market that is for measurement only, its rows are counted and kept out."""
    file = published_data / "vacancy_titles" / "validation.csv"
    write_list(tmp_path, file.read_bytes(), name="vacancies", allowed_use="measurement_only", title_column="vacancyTitle", count_column=None, columns=["vacancyTitle", "conceptUri"])
    intake = read_market(tmp_path, load_ledger(), load_intake_policy())
    assert ([f.rows_in for f in intake.findings], intake.lists) == ([15_463], ())
    assert len(read_titles(file, "vacancyTitle")) == 15_152
    assert "validation.csv" not in {t.file for t in published.findings.tables}
    assert not [key for (key,) in published.rows("Source") if "vacancy" in str(key)]


@pytest.mark.parametrize("sentence", US_GAPS)
def test_gaps_of_the_united_states(published: Built, sentence: str) -> None:
    assert any(sentence in gap for gap in published.findings.gaps)


def test_the_delivered_structure_is_the_embedded_one(published: Built) -> None:
    assert next(t for t in published.findings.tables if t.file == "soc_structure_2018.csv").rows_in == 1_447
    assert not any("differ from the embedded one" in gap for gap in published.findings.gaps)


@pytest.mark.parametrize("release", ["2023", "2024"])
def test_statistics_are_the_same_from_the_workbook_as_from_the_text(build: Build, published_data: Path, tmp_path: Path, release: str) -> None:
    files = [published_data / "oews" / f"national_M{release}_dl{suffix}" for suffix in (".csv", ".xlsx")]
    found = []
    for n, file in enumerate(f for f in files if f.is_file()):
        (tmp_path / str(n) / "oews").mkdir(parents=True)
        shutil.copy(file, tmp_path / str(n) / "oews")
        met = build(tmp_path / str(n), None, write=False)
        found.append(met.rows("LabourStatistic", *FIGURES))
    assert all(rows == found[0] for rows in found)
    assert len(found[0]) == 1_396


def test_definitions_and_titles_are_the_same_from_the_workbooks_as_from_the_text(build: Build, published_data: Path, published: Built, tmp_path: Path) -> None:
    (tmp_path / "soc").mkdir()
    for name in ("soc_2018_definitions.xlsx", "soc_2018_direct_match_title_file.xlsx"):
        shutil.copy(published_data / "soc_2018" / name, tmp_path / "soc")
    met = build(tmp_path, None, write=False)
    assert met.rows("OccupationGroup", "description") == published.rows("OccupationGroup", "description")
    named = [b.warehouse.distinct_rows("NAMES.Title.OccupationGroup", ("from", "to", "naming_kind")) for b in (met, published)]
    assert named[0] == named[1]


FIGURES = (
    "label", "code", "employment", "employment_error", "hourly_wage_mean", "hourly_wage_median", "annual_wage_mean", "annual_wage_median", "annual_wage_tenth",
    "annual_wage_ninetieth", "suppressed", "top_coded",
)  # fmt: skip
